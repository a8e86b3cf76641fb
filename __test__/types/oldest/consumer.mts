/** The same of an ES module. */
import profiler, { captureCpuProfile, type CpuProfile } from 'rs-profiler';
import heapdump, { configure, writeSnapshot } from 'rs-profiler/heapdump';

const profile: CpuProfile = profiler.stopProfiling();
const { nodes } = await captureCpuProfile({ durationMs: 5 });
configure({ signal: false });
export const all: boolean[] = [heapdump.writeSnapshot(), writeSnapshot(profile.title), nodes.length > 0];

// @ts-expect-error a name is a string
heapdump.writeSnapshot(5);
