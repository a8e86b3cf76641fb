'use strict';
// The commands: what they take, their options and examples, and where they are. A command is loaded when it runs.

const OUT = { out: { type: 'string', short: 'o', value: 'DIR', help: 'where to put it, instead of into the package' } };
/** Every command has these. */
const COMMON = {
  json: { type: 'boolean', help: 'the answer as JSON' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
};
/** How a heap snapshot is opened. */
const OPENING = {
  partial: { type: 'boolean', help: 'of a file that is cut off, take what is whole' },
  index: { type: 'boolean', help: 'keep what is computed in FILE.index, and answer from there the next time' },
};
const QUICK = { quick: { type: 'boolean', help: 'one pass in memory that does not grow with the file: counts and sizes, but nothing about what retains what' } };
const LIMIT = { limit: { type: 'string', value: 'N', help: 'at most N rows; otherwise a table has 20, and JSON 1,000, or all of classes' } };
const CLASS = { class: { type: 'string', value: 'NAME', help: 'instead of an ID: the object of this class that retains most' } };
/** DevTools' filters of the class table. */
const FILTERS = ['duplicatedStrings', 'retainedByDetachedDom', 'retainedByConsole', 'retainedByContexts', 'retainedByEventHandlers'];

/**
 * By name, which can have two words: a group and a command. `load` gives the function that runs it: it receives a context and may
 * return an exit code. `files` are the least and the most arguments. An option with `choices` has one of them for its value.
 */
const COMMANDS = {
  'heap summary': {
    load: () => require('./heap/summary').summary,
    usage: 'FILE',
    files: [1, 1],
    options: { limit: { ...LIMIT.limit, help: 'at most N classes and N objects; otherwise 10' }, ...QUICK, ...OPENING },
    about: 'where to begin: how large the heap is, what its bytes are, what retains most, and what to ask next',
    examples: ['heap summary app.heapsnapshot', 'heap summary huge.heapsnapshot --quick', 'heap summary app.heapsnapshot.gz --json', 'curl -s localhost:3000/debug/heap | rs-profiler heap summary -'],
  },
  'heap statistics': {
    load: () => require('./heap/statistics').statistics,
    usage: 'FILE',
    files: [1, 1],
    options: OPENING,
    about: 'what kind of thing the bytes are: strings, code, arrays, memory off the heap',
    examples: ['heap statistics app.heapsnapshot'],
  },
  'heap classes': {
    load: () => require('./heap/classes').classes,
    usage: 'FILE',
    files: [1, 1],
    options: {
      name: { type: 'string', value: 'TEXT', help: 'only classes whose names contain the text' },
      sort: { type: 'string', value: 'BY', choices: ['retained', 'shallow', 'count'], help: 'retained (the default), shallow or count' },
      filter: { type: 'string', value: 'NAME', choices: FILTERS, help: `only objects of DevTools' filter: ${FILTERS.slice(0, -1).join(', ')} or ${FILTERS.at(-1)}` },
      ...LIMIT, ...OPENING,
    },
    about: 'the class table of Chrome DevTools, with the same numbers',
    examples: ['heap classes app.heapsnapshot', 'heap classes app.heapsnapshot --name Session', 'heap classes app.heapsnapshot --sort count --limit 50'],
  },
  'heap compare': {
    load: () => require('./heap/compare').compare,
    usage: 'BASE FILE',
    files: [2, 2],
    options: {
      'fail-on-growth': { type: 'string', value: 'SIZE', help: 'exit code 3 when the heap grew by more, such as 5% or 20MB' },
      ...LIMIT, ...OPENING,
    },
    about: 'what came and what went since an earlier snapshot, by class',
    examples: ['heap compare before.heapsnapshot after.heapsnapshot', 'heap compare before.heapsnapshot after.heapsnapshot --fail-on-growth 5%'],
  },
  'heap retainers': {
    load: () => require('./heap/retainers').retainers,
    usage: 'FILE @ID|--class NAME',
    files: [1, 2],
    options: { ...CLASS, ...LIMIT, ...OPENING },
    about: 'what keeps an object alive: the shortest way to it from the roots, and all that hold it',
    examples: ['heap retainers app.heapsnapshot @74745', 'heap retainers app.heapsnapshot --class Session --index'],
  },
  'heap dominators': {
    load: () => require('./heap/dominators').dominators,
    usage: 'FILE [@ID|--class NAME]',
    files: [1, 2],
    options: { ...CLASS, ...LIMIT, ...OPENING },
    about: 'what would be freed with what: the tree of it, or what is freed with one object',
    examples: ['heap dominators app.heapsnapshot', 'heap dominators app.heapsnapshot @74745'],
  },
  'heap strings': {
    load: () => require('./heap/strings').strings,
    usage: 'FILE',
    files: [1, 1],
    options: { ...LIMIT, ...OPENING },
    about: 'equal strings that are on the heap more than once, those that take most first',
    examples: ['heap strings app.heapsnapshot --limit 10'],
  },
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

/** What commands of two words begin with. */
const GROUPS = [...new Set(Object.keys(COMMANDS).filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]))];

/** The command that arguments begin with, if there is one, and how many words its name has. */
function commandOf(args) {
  const words = GROUPS.includes(args[0]) ? 2 : 1;
  const name = args.slice(0, words).join(' ');
  return { name, words, command: Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined };
}

module.exports = { COMMANDS, GROUPS, commandOf };
