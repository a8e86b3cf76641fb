'use strict';
// Tells heap snapshots from CPU profiles, and asks each what the report shows of it. At most two snapshots are open at a time.

const fs = require('fs');
const zlib = require('zlib');
const { openCpuProfile } = require('../analysis/cpu');
const { openHeapSnapshot } = require('../analysis/heap');
const { throwIfAborted } = require('../options');

/** How much of a file is looked at. */
const LOOKED_AT = 4096;
/** How a heap snapshot begins, as every V8 writes it. */
const SNAPSHOT = /^\s*\{\s*"snapshot"\s*:/;
const GZIP = '1f8b';
const ZSTD = '28b52ffd';
/** The code of a text that is no CPU profile. */
const NO_PROFILE = 'ERR_RS_PROFILER_INVALID_PROFILE';

async function firstBytes(file) {
  const handle = await fs.promises.open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether it is a heap snapshot; `undefined` when this Node cannot look into it. */
function looksLikeHeap(bytes) {
  const magic = bytes.toString('hex', 0, 4);
  if (magic === ZSTD) return undefined;
  if (!magic.startsWith(GZIP)) return SNAPSHOT.test(bytes.toString('latin1'));
  try {
    return SNAPSHOT.test(zlib.gunzipSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString('latin1'));
  } catch {
    // Broken: whoever reads all of it says how.
    return undefined;
  }
}

/** Opens a file as what it is. */
async function openFile(file, { signal, onProgress }) {
  const work = { signal, onProgress: onProgress && ((progress) => onProgress({ path: file, ...progress })) };
  const openHeap = () => openHeapSnapshot(file, work);
  const isHeap = looksLikeHeap(await firstBytes(file));
  if (isHeap) return { kind: 'heap', analysis: await openHeap() };
  const cpu = await openCpuProfile(file, work).then((analysis) => ({ analysis }), (error) => ({ error }));
  if (cpu.analysis) return { kind: 'cpu', analysis: cpu.analysis };
  if (isHeap === false || signal?.aborted || cpu.error.code !== NO_PROFILE) throw cpu.error;
  return { kind: 'heap', analysis: await openHeap() };
}

/**
 * Opens all files, and asks them.
 * @param {string[]} files
 * @param {string[]} names how the report calls them
 * @param {{ signal?: AbortSignal, onProgress?: Function }} work
 * @param {{ heapData: Function, cpuData: Function }} ask
 */
async function openFiles(files, names, work, { heapData, cpuData }) {
  const kinds = [];
  const snapshots = [];
  const cpu = [];
  let base;
  let last;
  try {
    for (const [index, file] of files.entries()) {
      throwIfAborted(work.signal);
      const name = names[index];
      const { kind, analysis } = await openFile(file, work);
      kinds.push({ name, kind, bytes: (await fs.promises.stat(file)).size });
      if (kind === 'cpu') {
        cpu.push(await cpuData(analysis, name));
        analysis.close();
        continue;
      }
      // Whatever is between the first and the last is asked for its sums only.
      if (last !== undefined && last !== base) last.close();
      base ??= analysis;
      last = analysis;
      snapshots.push({ name, ...await analysis.summary() });
    }
    throwIfAborted(work.signal);
    return { kinds, cpu, heap: last ? await heapData(last, last === base ? undefined : base, snapshots) : null };
  } finally {
    base?.close();
    last?.close();
  }
}

module.exports = { openFiles };
