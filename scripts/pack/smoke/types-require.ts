/** As CommonJS files of TypeScript take the package. */

import profiler = require('rs-profiler');
import heapdump = require('rs-profiler/heapdump');

export const uid: string = profiler.takeSnapshot().uid.toString();
export const written: boolean = heapdump.writeSnapshot();
// @ts-expect-error There is no such function.
profiler.takeSnapshots();
