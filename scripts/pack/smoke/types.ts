import { captureCpuProfile, openHeapSnapshot, startProfiling, stopProfiling } from 'rs-profiler';
import { writeSnapshot } from 'rs-profiler/heapdump';

export async function look(): Promise<number> {
  startProfiling('a', true);
  const uid: string = stopProfiling('a')?.uid ?? '';
  const written = await captureCpuProfile({ durationMs: 5, path: '.' });
  const analysis = await openHeapSnapshot('a.heapsnapshot');
  const rows = await analysis.classes();
  writeSnapshot();
  // @ts-expect-error There is no such option.
  await captureCpuProfile({ duration: 5 });
  return uid.length + written.samples + rows.length;
}
