'use strict';

/** The option `redact`: what was planted in the heap is not in the file, and the graph is. */

const { writeHeapSnapshot } = require('..');
const { runClean } = require('./helpers/child');

/** Plants secrets and takes snapshots of them, one by one; reports which secrets each file still holds. */
async function plantAndTake({ profiler, report, input }) {
  const fs = require('node:fs');
  const zlib = require('node:zlib');
  const { plant } = require(input.secrets);
  const planted = plant();
  const results = [];
  for (const { keepWord, ...options } of input.runs) {
    if (keepWord) options.redact = { keep: [new RegExp(keepWord)] };
    const result = await profiler.writeHeapSnapshot('a.heapsnapshot', options);
    const bytes = fs.readFileSync(result.path);
    const text = (options.compress === 'gzip' ? zlib.gunzipSync(bytes) : bytes).toString('utf8');
    const { nodes, edges, snapshot } = JSON.parse(text);
    const left = (words) => words.filter((word) => text.includes(word));
    results.push({
      isolation: result.isolation,
      redacted: result.redacted,
      values: left(planted.values).length,
      keys: left(planted.keys).length,
      classes: ['Vault', 'closureOver'].every((name) => text.includes(`"${name}"`)),
      whole: nodes.length === snapshot.node_count * snapshot.meta.node_fields.length
        && edges.length === snapshot.edge_count * snapshot.meta.edge_fields.length
        && result.nodes === snapshot.node_count,
    });
  }
  report({ results, planted: { values: planted.values.length, keys: planted.keys.length }, held: Object.keys(planted.held).length });
}

const take = (runs) => runClean(plantAndTake, { input: { runs, secrets: require.resolve('./helpers/secrets') } });

describe.each(['fork', 'inline'])('isolation: %s', (isolation) => {
  test('without it all secrets are in the file; with it none, and all keys; with keys, none of either', async () => {
    const { results, planted } = await take([
      { isolation },
      { isolation, redact: 'strings', compress: 'gzip' },
      { isolation, redact: { keys: true, salt: 'of this test' } },
    ]);
    const [plain, strings, keys] = results;
    expect(plain).toEqual({ isolation, ...planted, classes: true, whole: true });
    expect(strings).toEqual({
      isolation, redacted: strings.redacted, values: 0, keys: planted.keys, classes: true, whole: true,
    });
    expect(keys).toEqual({ isolation, redacted: keys.redacted, values: 0, keys: 0, classes: true, whole: true });
    expect(strings.redacted.blanked).toBeGreaterThan(planted.values);
    expect(strings.redacted.keys).toBe(0);
    expect(keys.redacted.keys).toBeGreaterThan(planted.keys);
  });
});

test('what a pattern matches stays', async () => {
  const { results } = await take([{ keepWord: 'errormessage' }]);
  expect(results[0].values).toBe(1);
  expect(results[0].redacted.kept).toBeGreaterThan(0);
});

test('options that make no sense are refused before anything is taken', async () => {
  const invalid = expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  for (const redact of ['all', 7, null, { keep: ['x'] }, { keys: 1 }, { salt: 'x' }, { keys: true, salt: '' }]) {
    await expect(writeHeapSnapshot(undefined, { redact })).rejects.toEqual(invalid);
  }
  await expect(writeHeapSnapshot('/tmp/none.heapsnapshot', { redact: { keep: [/a/y] } })).rejects.toEqual(invalid);
  for (const options of [{ compress: 'br' }, { compressionLevel: 1 }, { compress: 'gzip', compressionLevel: 10 }]) {
    await expect(writeHeapSnapshot(undefined, options)).rejects.toEqual(invalid);
  }
});

test.each(['fork', 'inline'])('a stream counts too, at its end: %s', async (isolation) => {
  const { createHeapSnapshotStream } = require('..');
  const stream = createHeapSnapshotStream({ isolation, redact: 'strings' });
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  expect([stream.isolation, bytes > 0]).toEqual([isolation, true]);
  expect(stream.redacted).toMatchObject({ strings: expect.any(Number), keys: 0 });
  expect(stream.redacted.blanked).toBeGreaterThan(1000);
  const plain = createHeapSnapshotStream({ isolation });
  plain.resume();
  await require('node:events').once(plain, 'end');
  expect(plain.redacted).toBeUndefined();
});
