'use strict';

/**
 * Answers with a setting that an operator may change while the service runs.
 *
 * It leaks: each `require` makes a new Module object, and this file's own `module.children` keeps every one of them,
 * with the whole parsed configuration. Deleting the cache entry frees none of it.
 */
module.exports = async function readDuration(ctx) {
  delete require.cache[require.resolve('../configuration/app.json')];
  const { duration } = require('../configuration/app.json');
  ctx.body = { duration };
};
