/** Compiled against the installed package by every way that TypeScript finds typings. */

import { captureCpuProfile, startProfiling, stopProfiling, writeHeapSnapshot } from 'rs-profiler';
import type { CpuProfile, HeapSnapshotFile, RsProfilerError } from 'rs-profiler';
import profiler from 'rs-profiler';
import * as namespace from 'rs-profiler';
import { configure, writeSnapshot } from 'rs-profiler/heapdump';

export async function look(): Promise<number> {
  startProfiling('a', true);
  const uid: string = stopProfiling('a')?.uid ?? '';
  const recorded = await captureCpuProfile({ durationMs: 5, path: '.' });
  const snapshot: HeapSnapshotFile = await writeHeapSnapshot('.', { isolation: 'fork' });
  const old: CpuProfile | undefined = profiler.stopProfiling('a');
  const code = (error: RsProfilerError): string => error.code;
  namespace.takeSnapshot().delete();
  configure({ signal: false });
  writeSnapshot((error, file) => (error ? code : file));
  // @ts-expect-error There is no such option.
  await captureCpuProfile({ duration: 5 });
  return uid.length + recorded.samples + snapshot.path.length + (old ? 1 : 0);
}
