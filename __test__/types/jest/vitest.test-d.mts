/** The matchers on Vitest's `expect`. */
import 'rs-profiler/jest';
import { expect } from 'vitest';

const nothing: void = expect(() => 1).not.toLeak({ iterations: 10 });
const later: Promise<void> = expect(async () => 1).not.toLeak();
const allocated: void = expect(() => 1).toAllocateLessThan(100);
void [nothing, later, allocated];
// @ts-expect-error: no such option
expect(() => 1).not.toLeak({ iteration: 1 });
