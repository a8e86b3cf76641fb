'use strict';

/**
 * `npm test [-- Jest's arguments]`: the tiers unit, v8, faults and package on this Node. It ends by naming what was left out.
 */

const { TIERS, runJest } = require('./jest-run');
const { main } = require('./run');
const { setup } = require('./setup');

main(() => {
  // All shims: the test that one of another ABI is refused needs one.
  setup({ allAbis: true });
  const { failed, skippedNames } = runJest(process.execPath, process.argv.slice(2));
  for (const name of skippedNames) console.log(`skipped: ${name}`);
  console.log(`left out: the soak tier (npm run test:soak), and other Nodes than ${process.version} (npm run test:matrix); `
    + `run: ${TIERS.join(', ')}`);
  if (failed > 0) process.exitCode = 1;
});
