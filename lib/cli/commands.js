'use strict';
// The commands: what they take, their options and examples, and where they are. A command is loaded when it runs.

const OUT = { out: { type: 'string', short: 'o', value: 'DIR', help: 'where to put it, instead of into the package' } };
/** Every command has these. */
const COMMON = {
  json: { type: 'boolean', help: 'the answer as JSON' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
};

/** By name. `load` gives the function that runs it: it receives a context and may return an exit code. */
const COMMANDS = {
  doctor: {
    load: () => require('./doctor').doctor,
    usage: '',
    options: {},
    about: 'what is installed, what works here and why not, and what to do; exit code 1 when something is wrong',
    examples: ['doctor', 'doctor --json'],
  },
  'build-shim': {
    load: () => require('./build-shim').buildShim,
    usage: '[--out DIR]',
    options: OUT,
    about: 'compiles the one C++ file of the package for this Node; needs a C++20 compiler',
    examples: ['build-shim', 'build-shim --out /opt/shims', 'CXX=clang++-15 rs-profiler build-shim'],
  },
};

for (const command of Object.values(COMMANDS)) command.options = { ...command.options, ...COMMON };

module.exports = { COMMANDS };
