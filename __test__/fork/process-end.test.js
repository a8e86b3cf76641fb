'use strict';

/** The service ends during a capture, in every way: no child outlives it, and no half file bears the name. */

const fs = require('node:fs');
const path = require('node:path');
const { run } = require('../helpers/child');
const { countsOfFile } = require('../helpers/outcome');
const processes = require('../helpers/processes');
const { tempFolder } = require('../helpers/temp-folder');

/** How the service ends, and what it comes to. A service that is killed can remove no file. */
const ENDS = {
  'process.exit': { end: 'process.exit(3);', code: 3 },
  'an uncaught exception': { end: 'throw new Error("on purpose");', code: 1 },
  'SIGTERM, not handled': { end: 'process.kill(process.pid, "SIGTERM");', signal: 'SIGTERM', dead: true },
  SIGKILL: { end: 'process.kill(process.pid, "SIGKILL");', signal: 'SIGKILL', dead: true },
  'process.abort': { end: 'process.abort();', signal: 'SIGABRT', dead: true },
};

/** When: as soon as there is a child, in the midst of the walk, in the midst of the text, as a stream, in a worker. */
const WHENS = {
  'at the fork': 'write(); nextChild().then(end);',
  'in the walk': 'write("walk");',
  'in the text': 'write("write");',
  'as a stream': 'profiler.createHeapSnapshotStream({ isolation: "fork" }).once("readable", end);',
  'in a worker': `new (require('node:worker_threads').Worker)(\`
      require(\${JSON.stringify(context.main)}).writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
    \`, { eval: true }); nextChild().then(end);`,
};

async function endOf(how, when) {
  const cwd = tempFolder();
  const source = `
    const { profiler, report, input } = context;
    const processes = require(input.processes);
    const fs = require('node:fs');
    const kept = globalThis.kept = Array.from({ length: 20000 }, (_, at) => ({ at }));
    let over = false;
    // Told before the end, because afterwards nobody can.
    const end = () => {
      const children = processes.childrenOf(process.pid).map(({ pid }) => pid);
      // A child can be quicker than the word of it: then the next one.
      if (over || children.length === 0) return;
      over = true;
      report(children);
      ${ENDS[how].end}
    };
    const nextChild = async () => {
      while (processes.childrenOf(process.pid).length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    const write = (wanted) => profiler.writeHeapSnapshot('a.heapsnapshot', {
      isolation: 'fork', onProgress: ({ phase }) => phase === wanted && setImmediate(end),
    }).then(() => {
      fs.unlinkSync('a.heapsnapshot');
      if (wanted && !over) write(wanted);
    });
    ${WHENS[when]}`;
  const evaluate = (context) => new Function('context', 'require', context.input.source)(context, require);
  const input = { source, processes: require.resolve('../helpers/processes') };
  const { code, signal, stderr, report } = await run(evaluate, { input, cwd });
  // A child of the killed is killed by the kernel, which takes its time.
  while (report.some((pid) => (processes.statOf(pid) || {}).name === 'rs-profiler')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const told = stderr.includes('on purpose') ? 'on purpose' : stderr;
  // An abort takes its time, and a capture may be complete before it is over.
  const halves = fs.readdirSync(cwd).filter((name) => name !== 'a.heapsnapshot' || !countsOfFile(path.join(cwd, name)).whole);
  return { code, signal, told, children: report.length, halves };
}

describe.each(Object.keys(ENDS))('%s', (how) => {
  const { code = null, signal = null, dead = false } = ENDS[how];

  test('during a capture', async () => {
    for (const when of Object.keys(WHENS)) {
      const { halves, told, ...found } = await endOf(how, when);
      expect({ when, ...found }).toEqual({ when, code, signal, children: 1 });
      if (how !== 'process.abort') expect(told).toBe(how === 'an uncaught exception' ? 'on purpose' : '');
      expect(halves.filter((name) => !(dead && name === 'a.heapsnapshot.partial'))).toEqual([]);
    }
  });
});
