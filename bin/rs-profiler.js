#!/usr/bin/env node
'use strict';
// The command line of the package: `npx rs-profiler`.

require('../lib/cli/main').main(process.argv.slice(2), process);
