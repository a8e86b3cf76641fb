'use strict';
// The HTML report: what the analyses say of some files, in one page that needs nothing else.

const fs = require('fs');
const path = require('path');
const { invalidArgument, makeError } = require('../errors');
const { checkWork, writeWhole } = require('../analysis/task');
const { cpuData, trimCpu } = require('./cpu');
const { heapData, trimHeap } = require('./heap');
const { openFiles } = require('./open');
const { clipTexts } = require('./trim');

const PAGE = path.join(__dirname, 'dist', 'page.html');
/** Where the page has its data. */
const MARK = '{"data":"here"}';
/** No report is larger, whatever is in the files. */
const MOST_BYTES = 5_000_000;
/** What is left of the rows after this many halvings is written as it is. */
const HALVINGS = 12;

/** The built page, cut where the data belongs. */
async function pageParts() {
  let page;
  try {
    page = await fs.promises.readFile(PAGE, 'utf8');
  } catch (error) {
    throw makeError('REPORT_MISSING', `The page of the report cannot be read: ${error.message}. In a checkout run `
      + '`npm run setup`; else install rs-profiler again.');
  }
  return page.split(MARK);
}

/** File names without their folders, unless that makes two of them equal. */
function shownNames(files) {
  const names = files.map((file) => path.basename(file));
  return new Set(names).size === names.length ? names : files;
}

/** The data as text that cannot end the element it stands in. */
function embedded(data, scale) {
  const { heap, cpu, ...rest } = data;
  const trimmed = { ...rest, heap: heap && trimHeap(heap, scale), cpu: cpu.map((profile) => trimCpu(profile, scale)) };
  return JSON.stringify(clipTexts(trimmed)).replaceAll('<', '\\u003c');
}

/** The page with as much of the data as it may have. */
function filled([before, after], data) {
  for (let halvings = 0; ; halvings += 1) {
    const text = before + embedded(data, 2 ** -halvings) + after;
    if (halvings === HALVINGS || Buffer.byteLength(text) <= MOST_BYTES) return text;
  }
}

/** Whether all of them are paths, and there is one. */
const arePaths = (files) => Array.isArray(files) && files.length > 0
  && files.every((file) => typeof file === 'string' && file !== '');

/**
 * Writes a report of heap snapshots and CPU profiles. Of several heap snapshots the last is analysed, against the first.
 * @param {string[]} files paths, in the order of time
 * @param {string} output where to write; the file has this name only when it is whole
 * @param {{ title?: string, signal?: AbortSignal,
 *   onProgress?: (progress: { path: string, phase: string, done: number, total: number }) => void }} [options]
 * @returns {Promise<{ path: string, bytes: number, heap: number, cpu: number }>} `heap`, `cpu`: how many of each there were
 */
async function writeReport(files, output, options) {
  const { title, ...work } = checkWork(options);
  if (!arePaths(files)) throw invalidArgument('The files must be an array of paths, one at least.');
  if (title !== undefined && typeof title !== 'string') throw invalidArgument('title must be a string.');
  const parts = await pageParts();
  return writeWhole(output, async (partial) => {
    const { heap, cpu, kinds } = await openFiles(files, shownNames(files), work, { heapData, cpuData });
    const data = { title: title ?? 'rs-profiler report', made: new Date().toISOString(), files: kinds, heap, cpu };
    const text = filled(parts, data);
    await fs.promises.writeFile(partial, text);
    const count = (kind) => kinds.filter((file) => file.kind === kind).length;
    return { path: output, bytes: Buffer.byteLength(text), heap: count('heap'), cpu: count('cpu') };
  });
}

module.exports = { MARK, MOST_BYTES, writeReport };
