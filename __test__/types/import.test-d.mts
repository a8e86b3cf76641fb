/** Native ES modules: every function is a named export, and the default export is the CommonJS module. */
import profiler, { captureCpuProfile, takeSnapshot, type Captured, type CpuProfile, type InspectorCpuProfile } from 'rs-profiler';
import * as namespace from 'rs-profiler';
import heapdump, { configure, writeSnapshot } from 'rs-profiler/heapdump';
import * as heapdumpNamespace from 'rs-profiler/heapdump';
import { typeOf } from './type-of.js';

typeOf(takeSnapshot).is<typeof profiler.takeSnapshot>();
typeOf(namespace.takeSnapshot).is<typeof profiler.takeSnapshot>();
typeOf(profiler.stopProfiling()).is<CpuProfile>();
typeOf(await captureCpuProfile({ durationMs: 10 })).is<Captured<InspectorCpuProfile>>();
typeOf(heapdump.writeSnapshot).is<typeof writeSnapshot>();
typeOf(heapdump.configure).is<typeof configure>();
declare const heapdumpKey: keyof typeof heapdumpNamespace;
typeOf(heapdumpKey).is<'default' | 'writeSnapshot' | 'configure'>();

const dynamic = await import('rs-profiler');
typeOf(dynamic.takeSnapshot).is<typeof takeSnapshot>();
typeOf(dynamic.default.takeSnapshot).is<typeof takeSnapshot>();

const dynamicHeapdump = await import('rs-profiler/heapdump');
typeOf(dynamicHeapdump.writeSnapshot).is<typeof writeSnapshot>();
typeOf(dynamicHeapdump.default.configure).is<typeof configure>();

// @ts-expect-error
namespace.takeSnapshots;
// @ts-expect-error
heapdumpNamespace.writeSnapshots;
// @ts-expect-error the signal's listener is no part of the API
heapdump.signalHandler;
