'use strict';

/** The shape of this repository, which no compiler checks: who may use whom, where unsafe code may be, what is committed. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

/** What git has or would add. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file && fs.existsSync(path.join(root, file)));

const under = (folder, extension) => files.filter((file) => file.startsWith(folder) && file.endsWith(extension));

/** Rust without comments and strings, line by line, so that words in them count for nothing. */
function code(file) {
  return read(file)
    .split('\n')
    .map((line) => line.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\/\/.*$/, ''));
}

/** Lines of some files that match, as `file:line: text`. */
function findings(list, pattern, lines = code) {
  return list.flatMap((file) =>
    lines(file).flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
}

const plain = (file) => read(file).split('\n');

describe('the floors of the addon', () => {
  test.each([
    ['src/v8/', /\bnapi|crate::(api|capture|sink|raw_napi|error)|rs_profiler_core|tokio/],
    ['src/sink/', /\bnapi|crate::(api|capture|raw_napi|v8)/],
    ['src/capture/', /\bnapi|crate::(api|raw_napi)/],
    ['src/api/', /v8::(?!\{?(FoundObject|EdgeName|HeapGraphNode)\b)|\bRsp[A-Z]|\bTable\b|table::/],
    ['crates/core/', /\bnapi|\bv8::|crate::(api|capture|sink)|libloading|tokio/],
  ])('%s keeps its direction', (folder, forbidden) => {
    const list = under(folder, '.rs');
    expect(list.length).toBeGreaterThan(1);
    expect(findings(list, forbidden)).toEqual([]);
  });

  test('the api takes nothing from v8 but plain enums and the node that rows are made of', () => {
    const used = under('src/api/', '.rs').flatMap((file) => read(file).match(/use crate::v8::[^;]+;/g) || []);
    const names = used.join(' ').replace(/use crate::v8::/g, ' ').match(/\w+/g) || [];
    expect(names.filter((name) => !['FoundObject', 'EdgeName', 'HeapGraphNode'].includes(name))).toEqual([]);
  });

  test('in the core, analysis and formats do not know each other', () => {
    expect(findings(under('crates/core/src/format/', '.rs'), /crate::analyze/)).toEqual([]);
    expect(findings(under('crates/core/src/analyze/', '.rs'), /crate::format/)).toEqual([]);
    expect(findings(under('crates/core/src/model/', '.rs'), /crate::(format|analyze)/)).toEqual([]);
  });
});

describe('unsafe code', () => {
  const rust = files.filter((file) => file.endsWith('.rs'));
  const allowed = (file) => file.startsWith('src/v8/') || file === 'src/raw_napi.rs';

  test('is under src/v8/ and in src/raw_napi.rs only', () => {
    expect(findings(rust.filter((file) => !allowed(file)), /\bunsafe\b(?!_code)/)).toEqual([]);
    expect(findings(rust.filter(allowed), /\bunsafe\b/).length).toBeGreaterThan(10);
  });

  test('has a SAFETY comment before each block and each implementation', () => {
    const bare = rust.filter(allowed).flatMap((file) => {
      const lines = plain(file);
      const isComment = (at) => /^\s*\/\//.test(lines[at]);
      return code(file).flatMap((line, at) => {
        if (!/\bunsafe\s*(\{|impl\b)/.test(line)) return [];
        // The nearest comment above, with no more than the beginning of the statement in between.
        let above = at - 1;
        while (above > at - 6 && !isComment(above) && !/\bunsafe\b/.test(lines[above])) above--;
        let first = above;
        while (first > 0 && isComment(first - 1)) first--;
        const comment = lines.slice(first, above + 1).join('\n');
        return /\/\/ SAFETY: \S/.test(comment) ? [] : [`${file}:${at + 1}: ${line.trim()}`];
      });
    });
    expect(bare).toEqual([]);
  });

  test('is forbidden in the core', () => {
    expect(read('crates/core/src/lib.rs')).toMatch(/#!\[forbid\(unsafe_code\)\]/);
  });
});

describe('the table of C functions', () => {
  /** Names in the order of their declaration. */
  const names = (text, pattern) => Array.from(text.matchAll(pattern), (match) => match[1]);
  const struct = /typedef struct \{\s*uint32_t table_version;([\s\S]*?)\} RspTable;/.exec(read('src/v8/shim.h'))[1];
  const header = names(struct.replace(/\/\/.*$/gm, ''), /\(\*(\w+)\)\(/g).filter((name) => /_/.test(name));

  test('lists the same functions in the same order in shim.h and table.rs', () => {
    const table = /pub struct Table \{([\s\S]*?)\n\}/.exec(read('src/v8/table.rs'))[1];
    expect(names(table, /^\s*pub ([A-Z]\w+):/gm)).toEqual(header);
    expect(header.length).toBeGreaterThan(50);
  });

  test('and in shim.cc, where they are filled in and defined', () => {
    const source = read('src/v8/shim.cc');
    const filled = /const RspTable kTable = \{([\s\S]*?)\};/.exec(source)[1];
    expect(names(filled, /^\s*([A-Z][A-Za-z]+_\w+),$/gm).filter((name) => !/^(RSP|NODE|V8)_/.test(name))).toEqual(header);
    const defined = names(source, /^[\w:*&<> ]+?[ *]([A-Z][A-Za-z]+_[A-Za-z]+)\(/gm);
    expect(defined.filter((name) => header.includes(name))).toEqual(header);
  });

  test('has the same version on both sides', () => {
    const [, inHeader] = /#define RSP_TABLE_VERSION (\d+)u/.exec(read('src/v8/shim.h'));
    expect(read('src/v8/table.rs')).toMatch(new RegExp(`TABLE_VERSION: u32 = ${inHeader};`));
  });
});

describe('the JavaScript of the package', () => {
  const shipped = files.filter((file) => /^(index|binding|heapdump)\.m?js$|^lib\/.*\.js$/.test(file));

  test('prints the three lines that the originals print, each with its reason, and nothing else', () => {
    const printing = findings(shipped, /\bconsole\b|process\.(stdout|stderr)|process\.emitWarning|util\.debuglog/, plain)
      .filter((line) => !/: (\/\/|\*|\/\*)/.test(line));
    expect(printing).toHaveLength(3);
    for (const line of printing) {
      const [, file, number] = /^(.+?):(\d+): console\.error\(/.exec(line);
      expect(plain(file)[number - 2]).toMatch(/eslint-disable-next-line no-console -- \w/);
    }
  });

  test('finds and loads native parts in binding.js alone', () => {
    const others = shipped.filter((file) => file !== 'binding.js');
    expect(findings(others, /\.node\b['"]|process\.dlopen|RS_PROFILER_NATIVE_DIR/, plain)).toEqual([]);
  });

  test('lib does not reach up to the face', () => {
    expect(findings(shipped.filter((file) => file.startsWith('lib/')), /require\('\.\.\/(index|heapdump)/, plain)).toEqual([]);
  });
});

describe('what is committed', () => {
  test('names no folder of a machine and no registry', () => {
    const folders = ['work', 'root', 'home', 'Users', 'builds'].map((name) => `/${name}/`).join('|');
    const hosts = ['regist', 'r(?:y|ies)\\.[a-z0-9-]+\\.[a-z]+|/artifact', 'ory/'].join('');
    const pattern = new RegExp(`(?<![\\w.>-])(?:${folders})|${hosts}`);
    const texts = files.filter((file) => !/\.(png|ico|gz|node|so|wasm)$/.test(file));
    expect(findings(texts, pattern, plain)).toEqual([]);
  });

  test('holds nothing that was built or captured', () => {
    const built = /\.(node|so|dylib|dll|o|heapsnapshot|cpuprofile|heapprofile|tgz|partial|log)$|^(target|native|node_modules)\//;
    expect(files.filter((file) => built.test(file) && !/\/(fixtures|golden|data)\//.test(file))).toEqual([]);
  });

  test('installs without scripts', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const automatic = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
    expect(automatic.filter((name) => name in scripts)).toEqual([]);
    expect(JSON.parse(read('package.json')).gypfile).toBe(false);
    expect(files).not.toContain('binding.gyp');
  });
});
