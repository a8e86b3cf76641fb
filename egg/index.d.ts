/**
 * The Egg plugin: debug routes whose requests choose the worker to capture, `app.rsProfiler` and `agent.rsProfiler`.
 *
 * @example
 * ```js
 * // config/plugin.js
 * exports.rsProfiler = { enable: true, package: 'rs-profiler/egg' };
 * // config/config.default.js
 * exports.rsProfiler = { token: process.env.RS_PROFILER_TOKEN };
 * ```
 *
 * @packageDocumentation
 */
import 'egg';
import type { CpuProfileFile, HeapSnapshotFile, SamplingHeapProfileFile } from '../lib/types/capture';
import type { CaptureKind, ServiceMetrics, ServiceOptions, StoredCapture } from '../lib/types/service';

/**
 * The plugin as a factory, for `module.exports = { ...require('rs-profiler/egg')() }` in config/plugin.js, or
 * `export default { ...rsProfiler() }`. Options are those of an entry there.
 */
declare function rsProfiler(options?: rsProfiler.PluginOptions): { rsProfiler: rsProfiler.PluginEntry };

declare namespace rsProfiler {
  interface PluginOptions {
    /** Default `true`. */
    enable?: boolean;
    /** The environments in which the plugin is loaded. Default: all. */
    env?: string[];
    dependencies?: string[];
    optionalDependencies?: string[];
  }

  interface PluginEntry extends PluginOptions {
    enable: boolean;
    name: string;
    /** The plugin's folder. */
    path: string;
  }

  /**
   * `config.rsProfiler`. As for the other frameworks, but: without `token`, `authorize` and `loopbackOnly` the routes are off; `folder`
   * is `logs/NAME/rs-profiler` of the application; `rate` counts the captures of all workers together; turns are the agent's.
   */
  interface Config extends Omit<ServiceOptions, 'turns'> {
    /** Egg's switch of the middleware. Default `true`. */
    enable?: boolean | undefined;
    /** When one of the workers removes stored captures by `retention`. Egg's options of a schedule; default `{ interval: '10m' }`. */
    schedule?: { interval?: string | number; cron?: string; immediate?: boolean; disable?: boolean } | undefined;
  }

  /** A capture that runs on some worker. */
  interface RunningWorkerCapture {
    kind: CaptureKind;
    /** The worker, or `'agent'`. */
    worker: string;
    /** ISO 8601, UTC. */
    since: string;
  }

  /** Figures that tell which worker to look at. All but the first two are absent where `answers` is `false`. */
  interface WorkerStatus {
    /** Its process id, or its thread id where workers are threads; `'agent'`. */
    worker: string;
    /** `false`: it did not answer within a second; its event loop is blocked. */
    answers: boolean;
    pid?: number;
    threadId?: number;
    uptimeSeconds?: number;
    /** Bytes; of the whole process where workers are threads. */
    rss?: number;
    /** Bytes of V8's heap of this worker. */
    heapUsed?: number;
    heapTotal?: number;
    external?: number;
    /** Of the event loop, from 0 to 1, since it was asked the last time. */
    utilization?: number;
  }

  /** A capture that was stored. */
  type CapturedWorker = { worker: string; name: string; kind: CaptureKind } & (HeapSnapshotFile | CpuProfileFile | SamplingHeapProfileFile);
  /** A worker of several that could not be captured. */
  interface FailedWorker {
    worker: string;
    error: { code?: string; message: string };
  }

  interface CaptureOptions {
    /**
     * Which worker: an id of `workers()`, `'agent'`, or `'all'`, which captures the workers one after the other. Default: the one that
     * is called; for `agent.rsProfiler` the agent.
     */
    worker?: string | number | undefined;
    /** Aborts the capture, on whatever worker it is. */
    signal?: AbortSignal | undefined;
    /** Of a profile, from 1 to `maxSeconds`. Default 30. */
    seconds?: number | undefined;
    /** Microseconds between samples of a CPU profile, from 50. Default 1000. */
    intervalUs?: number | undefined;
    /** Mean bytes between samples of a sampling heap profile. Default 524288. */
    intervalBytes?: number | undefined;
    /** Of a heap snapshot. */
    compress?: 'none' | 'gzip' | 'zstd' | undefined;
    redact?: 'none' | 'strings' | undefined;
    /** Of a heap snapshot: ids hold from one to the next of the same worker. Default: `heapSnapshot.stableIds`, `false`. */
    stableIds?: boolean | undefined;
  }

  /** `agent.rsProfiler`. */
  interface AgentProfiler {
    /**
     * Captures into the folder, one worker at a time; a row per worker. With `'all'` a row may have an `error`.
     * Rejects with `ERR_RS_PROFILER_BUSY`, `_RATE`, `_NO_SUCH_WORKER`, `_WORKER_GONE` or `_WORKER_SILENT`, and as the captures do.
     */
    capture(kind: CaptureKind, options: CaptureOptions & { worker: 'all' }): Promise<(CapturedWorker | FailedWorker)[]>;
    capture(kind: CaptureKind, options?: CaptureOptions): Promise<CapturedWorker[]>;
    /** What is being captured, on whatever worker. */
    running(): Promise<RunningWorkerCapture | null>;
    /** All workers, and the agent as the last row. */
    workers(): Promise<WorkerStatus[]>;
  }

  /** `app.rsProfiler`. */
  interface ApplicationProfiler extends AgentProfiler {
    /** This worker. */
    readonly worker: string;
    /** Where captures are stored. */
    readonly folder: string;
    /** The stored captures of all workers, the newest first. */
    captures(): Promise<StoredCapture[]>;
    /** Removes stored captures by `retention`, as the schedule does; resolves with their names. */
    cleanUp(): Promise<string[]>;
    /** Metrics of this worker. Throws `ERR_RS_PROFILER_INVALID_ARGUMENT` where the routes are off or `metrics` is `false`. */
    metrics(): ServiceMetrics;
  }
}

declare module 'egg' {
  interface Application {
    rsProfiler: rsProfiler.ApplicationProfiler;
  }
  interface Agent {
    rsProfiler: rsProfiler.AgentProfiler;
  }
  interface EggAppConfig {
    rsProfiler: rsProfiler.Config;
  }
}

export = rsProfiler;
