'use strict';

/**
 * Every code block of the README and of docs/ does what it says. Programs run as they stand, in a folder of their own whose
 * `node_modules` has the package: only durations of seconds are shortened, servers get a free port, and `/var/dumps` is a folder there.
 */

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');
const zlib = require('node:zlib');

const { commandOf } = require('../../lib/cli/commands');
const { snippetsOf } = require('../helpers/documents');
const { files, read } = require('../helpers/repo');
const { tempFolder } = require('../helpers/temp-folder');

const ROOT = path.resolve(__dirname, '..', '..');
const DOCUMENTS = ['README.md', ...files.filter((file) => /^docs\/[^/]+\.md$/.test(file))];
const snippets = DOCUMENTS.flatMap(snippetsOf);
const { scripts, version } = JSON.parse(read('package.json'));

/** Code blocks that nothing here runs, and why. */
const EXCEPTIONS = {
  'docs/deploying.md: Docker': 'needs Docker and an image from a registry',
  'docs/deploying.md: Bundlers': '`npm run pack:check` bundles with these options',
  'docs/deploying.md: Bundlers 4': 'the same',
  'docs/migrating.md: Another package under the old name 3': 'YAML, for which the development packages have no reader; `npm run pack:check` installs with pnpm',
};

/** Sends SIGUSR2 to this process, and waits for the file. */
const SIGNAL = `process.kill(process.pid, 'SIGUSR2');
  const timer = setInterval(() => { if (fs.readdirSync('dumps').some((name) => name.endsWith('.heapsnapshot'))) clearInterval(timer); }, 20);`;

/**
 * Programs: what is done beside them (`then`, after they have run), what they print, and the files that they leave. Without `files`
 * they leave none.
 */
const PROGRAMS = {
  'README.md: A route that sends a heap snapshot': {
    then: `const get = (path) => fetch('http://127.0.0.1:' + globalThis.server.address().port + path);
      const other = await get('/');
      const response = await get('/debug/heap');
      fs.writeFileSync('got.heapsnapshot', Buffer.from(await response.arrayBuffer()));
      console.log(other.status, response.status, response.headers.get('content-disposition'));
      globalThis.server.close();
      globalThis.server.closeAllConnections?.();`,
    prints: /^404 200 attachment; filename="app\.heapsnapshot"\n$/,
    files: [/^got\.heapsnapshot$/],
  },
  'README.md: CPU profile': { prints: /^\S+\.cpuprofile \d+\n$/, files: [/^profiles\/CPU\..*\.cpuprofile$/] },
  'README.md: Heap snapshot by a forked child': {
    prints: /^\S+app\.heapsnapshot: the service stood still for [\d.]+ ms\n$/, files: [/^app\.heapsnapshot$/],
  },
  'README.md: Sampling heap profile': { prints: /^\S+app\.heapprofile \d+\n$/, files: [/^app\.heapprofile$/] },
  'README.md: A signal, as with heapdump': { then: SIGNAL, prints: /^$/, files: [/^dumps\/app-\d+-\d+-\d+-\d+\.heapsnapshot$/] },
  'README.md: As with v8-profiler': { prints: /^$/, files: [/^app\.heapsnapshot$/, /^requests\.cpuprofile$/] },
  'docs/command-line.md: A leak, found': { prints: /^$/, files: [/^after\.heapsnapshot$/, /^before\.heapsnapshot$/] },
  'docs/fallback.md: Without native parts': { prints: /^$/, files: [/^app\.cpuprofile$/] },
  'docs/production.md: In production': {
    then: SIGNAL, prints: /^\S+\.heapsnapshot: the service stood still for [\d.]+ ms \((fork|inline): .*\)\n$/, files: [/^dumps\/Heap\..*\.heapsnapshot$/],
  },
  'docs/production.md: In production 2': { prints: /^\d+ [\d.]+ (fork|inline)\n$/, files: [/^app\.heapsnapshot\.gz$/] },
  'docs/production.md: CPU profiles of a large heap': { prints: /^\S+\.cpuprofile [\d.]+ [\d.]+\n$/, files: [/^profiles\/CPU\..*\.cpuprofile$/] },
  'docs/migrating.md: From v8-profiler': { prints: /^(\d+ \d+\n)+$/, files: [/^before\.heapsnapshot$/] },
  'docs/migrating.md: From v8-profiler-next': { prints: /^undefined \d+\n$/ },
  'docs/migrating.md: From heapdump': { prints: /^wrote now\.heapsnapshot\n$/, files: [/^now\.heapsnapshot$/] },
};

