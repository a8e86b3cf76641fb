'use strict';

/** Snapshots of forked children as streams: what comes of them. */

const { runServed } = require('../../helpers/service');

test('the text has what that of the process has; the facts are told, and 1 MiB at most is read ahead of a pipe', async () => {
  const { classes, facts, header, piped } = await runServed(async ({ profiler, outcome }) => {
    const { PassThrough, pipeline } = require('node:stream');
    const { promisify } = require('node:util');
    class Kept {}
    globalThis.kept = Array.from({ length: 3000 }, () => new Kept());
    const textOf = async (stream) => {
      const parts = [];
      for await (const part of stream) parts.push(part);
      return Buffer.concat(parts).toString();
    };
    const keptIn = (text) => {
      const { nodes, strings, snapshot } = JSON.parse(text);
      const { length } = snapshot.meta.node_fields;
      const object = snapshot.meta.node_types[0].indexOf('object');
      const isKept = (value, at) => at % length === 0 && value === object && strings[nodes[at + 1]] === 'Kept';
      return nodes.filter(isKept).length;
    };
    const texts = [];
    const classes = [];
    let stream;
    for (const isolation of ['inline', 'fork']) {
      stream = profiler.createHeapSnapshotStream({ isolation });
      texts.push(await textOf(stream));
      classes.push([stream.isolation, keptIn(texts.pop())]);
    }
    const { isolation, isolationReason, pauseMs, attempts, nodes, edges, bytes } = stream;
    const again = profiler.createHeapSnapshotStream({ isolation: 'fork' });
    const through = new PassThrough();
    const sent = promisify(pipeline)(again, through);
    const text = await textOf(through);
    await sent;
    const counts = outcome.countsOf(text);
    return {
      classes,
      facts: [isolation, typeof isolationReason, pauseMs > 0, attempts > 0, nodes > 3000, edges > 3000, bytes > 1e5],
      header: [counts.whole, counts.nodes === again.nodes, counts.edges === again.edges],
      piped: again.bytes === Buffer.byteLength(text),
    };
  });
  // Of the class there is a prototype besides, and it may count.
  const [[, inline]] = classes;
  expect(inline).toBeGreaterThanOrEqual(3000);
  expect(classes).toEqual([['inline', inline], ['fork', inline]]);
  expect(facts).toEqual(['fork', 'string', true, true, true, true, true]);
  expect({ header, piped }).toEqual({ header: [true, true, true], piped: true });
});
