'use strict';

/**
 * A small Koa service that profiles itself, with a leak and a slow function to find.
 *
 * Listens on 127.0.0.1, on PORT or a free port. A parent that forked it gets `{ port }` over IPC, and the service
 * ends with its parent; started by hand it prints its address.
 */

const Koa = require('koa');
const Router = require('@koa/router');
const duration = require('./routes/duration');
const checksum = require('./routes/checksum');
const snapshot = require('./routes/snapshot');

const app = new Koa();
const router = new Router();

router.get('/duration', duration);
router.get('/checksum', checksum);
router.get('/snapshot/:where', snapshot);

// The profiling route, word for word as it was written for v8-profiler. Two things differ: the name of the module, and the statement
// that is marked as added.
const fs = require('fs');
const profiler = require('rs-profiler');

profiler.startProfiling();
const snapshot1 = profiler.takeSnapshot();

router.get('/profiler', async (ctx) => {
  const perf = profiler.stopProfiling();
  perf
    .export()
    .pipe(fs.createWriteStream('profiler.cpuprofile'))
    .on('finish', () => perf.delete());

  // Added: the same profile in the form that Chrome DevTools and VS Code open. The one above is v8-profiler's.
  perf.export({ format: 'inspector' }).pipe(fs.createWriteStream('devtools.cpuprofile'));

  const snapshot2 = profiler.takeSnapshot();

  snapshot1.export((error, result) => {
    if (error) console.log(error);
    fs.writeFileSync('snapshot1.heapsnapshot', result);
    snapshot1.delete();
  });

  snapshot2
    .export()
    .pipe(fs.createWriteStream('snapshot2.heapsnapshot'))
    .on('finish', snapshot2.delete);
  ctx.body = {
    msg: 'success take profile',
  };
});
// The end of that route.

app.use(router.routes()).use(router.allowedMethods());

const server = app.listen(Number(process.env.PORT) || 0, '127.0.0.1', () => {
  const { port } = server.address();
  if (process.send) process.send({ port });
  else console.log(`http://127.0.0.1:${port}`);
});

process.on('disconnect', () => process.exit(0));
