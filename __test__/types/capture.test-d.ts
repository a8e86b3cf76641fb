/** The promise-based calls. */
import type { HeapProfiler, Profiler } from 'inspector';
import type { Readable } from 'stream';
import { captureCpuProfile, captureSamplingHeapProfile } from 'rs-profiler';
import { createHeapSnapshotStream, writeHeapSnapshot } from 'rs-profiler';
import type {
  Captured,
  CpuProfileFile,
  CpuProfileFormat,
  CpuProfileShapes,
  HeapSnapshotFile,
  HeapSnapshotOptions,
  HeapSnapshotStream,
  InspectorCpuProfile,
  InspectorSamplingHeapProfile,
  NodesCpuProfile,
  SamplingHeapProfileFile,
  SamplingHeapProfileNode,
  TreeCpuProfile,
} from 'rs-profiler';
import { typeOf } from './type-of.js';

const { signal } = new AbortController();
const path = 'app.cpuprofile';
declare const perhapsPath: string | undefined;
declare const format: CpuProfileFormat;

export async function snapshots(): Promise<void> {
  const options: HeapSnapshotOptions = {
    signal,
    onProgress({ phase, done, total }) {
      typeOf(phase).is<'walk' | 'write'>();
      typeOf(done / total).is<number>();
    },
    exposeInternals: true,
    exposeNumericValues: true,
  };
  const file = await writeHeapSnapshot('app.heapsnapshot', options);
  typeOf(file).is<HeapSnapshotFile>();
  typeOf(file.path).is<string>();
  typeOf([file.bytes, file.nodes, file.edges, file.pauseMs, file.durationMs, file.attempts]).is<number[]>();
  typeOf(file.isolation).is<'fork' | 'inline'>();
  typeOf(file.isolationReason).is<string>();
  typeOf(file.engine).is<'native' | 'node'>();
  typeOf(file.engineReason).is<string>();
  for (const isolation of ['inline', 'auto', 'fork', undefined] as const) await writeHeapSnapshot('a', { ...options, isolation });
  // @ts-expect-error no such isolation
  await writeHeapSnapshot('a', { isolation: 'child' });
  const stream = createHeapSnapshotStream({ ...options, isolation: 'fork' });
  typeOf(stream.isolation).is<'fork' | 'inline' | undefined>();
  typeOf(stream.isolationReason).is<string | undefined>();
  typeOf(stream.engine).is<'native' | 'node' | undefined>();
  typeOf(stream.engineReason).is<string | undefined>();
  typeOf([stream.pauseMs, stream.attempts, stream.nodes, stream.edges, stream.bytes]).is<(number | undefined)[]>();
  // @ts-expect-error no such isolation
  createHeapSnapshotStream({ isolation: 'child' });
  await writeHeapSnapshot();
  await writeHeapSnapshot(undefined, { signal: undefined });
  await writeHeapSnapshot(new URL('file:///tmp/a'));
  await writeHeapSnapshot(Buffer.from('a'), options);
  await writeHeapSnapshot(undefined, { ...options, dir: 'dumps' });
  // @ts-expect-error a path or a folder, not both
  await writeHeapSnapshot('a', { dir: 'dumps' });
  // @ts-expect-error a stream goes to no folder
  createHeapSnapshotStream({ dir: 'dumps' });
  // @ts-expect-error the path comes first
  await writeHeapSnapshot(options);
  // @ts-expect-error no such option
  await writeHeapSnapshot('app.heapsnapshot', { exposeInternal: true });

  const readable: Readable = createHeapSnapshotStream();
  typeOf(createHeapSnapshotStream(options)).is<HeapSnapshotStream>();
  typeOf(readable.readable).is<boolean>();
  // @ts-expect-error a stream has no path
  createHeapSnapshotStream('app.heapsnapshot');
}

