import type { Readable } from 'stream';
import type { Capabilities } from './capabilities';
import type { HeapSnapshotFile, CpuProfileFile, RedactOptions, SamplingHeapProfileFile } from './capture';

/** What can be captured. */
export type CaptureKind = 'heap-snapshot' | 'cpu-profile' | 'sampling-heap-profile';

/** What an audit function hears of a request. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  time: string;
  /** Method and path below the prefix, such as `'POST /heap-snapshot'`. */
  action: string;
  /** Status code of the answer. */
  status: number;
  /** `'refused'`: a 4xx. `'failed'`: a 5xx. `'aborted'`: the client went away while it was answered, or the stream broke. */
  outcome: 'done' | 'refused' | 'failed' | 'aborted';
  /** Milliseconds until the answer was whole. */
  durationMs: number;
  /** The address of the connection: a proxy's where there is one. */
  remoteAddress: string | undefined;
  /** The capture that it was about; several in Egg, with spaces between. */
  name?: string;
  /** In Egg, the `worker` of the query, where it is another one. */
  worker?: string;
  /** The code of the error. */
  code?: string;
  /** What failed: what `authorize` threw, which the client is not told, or what broke a stream. Can be any value. */
  error?: unknown;
}

/** A capture that runs. */
export interface RunningCapture {
  kind: string;
  pid: number;
  /** ISO 8601, UTC. */
  since: string;
}

/** Whose turn it is to capture. */
export interface Turns {
  /** Resolves with a function that gives the turn back; rejects with `code` `'ERR_RS_PROFILER_BUSY'` and `running`. */
  take(what: { kind: CaptureKind; signal: AbortSignal }): Promise<() => void | Promise<void>>;
  /** What runs; `null` when nothing does. */
  current?(): RunningCapture | null | Promise<RunningCapture | null>;
  /** `true`: `take` limits how many captures begin in a time; `rate` of the service does not count then. */
  counts?: boolean;
}

/** A request without its framework. */
export interface NeutralRequest<Context = unknown> {
  method: string;
  /** Below the prefix: `''`, or from a slash on. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** `'1.1'`, for one. */
  httpVersion: string;
  remoteAddress: string | undefined;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  /** What the framework gives to handlers: Koa's and Egg's `ctx`, Express' and Fastify's request. */
  context: Context;
}

/** Who may use the routes; one of the three has to be said. All that are said must agree. */
export interface AccessOptions<Context = any> {
  /**
   * At least 16 characters, sent as `Authorization: Bearer TOKEN`, or as the password of basic authentication. Several are for
   * the time in which one replaces another.
   */
  token?: string | string[] | undefined;
  /** Lets a request in by returning, or resolving with, `true`. What it throws is answered with 500, and told to `audit` alone. */
  authorize?: ((context: Context, request: NeutralRequest<Context>) => boolean | Promise<boolean>) | undefined;
  /**
   * Requests of this machine alone: the connection comes from the loopback interface, the Host header names it, and no proxy has
   * added a header or speaks HTTP/1.0. All others get 404. Any user of the machine can send such requests, and so can a client of a
   * proxy on the machine that passes connections on as they are, or HTTP without a header of its own: with one, use a token as
   * well. Default `false`.
   */
  loopbackOnly?: boolean | undefined;
}

