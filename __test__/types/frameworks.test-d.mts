/** The same from ES modules. */
import type { FastifyInstance } from 'fastify';
import express from 'rs-profiler/express';
import fastify from 'rs-profiler/fastify';
import koa from 'rs-profiler/koa';
import type { RsProfilerOptions } from 'rs-profiler/koa';

const options: RsProfilerOptions = { enabled: false };
koa(options).service.close();
express({ authorize: async (request) => request.ip === '127.0.0.1' }).service.close();
declare const app: FastifyInstance;
void app.register(fastify, { loopbackOnly: true });
void app.rsProfiler.capture('cpu-profile', { seconds: '1' });
