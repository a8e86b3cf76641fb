/** Native ES modules: every function is a named export, and the default export is the CommonJS module. */
import profiler, { captureCpuProfile, takeSnapshot, type CpuProfile, type InspectorCpuProfile } from 'rs-profiler';
import * as namespace from 'rs-profiler';
import heapdump, { writeSnapshot } from 'rs-profiler/heapdump';
import { typeOf } from './type-of.js';

typeOf(takeSnapshot).is<typeof profiler.takeSnapshot>();
typeOf(namespace.takeSnapshot).is<typeof profiler.takeSnapshot>();
typeOf(profiler.stopProfiling()).is<CpuProfile>();
typeOf(await captureCpuProfile({ durationMs: 10 })).is<InspectorCpuProfile>();
typeOf(heapdump.writeSnapshot).is<typeof writeSnapshot>();

const dynamic = await import('rs-profiler');
typeOf(dynamic.takeSnapshot).is<typeof takeSnapshot>();
typeOf(dynamic.default.takeSnapshot).is<typeof takeSnapshot>();

// @ts-expect-error
namespace.takeSnapshots;
