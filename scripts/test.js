'use strict';

/**
 * `npm test [-- Jest's arguments]`: the tiers unit, v8, faults and package on this Node. It ends by naming what was left
 * out, and why.
 */

const { TIERS, runJest, skippedLines } = require('./jest-run');
const { main } = require('./run');
const { setup } = require('./setup');

main(() => {
  // All shims: the test that one of another ABI is refused needs one.
  setup({ allAbis: true });
  const { failed, skippedNames } = runJest(process.execPath, process.argv.slice(2));
  for (const line of skippedLines(skippedNames)) console.log(line);
  console.log(`run: the tiers ${TIERS.join(', ')}, on Node ${process.version}`);
  console.log('left out: the soak tier, which takes hours: npm run test:soak');
  console.log('left out: other versions of Node, which are fetched from npm first: npm run test:matrix');
  if (failed > 0) process.exitCode = 1;
});
