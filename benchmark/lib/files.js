'use strict';

/** Looks whether an exported file is what it should be, and counts what it holds, without parsing it. */

const fs = require('fs');
const zlib = require('zlib');

function count(buffer, text) {
  let found = 0;
  for (let at = buffer.indexOf(text); at >= 0; at = buffer.indexOf(text, at + text.length)) found++;
  return found;
}

const HEAD = 8192;
const TAIL = 16;

/** The first and the last bytes of a file and its size. */
function ends(file) {
  const { size } = fs.statSync(file);
  const descriptor = fs.openSync(file, 'r');
  const head = Buffer.alloc(Math.min(size, HEAD));
  const tail = Buffer.alloc(Math.min(size, TAIL));
  fs.readSync(descriptor, head, 0, head.length, 0);
  fs.readSync(descriptor, tail, 0, tail.length, size - tail.length);
  fs.closeSync(descriptor);
  return { size, head, tail };
}

/** The first and the last bytes of what a gzip file holds, and the size of the file. */
async function endsInside(file) {
  let head = Buffer.alloc(0);
  let tail = head;
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 }).pipe(zlib.createGunzip({ chunkSize: 1 << 20 }))) {
    if (head.length < HEAD) head = Buffer.concat([head, chunk]).subarray(0, HEAD);
    tail = Buffer.concat([tail, chunk.subarray(-TAIL)]).subarray(-TAIL);
  }
  return { size: fs.statSync(file).size, head, tail };
}

function checkSnapshot({ size, head, tail }) {
  const nodes = /"node_count":\s*(\d+)/.exec(head.toString('latin1'));
  if (nodes === null || !/\]\s*\}\s*$/.test(tail.toString('latin1'))) throw new Error(`the snapshot of ${size} bytes is not complete`);
  return { bytes: size, nodes: Number(nodes[1]) };
}

/**
 * @param {string} file a .heapsnapshot
 * @returns {{ bytes: number, nodes: number }}
 * @throws {Error} when it is not complete
 */
function inspectSnapshot(file) {
  return checkSnapshot(ends(file));
}

/** The same of a .heapsnapshot.gz; `bytes` are those of the compressed file. */
async function inspectGzipSnapshot(file) {
  return checkSnapshot(await endsInside(file));
}

/**
 * @param {string} file a .cpuprofile of any of the three formats
 * @returns {{ bytes: number, samples: number, nodes: number }}
 * @throws {Error} when it is not complete
 */
function inspectCpuProfile(file) {
  const text = fs.readFileSync(file);
  const begin = text.indexOf('"samples":[');
  const end = text.indexOf(']', begin);
  if (begin < 0 || end < 0 || text[text.length - 1] !== 0x7d) throw new Error(`the profile of ${text.length} bytes is not complete`);
  const list = text.subarray(begin + '"samples":['.length, end);
  return { bytes: text.length, samples: list.length === 0 ? 0 : count(list, ',') + 1, nodes: count(text, '"functionName":') };
}

module.exports = { inspectCpuProfile, inspectGzipSnapshot, inspectSnapshot };
