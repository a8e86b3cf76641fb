'use strict';

/** Who may use whom: the rooms of `lib/`, the floors of the addon, the rooms of the core. */

const path = require('node:path');
const { builtinModules } = require('node:module');
const { loaded, reachedFrom, rustGraph } = require('../../helpers/dependencies');
const { codeLines, files, linesWith, read, textsOf, under } = require('../../helpers/repo');

/** The rooms of `lib/`, and the rooms that each may require besides itself. Only `native` may require binding.js. */
const ROOMS = {
  native: [],
  options: ['native'],
  stream: ['native'],
  files: ['native', 'options'],
  compat: ['native', 'options', 'stream', 'files'],
  fallback: ['native', 'options', 'stream', 'files'],
  capture: ['native', 'options', 'stream', 'files', 'fallback'],
  analysis: ['native', 'options', 'files'],
};
/** The command line uses the package as everybody does, and what the package has to look at and to mend itself. */
const CLI = ['.', 'binding', 'package.json', 'scripts/compile-shim', 'scripts/compiler', 'scripts/node-dist'];
/** Rooms to come. What no room lists (`leak`, `service`) only faces may require. */
const ROOMS_TO_COME = {
  report: ['native', 'files', 'analysis'],
  leak: ['native', 'options', 'capture', 'analysis'],
  service: ['native', 'options', 'stream', 'files', 'capture', 'analysis'],
};
const TYPINGS = 'types';

const isBuiltin = (name) => builtinModules.includes(name.replace(/^node:/, ''));

