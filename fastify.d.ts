/**
 * The debug routes as a Fastify plugin; the service is `app.rsProfiler`.
 *
 * @example
 * ```ts
 * import rsProfiler from 'rs-profiler/fastify';
 *
 * await app.register(rsProfiler, { token: process.env.RS_PROFILER_TOKEN });
 * ```
 *
 * @packageDocumentation
 */
import type { RsProfilerService, ServiceOptions } from './lib/types/service';

/**
 * The plugin. Register it before your routes, so that their time is in the metrics.
 * Rejects with `ERR_RS_PROFILER_INVALID_ARGUMENT` when it is not said who may use the routes.
 */
declare function rsProfiler(app: any, options: rsProfiler.RsProfilerOptions): Promise<void>;

declare namespace rsProfiler {
  /** Options; `authorize` gets Fastify's request. `prefix` is below that of the plugin in which it is registered, if it has one. */
  type RsProfilerOptions = ServiceOptions;

  /** The type of `app.rsProfiler`. */
  type Service = RsProfilerService;
}

// @ts-ignore: only where Fastify is installed
declare module 'fastify' {
  interface FastifyInstance {
    /** Decorated by the plugin, once it is loaded. */
    rsProfiler: RsProfilerService;
  }
}

export = rsProfiler;