/** Options of the debug routes. */
export interface ServiceOptions<Context = any> extends AccessOptions<Context> {
  /** `false`: there are no routes, requests go on as if the middleware were not there. Default `true`. */
  enabled?: boolean | undefined;
  /** The path before all routes. Default `'/debug/rs-profiler'`. */
  prefix?: string | undefined;
  /**
   * Where captures are stored, and where the lock lies that makes them one at a time: processes with the same folder take turns.
   * Made with mode 0700; an existing one must be this user's alone. Default: `rs-profiler-UID` in the system's temporary folder.
   */
  folder?: string | undefined;
  /** The longest profile that may be asked for, from 1 to 3600. Default 120. */
  maxSeconds?: number | undefined;
  /** A capture that gets larger is given up. In bytes, as written. Default 4 GiB. */
  maxBytes?: number | undefined;
  /** How many captures this process begins in a time: more get 429. Default 10 in 600000 ms. */
  rate?: { captures?: number | undefined; perMs?: number | undefined } | undefined;
  /** Which stored captures are kept: the oldest go first, the newest always stays. Default 20, 7 days, 4 GiB. */
  retention?: { maxCount?: number | undefined; maxAgeMs?: number | undefined; maxBytes?: number | undefined } | undefined;
  /** What heap snapshots are like. */
  heapSnapshot?:
    | {
      /**
       * Default `'fork'`: where a fork is impossible, a snapshot is refused with 503, since one in the process would stop it.
       * `'auto'` takes it then all the same.
       */
      isolation?: 'fork' | 'auto' | 'inline' | undefined;
      /** Unless the request says `compress=`. Default `'none'`. */
      compress?: 'none' | 'gzip' | 'zstd' | undefined;
      /** What every snapshot hides; a request can add `redact=strings`, and take nothing away. Default `'none'`. */
      redact?: 'none' | 'strings' | RedactOptions | undefined;
      /** Refuse a snapshot for which there is not enough memory. Default `true`. */
      headroom?: boolean | undefined;
      /**
       * Objects keep their ids from one forked snapshot of a process to the next, so that a report with `base` compares by id; the
       * service stands still longer for it. Unless the request says `stableIds=`. Default `false`.
       */
      stableIds?: boolean | undefined;
    }
    | undefined;
  /**
   * Hears of every request to the routes; `context` is what `authorize` gets, to tell who asked. What it throws, or rejects with,
   * is ignored. Captures that code asks for are not told.
   */
  audit?: ((event: AuditEvent, context: Context) => unknown) | undefined;
  /** Who keeps captures one at a time. Default: a lock file in `folder`. */
  turns?: Turns | undefined;
  /** `false`: nothing is measured, and there is no route `/metrics`. */
  metrics?:
    | false
    | {
      /** How many routes are told apart; the rest is `'(other)'`. Default 100. */
      maxRoutes?: number | undefined;
      /** The module prom-client, or `false` to do without. Default: what the application's main file would require. */
      promClient?: object | false | undefined;
    }
    | undefined;
}

/** Durations of requests. */
export interface RequestDurations {
  count: number;
  meanMs: number;
  /** To a sixteenth. */
  p50Ms: number;
  /** To a sixteenth. */
  p99Ms: number;
  maxMs: number;
}

/** What `metrics()` gives. Sizes in bytes. */
export interface ServiceMetrics {
  /** Of the application's requests since the start; those of the debug routes do not count. */
  requests: RequestDurations & {
    /** Under way now. */
    active: number;
    /** Of the last 60 whole seconds, or since the start. */
    perSecond: number;
    /** Answered with 500 or more. */
    failed: number;
    /** How many were under way at once on average: `perSecond` times `meanMs` in seconds (Little's law). */
    concurrency: number;
    /** By the framework's template of the route, method and status code. */
    routes: (RequestDurations & { route: string; method: string; status: number })[];
  };
  eventLoop: {
    /** Of `perf_hooks.monitorEventLoopDelay` with a resolution of 20 ms, since the start. */
    delay: { minMs: number; maxMs: number; meanMs: number; stddevMs: number; p50Ms: number; p90Ms: number; p99Ms: number };
    /** From 0 to 1, since the start. */
    utilization: number;
  };
  gc: Record<'major' | 'minor' | 'incremental' | 'weakcb', { count: number; durationMs: number }>;
  memory: { rss: number; heapTotal: number; heapUsed: number; heapLimit: number; external: number; arrayBuffers: number };
  heapSpaces: { name: string; size: number; used: number; available: number; physical: number }[];
  /** What keeps the event loop alive, by type, as `process.getActiveResourcesInfo()` names it. */
  handles: Record<string, number>;
  uptimeSeconds: number;
}

/** A stored capture. */
export interface StoredCapture {
  name: string;
  kind: CaptureKind;
  bytes: number;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** What `GET {prefix}` answers. */
export interface ServiceStatus {
  running: RunningCapture | null;
  /** The newest first. */
  captures: StoredCapture[];
  limits: {
    maxSeconds: number;
    maxBytes: number;
    rate: { captures: number; perMs: number };
    retention: { maxCount: number; maxAgeMs: number; maxBytes: number };
  };
  capabilities: Capabilities;
}

/** The debug routes of one application. */
export interface RsProfilerService {
  readonly enabled: boolean;
  readonly folder: string;
  metrics(): ServiceMetrics;
  status(): Promise<ServiceStatus>;
  /**
   * Captures into the folder, as a request with `store=1` does: one at a time, within the rate, and retention afterwards.
   * `query` is that of the route, such as `{ seconds: '5' }`.
   */
  capture(
    kind: CaptureKind,
    query?: Record<string, string>,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<{ name: string; kind: CaptureKind } & (HeapSnapshotFile | CpuProfileFile | SamplingHeapProfileFile)>;
  /** Removes stored captures by the limits of `retention`; resolves with their names. */
  cleanUp(): Promise<string[]>;
  /** Answers a request; `null` where the routes are off. Never rejects. */
  handle(
    request: NeutralRequest,
  ): Promise<{ status: number; headers: Record<string, string>; body: string | Readable | undefined } | null>;
  /** Ends a capture that runs, and the observation of metrics. Repeatable. */
  close(): void;
}
