'use strict';

/** The few statistics that the tables show. */

function sorted(values) {
  return [...values].sort((a, b) => a - b);
}

/** @param {number[]} values at least one */
function median(values) {
  const list = sorted(values);
  const middle = list.length >> 1;
  return list.length % 2 === 1 ? list[middle] : (list[middle - 1] + list[middle]) / 2;
}

/**
 * Median, smallest and largest of the numbers among the values.
 * @param {(number | undefined)[]} values
 * @returns {{ median: number, min: number, max: number, count: number } | undefined} undefined when there is none
 */
function summary(values) {
  const numbers = values.filter((value) => Number.isFinite(value));
  if (numbers.length === 0) return undefined;
  return { median: median(numbers), min: Math.min(...numbers), max: Math.max(...numbers), count: numbers.length };
}

/** The range of the values as a share of their median: how much of a difference is noise. */
function spread(values) {
  const result = summary(values);
  return result === undefined ? 0 : (result.max - result.min) / result.median;
}

module.exports = { median, spread, summary };
