'use strict';
// The commands: what they take, their options and examples, and where they are. A command is loaded when it runs.

const OUT = { out: { type: 'string', short: 'o', value: 'DIR', help: 'where to put it, instead of into the package' } };
/** Every command has these. */
const COMMON = {
  json: { type: 'boolean', help: 'the answer as JSON' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
};

/**
 * By name, which may have two words. `files` is the least and the most number of them; `load` gives the function that runs it:
 * it receives a context and may return an exit code.
 */
const COMMANDS = {
  doctor: {
    load: () => require('./doctor').doctor,
    usage: '',
    files: [0, 0],
    options: {},
    about: 'what is installed, what works here and why not, and what to do; exit code 1 when something is wrong',
    examples: ['doctor', 'doctor --json'],
  },
  'build-shim': {
    load: () => require('./build-shim').buildShim,
    usage: '[--out DIR]',
    files: [0, 0],
    options: OUT,
    about: 'compiles the one C++ file of the package for this Node; needs a C++20 compiler',
    examples: ['build-shim', 'build-shim --out /opt/shims', 'CXX=clang++-15 rs-profiler build-shim'],
  },
};

for (const command of Object.values(COMMANDS)) command.options = { ...command.options, ...COMMON };

/** The command that the arguments begin with, as its name and the other arguments; undefined when there is none. */
function commandOf(args) {
  const name = Object.keys(COMMANDS).find((known) => known.split(' ').every((word, at) => args[at] === word));
  return name && { name, rest: args.slice(name.split(' ').length) };
}

module.exports = { COMMANDS, commandOf };
