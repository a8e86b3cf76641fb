/**
 * The debug routes as a Koa middleware.
 *
 * @example
 * ```ts
 * import rsProfiler from 'rs-profiler/koa';
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
  /** Options; `authorize` gets Koa's `ctx`. */
  type RsProfilerOptions = ServiceOptions;

  /** A Koa middleware. */
  interface RsProfilerMiddleware {
    (ctx: { req: IncomingMessage; res: ServerResponse; [key: string]: any }, next: () => Promise<any>): Promise<any>;
    /** What it serves, for code: `capture()`, `metrics()`, `close()`. */
    service: RsProfilerService;
  }
}

export = rsProfiler;
