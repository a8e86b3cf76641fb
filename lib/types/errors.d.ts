/**
 * The `code` of every error that this package makes itself.
 *
 * | code | meaning |
 * | --- | --- |
 * | `ERR_RS_PROFILER_NOT_RUNNING` | a stop without a start: `stopProfiling()`, `stopSamplingHeapProfiling()` |
 * | `ERR_RS_PROFILER_BUSY` | a second sampling heap capture in a thread, or one of somebody else's; `setSamplingInterval` while profiling; another forked snapshot, with `whenBusy: 'refuse'`; a second `onNearHeapLimit`, or watch of the event loop |
 * | `ERR_RS_PROFILER_INVALID_ARGUMENT` | an argument of the wrong type or out of its range |
 * | `ERR_RS_PROFILER_DELETED` | the snapshot or profile was deleted |
 * | `ERR_RS_PROFILER_OUT_OF_RANGE` | a node index below 0 or not below `nodesCount` |
 * | `ERR_RS_PROFILER_TOO_MANY_PROFILES` | V8 records at most 100 CPU profiles at once |
 * | `ERR_RS_PROFILER_STRING_TOO_LONG` | longer than V8's longest string (about 512 Mi characters): use a stream |
 * | `ERR_RS_PROFILER_UNSUPPORTED_NODE` | no native part for this version of Node; the message says what to do |
 * | `ERR_RS_PROFILER_NATIVE_MISSING` | the native addon was not built or cannot be loaded |
 * | `ERR_RS_PROFILER_WALK_FAILED` | V8 gave up the walk of the heap |
 * | `ERR_RS_PROFILER_HEADROOM` | less memory is left than the snapshot will need; the message and `headroom` have the figures |
 * | `ERR_RS_PROFILER_FORK_FAILED` | no forked child could be had, or none that came to its end; with `isolation: 'fork'`, or when a stream had already begun |
 * | `ERR_RS_PROFILER_CHILD_CRASHED` | the forked child crashed or had no memory: not tried here, where it would be the service |
 * | `ERR_RS_PROFILER_NO_THREAD` | the system gave no thread: a limit of processes or memory |
 * | `ERR_RS_PROFILER_CLOSED` | the thread is ending, nothing can be captured any more |
 * | `ERR_RS_PROFILER_INVALID_PROFILE` | a text is no profile, or a damaged one; the message names the byte |
 * | `ERR_RS_PROFILER_INVALID_SNAPSHOT` | a text is no heap snapshot, or a damaged one; the message names section and byte |
 * | `ERR_RS_PROFILER_TRUNCATED_SNAPSHOT` | a heap snapshot ends too early; the error has `section` and `offset`, and `partial: true` opens what is whole |
 * | `ERR_RS_PROFILER_RATE` | debug routes: too many captures in a time; `retryAfterSeconds` says when the next may begin |
 * | `ERR_RS_PROFILER_TOO_LARGE` | debug routes: a capture got larger than `maxBytes` and was given up |
 * | `ERR_RS_PROFILER_STALLED` | debug routes: a client took nothing of a heap snapshot for 60 seconds, and it was given up |
 * | `ERR_RS_PROFILER_FOLDER` | the folder of captures is no folder, belongs to another user, or may be entered by others |
 * | `ERR_RS_PROFILER_REPORT_FAILED` | debug routes: the process that made a report failed; the message says why |
 * | `ERR_RS_PROFILER_REPORT_MISSING` | the page of the report was not built: a checkout without its set-up |
 * | `ERR_RS_PROFILER_NO_SUCH_WORKER` | Egg: there is no worker of that name; the message names those that are |
 * | `ERR_RS_PROFILER_WORKER_GONE` | Egg: the worker, or the agent, ended meanwhile |
 * | `ERR_RS_PROFILER_WORKER_SILENT` | Egg: the worker, or the agent, does not answer: its event loop is blocked |
 * | `ERR_RS_PROFILER_WORKER_UNKNOWN` | Egg: the application is not listening yet |
 * | `ERR_RS_PROFILER_UNKNOWN_CALL` | Egg: agent and worker run different versions of this package |
 * | `ERR_RS_PROFILER_ANALYSIS_FAILED` | two snapshots of a growing heap were taken, but could not be compared |
 * | `ERR_RS_PROFILER_ABORTED` | an export ended before it was complete |
 * | `ERR_RS_PROFILER_IO` | a file operation failed for which the system has no code |
 * | `ERR_RS_PROFILER_INTERNAL` | an error of this package; please report it |
 */
export type RsProfilerErrorCode =
  | 'ERR_RS_PROFILER_NOT_RUNNING'
  | 'ERR_RS_PROFILER_BUSY'
  | 'ERR_RS_PROFILER_INVALID_ARGUMENT'
  | 'ERR_RS_PROFILER_DELETED'
  | 'ERR_RS_PROFILER_OUT_OF_RANGE'
  | 'ERR_RS_PROFILER_TOO_MANY_PROFILES'
  | 'ERR_RS_PROFILER_STRING_TOO_LONG'
  | 'ERR_RS_PROFILER_UNSUPPORTED_NODE'
  | 'ERR_RS_PROFILER_NATIVE_MISSING'
  | 'ERR_RS_PROFILER_WALK_FAILED'
  | 'ERR_RS_PROFILER_HEADROOM'
  | 'ERR_RS_PROFILER_FORK_FAILED'
  | 'ERR_RS_PROFILER_CHILD_CRASHED'
  | 'ERR_RS_PROFILER_NO_THREAD'
  | 'ERR_RS_PROFILER_CLOSED'
  | 'ERR_RS_PROFILER_INVALID_PROFILE'
  | 'ERR_RS_PROFILER_INVALID_SNAPSHOT'
  | 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT'
  | 'ERR_RS_PROFILER_RATE'
  | 'ERR_RS_PROFILER_TOO_LARGE'
  | 'ERR_RS_PROFILER_STALLED'
  | 'ERR_RS_PROFILER_FOLDER'
  | 'ERR_RS_PROFILER_REPORT_FAILED'
  | 'ERR_RS_PROFILER_REPORT_MISSING'
  | 'ERR_RS_PROFILER_NO_SUCH_WORKER'
  | 'ERR_RS_PROFILER_WORKER_GONE'
  | 'ERR_RS_PROFILER_WORKER_SILENT'
  | 'ERR_RS_PROFILER_WORKER_UNKNOWN'
  | 'ERR_RS_PROFILER_UNKNOWN_CALL'
  | 'ERR_RS_PROFILER_ANALYSIS_FAILED'
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

/** What a call rejects with when its `signal` cancels it. `cause` is the signal's `reason`. */
export interface RsProfilerAbortError extends Error {
  name: 'AbortError';
  code: 'ABORT_ERR';
  cause?: unknown;
}
