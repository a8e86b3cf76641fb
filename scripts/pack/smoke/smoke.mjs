// The same package by `import`.

import assert from 'node:assert';
import profiler, { capabilities, captureCpuProfile } from 'rs-profiler';
import heapdump, { writeSnapshot } from 'rs-profiler/heapdump';

assert.strictEqual(capabilities().capture.available, true, capabilities().capture.reason);
const profile = await captureCpuProfile({ durationMs: 10 });
assert.ok(profile.nodes.length > 0);
assert.strictEqual(profiler.captureCpuProfile, captureCpuProfile);
assert.strictEqual(heapdump.writeSnapshot, writeSnapshot);
