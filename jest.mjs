// Native ESM for `rs-profiler/jest`.
import matchers from './jest.js';

export default matchers;
export const { toAllocateLessThan, toLeak } = matchers;
