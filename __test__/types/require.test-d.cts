/** `import x = require()`, and the names of types through it. */
import profiler = require('rs-profiler');
import heapdump = require('rs-profiler/heapdump');
import { typeOf } from './type-of.js';

typeOf(profiler.takeSnapshot('before')).is<profiler.Snapshot>();
typeOf(profiler.stopProfiling()).is<profiler.CpuProfile>();
typeOf(profiler.default).is<typeof profiler>();
typeOf(heapdump.writeSnapshot()).is<boolean>();
typeOf(heapdump.default).is<typeof heapdump>();

const { startProfiling, stopProfiling }: typeof profiler = require('rs-profiler');
startProfiling('unbound');
typeOf(stopProfiling('unbound')).is<profiler.CpuProfile | undefined>();

// @ts-expect-error
profiler.takeSnapshots();
// @ts-expect-error
heapdump.writeSnapshots();
