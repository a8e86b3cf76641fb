/** `startSamplingHeapProfiling`, `stopSamplingHeapProfiling` and the profile that comes out. */
import * as profiler from 'rs-profiler';
import type { ExportStream, SamplingHeapProfile, SamplingHeapProfileNode } from 'rs-profiler';
import { typeOf } from './type-of.js';

profiler.startSamplingHeapProfiling();
profiler.startSamplingHeapProfiling(1024);
profiler.startSamplingHeapProfiling(1024, 32);
// @ts-expect-error with two arguments, both count
profiler.startSamplingHeapProfiling(undefined, undefined);
// @ts-expect-error numbers
profiler.startSamplingHeapProfiling('1024', 32);

const profile = profiler.stopSamplingHeapProfiling();
typeOf(profile).is<SamplingHeapProfile>();
typeOf(profile.head).is<SamplingHeapProfileNode>();
typeOf(profile.head.selfSize).is<number>();
typeOf(profile.head.callFrame.functionName).is<string>();
typeOf(profile.head.callFrame.scriptId).is<number>();
typeOf(profile.head.children).is<SamplingHeapProfileNode[]>();
// @ts-expect-error spelt callFrame
profile.head.callframe;

typeOf(profile.export()).is<ExportStream>();
profile.export((error, text) => {
  if (!error) typeOf(text).is<string>();
});
typeOf(profile.export({ format: 'inspector' })).is<ExportStream>();
profile.export({ format: 'tree' }, (error, text) => {
  if (!error) typeOf(text).is<string>();
});
// @ts-expect-error a format of CPU profiles
profile.export({ format: 'nodes' });
// @ts-expect-error it is not registered, so there is nothing to delete
profile.delete();
