/** The matchers on the global `expect` of `@types/jest`. */
/// <reference types="jest" />
import 'rs-profiler/jest';

const nothing: void = expect(() => 1).not.toLeak({ iterations: 10 });
const later: Promise<void> = expect(async () => 1).not.toLeak();
const allocated: void = expect(() => 1).toAllocateLessThan(100);
void [nothing, later, allocated];
// @ts-expect-error: bytes are wanted
expect(() => 1).toAllocateLessThan();
