'use strict';

/** The bars: what the figures must show. A bar that lacks a figure is neither passed nor missed but not measured. */

const { summary } = require('./statistics');

/** @typedef {{ text: string, measured: string, bar: string, pass: boolean | undefined, value: number | undefined }} Bar */

function mid(results, metric) {
  const found = summary(results.map((result) => result[metric]));
  return found && found.median;
}

/** A ratio as it is read: `1/37` below a half, else `0.83`. */
function asRatio(value) {
  if (value > 0.5) return value.toFixed(2);
  return value === 0 ? '0' : `1/${Number((1 / value).toFixed(value > 0.1 ? 1 : 0))}`;
}

function asNumber(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function missing(text, bar) {
  return { text, bar, measured: 'not measured', pass: undefined, value: undefined };
}

/**
 * The median of ours divided by the peer's.
 * @param {{ text: string, ours: object[], peer: object[], metric: string, atMost?: number, atLeast?: number, unit: string, scale?: number }} options
 * @returns {Bar}
 */
function ratioBar({ text, ours, peer, metric, atMost, atLeast, unit, scale = 1 }) {
  const bar = atMost === undefined ? `at least ${atLeast}` : `at most ${asRatio(atMost)}`;
  const left = mid(ours, metric);
  const right = mid(peer, metric);
  if (left === undefined || right === undefined) return missing(text, bar);
  const value = left / right;
  const pass = atMost === undefined ? value >= atLeast : value <= atMost;
  const measured = `${asNumber(left / scale)} against ${asNumber(right / scale)} ${unit}: ${asRatio(value)}`;
  return { text, bar, measured, pass, value };
}

/**
 * The sum of our medians divided by the sum of the peer's.
 * @param {{ text: string, parts: { ours: object[], peer: object[], metric: string }[], atMost: number, unit: string }} options
 * @returns {Bar}
 */
function sumRatioBar({ text, parts, atMost, unit }) {
  const sum = (side) => parts.reduce((all, part) => all + (mid(part[side], part.metric) ?? NaN), 0);
  const one = (total) => (Number.isNaN(total) ? [] : [{ total }]);
  return ratioBar({ text, ours: one(sum('ours')), peer: one(sum('peer')), metric: 'total', atMost, unit });
}

/**
 * The median of ours against a fixed limit.
 * @param {{ text: string, ours: object[], metric: string, atMost: number, unit: string, scale?: number }} options
 * @returns {Bar}
 */
function limitBar({ text, ours, metric, atMost, unit, scale = 1 }) {
  const bar = `at most ${atMost} ${unit}`;
  const figure = mid(ours, metric);
  if (figure === undefined) return missing(text, bar);
  const value = figure / scale;
  return { text, bar, measured: `${asNumber(value)} ${unit}`, pass: value <= atMost, value };
}

/**
 * How much the median of ours is above the peer's.
 * @param {{ text: string, ours: object[], peer: object[], metric: string, atMost: number, unit: string, scale?: number }} options
 * @returns {Bar}
 */
function differenceBar({ text, ours, peer, metric, atMost, unit, scale = 1 }) {
  const bar = `at most ${atMost} ${unit} more`;
  const left = mid(ours, metric);
  const right = mid(peer, metric);
  if (left === undefined || right === undefined) return missing(text, bar);
  const value = (left - right) / scale;
  const measured = `${asNumber(left / scale)} against ${asNumber(right / scale)} ${unit}: ${value.toFixed(1)} more`;
  return { text, bar, measured, pass: value <= atMost, value };
}

module.exports = { asRatio, differenceBar, limitBar, missing, ratioBar, sumRatioBar };