/** Programs that a test below runs in a way of its own. */
const ELSEWHERE = ['README.md: A leak test in Jest', 'docs/deploying.md: Bundlers 2', 'docs/deploying.md: Bundlers 3'];

const textOf = (name) => snippets.find((snippet) => snippet.name === name).text;
const inLanguage = (...languages) => snippets.filter(({ language, name }) => languages.includes(language) && !(name in EXCEPTIONS));

/** A folder with the package and what the snippets require beside it. */
function project() {
  const folder = tempFolder();
  fs.mkdirSync(path.join(folder, 'node_modules'));
  for (const name of ['koa', '@types']) fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(folder, 'node_modules', name));
  fs.symlinkSync(ROOT, path.join(folder, 'node_modules', 'rs-profiler'));
  fs.mkdirSync(path.join(folder, 'dumps'));
  return folder;
}

/** What is loaded before a program: its server gets a free port, and `then` runs when it has been evaluated. */
const around = (then) => `
  const fs = require('fs');
  const { Server } = require('net');
  const { listen } = Server.prototype;
  Server.prototype.listen = function (port, ...rest) { globalThis.server = this; return listen.call(this, 0, ...rest); };
  setImmediate(async () => { ${then} });
`;

/** Every file in a folder but what was put there. */
const left = (folder) => fs.readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.parentPath?.includes('node_modules') && !entry.path?.includes('node_modules'))
  .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
  .filter((name) => !['around.js', 'snippet.js'].includes(name))
  .sort();

function contentOf(file) {
  const bytes = fs.readFileSync(file);
  return JSON.parse(file.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes);
}

/** What TypeScript says of the programs that are its own. */
async function compile() {
  const folder = project();
  const names = inLanguage('ts').map(({ text }, at) => {
    fs.writeFileSync(path.join(folder, `snippet${at}.ts`), text);
    return `snippet${at}.ts`;
  });
  const options = ['--strict', '--noEmit', '--skipLibCheck', '--esModuleInterop', '--target', 'es2022', '--module', 'node16', '--types', 'node'];
  const args = [path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), ...options, ...names];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error) => error);
  return stdout;
}

/** Under way beside the other tests: it takes seconds. */
let compiled;
beforeAll(() => {
  compiled = compile();
});

