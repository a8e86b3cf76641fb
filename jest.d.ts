/**
 * Matchers for Jest 29 and 30 that find leaks and count allocations. Loading the module extends `expect` where it is a global, and in
 * a Jest without globals; elsewhere give {@link toLeak} and {@link toAllocateLessThan} to `expect.extend()`.
 *
 * @example
 * ```ts
 * import 'rs-profiler/jest';
 *
 * test('a request leaves nothing behind', () => {
 *   expect(() => serveRequest()).not.toLeak();
 * });
 * test('nor does an asynchronous one', async () => {
 *   await expect(async () => fetchUser()).not.toLeak({ iterations: 50 });
 * });
 * ```
 *
 * @packageDocumentation
 */

/** Options of `toLeak`. */
export interface LeakOptions {
  /**
   * Calls of the first look, from 1; together, in up to five rounds. Default 100. A function that seems to leak is called more often:
   * for up to two seconds, at least as often again, and up to 256 times as often.
   */
  iterations?: number | undefined;
  /** Calls before that, from 0. Default 10. One more call finds out whether the function returns a promise. */
  warmup?: number | undefined;
  /** How many bytes all `iterations` together may leave behind, from 0. Default 4 for each, which is half a reference. */
  toleranceBytes?: number | undefined;
}

/** Options of `toAllocateLessThan`. */
export interface AllocationOptions {
  /** Calls of a round, from 1; there are five rounds, and the one in the middle counts. What is too much is counted again with up to ten times as many, as far as a round takes half a second and 512 KiB. Default 20. */
  iterations?: number | undefined;
  /** Calls before the rounds, from 0. Default 10. */
  warmup?: number | undefined;
}

/** What a matcher gives to `expect`. */
export interface MatcherAnswer {
  pass: boolean;
  message(): string;
}

/**
 * Whether calls of a function leave memory behind, in the heap or off it; to be used with `not`. The message names class, count, bytes
 * per iteration and the retaining path of what stayed.
 *
 * It answers at once for a function that returns, and with a promise for one that returns a promise. A function that returns but
 * leaves promises, immediates or timers behind that are due within 250 ms is judged in later turns: then too it is a promise, so
 * write `await` when in doubt.
 *
 * @throws `TypeError` or `RangeError` of code `ERR_RS_PROFILER_INVALID_ARGUMENT`; what `fn` throws
 */
export function toLeak(fn: () => unknown, options?: LeakOptions): MatcherAnswer | Promise<MatcherAnswer>;

/**
 * Whether a call of a function allocates less than so many bytes, in the heap and off it: what is allocated, not what stays.
 *
 * @param bytes - per call, above 0
 * @throws `TypeError` or `RangeError` of code `ERR_RS_PROFILER_INVALID_ARGUMENT`; what `fn` throws
 */
export function toAllocateLessThan(fn: () => unknown, bytes: number, options?: AllocationOptions): MatcherAnswer | Promise<MatcherAnswer>;

/** What the matchers return to the test: a promise where the function returns one. */
export type MatcherResult<R, T> = T extends (...args: never[]) => PromiseLike<unknown> ? Promise<void> : R;

declare global {
  namespace jest {
    interface Matchers<R, T = {}> {
      /** See `toLeak` of `rs-profiler/jest`. */
      toLeak(options?: LeakOptions): MatcherResult<R, T>;
      /** See `toAllocateLessThan` of `rs-profiler/jest`. */
      toAllocateLessThan(bytes: number, options?: AllocationOptions): MatcherResult<R, T>;
    }
  }
}

// @ts-ignore: only where Jest's own `expect` is installed
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> {
    toLeak(options?: LeakOptions): MatcherResult<R, T>;
    toAllocateLessThan(bytes: number, options?: AllocationOptions): MatcherResult<R, T>;
  }
}

// @ts-ignore: only where Vitest is installed
declare module 'vitest' {
  interface Assertion<T = any> {
    toLeak(options?: LeakOptions): MatcherResult<void, T>;
    toAllocateLessThan(bytes: number, options?: AllocationOptions): MatcherResult<void, T>;
  }
}
