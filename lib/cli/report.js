'use strict';
// `rs-profiler report`

const { createWriteStream, promises: fs } = require('fs');
const os = require('os');
const path = require('path');
const { pipeline } = require('stream/promises');
const rsProfiler = require('../..');
const { UsageError } = require('./context');
const { bytes, count } = require('./format');

/** `many(2, 'file')` is '2 files'. */
const many = (number, what) => `${count(number)} ${what}${number === 1 ? '' : 's'}`;

/** Calls `work` with the files, of which stdin, `-`, is one for as long as it runs: a report looks into a file more than once. */
async function withStdin(files, signal, work) {
  if (!files.includes('-')) return work(files);
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'rs-profiler-'));
  try {
    const stdin = path.join(folder, 'stdin');
    await pipeline(process.stdin, createWriteStream(stdin, { mode: 0o600 }), { signal });
    return await work(files.map((file) => (file === '-' ? stdin : file)));
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

async function report(context) {
  const { output, title } = context.values;
  if (output === undefined) throw new UsageError('Name the file to write with -o.');
  const written = await withStdin(context.files, context.signal, (files) => context.working(output, (options) => (
    rsProfiler.writeReport(files, output, { ...options, title })
  )));
  context.answer(written);
  context.print(`${written.path}: ${bytes(written.bytes)}, of ${many(written.heap, 'heap snapshot')} and `
    + `${many(written.cpu, 'CPU profile')}; open it in a browser`);
}

module.exports = { report };
