'use strict';

/** Starts an Egg application with Egg's own starter: `node egg-start.js FOLDER FRAMEWORK PROCESS-PORT [PORT-OF-2ND-THREAD]`. */

const [baseDir, framework, port, second] = process.argv.slice(2);

const options = { baseDir, framework, port: Number(port), workers: 2 };
if (second) Object.assign(options, { startMode: 'worker_threads', ports: [Number(port), Number(second)] });

require(framework).startCluster(options);
