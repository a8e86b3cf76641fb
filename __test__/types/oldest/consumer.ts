/** What a CommonJS project of any TypeScript from the lowest on compiles: see scripts/soak-types.js. */
import * as fs from 'fs';
import * as profiler from 'rs-profiler';
import byDefault from 'rs-profiler';
import * as heapdump from 'rs-profiler/heapdump';
import heapdumpByDefault from 'rs-profiler/heapdump';

export async function look(): Promise<number> {
  profiler.startProfiling('a', true);
  const profile: profiler.CpuProfile = profiler.stopProfiling();
  profile.export().pipe(fs.createWriteStream('a.cpuprofile')).on('finish', profile.delete);
  profile.export({ format: 'inspector' }, (error, text) => {
    if (!error) text.length;
  });
  const snapshot: profiler.Snapshot = byDefault.takeSnapshot('b');
  snapshot.export((error, text) => {
    if (error) throw error;
    text.length;
  });
  const file: profiler.CpuProfileFile = await profiler.captureCpuProfile({ durationMs: 5, path: '.' });
  const plain: profiler.InspectorCpuProfile = await profiler.captureCpuProfile({ durationMs: 5 });
  const { bytes } = await profiler.writeHeapSnapshot('a', { isolation: 'auto' });
  profiler.createHeapSnapshotStream().pipe(fs.createWriteStream('a.heapsnapshot'));
  heapdump.configure({ signal: false });
  const written: boolean[] = [heapdump.writeSnapshot('a'), heapdumpByDefault.writeSnapshot((error) => error)];
  const analysis: profiler.HeapSnapshotAnalysis = await profiler.openHeapSnapshot(fs.createReadStream('a.heapsnapshot'));
  const rows: profiler.HeapClassRow[] = await analysis.classes({ limit: 1 });
  return rows.length + file.samples + plain.nodes.length + bytes + written.length;
}

// @ts-expect-error a name is a string
profiler.takeSnapshot(5);
// @ts-expect-error a name is a string
heapdumpByDefault.writeSnapshot(5);
