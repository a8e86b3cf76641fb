'use strict';

/** What loading a module costs a bare process: time, resident memory, files. */

const { resident } = require('../lib/memory');
const { now } = require('../lib/main-thread');
const { answer } = require('../lib/child');

answer(({ module }) => {
  // The first reading of both loads their own code.
  resident();
  now();
  const files = Object.keys(require.cache).length;
  const rss = resident();
  const begin = now();
  require(module);
  const ms = now() - begin;
  return { ms, rssBytes: Math.max(0, resident() - rss), files: Object.keys(require.cache).length - files };
});
