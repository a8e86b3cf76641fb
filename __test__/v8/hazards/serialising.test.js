'use strict';

/** V8's serializer reads tables of the isolate besides the snapshot's own: what others do with those meanwhile. */

const { casesOf } = require('../../helpers/brief');
const { runClean } = require('../../helpers/child');

/** In the child: what is wrong with the allocation stacks of a snapshot's text, and how many functions they name. */
const stacksOf = `
  const snapshot = JSON.parse(text);
  const functions = snapshot.trace_function_infos.length / snapshot.snapshot.meta.trace_function_info_fields.length;
  let strange = 0;
  const lists = [snapshot.trace_tree];
  for (let list; (list = lists.pop());) {
    for (let at = 0; at < list.length; at += 5) {
      if (!(list[at + 1] < functions)) strange += 1;
      lists.push(list[at + 4]);
    }
  }
  return { strange, some: functions > 1, counted: functions === snapshot.snapshot.trace_function_count };`;

const whole = { strange: 0, some: true, counted: true };

/** Exports in every form while the program allocates, in a process that records the stacks of allocations. */
async function exportAll({ profiler, report, input }) {
  const fs = require('fs');
  const stacks = new Function('text', input.stacksOf);
  if (input.inspector) {
    const { Session } = require('inspector');
    const session = new Session();
    session.connect();
    session.post('HeapProfiler.enable');
    session.post('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });
    // It keeps a process alive.
    process.kept = () => session.post('HeapProfiler.stopTrackingHeapObjects');
  }
  const busy = setInterval(() => {
    // New functions all the time: each is a new entry of the table.
    for (let i = 0; i < 20; i++) process.last = new Function('n', `return Array.from({ length: n }, () => ({ at: ${i} }))`)(20);
  }, 1);
  const read = async (stream) => {
    let text = '';
    for await (const chunk of stream) text += chunk;
    return text;
  };
  const texts = {};
  texts.stream = await read(profiler.createHeapSnapshotStream({ isolation: 'inline' }));
  const snapshot = profiler.takeSnapshot();
  texts.export = await read(snapshot.export());
  snapshot.export((error, text) => {
    texts.callback = text;
  });
  await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'inline' });
  texts.file = fs.readFileSync('a.heapsnapshot', 'utf8');
  clearInterval(busy);
  process.kept?.();
  report(Object.fromEntries(Object.entries(texts).map(([form, text]) => [form, stacks(text)])));
}

test.each(casesOf(
  ['an inspector session', { inspector: true }, []],
  ['--track-heap-objects', { inspector: false }, ['--track-heap-objects']],
))('the stacks of allocations that %s records are whole in every text', async (_, input, nodeArgs) => {
  const found = await runClean(exportAll, { input: { ...input, stacksOf }, nodeArgs });
  const expected = input.inspector ? whole : { ...whole, some: expect.any(Boolean) };
  expect(found).toEqual({ stream: expected, export: expected, callback: expected, file: expected });
});

test.each(casesOf(
  ['', false],
  [' from another folder', true],
))('another copy of the package%s does not add samples to a text that is being written', async (_, elsewhere) => {
  const found = await runClean(async ({ main, report, input }) => {
    const [fs, path] = [require('fs'), require('path')];
    const a = require(main);
    let second = main;
    if (input) {
      // With an addon of its own.
      const own = path.dirname(main);
      for (const name of ['index.js', 'binding.js', 'lib', 'native', 'package.json']) {
        fs.cpSync(path.join(own, name), path.resolve('copy', name), { recursive: true });
      }
      second = path.resolve('copy', 'index.js');
    }
    for (const key of Object.keys(require.cache)) if (!key.endsWith('.node')) delete require.cache[key];
    const b = require(second);
    const stream = a.takeSnapshot().export();
    // One chunk: the rest waits for its reader.
    let text = String(await new Promise((resolve) => stream.once('readable', () => resolve(stream.read(10)))));
    b.startTrackingHeapObjects();
    for (let i = 0; i < 5; i++) b.getHeapStats();
    for await (const chunk of stream) text += chunk;
    const tracked = b.takeSnapshot().export();
    b.stopTrackingHeapObjects();
    let later = '';
    for await (const chunk of tracked) later += chunk;
    report({ apart: a !== b, samples: JSON.parse(text).samples.length, later: JSON.parse(later).nodes.length > 0 });
  }, { input: elsewhere });
  expect(found).toEqual({ apart: true, samples: 0, later: true });
});
