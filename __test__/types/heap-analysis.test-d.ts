/** Heap snapshots that are opened and asked. */
import * as fs from 'fs';
import type { ReadableStream } from 'stream/web';
import { openHeapSnapshot, summarizeHeapSnapshot } from 'rs-profiler';
import type {
  AllocationFrame, AnalysisProgress, DuplicatedStringRow, HeapClassRow, HeapComparison, HeapDominatorNode, HeapNodeRow, HeapQuickSummary,
  HeapRetainerRow, HeapSnapshotAnalysis, HeapStatistics, HeapSummary,
} from 'rs-profiler';
import { typeOf } from './type-of.js';

declare const web: ReadableStream<Uint8Array>;

export async function answers(): Promise<void> {
  const { signal } = new AbortController();
  const onProgress = (progress: AnalysisProgress) => typeOf(progress.phase).is<'read' | 'analyse' | 'index'>();
  const heap = await openHeapSnapshot('a.heapsnapshot', { signal, onProgress, partial: true });
  typeOf(heap).is<HeapSnapshotAnalysis>();
  await openHeapSnapshot(Buffer.from('a.heapsnapshot'));
  await openHeapSnapshot(new URL('file:///a.heapsnapshot'), {});
  await openHeapSnapshot(fs.createReadStream('a.heapsnapshot'), { signal: undefined });
  await openHeapSnapshot(web);
  // @ts-expect-error a text in memory is no path
  await openHeapSnapshot(new Uint8Array(8));
  // @ts-expect-error no such option
  await openHeapSnapshot('a', { partially: true });

  await openHeapSnapshot('a.heapsnapshot', { index: true });
  await openHeapSnapshot('a.heapsnapshot', { index: new URL('file:///indexes/') });
  // @ts-expect-error no place
  await openHeapSnapshot('a.heapsnapshot', { index: 1 });
  typeOf(await summarizeHeapSnapshot(web, { signal, onProgress })).is<HeapQuickSummary>();
  // @ts-expect-error what is there is always summed up
  await summarizeHeapSnapshot('a', { partial: true });

  typeOf(await heap.summary()).is<HeapSummary>();
  typeOf((await heap.summary()).indexed).is<'read' | 'written' | null>();
  typeOf(await heap.statistics({ signal })).is<HeapStatistics>();
  typeOf(await heap.classes({ filter: 'duplicatedStrings', limit: 3, signal })).is<HeapClassRow[]>();
  typeOf(await heap.compare(heap, { limit: Infinity })).is<HeapComparison>();
  const [row] = await heap.classes();
  if (row === undefined) return;
  typeOf(await heap.instances(row)).is<HeapNodeRow[]>();
  typeOf(await heap.instances('Map', { limit: 1 })).is<HeapNodeRow[]>();
  const node = await heap.node(1);
  typeOf(node).is<HeapNodeRow>();
  typeOf(await heap.dominated(node)).is<HeapNodeRow[]>();
  typeOf(await heap.retainers(node.id, { limit: 5 })).is<HeapRetainerRow[]>();
  typeOf(await heap.retainingPath(node)).is<HeapRetainerRow[]>();
  typeOf(await heap.duplicatedStrings()).is<DuplicatedStringRow[]>();
  typeOf(await heap.dominatorTree({ id: node, leastShare: 0.1, deepest: 2 })).is<HeapDominatorNode>();
  typeOf(await heap.allocationStack(node)).is<AllocationFrame[]>();
  // @ts-expect-error no such filter
  await heap.classes({ filter: 'duplicates' });
  // @ts-expect-error a path has no limit
  await heap.retainingPath(node, { limit: 1 });
  heap.close();
}
