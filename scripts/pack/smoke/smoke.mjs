import assert from 'node:assert';
import profiler, { captureCpuProfile, capabilities } from 'rs-profiler';
import heapdump from 'rs-profiler/heapdump';

assert.strictEqual(capabilities().capture.available, true);
const profile = await captureCpuProfile({ durationMs: 30 });
assert.ok(profile.nodes.length > 1);
assert.strictEqual(typeof profiler.takeSnapshot, 'function');
assert.strictEqual(typeof heapdump.writeSnapshot, 'function');