describe('the JavaScript floors: index.js -> lib -> binding.js', () => {
  const FACES = ['index.js', 'index.mjs', 'heapdump.js', 'heapdump.mjs'];
  const lib = under('lib/', '.js');
  const roomOf = (file) => file.split('/')[1];
  const rooms = { ...ROOMS, ...ROOMS_TO_COME, cli: [] };

  /** What a file of lib requires and may not. */
  function forbidden(file, text) {
    const room = roomOf(file);
    return loaded(text).filter((name) => {
      if (!name.startsWith('.')) return !isBuiltin(name);
      const target = path.posix.join(path.posix.dirname(file), name);
      if (room === 'cli' && CLI.includes(target)) return false;
      return target === 'binding' ? room !== 'native' : ![room, ...(rooms[room] ?? [])].includes(roomOf(target));
    });
  }

  test('there is something to check', () => {
    expect(files).toEqual(expect.arrayContaining([...FACES, 'binding.js']));
    expect(lib.length).toBeGreaterThan(5);
  });

  test('every file of lib is in a room', () => {
    expect(under('lib/', '').filter((file) => ![...Object.keys(rooms), TYPINGS].includes(roomOf(file)))).toEqual([]);
    expect(lib.map(roomOf)).toEqual(expect.arrayContaining(Object.keys(ROOMS)));
  });

  test('a room requires itself, the rooms that the table allows, and builtins', () => {
    expect(lib.flatMap((file) => forbidden(file, read(file)).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  test.each([
    ['native', '../stream/a'],
    ['stream', '../../binding'],
    ['stream', '../capture/a'],
    ['analysis', '../capture/a'],
    ['analysis', '../compat/a'],
    ['capture', '../compat/a'],
    ['compat', '../capture/a'],
    ['files', '../stream/a'],
    ['capture', '../service/a'],
    ['capture', '../../index'],
    ['compat', 'koa'],
    ['compat', '../cli/main'],
    ['cli', '../native/environment'],
    ['cli', '../../scripts/setup'],
  ])('lib/%s may not require %s', (room, name) => {
    expect(forbidden(`lib/${room}/x.js`, `require('${name}'); require('fs'); require('./y');`)).toEqual([name]);
  });

  test('faces require lib, each other and builtins', () => {
    const faces = new Set(FACES.map((file) => `./${file}`));
    for (const file of FACES) {
      const odd = loaded(read(file)).filter((name) => !name.startsWith('./lib/') && !faces.has(name) && !isBuiltin(name));
      expect([file, odd]).toEqual([file, []]);
    }
  });

  test('binding.js requires builtins and the packages of the platforms', () => {
    const odd = loaded(read('binding.js')).filter((name) => !isBuiltin(name) && !name.startsWith('@rs-profiler/'));
    expect(odd).toEqual([]);
  });

  test('nobody but binding.js names the native folder', () => {
    const names = [...FACES, ...lib];
    const inside = (file) => loaded(read(file)).filter((name) => path.posix.join(path.posix.dirname(file), name).startsWith('native/'));
    expect(names.filter((file) => inside(file).length > 0)).toEqual([]);
    expect(linesWith(names, /\.node['`]\)/)).toEqual([]);
  });

  test('the package depends on nothing at run time', () => {
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(read('package.json'));
    expect({ ...dependencies, ...optionalDependencies }).toEqual({});
  });

  test('it prints only the three lines that the originals print', () => {
    const library = lib.filter((file) => roomOf(file) !== 'cli');
    const printed = linesWith([...FACES, 'binding.js', ...library], /\bconsole\.|std(out|err)\.write/);
    const texts = printed.map((line) => /console\.error\(['`](\w+)/.exec(line)?.[1]);
    expect(texts.sort()).toEqual(['limit', 'node', 'type']);
  });
});

describe('the Rust floors: api -> capture, analysis -> sink -> v8, and core below', () => {
  const rust = under('src/', '.rs');
  const core = under('crates/core/src/', '.rs');
  const floor = (name) => under(`src/${name}/`, '.rs');

  test('there is something to check', () => {
    for (const name of ['api', 'analysis', 'capture', 'sink', 'v8']) expect(floor(name).length).toBeGreaterThan(1);
    expect(core.length).toBeGreaterThan(5);
  });

  test('v8 uses std, libloading, libc and itself', () => {
    expect(codeLines(floor('v8'), /\bcrate::(?!v8\b)|\bnapi(_derive)?::|\btokio::|\brs_profiler_core::/)).toEqual([]);
  });

  test('sink uses neither v8, capture, api nor napi', () => {
    expect(codeLines(floor('sink'), /\bcrate::(v8|capture|analysis|api|raw_napi)\b|\bnapi(_derive)?::/)).toEqual([]);
  });

  test('analysis uses neither v8, capture, api nor napi', () => {
    expect(codeLines(floor('analysis'), /\bcrate::(v8|capture|api|raw_napi)\b|\bnapi(_derive)?::/)).toEqual([]);
  });

  test('capture uses neither analysis, api nor napi, reads neither arguments nor the environment, and hands on nothing of v8', () => {
    expect(codeLines(floor('capture'), /\bcrate::(analysis|api|raw_napi)\b|\bnapi(_derive)?::|#\[napi/)).toEqual([]);
    expect(codeLines(floor('capture'), /\bstd::env\b|\benv::|\bstd::\{.*\benv\b/)).toEqual([]);
    expect(codeLines(floor('capture'), /\bpub use (crate|super::super)::v8\b/)).toEqual([]);
  });

  test('what a forked child runs names neither tokio nor napi, and takes no lock', () => {
    const names = ['src/sink/pipeline.rs', 'src/sink/stages.rs', 'src/capture/fork/child.rs'];
    expect(rust).toEqual(expect.arrayContaining(names));
    expect(codeLines(names, /\btokio\b|\bnapi(_derive)?\b/)).toEqual([]);
    // Nor does what they use. A lock that another thread held at the fork stays locked for ever.
    const graph = rustGraph(textsOf(rust), 'src/');
    const reached = new Set(names.flatMap((file) => reachedFrom(graph, file)));
    expect(codeLines([...reached], /\btokio::|\bnapi(_derive)?::|\bMutex\b|\bRwLock\b|\bCondvar\b|\bspawn/)).toEqual([]);
  });

  test('Node-API is named in api and in the one file for raw N-API', () => {
    const elsewhere = rust.filter((file) => !file.startsWith('src/api/') && file !== 'src/raw_napi.rs');
    expect(codeLines(elsewhere, /\bnapi(_derive)?::|#\[napi/)).toEqual([]);
  });

  test('api does not touch v8', () => {
    expect(codeLines(floor('api'), /\bcrate::v8\b|\bsuper::super::v8\b|\bextern "C"/)).toEqual([]);
  });

  test('in core, analyze and format do not know each other', () => {
    expect(codeLines(under('crates/core/src/analyze/', '.rs'), /\bcrate::format\b|\bsuper::super::format\b/)).toEqual([]);
    expect(codeLines(under('crates/core/src/format/', '.rs'), /\bcrate::analyze\b/)).toEqual([]);
    expect(codeLines(under('crates/core/src/model/', '.rs'), /\bcrate::(format|analyze)\b/)).toEqual([]);
    expect(codeLines(core, /\bnapi(_derive)?::|\btokio::|\blibloading::/)).toEqual([]);
  });

  test('unsafe code is in src/v8, in the one file for raw N-API, where a child is forked, and in the one that maps', () => {
    const unsafe = ['src/v8/', 'src/capture/fork/', 'src/raw_napi.rs', 'src/analysis/mapped.rs'];
    const elsewhere = rust.filter((file) => !unsafe.some((place) => file.startsWith(place)));
    expect(codeLines([...elsewhere, ...core], /\bunsafe\s*(\{|fn|impl|extern)/)).toEqual([]);
    expect(read('crates/core/src/lib.rs')).toContain('#![forbid(unsafe_code)]');
    expect(read('crates/core/src/lib.rs')).toContain('#![deny(missing_docs)]');
  });

  test('only the shim includes V8', () => {
    const native = files.filter((file) => /\.(cc|cpp|c|h|hpp)$/.test(file));
    expect(native.length).toBeGreaterThan(0);
    // Node-API hides V8.
    const including = native.filter((file) => /#include\s*[<"](v8|node(?!_api\.h))/.test(read(file)));
    expect(including.every((file) => file.startsWith('src/v8/') && file.endsWith('.cc'))).toBe(true);
  });

  test('every Rust file says first what it is', () => {
    expect([...rust, ...core].filter((file) => !/^\/\/!/.test(read(file)))).toEqual([]);
  });
});

test('the map in CONTRIBUTING has a line for every room, and no other', () => {
  const parents = ['lib/', 'src/', 'crates/core/src/', 'benchmark/', 'examples/', 'aliases/', 'scripts/', '__test__/'];
  const rooms = parents.flatMap((parent) => {
    const inside = under(parent, '').map((file) => file.slice(parent.length).split('/'));
    return inside.filter((parts) => parts.length > 1).map(([room]) => `${parent}${room}/`);
  });
  const whole = ['bin/', 'docs/', 'scripts/', 'crates/core/tests/'];
  const top = [...new Set(files.filter((file) => /^\w+\//.test(file)).map((file) => file.split('/')[0]))];
  expect(top.filter((folder) => ![...parents, ...whole].some((room) => room.startsWith(`${folder}/`)))).toEqual([]);
  const map = [...read('CONTRIBUTING.md').matchAll(/^\| `([\w/]+\/)` \| [^|]{15,} \|/gm)].map((match) => match[1]);
  expect([...map].sort()).toEqual([...new Set([...rooms, ...whole])].sort());
});
