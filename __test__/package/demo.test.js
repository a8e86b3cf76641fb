'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { checkCpuProfile } = require('../../examples/koa/demo/check-cpu-profile');
const { checkHeapSnapshot } = require('../../examples/koa/demo/check-heap-snapshot');
const { readComplete } = require('../../examples/koa/demo/read-complete');

const DEMO = path.join(__dirname, '..', '..', 'examples', 'koa', 'demo.js');

/** Whether the process still runs; one that ended and was not yet collected by its parent does not. */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    const stat = process.platform === 'linux' ? fs.readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

async function untilGone(pid) {
  while (isRunning(pid)) await sleep(50);
}

describe('npm run demo', () => {
  let output;
  let demo;
  let service;

  /** Starts the demo; `demo.started` resolves with the process id of its service. */
  function startDemo(...options) {
    startDemoIn(process.env, ...options);
  }

  function startDemoIn(env, ...options) {
    const args = [DEMO, '--output', output, ...options];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    demo = { child, stdout: '', stderr: '' };
    demo.closed = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
    child.stderr.setEncoding('utf8').on('data', (text) => (demo.stderr += text));
    demo.started = new Promise((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text) => {
        demo.stdout += text;
        const match = /\(process (\d+)\)/.exec(demo.stdout);
        if (match) resolve((service = Number(match[1])));
      });
    });
  }

  const readJson = (name) => JSON.parse(fs.readFileSync(path.join(output, name), 'utf8'));

  beforeEach(() => {
    output = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-demo-'));
    service = undefined;
  });

  afterEach(() => {
    demo.child.kill('SIGKILL');
    if (service !== undefined && isRunning(service)) process.kill(service, 'SIGKILL');
    fs.rmSync(output, { recursive: true, force: true });
  });

  test('writes valid files, says what was measured and leaves no process behind', async () => {
    for (const name of ['snapshot1.heapsnapshot', 'snapshot2-forked.heapsnapshot', 'devtools.cpuprofile']) {
      fs.writeFileSync(path.join(output, name), '{"left":"by an earlier run"}');
    }
    startDemo('--seconds', '2', '--connections', '4');
    expect(await demo.closed).toEqual({ code: 0, signal: null });
    expect(demo.stderr).toBe('');
    expect(isRunning(service)).toBe(false);

    expect(demo.stdout).toMatch(/throughput \(QPS\) +[\d.]+ requests\/s/);
    expect(demo.stdout).toMatch(/mean response time +[\d.]+ ms/);
    expect(demo.stdout).toMatch(/p99 response time +[\d.]+ ms/);
    expect(demo.stdout).toMatch(/concurrency +4 /);

    const profile = readJson('profiler.cpuprofile');
    expect(profile.head.functionName).toBe('(root)');
    expect(profile.samples).toHaveLength(profile.timestamps.length);
    expect(JSON.stringify(profile.head)).toContain('"functionName":"hotChecksum"');

    const devtools = readJson('devtools.cpuprofile');
    expect(devtools.samples).toEqual(profile.samples);
    const ids = new Set(devtools.nodes.map((node) => node.id));
    expect(devtools.samples.filter((id) => !ids.has(id))).toEqual([]);
    const hot = devtools.nodes.find((node) => node.callFrame.functionName === 'hotChecksum');
    const line = fs.readFileSync(new URL(hot.callFrame.url), 'utf8').split('\n')[hot.callFrame.lineNumber];
    expect(line).toContain('function hotChecksum');

    expect(demo.stdout).toMatch(/in a forked child .*[\d,]+ ms/);
    expect(demo.stdout).toMatch(/in the process +[\d,]+ ms/);
    for (const name of ['snapshot1', 'snapshot2', 'snapshot2-forked', 'snapshot2-inline']) {
      const { snapshot, nodes, edges } = readJson(`${name}.heapsnapshot`);
      expect(nodes).toHaveLength(snapshot.node_count * snapshot.meta.node_fields.length);
      expect(edges).toHaveLength(snapshot.edge_count * snapshot.meta.edge_fields.length);
    }
    const [, before, after] = /app\.json: ([\d,]+) in the first snapshot, ([\d,]+) in the second/.exec(demo.stdout);
    expect(before).toBe('0');
    expect(Number(after.replace(/,/g, ''))).toBeGreaterThan(10);
  });

  test('interrupted during the load, it takes the service with it', async () => {
    startDemo('--seconds', '100');
    await demo.started;
    demo.child.kill('SIGINT');
    expect(await demo.closed).toEqual({ code: 130, signal: null });
    expect(isRunning(service)).toBe(false);
  });

  test('killed without a chance to clean up, the service ends by itself', async () => {
    startDemo('--seconds', '100');
    await demo.started;
    demo.child.kill('SIGKILL');
    await demo.closed;
    await untilGone(service);
    expect(isRunning(service)).toBe(false);
  });

  test('a service that dies during the load is reported with how it died', async () => {
    startDemo('--seconds', '100');
    process.kill(await demo.started, 'SIGKILL');
    expect(await demo.closed).toEqual({ code: 1, signal: null });
    expect(demo.stderr).toMatch(/^The demo failed: the service was ended by SIGKILL too early/);
  });

  test('a service that cannot start is reported with what it said', async () => {
    const preload = path.join(output, 'preload.js');
    fs.writeFileSync(preload, "if (process.send) throw new Error('it cannot start');");
    startDemoIn({ ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` });
    expect(await demo.closed).toEqual({ code: 1, signal: null });
    expect(demo.stderr).toMatch(/^The demo failed: the service ended with exit code 1 too early; it said:/);
    expect(demo.stderr).toContain('it cannot start');
  });

  test('files that cannot be written make it fail', async () => {
    fs.mkdirSync(path.join(output, 'blocked'));
    fs.writeFileSync(path.join(output, 'blocked', 'file'), '');
    startDemo('--output', path.join(output, 'blocked', 'file'));
    expect(await demo.closed).toEqual({ code: 1, signal: null });
    expect(demo.stderr).toMatch(/^The demo failed: EEXIST/);
  });

  test.each([['--seconds', '0'], ['--seconds', 'soon'], ['--connections', '1.5'], ['--unknown']])(
    'refuses %s %s with a sentence',
    async (...options) => {
      startDemo(...options);
      expect(await demo.closed).toEqual({ code: 1, signal: null });
      expect(demo.stderr).toContain('The demo failed: ');
      expect(demo.stderr).toContain(options[0]);
      expect(demo.stdout).toBe('');
    },
  );
});

describe('the checks of the demo notice damage', () => {
  const leaf = (id, functionName) => ({ id, functionName, children: [] });
  const makeProfile = () => ({
    head: { ...leaf(1, '(root)'), children: [leaf(2, '(idle)'), leaf(3, 'hot'), leaf(4, 'cold')] },
    samples: [2, 3, 3, 3, 4],
    timestamps: [10, 20, 30, 40, 50],
  });
  const makeSnapshot = () => ({
    snapshot: {
      meta: {
        node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
        node_types: [['object', 'string']],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [['element', 'property']],
      },
      node_count: 3,
      edge_count: 2,
    },
    nodes: [0, 0, 1, 10, 1, 0, 1, 3, 20, 1, 1, 3, 5, 30, 0],
    edges: [0, 0, 5, 1, 2, 10],
    strings: ['', 'Module', 'filename', '/somewhere/app.json'],
  });

  test('in a CPU profile', () => {
    expect(checkCpuProfile(makeProfile(), 'hot')).toEqual({ samples: 5, share: 0.75 });
    const { head, timestamps: timeDeltas, samples } = makeProfile();
    const nodes = [head, ...head.children].map(({ id, functionName }) => ({ id, callFrame: { functionName } }));
    expect(checkCpuProfile({ nodes, samples, timeDeltas }, 'hot')).toEqual({ samples: 5, share: 0.75 });
    const changed = (change) => () => checkCpuProfile({ ...makeProfile(), ...change }, 'hot');
    expect(changed({ samples: [2, 3, 3, 3, 9] })).toThrow('unknown node 9');
    expect(changed({ samples: [3] })).toThrow('differ in number');
    expect(changed({ samples: [], timestamps: [] })).toThrow('no samples');
    expect(changed({ samples: [2, 2, 2, 2, 4] })).toThrow('no sample shows hot');
    expect(changed({ head: leaf(1, 'other') })).toThrow('(root)');
    expect(changed({ head: { ...leaf(1, '(root)'), children: [leaf(1, 'hot')] } })).toThrow('same id');
  });

  test('in a heap snapshot', () => {
    expect(checkHeapSnapshot(makeSnapshot(), 'app.json')).toEqual({ nodes: 3, edges: 2, selfBytes: 60, modules: 1 });
    expect(checkHeapSnapshot(makeSnapshot(), 'other.json').modules).toBe(0);
    const changed = (change) => () => {
      const snapshot = makeSnapshot();
      change(snapshot);
      checkHeapSnapshot(snapshot, 'app.json');
    };
    expect(changed((file) => file.nodes.pop())).toThrow('node_count');
    expect(changed((file) => file.edges.push(0, 0, 0))).toThrow('edge_count');
    expect(changed((file) => (file.edges[2] = 15))).toThrow('leads to no node');
    expect(changed((file) => (file.edges[2] = 4))).toThrow('leads to no node');
    expect(changed((file) => (file.nodes[4] = 0))).toThrow('do not add up');
    expect(changed((file) => file.strings.pop())).toThrow('no name');
    expect(changed((file) => (file.snapshot.node_count = 0))).toThrow('empty');
  });

  test('in a file that stays half written', async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-demo-')), 'half.json');
    try {
      await expect(readComplete(file, 10)).rejects.toThrow('does not exist');
      fs.writeFileSync(file, '{"nodes":[1,2');
      await expect(readComplete(file, 300)).rejects.toThrow('was not complete');
      const whole = readComplete(file, 60000);
      fs.appendFileSync(file, ']}');
      await expect(whole).resolves.toEqual({ bytes: 15, value: { nodes: [1, 2] } });
    } finally {
      fs.rmSync(path.dirname(file), { recursive: true });
    }
  });
});
