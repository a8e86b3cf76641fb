/** Heap snapshots that are opened and asked. */
import * as fs from 'fs';
import type { ReadableStream } from 'stream/web';
import { openHeapSnapshot } from 'rs-profiler';
import type {
  AllocationFrame, AnalysisProgress, DuplicatedStringRow, HeapClassRow, HeapComparison, HeapDominatorNode, HeapNodeRow, HeapRetainerRow,
  HeapSnapshotAnalysis, HeapStatistics, HeapSummary,
} from 'rs-profiler';
import { typeOf } from './type-of.js';

declare const web: ReadableStream<Uint8Array>;

export async function answers(): Promise<void> {
  const { signal } = new AbortController();
  const onProgress = (progress: AnalysisProgress) => typeOf(progress.phase).is<'read' | 'analyse'>();
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

  typeOf(await heap.summary()).is<HeapSummary>();
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
