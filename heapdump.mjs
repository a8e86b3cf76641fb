// Native ESM for `rs-profiler/heapdump`.
import heapdump from './heapdump.js';

export default heapdump;
export const { writeSnapshot, configure } = heapdump;
