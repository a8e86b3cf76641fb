'use strict';

/** The shape of the repository itself: who may use whom, where unsafe code lives, what no file may hold. */

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { builtinModules } = require('node:module');

const root = path.resolve(__dirname, '..', '..');

/** Every file that is, or could be, committed. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file && fs.existsSync(path.join(root, file)));

const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const under = (folder, extension) => files.filter((file) => file.startsWith(folder) && file.endsWith(extension));

/** The lines of files that match, as "file:line: text". */
function linesWith(names, pattern) {
  const found = [];
  for (const file of names) {
    read(file)
      .split('\n')
      .forEach((text, index) => {
        if (pattern.test(text)) found.push(`${file}:${index + 1}: ${text.trim()}`);
      });
  }
  return found;
}

/** Rust source without comments, as lines of "file: text". */
function codeLines(names, pattern) {
  return linesWith(names, pattern).filter((line) => !/^[^ ]+ \/\//.test(line));
}

/** What a JavaScript file requires by a literal. */
const requiredBy = (file) => [...read(file).matchAll(/\brequire\('([^']+)'\)/g)].map((match) => match[1]);
const isBuiltin = (name) => builtinModules.includes(name.replace(/^node:/, ''));

describe('the JavaScript floors: index.js -> lib -> binding.js', () => {
  const lib = under('lib/', '.js');

  test('there is something to check', () => {
    expect(files).toEqual(expect.arrayContaining(['index.js', 'binding.js', 'heapdump.js', 'index.mjs']));
    expect(lib.length).toBeGreaterThan(5);
  });

  test('index.js and heapdump.js require files of lib, and builtins', () => {
    for (const file of ['index.js', 'heapdump.js']) {
      const odd = requiredBy(file).filter((name) => !name.startsWith('./lib/') && !isBuiltin(name));
      expect([file, odd]).toEqual([file, []]);
    }
  });

  test('lib requires its own files, binding.js and builtins', () => {
    for (const file of lib) {
      const odd = requiredBy(file).filter((name) => !/^\.\.?\/(\w+\/)?[\w-]+$/.test(name) && name !== '../../binding' && !isBuiltin(name));
      expect([file, odd]).toEqual([file, []]);
    }
  });

  test('binding.js requires builtins and the addon', () => {
    const odd = requiredBy('binding.js').filter((name) => !isBuiltin(name) && !name.startsWith('./native/'));
    expect(odd).toEqual([]);
  });

  test('nobody but binding.js names the native folder', () => {
    expect(linesWith(['index.js', 'index.mjs', 'heapdump.js', ...lib], /require\('(\.|\.\.\/\.\.)\/native\/|\.node'\)/)).toEqual([]);
  });

  test('the package depends on nothing at run time', () => {
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(read('package.json'));
    expect({ ...dependencies, ...optionalDependencies }).toEqual({});
  });

  test('it prints only the three lines that the originals print', () => {
    const printed = linesWith(['index.js', 'index.mjs', 'heapdump.js', 'binding.js', ...lib], /\bconsole\.|std(out|err)\.write/);
    const texts = printed.map((line) => /console\.error\(['`](\w+)/.exec(line)?.[1]);
    expect(texts.sort()).toEqual(['limit', 'node', 'type']);
  });
});

describe('the Rust floors: api -> capture, sink -> v8, and core below', () => {
  const rust = under('src/', '.rs');
  const core = under('crates/core/src/', '.rs');
  const floor = (name) => under(`src/${name}/`, '.rs');

  test('there is something to check', () => {
    for (const name of ['api', 'capture', 'sink', 'v8']) expect(floor(name).length).toBeGreaterThan(1);
    expect(core.length).toBeGreaterThan(5);
  });

  test('v8 uses std, libloading, libc and itself', () => {
    expect(codeLines(floor('v8'), /\bcrate::(?!v8\b)|\bnapi(_derive)?::|\btokio::|\brs_profiler_core::/)).toEqual([]);
  });

  test('sink uses neither v8, capture, api nor napi', () => {
    expect(codeLines(floor('sink'), /\bcrate::(v8|capture|api|raw_napi)\b|\bnapi(_derive)?::/)).toEqual([]);
  });

  test('capture uses neither api nor napi', () => {
    expect(codeLines(floor('capture'), /\bcrate::(api|raw_napi)\b|\bnapi(_derive)?::|#\[napi/)).toEqual([]);
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

  test('unsafe code is in src/v8 and in the one file for raw N-API', () => {
    const elsewhere = rust.filter((file) => !file.startsWith('src/v8/') && file !== 'src/raw_napi.rs');
    expect(codeLines([...elsewhere, ...core], /\bunsafe\s*(\{|fn|impl|extern)/)).toEqual([]);
    expect(read('crates/core/src/lib.rs')).toContain('#![forbid(unsafe_code)]');
    expect(read('crates/core/src/lib.rs')).toContain('#![deny(missing_docs)]');
  });

  test('only the shim includes V8', () => {
    const native = files.filter((file) => /\.(cc|cpp|c|h|hpp)$/.test(file));
    expect(native.length).toBeGreaterThan(0);
    const including = native.filter((file) => /#include\s*[<"](v8|node)/.test(read(file)));
    expect(including.every((file) => file.startsWith('src/v8/') && file.endsWith('.cc'))).toBe(true);
  });

  test('every Rust file says first what it is', () => {
    expect([...rust, ...core].filter((file) => !/^\/\/!/.test(read(file)))).toEqual([]);
  });
});

describe('the table of C functions, which shim.h, shim.cc and table.rs each list by hand', () => {
  const sources = { h: read('src/v8/shim.h'), cc: read('src/v8/shim.cc'), rs: read('src/v8/table.rs') };
  const block = (text, pattern) => pattern.exec(text)?.[1] ?? '';
  const named = (text, pattern) => [...text.matchAll(pattern)].map((match) => match.slice(1).find(Boolean));

  /** The names of the members, in order, in each of the three. */
  const members = ({ h, cc, rs }) => [
    named(block(h, /RspTableHeader;\s*typedef struct \{\n([^}]*)\} RspTable;/), /^ {2}(?:const )?[\w*]+ (?:\(\*(\w+)\)|(\w+);)/gm),
    named(block(cc, /const RspTable kTable = \{\n([\s\S]*?)\n\};/), /^ {4}\.(\w+) =/gm),
    named(block(rs, /pub struct Table \{\n([^}]*)\}/), /^ {4}pub (\w+):/gm),
  ];

  test('the three have the same names in the same order', () => {
    const [h, cc, rs] = members(sources);
    expect(h.length).toBeGreaterThan(50);
    expect(cc).toEqual(h);
    expect(rs).toEqual(h);
  });

  test('each member of kTable is the function of its name', () => {
    const pairs = [...sources.cc.matchAll(/^ {4}\.(\w+) = (\w+),$/gm)];
    expect(pairs.length).toBe(members(sources)[1].length - 2);
    expect(pairs.filter(([, member, value]) => member !== value).map(([line]) => line.trim())).toEqual([]);
  });

  test('two that are swapped in one of the three are noticed', () => {
    const swapped = { CpuProfileNode_GetHitCount: 'CpuProfileNode_GetNodeId', CpuProfileNode_GetNodeId: 'CpuProfileNode_GetHitCount' };
    for (const [index, name] of Object.keys(sources).entries()) {
      const text = sources[name].replace(/\b(CpuProfileNode_GetHitCount|CpuProfileNode_GetNodeId)\b/g, (found) => swapped[found]);
      const lists = members({ ...sources, [name]: text });
      expect(lists[index]).not.toEqual(lists[(index + 1) % 3]);
    }
  });

  test('the numbers of shim.h are those of table.rs', () => {
    const numbers = [...sources.h.matchAll(/^#define RSP_(\w+) (\d+)u?\b/gm)].map(([, name, value]) => [name, value]);
    expect(numbers.length).toBeGreaterThan(3);
    expect([...sources.rs.matchAll(/^pub const (\w+): \w+ = (\d+);/gm)].map(([, name, value]) => [name, value])).toEqual(numbers);
  });
});

describe('what no committed file holds', () => {
  const texts = files.filter((file) => !/\.(png|jpg|gz|snap|heapsnapshot|cpuprofile|heapprofile)$/.test(file));
  const own = path.relative(root, __filename);

  test('paths of a machine', () => {
    const pattern = new RegExp(['/ro' + 'ot/', '/ho' + 'me/[a-z]', '/Us' + 'ers/[A-Za-z]', '/wo' + 'rk/'].join('|'));
    expect(linesWith(texts, pattern)).toEqual([]);
  });

  test('hosts of registries or mirrors', () => {
    const hosts = /https?:\/\/[\w.-]*(registry|npmjs|npmmirror|mirror|artifactory|nexus|verdaccio)[\w.-]*/i;
    expect(linesWith(texts.filter((file) => file !== own), hosts)).toEqual([]);
    for (const file of texts.filter((name) => path.basename(name) === 'Cargo.lock')) {
      const sources = new Set([...read(file).matchAll(/^source = "([^"]+)"/gm)].map((match) => match[1]));
      expect([...sources]).toEqual(['registry+https://github.com/rust-lang/crates.io-index']);
    }
  });

  test('work left for later', () => {
    const pattern = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'todo' + '!\\(', 'unimplemented' + '!\\('].join('|'));
    expect(linesWith(texts.filter((file) => !file.endsWith('lock.json')), pattern)).toEqual([]);
  });

  test('tests that are switched off, or run alone', () => {
    const pattern = new RegExp(`^\\s*(${['x' + 'test', 'x' + 'it', 'f' + 'it', 'test\\.' + 'only', 'describe\\.' + 'only'].join('|')})\\(`);
    expect(linesWith(under('__test__/', '.js'), pattern)).toEqual([]);
  });

  test('source files of more than 300 lines', () => {
    const sources = files.filter((file) => /\.(js|mjs|rs|ts|mts|cc)$/.test(file) && !/\.d\.m?ts$/.test(file));
    const long = sources.filter((file) => read(file).split('\n').length > 301 && !file.startsWith('src/v8/shim.'));
    expect(long).toEqual([]);
  });
});
