'use strict';
// Opening heap snapshots, from files and from streams.

const { HeapSnapshotAnalysis } = require('./heap');
const { isStream, openStream } = require('./stream');
const { runTask } = require('./task');
const { readablePath } = require('../files/paths');
const { getAddon } = require('../native/environment');
const { invalidArgument, nativeAsync } = require('../native/errors');
const { checkBoolean, checkFunction, checkOptions, checkSignal } = require('../options/checks');

/** No system takes a longer path. What is longer is rather the text of a snapshot, and no error should repeat that. */
const LONGEST_PATH = 32_767;
const OPTIONS = ['signal', 'onProgress', 'partial'];

/** See `openHeapSnapshot` in index.d.ts. */
async function openHeapSnapshot(input, given) {
  const options = checkOptions(given, OPTIONS);
  const partial = checkBoolean(options, 'partial');
  const work = { signal: checkSignal(options), onProgress: checkFunction(options, 'onProgress') };
  const opened = await (isStream(input) ? openStream(input, partial, work) : openFile(input, partial, work));
  return new HeapSnapshotAnalysis(opened);
}

function openFile(input, partial, work) {
  if (typeof input !== 'string' && !Buffer.isBuffer(input) && input?.protocol !== 'file:') {
    throw invalidArgument('The heap snapshot must be a path (a string, a Buffer or a file URL) or a stream of its text.');
  }
  if (input.length > LONGEST_PATH) {
    throw invalidArgument('The path is longer than a path can be. Open the text of a heap snapshot as a stream: openHeapSnapshot(Readable.from([text])).');
  }
  const path = Buffer.from(readablePath(input), 'latin1');
  return runTask(work, (task) => nativeAsync(() => getAddon().NativeHeapAnalysis.open({ path, partial, task })));
}

module.exports = { openHeapSnapshot };