export async function cpuProfiles(): Promise<void> {
  // Without a path: the shape follows the format.
  typeOf(await captureCpuProfile({ durationMs: 10 })).is<Captured<InspectorCpuProfile>>();
  typeOf(await captureCpuProfile({ signal })).is<Captured<InspectorCpuProfile>>();
  typeOf(await captureCpuProfile({ durationMs: 10, signal, format: 'inspector' })).is<Captured<InspectorCpuProfile>>();
  typeOf(await captureCpuProfile({ durationMs: 10, format: 'nodes' })).is<Captured<NodesCpuProfile>>();
  typeOf(await captureCpuProfile({ signal, format: 'tree', path: undefined })).is<Captured<TreeCpuProfile>>();
  typeOf(await captureCpuProfile({ signal, format })).is<Captured<CpuProfileShapes[CpuProfileFormat]>>();

  // With a path: what is in the file.
  const file = await captureCpuProfile({ durationMs: 10, path });
  typeOf(file).is<CpuProfileFile<'inspector'>>();
  typeOf([file.bytes, file.nodes, file.samples, file.startPauseMs, file.stopPauseMs, file.durationMs]).is<number[]>();
  typeOf((await captureCpuProfile({ signal, path, format: 'tree' })).format).is<'tree'>();

  typeOf(await captureCpuProfile({ durationMs: 10, dir: 'dumps' })).is<CpuProfileFile<'inspector'>>();
  // @ts-expect-error a path or a folder, not both
  (await captureCpuProfile({ durationMs: 10, dir: 'dumps', path })).path;

  // With what may be a path: either.
  const either = await captureCpuProfile({ signal, path: perhapsPath });
  typeOf(either).is<CpuProfileFile<'inspector'> | Captured<InspectorCpuProfile>>();

  await captureCpuProfile({
    durationMs: 10,
    samplingIntervalUs: 100,
    mode: 'callerLineNumbers',
    onProgress: ({ phase }) => typeOf(phase).is<'record' | 'write'>(),
  });
  // @ts-expect-error nothing says when it ends
  await captureCpuProfile({ path });
  // @ts-expect-error options are required
  await captureCpuProfile();
  // @ts-expect-error no such format
  await captureCpuProfile({ durationMs: 10, format: 'flat' });
  // @ts-expect-error no such mode
  await captureCpuProfile({ durationMs: 10, mode: 1 });
  // @ts-expect-error no such option
  await captureCpuProfile({ durationMs: 10, samplingInterval: 100 });

  // The inspector's shape is the inspector's, with the parts that are always there.
  const inspected = await captureCpuProfile({ durationMs: 10 });
  const profile: Profiler.Profile = inspected;
  typeOf(inspected.engine).is<'native' | 'node'>();
  profile.nodes.pop();
  typeOf([inspected.samples, inspected.timeDeltas]).is<number[][]>();
  for (const node of inspected.nodes) typeOf([node.id, node.hitCount, node.callFrame.lineNumber]).is<number[]>();
}

export async function samplingHeapProfiles(): Promise<void> {
  typeOf(await captureSamplingHeapProfile({ durationMs: 10 })).is<Captured<InspectorSamplingHeapProfile>>();
  typeOf(await captureSamplingHeapProfile({ signal, path })).is<SamplingHeapProfileFile>();
  typeOf(await captureSamplingHeapProfile({ signal, dir: 'dumps' })).is<SamplingHeapProfileFile>();
  typeOf(await captureSamplingHeapProfile({ signal, path: perhapsPath })).is<
    SamplingHeapProfileFile | Captured<InspectorSamplingHeapProfile>
  >();
  await captureSamplingHeapProfile({ durationMs: 10, signal, intervalBytes: 1024, stackDepth: 64 });
  // @ts-expect-error nothing says when it ends
  await captureSamplingHeapProfile({ intervalBytes: 1024 });
  const tree = await captureSamplingHeapProfile({ durationMs: 10, format: 'tree', onProgress: ({ done }) => void done });
  typeOf(tree.head).is<SamplingHeapProfileNode>();
  // @ts-expect-error no such format
  await captureSamplingHeapProfile({ durationMs: 10, format: 'nodes' });

  const profile: HeapProfiler.SamplingHeapProfile = await captureSamplingHeapProfile({ durationMs: 10 });
  typeOf(profile.head.selfSize).is<number>();
}
