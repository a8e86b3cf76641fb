/**
 * The debug routes as an Express middleware, also for Connect and plain `http` servers.
 *
 * @example
 * ```ts
 * import rsProfiler from 'rs-profiler/express';
 *
 * app.use(rsProfiler({ token: process.env.RS_PROFILER_TOKEN }));
 * ```
 *
 * @packageDocumentation
 */
import type { IncomingMessage, ServerResponse } from 'http';
import type { RsProfilerService, ServiceOptions } from './lib/types/service';

/**
 * Makes the middleware. Use it before all others, so that their time is in the metrics.
 * @throws {TypeError} `ERR_RS_PROFILER_INVALID_ARGUMENT` when it is not said who may use the routes
 */
declare function rsProfiler(options: rsProfiler.RsProfilerOptions): rsProfiler.RsProfilerMiddleware;

declare namespace rsProfiler {
  /** Options; `authorize` gets Express' request. */
  type RsProfilerOptions = ServiceOptions;

  /** An Express middleware. */
  interface RsProfilerMiddleware {
    (request: IncomingMessage, response: ServerResponse, next: (error?: any) => void): void;
    /** What it serves, for code: `capture()`, `metrics()`, `close()`. */
    service: RsProfilerService;
  }
}

export = rsProfiler;
