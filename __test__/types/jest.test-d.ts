import { expect } from '@jest/globals';
import { toAllocateLessThan, toLeak, type LeakOptions, type MatcherAnswer } from 'rs-profiler/jest';

const options: LeakOptions = { iterations: 10, warmup: 0, toleranceBytes: 100 };
const nothing: void = expect(() => 1).not.toLeak(options);
const later: Promise<void> = expect(async () => 1).not.toLeak();
const allocated: void = expect(() => 1).toAllocateLessThan(100, { iterations: 1 });
const answer: MatcherAnswer | Promise<MatcherAnswer> = toLeak(() => 1);
expect.extend({ toAllocateLessThan: toAllocateLessThan as never, toLeak: toLeak as never });
void [nothing, later, allocated, answer];

// @ts-expect-error: bytes are wanted
expect(() => 1).toAllocateLessThan();
// @ts-expect-error: no such option
expect(() => 1).not.toLeak({ iteration: 1 });
// @ts-expect-error: a number
expect(() => 1).not.toLeak({ toleranceBytes: '1' });
