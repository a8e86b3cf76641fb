'use strict';

/** What may happen to a snapshot, a profile or the process's heap profiler while texts are on their way. */

const { runClean } = require('../../helpers/child');

const input = require.resolve('../../helpers/streams');

/** The soak tier does it more often. */
const ROUNDS = process.env.RS_PROFILER_SOAK ? 16 : 2;

describe('while exports of a snapshot are under way', () => {
  test('delete, destroy and abort at any moment leave the other exports complete and no file half-written', async () => {
    const seen = await runClean(
      async ({ profiler, input, report, sleep }) => {
        const fs = require('node:fs');
        const { textOf } = require(input.streams);
        let seed = 20261123;
        const random = (limit) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 1) % limit;
        const wrong = [];
        const isComplete = (what, text, nodes) => {
          const count = JSON.parse(text).snapshot.node_count;
          if (count !== nodes) wrong.push(`${what}: ${count} of ${nodes} nodes`);
        };
        const destroyed = async (stream) => {
          const chunks = random(40);
          let seen = 0;
          stream.on('error', (error) => wrong.push(`stream: ${error.message}`));
          stream.on('data', () => seen++ === chunks && stream.destroy());
          await new Promise((resolve) => stream.on('close', resolve));
        };
        const aborted = async (round) => {
          const controller = new AbortController();
          const path = `aborted${round}.heapsnapshot`;
          setTimeout(() => controller.abort(), random(60));
          await profiler.writeHeapSnapshot(path, { isolation: 'inline', signal: controller.signal }).then(
            ({ nodes }) => isComplete(path, fs.readFileSync(path, 'utf8'), nodes),
            (error) => {
              if (error.code !== 'ABORT_ERR') wrong.push(`abort: ${error.stack}`);
              if (fs.existsSync(path)) wrong.push(`abort left ${path}`);
            },
          );
        };
        for (let round = 0; round < input.rounds; round++) {
          const snapshot = profiler.takeSnapshot(`round ${round}`);
          const whole = textOf(snapshot.export());
          const work = [destroyed(snapshot.export()), destroyed(snapshot.export()), whole];
          if (round % 2) work.push(aborted(round), destroyed(profiler.createHeapSnapshotStream({ isolation: 'inline' })));
          await sleep(random(30));
          snapshot.delete();
          await Promise.all(work);
          isComplete('export', await whole, snapshot.nodesCount);
        }
        report({ wrong, partial: fs.readdirSync('.').filter((name) => name.endsWith('.partial')) });
      },
      { input: { streams: input, rounds: ROUNDS } },
    );
    expect(seen).toEqual({ wrong: [], partial: [] });
  });

  test('object tracking is started, read and stopped: a paused export is complete all the same', async () => {
    const seen = await runClean(
      async ({ profiler, workload, input, report }) => {
        const { once } = require('node:events');
        const { textOf } = require(input);
        const counts = [];
        const steps = ['startTrackingHeapObjects', 'getHeapStats', 'getHeapStats', 'stopTrackingHeapObjects'];
        const kept = [];
        const snapshot = profiler.takeSnapshot();
        const exports = [];
        for (const step of steps) {
          const paused = snapshot.export();
          await once(paused, 'readable');
          exports.push(paused);
          kept.push(workload.allocateThings(1000));
          profiler[step]();
        }
        snapshot.delete();
        for (const paused of exports) {
          counts.push(JSON.parse(await textOf(paused)).snapshot.node_count - snapshot.nodesCount);
        }
        report({ counts, kept: kept.length });
      },
      { input },
    );
    expect(seen).toEqual({ counts: Array(4).fill(0), kept: 4 });
  });

  test('other snapshots are taken and deleted, and garbage is collected', async () => {
    const seen = await runClean(
      async ({ profiler, workload, input, report }) => {
        const { once } = require('node:events');
        const { textOf } = require(input);
        const first = profiler.takeSnapshot('first');
        const alone = await textOf(first.export());
        const paused = [];
        const others = [];
        for (let round = 0; round < 2; round++) {
          const stream = first.export();
          await once(stream, 'readable');
          paused.push(stream);
          const reading = textOf(first.export());
          workload.allocateThings(5000);
          const other = profiler.takeSnapshot();
          others.push(other);
          if (round === 1) others.shift().delete();
          global.gc();
          paused.push(reading);
        }
        const texts = await Promise.all(paused.map((one) => (one.then ? one : textOf(one))));
        first.delete();
        const second = await textOf(others.pop().export());
        const same = texts.every((text) => text === alone);
        report({ same, count: texts.length, second: JSON.parse(second).nodes.length > 0 });
      },
      { input, nodeArgs: ['--expose-gc'] },
    );
    expect(seen).toEqual({ same: true, count: 4, second: true });
  });

  test('the snapshot and its stream are given up without a word: garbage collection ends the export', async () => {
    const seen = await runClean(
      async ({ profiler, input, report, sleep }) => {
        const { once } = require('node:events');
        for (let round = 0; round < input.rounds; round++) {
          let snapshot = profiler.takeSnapshot();
          let stream = snapshot.export();
          await once(stream, 'readable');
          snapshot.delete();
          snapshot = stream = null;
          await sleep(5);
          global.gc();
        }
        await sleep(20);
        global.gc();
        report(profiler.takeSnapshot().nodesCount > 1000);
      },
      { input: { rounds: ROUNDS }, nodeArgs: ['--expose-gc'] },
    );
    expect(seen).toBe(true);
  });
});

describe('while exports of a CPU profile are under way', () => {
  test('delete, destroy and further profiles at any moment', async () => {
    const seen = await runClean(
      async ({ profiler, workload, input, report, sleep }) => {
        const { textOf } = require(input);
        profiler.setSamplingInterval(50);
        profiler.startProfiling('all of it');
        const wrong = [];
        for (let round = 0; round < 4; round++) {
          profiler.setGenerateType(round % 2);
          profiler.startProfiling('round');
          // Long ones are copied on another thread before V8's is deleted, short ones at once.
          workload.spin(round < 2 ? 300 : 5);
          const profile = profiler.stopProfiling('round');
          const formats = ['tree', 'nodes', 'inspector'];
          const texts = formats.map((format) => textOf(profile.export({ format })));
          for (const format of formats) {
            const stream = profile.export({ format });
            stream.once('data', () => stream.destroy());
          }
          if (round % 2) await sleep(1);
          profile.delete();
          const late = profile.export({ format: 'tree' });
          global.gc();
          const lengths = new Set();
          for (const text of await Promise.all([...texts, textOf(late)])) lengths.add(JSON.parse(text).samples.length);
          lengths.add(profile.samples.length);
          if (lengths.size !== 1) wrong.push([...lengths]);
        }
        const all = profiler.stopProfiling('all of it');
        report({ wrong, title: all.title, samples: all.samples.length > 0, left: Object.keys(profiler.profiles) });
      },
      { input, nodeArgs: ['--expose-gc'] },
    );
    expect(seen).toEqual({ wrong: [], title: 'all of it', samples: true, left: ['4'] });
  });
});
