'use strict';

/** The forked child is killed from outside, in each of its phases: the service does not notice but by the result. */

const { runServed } = require('../helpers/service');

/** Kills in each phase, the first child or all. The soak tier does it more often. */
const ROUNDS = process.env.RS_PROFILER_SOAK ? 10 : 1;
/** A capture may be complete before the kill; then the next one is met. */
const TRIES = 20;

/** Captures whose children are killed in a phase: `all` of them, or the first. Resolves with what became of them. */
const killed = (input) => runServed(
  async ({ profiler, input, leftovers, processes, outcome }) => {
    const fs = require('node:fs');
    globalThis.kept = Array.from({ length: 5000 }, (_, at) => ({ at, text: `some text ${at}` }));
    const outcomes = [];
    for (let left = input.tries; outcomes.length < input.rounds && left > 0; left--) {
      let kills = 0;
      let settled = false;
      const killOne = (child) => {
        if (child && (input.all || kills === 0)) kills += processes.signal(child, 'SIGKILL');
      };
      const onProgress = ({ phase }) => phase === input.phase && killOne(processes.childrenOf(process.pid)[0]);
      const { isolation } = input;
      const writing = outcome.outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { isolation, onProgress }));
      writing.finally(() => (settled = true));
      const known = new Set();
      // Whatever phase the first child died in, those after it die as soon as they are there.
      while (!settled && (input.phase === 'start' || input.all)) {
        const child = await processes.nextChild(known, () => settled);
        if (input.phase === 'start' || known.size > 1) killOne(child);
      }
      const { value, error } = await writing;
      const { isolation: used, isolationReason, attempts } = value ?? {};
      const whole = value && outcome.countsOfFile('a.heapsnapshot').whole;
      if (value) fs.unlinkSync('a.heapsnapshot');
      // A kill may have met a child that was done.
      if (kills > 0 && !(used === 'fork' && attempts === 1)) {
        outcomes.push({ used, isolationReason, more: attempts > 1, whole, error, ...leftovers(), names: fs.readdirSync('.') });
      }
    }
    return outcomes;
  },
  { input: { rounds: ROUNDS, tries: TRIES + ROUNDS, ...input } },
);

const nothingLeft = { children: [], partial: [], names: [] };

test.each(['start', 'walk', 'write'])('the first child, in phase %s: another one does it', async (phase) => {
  const outcomes = await killed({ phase, isolation: 'fork', all: false });
  const done = { used: 'fork', isolationReason: expect.any(String), more: true, whole: true, ...nothingLeft };
  expect(outcomes).toEqual(Array(ROUNDS).fill(done));
});

test('every child: auto does it in the process, and says why', async () => {
  const outcomes = await killed({ phase: 'start', isolation: 'auto', all: true });
  const done = { used: 'inline', isolationReason: expect.stringMatching(/child.*\.$/), more: true, whole: true, ...nothingLeft };
  expect(outcomes).toEqual(Array(ROUNDS).fill(done));
});

test('every child: fork rejects, and says what to do', async () => {
  const outcomes = await killed({ phase: 'walk', isolation: 'fork', all: true });
  const error = expect.objectContaining({ code: 'ERR_RS_PROFILER_FORK_FAILED', message: expect.stringMatching(/child.*\.$/), isError: true });
  expect(outcomes).toEqual(Array(ROUNDS).fill({ more: false, error, ...nothingLeft }));
});
