import type { CliAnswers, ConvertProgress, CpuHotRow, HeapComparison, LeakSuspect } from 'rs-profiler';
import { convert, openCpuProfile, openHeapSnapshot } from 'rs-profiler';
import { typeOf } from './type-of';

async function answers() {
  const heap = await openHeapSnapshot('a.heapsnapshot');
  typeOf(await heap.compare(heap)).is<HeapComparison>();
  const [suspect] = await heap.suspects({ base: heap, limit: 1 });
  typeOf(suspect?.growth?.foundBy).is<'id' | 'path' | undefined>();
  const { signal } = new AbortController();
  const onProgress = (progress: { phase: 'read' | 'analyse'; done: number; total: number }) => void progress.done;
  const cpu = await openCpuProfile('a.cpuprofile', { signal, onProgress });
  await convert({}, 'a.svg', { to: 'svg', signal, onProgress: (progress) => typeOf(progress).is<ConvertProgress>() });
  // @ts-expect-error: a conversion writes too
  await convert({}, 'a.svg', { to: 'svg', onProgress });
  typeOf(await cpu.hot({ timeModel: 'hits', selfShare: 0.1 })).is<CpuHotRow[]>();
  // @ts-expect-error: no such model
  await cpu.top({ timeModel: 'hit' });
}
void answers;

declare const printed: CliAnswers;
typeOf(printed['heap suspects']).is<LeakSuspect[]>();
typeOf(printed['heap compare'].nativeSize).is<number>();
typeOf(printed['cpu top'].hot).is<CpuHotRow[]>();
