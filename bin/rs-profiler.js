#!/usr/bin/env node
'use strict';
// The command line of the package: `npx rs-profiler`.

// When all is said it ends: what NODE_OPTIONS loads may keep the process alive.
require('../lib/cli/main').main(process.argv.slice(2), process).then(() => process.exit());
