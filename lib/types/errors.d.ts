/**
 * The `code` of every error that this package makes itself.
 *
 * | code | meaning |
 * | --- | --- |
 * | `ERR_RS_PROFILER_NOT_RUNNING` | a stop without a start: `stopProfiling()`, `stopSamplingHeapProfiling()` |
 * | `ERR_RS_PROFILER_BUSY` | a second sampling heap capture in a thread; `setSamplingInterval` while profiling |
 * | `ERR_RS_PROFILER_INVALID_ARGUMENT` | an argument of the wrong type or out of its range |
 * | `ERR_RS_PROFILER_DELETED` | the snapshot or profile was deleted, the analysis was closed |
 * | `ERR_RS_PROFILER_INVALID_SNAPSHOT` | a file or stream is no heap snapshot, or a damaged one, or cannot be decompressed |
 * | `ERR_RS_PROFILER_TRUNCATED_SNAPSHOT` | a heap snapshot ends too early; `partial: true` opens what is whole of it |
 * | `ERR_RS_PROFILER_INDEX_NOT_WRITTEN` | the index of a heap snapshot cannot be written where it should be: give another place |
 * | `ERR_RS_PROFILER_OUT_OF_RANGE` | a node index below 0 or not below `nodesCount` |
 * | `ERR_RS_PROFILER_TOO_MANY_PROFILES` | at most 100 CPU profiles at once, and 8 different sampling intervals among them; 8 where Node's inspector records them |
 * | `ERR_RS_PROFILER_STRING_TOO_LONG` | longer than V8's longest string (about 512 Mi characters): use a stream, or ask for fewer rows |
 * | `ERR_RS_PROFILER_UNSUPPORTED_NODE` | no native part for this version of Node; the message says what to do |
 * | `ERR_RS_PROFILER_NATIVE_MISSING` | the native addon is not installed, was not built or cannot be loaded; the message says what to do |
 * | `ERR_RS_PROFILER_WALK_FAILED` | V8 gave up the walk of the heap |
 * | `ERR_RS_PROFILER_FORK_FAILED` | no forked child can take the snapshot, or those that were tried died: `isolation: 'auto'` then takes it in the process, but for a stream that has passed on bytes |
 * | `ERR_RS_PROFILER_NO_MEMORY` | a forked child had too little memory for the snapshot, and this process would have too |
 * | `ERR_RS_PROFILER_TRACKING_STARTED` | an inspector began to record allocation stacks while a snapshot was being written: take it again |
 * | `ERR_RS_PROFILER_NO_THREAD` | the limit of threads of the container or user is reached |
 * | `ERR_RS_PROFILER_CLOSED` | the thread is ending, nothing can be captured any more |
 * | `ERR_RS_PROFILER_ABORTED` | an export ended before it was complete, or an analysis was closed while it was asked |
 * | `ERR_RS_PROFILER_IO` | a file operation failed for which the system has no code |
 * | `ERR_RS_PROFILER_INTERNAL` | an error of this package; please report it |
 */
export type RsProfilerErrorCode =
  | 'ERR_RS_PROFILER_NOT_RUNNING'
  | 'ERR_RS_PROFILER_BUSY'
  | 'ERR_RS_PROFILER_INVALID_ARGUMENT'
  | 'ERR_RS_PROFILER_DELETED'
  | 'ERR_RS_PROFILER_INVALID_SNAPSHOT'
  | 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT'
  | 'ERR_RS_PROFILER_INDEX_NOT_WRITTEN'
  | 'ERR_RS_PROFILER_OUT_OF_RANGE'
  | 'ERR_RS_PROFILER_TOO_MANY_PROFILES'
  | 'ERR_RS_PROFILER_STRING_TOO_LONG'
  | 'ERR_RS_PROFILER_UNSUPPORTED_NODE'
  | 'ERR_RS_PROFILER_NATIVE_MISSING'
  | 'ERR_RS_PROFILER_WALK_FAILED'
  | 'ERR_RS_PROFILER_FORK_FAILED'
  | 'ERR_RS_PROFILER_NO_MEMORY'
  | 'ERR_RS_PROFILER_TRACKING_STARTED'
  | 'ERR_RS_PROFILER_NO_THREAD'
  | 'ERR_RS_PROFILER_CLOSED'
  | 'ERR_RS_PROFILER_ABORTED'
  | 'ERR_RS_PROFILER_IO'
  | 'ERR_RS_PROFILER_INTERNAL';

/**
 * An error of this package: an `Error` (or `TypeError`, `RangeError`) with a `code`.
 *
 * Two other kinds reach the caller: {@link RsProfilerAbortError} after an abort, and the system's own errors of file
 * operations (`NodeJS.ErrnoException` with `code` such as `'ENOENT'`, `path` and `syscall`).
 *
 * @example
 * ```ts
 * try {
 *   takeSnapshot();
 * } catch (error) {
 *   if ((error as RsProfilerError).code !== 'ERR_RS_PROFILER_UNSUPPORTED_NODE') throw error;
 * }
 * ```
 */
export interface RsProfilerError extends Error {
  code: RsProfilerErrorCode;
}

/** No forked child can take the snapshot, or those that were tried died or stood still, or had too little memory. */
export interface RsProfilerForkError extends RsProfilerError {
  code: 'ERR_RS_PROFILER_FORK_FAILED' | 'ERR_RS_PROFILER_NO_MEMORY';
  /** How far the last child came. `'fork'`: there was none. */
  phase: 'fork' | 'start' | 'walk' | 'write';
  /** Why, for people. */
  reason: string;
}

/** What was opened is no heap snapshot, or a damaged one, or ends too early. */
export interface RsProfilerSnapshotError extends RsProfilerError {
  code: 'ERR_RS_PROFILER_INVALID_SNAPSHOT' | 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT';
  /** The section of the text, such as `'nodes'`; `'file'` outside of all. */
  section: string;
  /** The byte of the uncompressed text. */
  offset: number;
}

/** What a call rejects with when its `signal` cancels it. `cause` is the signal's `reason`. */
export interface RsProfilerAbortError extends Error {
  name: 'AbortError';
  code: 'ABORT_ERR';
  // `any`: the libraries of TypeScript disagree on it, 4.7 says `Error` and later ones `unknown`.
  cause?: any;
}
