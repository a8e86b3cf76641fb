/** The debug routes in Koa, Express and Fastify, as their users write them. */
import type { Application } from 'express';
import Koa = require('koa');
import rsProfilerExpress = require('rs-profiler/express');
import rsProfilerFastify = require('rs-profiler/fastify');
import rsProfilerKoa = require('rs-profiler/koa');
import { typeOf } from './type-of';

declare const koa: Koa;
declare const application: Application;

const middleware = rsProfilerKoa({ token: process.env.RS_PROFILER_TOKEN, authorize: (ctx) => ctx.state.user === 'admin' });
koa.use(middleware);
application.use(rsProfilerExpress({ loopbackOnly: true, audit: ({ action, status }) => `${action} ${status}` }));
void rsProfilerFastify({}, { token: ['one', 'two'], prefix: '/internal/profiler' });

export async function use(): Promise<void> {
  const { service } = middleware;
  typeOf(service.metrics().requests.routes[0]?.p99Ms).is<number | undefined>();
  typeOf((await service.capture('cpu-profile', { seconds: '5' })).name).is<string>();
  typeOf((await service.status()).running?.pid).is<number | undefined>();
  // @ts-expect-error an unknown kind
  await service.capture('core-dump');
}

// @ts-expect-error a token is text
rsProfilerKoa({ token: 5 });
rsProfilerKoa({ token: 'a-token-for-tests-only', heapSnapshot: { stableIds: true } });
// @ts-expect-error unknown isolation
rsProfilerExpress({ heapSnapshot: { isolation: 'thread' } });
