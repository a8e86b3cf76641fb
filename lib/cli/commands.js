'use strict';
// The commands: their arguments, options, examples, and where they are.

const LIMIT = { limit: { type: 'string', value: 'N', help: 'at most N rows' } };
const JSON_OPTION = { json: { type: 'boolean', help: 'the answer as JSON; its shape is CliAnswers of index.d.ts' } };
const HELP = { help: { type: 'boolean', short: 'h', help: 'this text' } };
const PARTIAL = { partial: { type: 'boolean', help: 'of a file that was cut off, take what is whole' } };
const OUTPUT = { output: { type: 'string', short: 'o', value: 'FILE', help: 'the file to write' } };
const HITS = { hits: { type: 'boolean', help: 'share the time out among the samples, as Chrome DevTools does' } };

const heap = () => require('./heap');
const cpu = () => require('./cpu');
const report = () => require('./report');

/** By name: `files` is the least and the most number of them. */
const COMMANDS = {
  'heap summary': {
    run: (context) => heap().summary(context), usage: 'FILE', files: [1, 1], options: { ...LIMIT, ...PARTIAL },
    about: 'what is on the heap: sizes, and the class table of DevTools',
    examples: ['heap summary app.heapsnapshot', 'heap summary app.heapsnapshot.gz --limit 50 --json'],
  },
  'heap statistics': {
    run: (context) => heap().statistics(context), usage: 'FILE', files: [1, 1], options: PARTIAL,
    about: 'bytes by kind: code, strings, arrays, memory off the heap',
    examples: ['heap statistics app.heapsnapshot'],
  },
  'heap suspects': {
    run: (context) => heap().suspects(context), usage: 'FILE [--base EARLIER]', files: [1, 1],
    options: { base: { type: 'string', value: 'FILE', help: 'an earlier snapshot of the process: what grew since' }, ...LIMIT, ...PARTIAL },
    about: 'what probably leaks: a sentence each, and the way to it',
    examples: ['heap suspects later.heapsnapshot --base earlier.heapsnapshot', 'curl -s localhost:3000/snapshot | rs-profiler heap suspects -'],
  },
  'heap compare': {
    run: (context) => heap().compare(context), usage: 'EARLIER LATER', files: [2, 2],
    options: {
      'fail-on-growth': { type: 'string', value: 'N', help: 'exit code 3 when the heap grew by more: 5% or 20MB' }, ...LIMIT, ...PARTIAL,
    },
    about: 'what came, what went, and which containers grew',
    examples: ['heap compare earlier.heapsnapshot later.heapsnapshot', 'heap compare a.heapsnapshot b.heapsnapshot --fail-on-growth 5%'],
  },
  'heap retainers': {
    run: (context) => heap().retainers(context), usage: 'FILE ID', files: [1, 2],
    options: { class: { type: 'string', value: 'NAME', help: 'the biggest object of a class instead of an ID' }, ...LIMIT, ...PARTIAL },
    about: 'what keeps an object alive',
    examples: ['heap retainers app.heapsnapshot 74745', 'heap retainers app.heapsnapshot --class Session'],
  },
  'heap dominators': {
    run: (context) => heap().dominators(context), usage: 'FILE [ID]', files: [1, 2], options: { ...LIMIT, ...PARTIAL },
    about: 'what would be freed with what: the tree of dominators, or what one object dominates',
    examples: ['heap dominators app.heapsnapshot', 'heap dominators app.heapsnapshot 74745'],
  },
  'heap strings': {
    run: (context) => heap().strings(context), usage: 'FILE', files: [1, 1], options: { ...LIMIT, ...PARTIAL },
    about: 'equal strings that are on the heap more than once',
    examples: ['heap strings app.heapsnapshot --limit 10'],
  },
  'heap redact': {
    run: (context) => heap().redact(context), usage: 'FILE -o OUT', files: [1, 1],
    options: {
      ...OUTPUT,
      keep: { type: 'string', multiple: true, value: 'REGEX', help: 'strings that it matches stay; may be given again' },
      keys: { type: 'boolean', help: 'hash the keys of dictionaries as well' },
    },
    about: 'a copy without the contents of its strings, to hand on',
    examples: ['heap redact app.heapsnapshot -o clean.heapsnapshot --keys'],
  },
  'cpu top': {
    run: (context) => cpu().top(context), usage: 'FILE', files: [1, 1], options: { ...HITS, ...LIMIT },
    about: 'the functions that cost most, and which are worth a look',
    examples: ['cpu top app.cpuprofile'],
  },
  'cpu tree': {
    run: (context) => cpu().tree(context), usage: 'FILE', files: [1, 1],
    options: { 'bottom-up': { type: 'boolean', help: 'from each function to its callers' }, ...HITS, ...LIMIT },
    about: 'the call tree',
    examples: ['cpu tree app.cpuprofile --bottom-up'],
  },
  'cpu lines': {
    run: (context) => cpu().lines(context), usage: 'FILE', files: [1, 1], options: { ...HITS, ...LIMIT },
    about: 'the lines that cost most',
    examples: ['cpu lines app.cpuprofile'],
  },
  'cpu groups': {
    run: (context) => cpu().groups(context), usage: 'FILE', files: [1, 1], options: { ...HITS, ...LIMIT },
    about: 'what the application, each npm package, Node and V8 cost',
    examples: ['cpu groups app.cpuprofile'],
  },
  'cpu flame': {
    run: (context) => cpu().flame(context), usage: 'FILE -o OUT.svg', files: [1, 1],
    options: {
      ...OUTPUT, inverted: { type: 'boolean', help: 'hanging from the top' }, idle: { type: 'boolean', help: 'with idle time' },
      hits: { type: 'boolean', help: 'samples instead of time' },
    },
    about: 'a flame graph as a picture',
    examples: ['cpu flame app.cpuprofile -o flame.svg'],
  },
  'cpu compare': {
    run: (context) => cpu().compare(context), usage: 'EARLIER LATER', files: [2, 2], options: { ...HITS, ...LIMIT },
    about: 'which functions cost more, and which less',
    examples: ['cpu compare before.cpuprofile after.cpuprofile'],
  },
  'cpu convert': {
    run: (context) => cpu().convert(context), usage: 'FILE -o OUT', files: [1, 1],
    options: {
      ...OUTPUT, to: { type: 'string', value: 'FORMAT', help: 'inspector, collapsed, speedscope, pprof or svg; else by the ending of OUT' },
      idle: { type: 'boolean', help: 'with idle time' }, hits: { type: 'boolean', help: 'samples instead of time, where a format has one of them' },
    },
    about: 'a CPU or sampling heap profile in another format',
    examples: ['cpu convert app.cpuprofile -o app.pprof', 'cpu convert app.heapprofile -o app.json --to speedscope'],
  },
  report: {
    run: (context) => report().report(context), usage: 'FILE... -o OUT.html', files: [1, Infinity],
    options: { ...OUTPUT, title: { type: 'string', value: 'TEXT', help: 'what stands above it' } },
    about: 'one HTML file of heap snapshots and CPU profiles: suspects, comparison, treemap, flame graph; it needs no network',
    examples: ['report earlier.heapsnapshot later.heapsnapshot app.cpuprofile -o report.html'],
  },
  doctor: {
    run: (context) => require('./doctor').doctor(context), usage: '', files: [0, 0], options: {},
    about: 'what is installed, what works here, and what to do about what does not; exit code 1 when something fails',
    examples: ['doctor', 'doctor --json'],
  },
  'build-shim': {
    run: (context) => require('./build-shim').buildShim(context), usage: '[--output DIR]', files: [0, 0],
    options: {
      output: { type: 'string', short: 'o', value: 'DIR', help: 'where to put it; else into the package. Then set RS_PROFILER_SHIM_DIR=DIR' },
      abi: { type: 'string', value: 'N', help: 'process.versions.modules of another Node; else of this one' },
      headers: { type: 'string', value: 'DIR', help: 'the folder include/node of that Node; else beside Node, in nodedir, or from npm' },
    },
    about: 'compiles the one C++ file for a Node that has no binary; needs g++ 10, clang 12, or newer',
    examples: ['build-shim', 'build-shim --output /opt/shims'],
  },
};

/** Every command has these. */
for (const command of Object.values(COMMANDS)) command.options = { ...command.options, ...JSON_OPTION, ...HELP };

module.exports = { COMMANDS };
