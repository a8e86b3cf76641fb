'use strict';
// Whether there is memory for a heap snapshot, before one is begun: better no snapshot than a service that the kernel kills.
//
// A snapshot's memory is V8's: tables of nodes, edges and names, allocated natively. Measured with
// benchmark/headroom.js on Node 18 to 26, Linux x64, per
//
//   node     185 bytes   the node, its entry in the map of ids and in the table of addresses
//   edge      42 bytes   the edge, and its place among the children of its node
//   slot    1040 bytes   of the one array that has most references: V8 formats "0", "1", ... as names of edges, keeps each
//                        once, and leaves each the 1 KiB buffer that it was formatted in
//   capture   16 MiB     chunks on their way out, code that runs the first time
//
//   inline  = 16 MiB + 185 nodes + 42 edges + 1040 longest
//   fork    = inline + the resident size of the spaces of small objects: the child's collection marks and moves these, so each
//             of their pages is copied once. Large objects stay where they are and shared. The parent's own writes
//             meanwhile copy pages too, but of the same pages.
//
// 40 runs each (eight heap shapes of 40 MB, five Node versions) had estimates of 0.76 to 1.25 times the peak forked, and of 0.77 to
// 1.64 times in this process.
//
// V8 does not tell how many nodes and edges there are. The addon estimates both from a sample of the heap's memory
// (src/capture/heap_sample). Where that is not possible (another system, no /proc), the worst ratios that were measured
// apply: 15 bytes per byte of small objects, 26 per byte of large ones. That refuses more than it need.
//
// Heaps hold garbage that the snapshot's own collection frees first; it is counted, so the estimate errs to the safe side
// there. V8's heap limit refuses nothing: it is raised while V8 walks (src/v8/near_heap_limit.rs), so that neither the walk's
// collections nor what it allocates end the process.
//
// What is available is the least of: each cgroup from the own one to the root (limit less usage without inactive file
// cache), MemAvailable, and the address space. Swap does not count: a service that waits for swap is not saved. A
// capture is refused when its estimate and a quarter are more than that.

const v8 = require('v8');
const { loadAddon } = require('../binding');
const { makeError } = require('./errors');
const { readMemoryLimits } = require('./memory-limits');

const MIB = 1024 * 1024;

/** Bytes that a snapshot in this process takes, beside the heap. */
const INLINE = { capture: 16 * MIB, node: 185, edge: 42, slot: 1040, page: 0 };
/** Bytes that a forked child takes that it does not share; `page`: per byte of small objects' pages that is resident. */
const FORK = { ...INLINE, page: 1 };
/** Bytes per byte of heap where nothing is known of what is in it. */
const BLIND = { small: 15, large: 26 };
/** What the estimate is multiplied by before it is compared. */
const MARGIN = 1.25;

/**
 * What a capture will need.
 * @param {object} heap
 * @param {'inline' | 'fork'} heap.isolation
 * @param {{ used_heap_size: number }} heap.statistics of v8.getHeapStatistics()
 * @param {{ space_name: string, space_used_size: number, physical_space_size: number }[]} heap.spaces of v8.getHeapSpaceStatistics()
 * @param {{ nodes: number, edges: number, longest: number } | null} heap.sample of the addon
 * @returns {{ neededBytes: number, nodes?: number, edges?: number, sampled: boolean }}
 */
function estimateNeed({ isolation, statistics, spaces, sample }) {
  const cost = isolation === 'fork' ? FORK : INLINE;
  const isLarge = ({ space_name: name }) => /large_object/.test(name);
  const pages = spaces.filter((space) => !isLarge(space)).reduce((sum, space) => sum + space.physical_space_size, 0);
  const common = cost.capture + cost.page * pages;
  if (!sample) {
    const large = spaces.filter(isLarge).reduce((sum, space) => sum + space.space_used_size, 0);
    const small = Math.max(0, statistics.used_heap_size - large);
    return { neededBytes: Math.round(common + BLIND.small * small + BLIND.large * large), sampled: false };
  }
  const { nodes, edges, longest } = sample;
  const neededBytes = Math.round(common + cost.node * nodes + cost.edge * edges + cost.slot * longest);
  return { neededBytes, nodes: Math.round(nodes), edges: Math.round(edges), sampled: true };
}

/** A promise of the addon's sample; of null where there is none. */
async function sampleHeap(used) {
  try {
    return await loadAddon().NativeHeadroom.sample(used);
  } catch {
    // No addon: the capture itself will say so better.
    return null;
  }
}

/** A promise of what a capture of this thread's heap will need now; see `estimateNeed`. Samples off the main thread. */
async function estimateOwnNeed(isolation) {
  const statistics = v8.getHeapStatistics();
  const spaces = v8.getHeapSpaceStatistics();
  return estimateNeed({ isolation, statistics, spaces, sample: await sampleHeap(statistics.used_heap_size) });
}

/**
 * Compares a need with limits.
 * @param {'inline' | 'fork'} isolation
 * @param {{ neededBytes: number, nodes?: number, edges?: number, sampled: boolean }} need
 * @param {import('./memory-limits').MemoryLimit[]} limits
 * @returns {object} the figures, with the tightest limit; `limit: 'none'` when there is none
 */
function compare(isolation, need, limits) {
  const tightest = limits.reduce((least, limit) => (least && least.availableBytes <= limit.availableBytes ? least : limit), undefined);
  return { isolation, ...need, ...(tightest || { limit: 'none', availableBytes: Infinity }) };
}

function inMegabytes(bytes) {
  return `${Math.ceil(bytes / MIB)} MiB`;
}

/** The error of a capture that does not fit. */
function headroomError(headroom) {
  const { isolation, neededBytes, availableBytes, limit, limitBytes, usedBytes, path } = headroom;
  const whose = { cgroup: `the cgroup ${path}`, host: 'the machine', 'address-space': 'the address space of the process' }[limit];
  const error = makeError('HEADROOM', `A heap snapshot (${isolation}) would take about ${inMegabytes(neededBytes)} beside the `
    + `heap, but ${whose} has room for ${inMegabytes(availableBytes)}: ${inMegabytes(usedBytes)} of `
    + `${inMegabytes(limitBytes)} are used. Nothing was captured. Raise the limit, take a sampling heap profile, which needs `
    + 'next to nothing, or pass headroom: false to try all the same.');
  error.headroom = headroom;
  return error;
}

/**
 * Rejects when a capture does not fit.
 * @param {'inline' | 'fork'} isolation
 * @param {{ root?: string, need?: object }} [options] root: what stands for `/`; need: an estimate made before
 * @returns {Promise<object>} the figures
 * @throws {Error} ERR_RS_PROFILER_HEADROOM with `headroom`, the figures
 */
async function checkHeadroom(isolation, { root, need } = {}) {
  const headroom = compare(isolation, need || await estimateOwnNeed(isolation), readMemoryLimits(root));
  if (headroom.neededBytes * MARGIN > headroom.availableBytes) throw headroomError(headroom);
  return headroom;
}

module.exports = { checkHeadroom, estimateNeed, estimateOwnNeed };
