'use strict';
// Opening heap snapshots, and summing them up, from files and from streams.

const path = require('path');
const { HeapSnapshotAnalysis } = require('./heap');
const { isStream, readStream } = require('./stream');
const { runTask } = require('./task');
const { placeBeside, readablePath } = require('../files/paths');
const { getAddon } = require('../native/environment');
const { invalidArgument, nativeAsync } = require('../native/errors');
const { checkBoolean, checkFunction, checkOptions, checkSignal } = require('../options/checks');

/** No system takes a longer path. What is longer is rather the text of a snapshot, and no error should repeat that. */
const LONGEST_PATH = 32_767;
/** The options that both have. */
const workOf = (options) => ({ signal: checkSignal(options), onProgress: checkFunction(options, 'onProgress') });

/** See `openHeapSnapshot` in index.d.ts. */
async function openHeapSnapshot(input, given) {
  const options = checkOptions(given, ['signal', 'onProgress', 'partial', 'index']);
  const partial = checkBoolean(options, 'partial');
  const { index = false } = options;
  const work = workOf(options);
  if (isStream(input)) {
    if (index !== false) throw invalidArgument('A stream can have no index: give the path of a file, or leave index out.');
    return new HeapSnapshotAnalysis(await readStream(input, { partial, summarize: false }, work));
  }
  const file = fileOf(input);
  const asked = { path: bytes(file), index: indexOf(file, index), partial };
  const opened = await runTask(work, (task) => nativeAsync(() => getAddon().NativeHeapAnalysis.open({ ...asked, task })));
  return new HeapSnapshotAnalysis(opened);
}

/** See `summarizeHeapSnapshot` in index.d.ts. */
async function summarizeHeapSnapshot(input, given) {
  const work = workOf(checkOptions(given, ['signal', 'onProgress']));
  if (isStream(input)) return JSON.parse(await readStream(input, { partial: true, summarize: true }, work));
  const file = bytes(fileOf(input));
  return JSON.parse(await runTask(work, (task) => nativeAsync(() => getAddon().NativeHeapAnalysis.summarize(file, task))));
}

const bytes = (file) => Buffer.from(file, 'latin1');

/** The absolute path of a snapshot. */
function fileOf(input) {
  if (typeof input !== 'string' && !Buffer.isBuffer(input) && input?.protocol !== 'file:') {
    throw invalidArgument('The heap snapshot must be a path (a string, a Buffer or a file URL) or a stream of its text.');
  }
  if (input.length > LONGEST_PATH) {
    throw invalidArgument('The path is longer than a path can be. Open the text of a heap snapshot as a stream: openHeapSnapshot(Readable.from([text])).');
  }
  return readablePath(input);
}

/** Where the index of a snapshot is: beside it, unless another place is given. */
function indexOf(file, index) {
  if (index === false) return undefined;
  const name = `${path.basename(file)}.index`;
  return bytes(placeBeside(file, name, index === true ? undefined : index));
}

module.exports = { openHeapSnapshot, summarizeHeapSnapshot };
