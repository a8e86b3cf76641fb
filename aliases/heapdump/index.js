'use strict';
// heapdump, for those who require it by that name: a package manager's override puts this package in its place.

module.exports = require('rs-profiler/heapdump');
