'use strict';

/** `npx rs-profiler`: the commands, as a shell calls them. */

const { execFileSync, spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { tempFolder } = require('./helpers/temp-folder');

const ROOT = path.join(__dirname, '..');
const CLI = path.join(ROOT, require('../package.json').bin['rs-profiler']);
const FIXTURES = path.join(ROOT, 'crates', 'core', 'tests', 'fixtures');
const PROFILE = path.join(FIXTURES, 'node24.cpuprofile');

let folder;
let earlier;
let later;

beforeAll(() => {
  folder = tempFolder();
  [earlier, later] = ['a', 'b'].map((name) => path.join(folder, `${name}.heapsnapshot`));
  execFileSync(process.execPath, [path.join(FIXTURES, 'leaks.js'), 'two', earlier, later]);
});

function call(args, { input, columns } = {}) {
  const env = { ...process.env, ...(columns && { COLUMNS: String(columns) }) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { input, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

function good(args, options) {
  const { status, stdout, stderr } = call(args, options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const json = (args, options) => JSON.parse(good([...args, '--json'], options));

test('heap suspects names what leaks, in a sentence and as JSON', () => {
  const text = good(['heap', 'suspects', later, '--base', earlier]);
  expect(text).toMatch(/^1\. The list of event listeners global\.held\.bus\._events\.config holds 6000 Function/);
  expect(text).toMatch(/^2\. The Map global\.held\.sessions holds 6000/m);
  expect(json(['heap', 'suspects', later, '--base', earlier]).map(({ container }) => container)).toEqual(['listeners', 'Map']);
  expect(good(['heap', 'suspects', later, '--base', later])).toBe('Nothing grew that looks like a leak.\n');
});

test('heap summary, statistics, strings and dominators agree; stdin is a file as well', () => {
  const { summary, statistics, classes } = json(['heap', 'summary', later]);
  expect(classes).toHaveLength(summary.classes);
  expect(json(['heap', 'summary', later, '--limit', '3']).classes).toEqual(classes.slice(0, 3));
  expect(json(['heap', 'statistics', '-'], { input: fs.readFileSync(later) })).toEqual(statistics);
  expect(json(['heap', 'strings', later, '--limit', '1'])[0].count).toBeGreaterThan(1);
  expect(json(['heap', 'dominators', later]).retainedSize).toBe(summary.totalSize);
  expect(good(['heap', 'statistics', later])).toMatch(/^Kind +Size +Share\nTotal .* 100\.0 %\n/);
});

test('tables fit the terminal', () => {
  for (const columns of [80, 120]) {
    const lines = good(['cpu', 'top', PROFILE], { columns }).split('\n');
    const table = lines.slice(lines.indexOf('') + 1);
    expect(table.length).toBeGreaterThan(5);
    for (const line of table) expect(line.length).toBeLessThanOrEqual(columns);
  }
});

test('heap compare fails a build when the heap grew by more than it may', () => {
  const compare = (limit) => call(['heap', 'compare', earlier, later, '--fail-on-growth', limit]);
  expect(compare('5%')).toMatchObject({ status: 3, stdout: expect.stringContaining('The heap grew by more than 5%.') });
  expect(compare('1MB').status).toBe(3);
  expect(compare('500%').status).toBe(0);
  expect(compare('1GB').status).toBe(0);
  expect(compare('much')).toMatchObject({ status: 2, stderr: expect.stringContaining('--fail-on-growth must be like 5% or 20MB') });
});

test('heap retainers and dominators tell of one object', () => {
  const [{ id }] = json(['heap', 'suspects', later]);
  const { node, retainingPath } = json(['heap', 'retainers', later, String(id)]);
  expect(node.id).toBe(id);
  expect(retainingPath.at(-1).toId).toBe(id);
  expect(good(['heap', 'retainers', later, '--class', 'EventEmitter'])).toMatch(/^EventEmitter @\d+: /);
  expect(json(['heap', 'dominators', later, String(id)]).node.id).toBe(id);
});

test('heap redact writes a copy without texts', () => {
  const output = path.join(folder, 'clean.heapsnapshot');
  expect(good(['heap', 'redact', later, '-o', output])).toMatch(/strings redacted\n$/);
  expect(fs.readFileSync(output).includes('p-a-y-l-o-a-d- -1-7-')).toBe(false);
});

test.each([
  ['top', [], ({ top, hot }) => [top.length > 5, hot.length > 0], [true, true]],
  ['tree', [], ({ children }) => children.length > 0, true],
  ['tree', ['--bottom-up'], ({ children }) => children.length > 0, true],
  ['lines', [], (rows) => rows.length > 0, true],
  ['groups', [], (rows) => rows.some(({ group }) => group === 'app'), true],
])('cpu %s %p', (command, options, of, expected) => {
  expect(of(json(['cpu', command, PROFILE, ...options]))).toEqual(expected);
  expect(good(['cpu', command, PROFILE, ...options]).split('\n').length).toBeGreaterThan(3);
});

test('--limit takes the biggest nodes of a tree', () => {
  const nodes = ({ children }) => 1 + children.reduce((sum, child) => sum + nodes(child), 0);
  for (const args of [['cpu', 'tree', PROFILE], ['heap', 'dominators', later]]) {
    expect(nodes(json(args))).toBeGreaterThan(4);
    expect(nodes(json([...args, '--limit', '4']))).toBe(4);
    expect(good([...args, '--limit', '4']).trimEnd().split('\n')).toHaveLength(4);
  }
});

test('cpu compare, flame and convert', () => {
  expect(good(['cpu', 'compare', path.join(FIXTURES, 'node20.cpuprofile'), PROFILE])).toMatch(/Self before +after +Growth/);
  const written = (name, ...args) => {
    good(['cpu', ...args, PROFILE, '-o', path.join(folder, name)]);
    return fs.readFileSync(path.join(folder, name));
  };
  expect(written('flame.svg', 'flame').toString()).toContain('<svg');
  expect(written('a.pprof', 'convert').subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  expect(JSON.parse(written('a.json', 'convert')).$schema).toContain('speedscope');
  expect(written('a.out', 'convert', '--to', 'collapsed').toString()).toMatch(/;hot[^\n]* \d+\n/);
});

test('report writes one page, of stdin as well', () => {
  const output = path.join(folder, 'report.html');
  expect(good(['report', earlier, later, PROFILE, '-o', output, '--title', 'Two leaks']))
    .toMatch(/report\.html: .*, of 2 heap snapshots and 1 CPU profile; open it in a browser\n$/);
  expect(fs.readFileSync(output, 'utf8')).toContain('Two leaks');
  const piped = path.join(folder, 'piped.html');
  expect(json(['report', '-', '-o', piped], { input: fs.readFileSync(later) }))
    .toEqual({ path: piped, bytes: fs.statSync(piped).size, heap: 1, cpu: 0 });
});

test('mistakes are told in one sentence, with exit code 2; failures with 1', () => {
  for (const [args, says] of [
    [['heap', 'nope'], "there is no command 'heap nope'."],
    [['heap', 'summary'], 'heap summary takes FILE.'],
    [['heap', 'summary', later, '--bad'], "Unknown option '--bad'."],
    [['heap', 'summary', later, '--limit', 'x'], "--limit must be a whole number, not 'x'."],
    [['heap', 'retainers', later], 'Name one object: its id, or --class NAME.'],
    [['cpu', 'flame', PROFILE], 'Name the file to write with -o.'],
    [['report', later], 'Name the file to write with -o.'],
    [['report', '-o', 'x.html'], 'report takes FILE... -o OUT.html.'],
    [['cpu', 'convert', PROFILE, '-o', 'x.unknown'], 'Name the format with --to'],
  ]) {
    const { status, stdout, stderr } = call(args);
    expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 2, stdout: '', lines: 2 });
    expect(stderr).toContain(says);
  }
  const missing = path.join(folder, 'missing');
  expect(call(['cpu', 'top', missing])).toEqual({
    status: 1, stdout: '', stderr: `rs-profiler: ENOENT: no such file or directory, open '${missing}'\n`,
  });
  expect(call(['heap', 'summary', PROFILE])).toMatchObject({ status: 1, stdout: '' });
  const half = path.join(folder, 'half.heapsnapshot');
  fs.writeFileSync(half, fs.readFileSync(later).subarray(0, fs.statSync(later).size / 2));
  expect(call(['heap', 'summary', half])).toMatchObject({ status: 1, stderr: expect.stringContaining('(--partial takes what is whole)') });
  for (const command of ['summary', 'suspects', 'strings']) {
    const { status, stderr } = call(['heap', command, half, '--partial']);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^rs-profiler: The file is cut off .* of [\d ]+ nodes and [\d ]+ of [\d ]+ edges were read\.\n$/)]);
  }
  // Told before the file is read.
  expect(call(['heap', 'retainers', missing])).toMatchObject({ status: 2, stderr: expect.stringContaining('Name one object: its id, or --class NAME.') });
  expect(call(['heap', 'dominators', missing, 'x'])).toMatchObject({ status: 2, stderr: expect.stringContaining("The id must be a whole number, not 'x'.") });
});

test('a compressed CPU profile', () => {
  const packed = path.join(folder, 'packed.cpuprofile.gz');
  fs.writeFileSync(packed, require('node:zlib').gzipSync(fs.readFileSync(PROFILE)));
  expect(good(['cpu', 'top', packed, '--json'])).toBe(good(['cpu', 'top', PROFILE, '--json']));
  expect(good(['cpu', 'convert', packed, '-o', path.join(folder, 'packed.collapsed')])).toContain('from a CPU profile');
});

test('a way of thousands of steps is shown by its ends', () => {
  const program = path.join(folder, 'list.js');
  const file = path.join(folder, 'list.heapsnapshot');
  fs.writeFileSync(program, 'class Link {}\nclass Last {}\nlet head = new Last();\nfor (let at = 0; at < 5000; at += 1) head = Object.assign(new Link(), { next: head });\n'
    + `globalThis.head = head;\nrequire('node:v8').writeHeapSnapshot(${JSON.stringify(file)});`);
  require('node:child_process').execFileSync(process.execPath, [program]);
  const output = good(['heap', 'retainers', file, '--class', 'Last']);
  expect(output).toMatch(/\n *\.\.\. 4 9\d\d more \.\.\.\n/);
  expect(output.length).toBeLessThan(20_000);
});

test('help and version', () => {
  const overview = good(['--help']);
  expect(call([])).toMatchObject({ status: 2, stdout: overview });
  for (const name of ['heap suspects', 'heap compare', 'cpu top', 'cpu convert', 'report']) {
    expect(overview).toContain(`\n  ${name} `);
    expect(good([...name.split(' '), '--help'])).toMatch(/^Usage: rs-profiler [^]*\nExamples:\n {2}rs-profiler /);
  }
  expect(good(['heap', '--help'])).toContain('\n  heap suspects ');
  expect(good(['heap', '--help'])).not.toContain('\n  cpu top ');
  expect(call(['cpu'])).toMatchObject({ status: 2, stdout: good(['cpu', '--help']) });
  expect(good(['--version'])).toBe(`${require('../package.json').version}\n`);
});

test('a reader that goes away ends it in silence', async () => {
  const child = spawn(process.execPath, [CLI, 'heap', 'summary', later, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.once('data', () => child.stdout.destroy());
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

if (process.platform === 'linux') {
  test('Ctrl-C stops it', async () => {
    const child = spawn(process.execPath, [CLI, 'heap', 'summary', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {});
    child.stdin.write(fs.readFileSync(later).subarray(0, 1e6));
    setTimeout(() => child.kill('SIGINT'), 1000);
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
  });
}
