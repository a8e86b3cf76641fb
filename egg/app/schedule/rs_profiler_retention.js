'use strict';

/** Removes stored captures by `config.rsProfiler.retention`: captures do so too, but the last one grows old without a next one. */
module.exports = (app) => ({
  schedule: { ...app.config.rsProfiler.schedule },
  async task(ctx) {
    await ctx.app.rsProfiler.cleanUp();
  },
});
