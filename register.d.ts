/**
 * Loaded for its effect: `node --require rs-profiler/register app.js`, or `--import`. Captures by condition and by signal as
 * `RS_PROFILER_OPTIONS` says; without it, SIGUSR2 takes a heap snapshot (not on Windows). Nothing that goes wrong stops the
 * process: it is told once by a process warning named `RsProfilerWarning`.
 *
 * @packageDocumentation
 */
export {};