describe('a program in the documents', () => {
  test.each(inLanguage('js').filter(({ name }) => !ELSEWHERE.includes(name)))('runs: $name', async ({ name, text }) => {
    const { then = '', prints, files: expected = [] } = PROGRAMS[name];
    const folder = project();
    fs.writeFileSync(path.join(folder, 'around.js'), around(then));
    fs.writeFileSync(path.join(folder, 'snippet.js'), text.replace(/\b\d+_000\b/g, '50').replaceAll('/var/dumps', 'dumps'));
    // Forked snapshots of other tests take no turn here.
    const options = { cwd: folder, env: { ...process.env, XDG_RUNTIME_DIR: tempFolder() } };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--require', './around.js', 'snippet.js'], options);
    expect(stderr).toBe('');
    expect(stdout).toMatch(prints);
    const found = left(folder);
    expect(found).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    for (const file of found) expect(Object.keys(contentOf(path.join(folder, file)))).toEqual(expect.arrayContaining([file.endsWith('.heapprofile') ? 'head' : 'nodes']));
  });

  test('the one for Jest passes without a leak, and fails with one', async () => {
    const folder = project();
    // Jest's own heap is large, and four snapshots of it take their time.
    fs.writeFileSync(path.join(folder, 'snippet.js'), `
      const { expect } = require(${JSON.stringify(require.resolve('expect'))});
      class Session {}
      const kept = [];
      const outcome = (serveRequest) => {
        let said = 'passed';
        const test = (name, body) => { try { body(); } catch (error) { said = error.message.replace(/\\x1b\\[\\d+m/g, ''); } };
        ${textOf('README.md: A leak test in Jest')}
        return said;
      };
      console.log(JSON.stringify([outcome(() => new Session()), outcome(() => kept.push(new Session()))]));`);
    const { stdout } = await promisify(execFile)(process.execPath, ['snippet.js'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual(['passed', expect.stringMatching(/Expected: 0\nReceived: 1$/)]);
  });

  test('those that configure a bundler leave the package out, and nothing else', () => {
    const load = (name) => {
      const module = {};
      new Function('module', textOf(name))(module);
      return module.exports;
    };
    const { externals: [pattern] } = load('docs/deploying.md: Bundlers 2');
    expect(['rs-profiler', 'rs-profiler/heapdump', 'rs-profilers', 'koa'].map((name) => pattern.test(name))).toEqual([true, true, false, false]);
    expect(load('docs/deploying.md: Bundlers 3').serverExternalPackages).toEqual(['rs-profiler']);
  });

  test('TypeScript compiles it in strict mode', async () => {
    expect(inLanguage('ts').length).toBeGreaterThan(0);
    expect(await compiled).toBe('');
  });
});

describe('commands with what they print', () => {
  /** Names of the program that the documents look into. */
  const OWN = ['Session', 'sessions', 'logIn'];
  let folder;

  beforeAll(async () => {
    folder = project();
    fs.writeFileSync(path.join(folder, 'app.js'), textOf('docs/command-line.md: A leak, found'));
    await promisify(execFile)(process.execPath, ['app.js'], { cwd: folder });
  });

  /** Lines without numbers, which another run or another Node does not change, and names. */
  function lastingOf(text) {
    const lines = text.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
    return { lines: lines.filter((line) => line && !/\d/.test(line)), names: OWN.filter((name) => text.includes(name)) };
  }

  test.each(inLanguage('console'))('print it: $name', async ({ text }) => {
    const [before, ...entries] = text.split(/^\$ /m).map((entry) => /^(.*)\n([^]*)$/.exec(entry)?.slice(1) ?? []);
    expect([before, entries.length > 0]).toEqual([[], true]);
    let status = 0;
    for (const [command, printed] of entries) {
      if (command === 'echo $?') {
        expect(printed).toBe(`${status}\n`);
        continue;
      }
      const [, typed] = /^npx rs-profiler (.*)$/.exec(command);
      const args = [path.join(ROOT, 'bin', 'rs-profiler.js'), ...typed.split(' ')];
      const { code = 0, stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error) => error);
      status = code;
      expect(lastingOf(stdout + stderr)).toEqual(lastingOf(printed));
    }
  });
});

test.each(inLanguage('sh'))('the commands exist: $name', ({ text }) => {
  for (const line of text.split('\n').map((one) => one.replace(/\s+#.*$/, '').trim()).filter(Boolean)) {
    const script = /^npm (?:run )?([\w:-]+)/.exec(line)?.[1];
    const words = /^(?:npx rs-profiler|node .*bin\/rs-profiler\.js) (.*)/.exec(line)?.[1].split(' ');
    const known = /^npm install rs-profiler$|^git (clone|checkout) /.test(line) || script in scripts || Boolean(words && commandOf(words).command);
    expect([line, known]).toEqual([line, true]);
  }
});

test.each(inLanguage('json'))('the aliases and overrides name this version: $name', ({ text }) => {
  const named = Object.values(JSON.parse(text)).flatMap(Object.entries);
  expect(named.map(([name]) => name).sort()).toEqual(['heapdump', 'v8-profiler', 'v8-profiler-next']);
  for (const [name, wanted] of named) {
    expect(wanted).toBe(`npm:${name === 'heapdump' ? '@rs-profiler/heapdump' : 'rs-profiler'}@^${version}`);
  }
});

test('every code block is run, checked, or an exception with a reason, and no name is left over', () => {
  const names = snippets.map(({ name }) => name);
  expect(snippets.filter(({ name, language }) => !(name in EXCEPTIONS) && !['js', 'ts', 'sh', 'json', 'console'].includes(language))).toEqual([]);
  const programs = inLanguage('js').map(({ name }) => name);
  expect([...Object.keys(PROGRAMS), ...ELSEWHERE].sort()).toEqual(programs.sort());
  expect(Object.keys(EXCEPTIONS).filter((name) => !names.includes(name))).toEqual([]);
});
