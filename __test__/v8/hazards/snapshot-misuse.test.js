'use strict';

/** What ends the process in v8-profiler or v8-profiler-next when it is done to a snapshot. */

const { runClean } = require('../../helpers/child');
const { runTogether } = require('../../helpers/together');

describe('Snapshot#delete', () => {
  test('as the listener of a stream, called with the stream as this', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const fs = require('node:fs');
      const snapshot = profiler.takeSnapshot('article');
      snapshot
        .export()
        .pipe(fs.createWriteStream('article.heapsnapshot'))
        .on('finish', snapshot.delete)
        .on('finish', () => {
          const { node_count } = JSON.parse(fs.readFileSync('article.heapsnapshot', 'utf8')).snapshot;
          report({ complete: node_count === snapshot.nodesCount, left: Object.keys(profiler.snapshots).length });
        });
    });
    expect(seen).toEqual({ complete: true, left: 0 });
  });

  test('without an object before it', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const snapshot = profiler.takeSnapshot();
      const remove = snapshot.delete;
      const returned = [remove(), remove.call(null), remove.call(5), Reflect.apply(remove, {}, [1, 2])];
      report({
        registry: returned.every((value) => value === profiler.snapshots),
        left: Object.keys(profiler.snapshots).length,
        code: codeOf(() => snapshot.export()).error.code,
      });
    });
    expect(seen).toEqual({ registry: true, left: 0, code: 'ERR_RS_PROFILER_DELETED' });
  });

  test('twice, and by deleteAllSnapshots in between', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const first = profiler.takeSnapshot('first');
      const second = profiler.takeSnapshot('second');
      first.delete();
      first.delete();
      profiler.deleteAllSnapshots();
      second.delete();
      profiler.deleteAllSnapshots();
      const third = profiler.takeSnapshot('third');
      first.delete();
      second.delete();
      third.export((error, text) => {
        const { node_count } = JSON.parse(text).snapshot;
        report({ error, left: Object.keys(profiler.snapshots).length, complete: node_count === third.nodesCount });
      });
    });
    expect(seen).toEqual({ error: null, left: 1, complete: true });
  });
});

describe('a deleted snapshot', () => {
  test('says so when it is used', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const { PassThrough } = require('node:stream');
      const other = profiler.takeSnapshot('other');
      const snapshot = profiler.takeSnapshot('deleted');
      const { root } = snapshot;
      const child = snapshot.getNode(3);
      snapshot.delete();
      const uses = {
        exportCallback: () => snapshot.export(() => {}),
        exportStream: () => snapshot.export(),
        exportReceiver: () => snapshot.export(new PassThrough()),
        serialize: () =>
          snapshot.serialize(
            () => {},
            () => {},
          ),
        getNode: () => snapshot.getNode(0),
        getNodeOutOfRange: () => snapshot.getNode(2 ** 31 - 1),
        getNodeById: () => snapshot.getNodeById(1),
        rootChildren: () => root.children,
        children: () => child.children,
        compare: () => snapshot.compare(other),
        compareEmpty: () => snapshot.compare({}),
        compareWith: () => other.compare(snapshot),
      };
      const codes = {};
      for (const [name, use] of Object.entries(uses)) codes[name] = (codeOf(use).error || {}).code;
      report({ codes, plain: [root.id, typeof child.name, snapshot.getHeader().title] });
    });
    const codes = new Set(Object.values(seen.codes));
    expect([Object.keys(seen.codes).length, ...codes]).toEqual([12, 'ERR_RS_PROFILER_DELETED']);
    expect(seen.plain).toEqual([1, 'string', 'deleted']);
  });

  test('leaves the nodes that were read readable, and has nothing to do with the nodes of another', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const marker = { kept: { inner: true } };
      const a = profiler.takeSnapshot('A');
      const b = profiler.takeSnapshot('B');
      const id = profiler.getHeapObjectId(marker);
      const inA = a.getNodeById(id);
      const readInA = inA.children.length;
      const keptInA = inA.children.find((edge) => edge.name === 'kept').to;
      a.delete();
      const inB = b.getNodeById(inA.id);
      const keptInB = b.getNodeById(keptInA.id);
      report({
        stillReadable: inA.children.length === readInA,
        unread: codeOf(() => keptInA.children).error.code,
        other: inB !== inA && keptInB !== keptInA,
        children: inB.children.map((edge) => edge.to.children.length).every((count) => count >= 0),
        inner: keptInB.children.some((edge) => edge.name === 'inner'),
        kept: marker.kept.inner,
      });
    });
    expect(seen).toEqual({
      stillReadable: true,
      unread: 'ERR_RS_PROFILER_DELETED',
      other: true,
      children: true,
      inner: true,
      kept: true,
    });
  });
});

describe('a node that does not exist', () => {
  test('getNode throws, getNodeById gives undefined', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const snapshot = profiler.takeSnapshot();
      const { nodesCount } = snapshot;
      const errors = [-1, nodesCount, nodesCount + 1, 2 ** 31 - 1, -(2 ** 31)].map((index) => {
        const { name, code, isError } = codeOf(() => snapshot.getNode(index)).error;
        return [name, code, isError].join(' ');
      });
      const unknown = [0, 2, -1, 2 ** 31 - 1, -(2 ** 31)].map((id) => typeof snapshot.getNodeById(id));
      report({
        errors: [...new Set(errors)],
        // Small even ids may belong to native objects: then there is a node.
        unknown: unknown.filter((type) => type !== 'undefined' && type !== 'object'),
        far: typeof snapshot.getNodeById(2 ** 31 - 1),
        last: typeof snapshot.getNode(nodesCount - 1).id,
      });
    });
    expect(seen).toEqual({
      errors: ['RangeError ERR_RS_PROFILER_OUT_OF_RANGE true'],
      unknown: [],
      far: 'undefined',
      last: 'number',
    });
  });
});

describe('an exception', () => {
  test('in the iterator or the callback of serialize propagates, and everything works on', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const fail = (where) => () => {
        throw Object.assign(new RangeError(where), { code: where });
      };
      const snapshot = profiler.takeSnapshot();
      const codes = [
        () => snapshot.serialize(fail('ITERATOR'), () => {}),
        () => snapshot.serialize(() => {}, fail('END')),
        () => snapshot.export(fail('EXPORT')),
        () => profiler.getHeapStats(fail('STATS'), () => {}),
        () => profiler.getHeapStats(() => {}, fail('STATS END')),
        () => profiler.takeSnapshot('controlled', fail('CONTROL')),
        () => profiler.takeSnapshot(fail('CONTROL FIRST')),
      ].map((use) => codeOf(use).error.code);
      let length = 0;
      snapshot.serialize((chunk) => (length += chunk.length), () => {});
      const registered = Object.keys(profiler.snapshots).length;
      report({ codes, registered, length: length > 1000, id: profiler.getHeapStats() > 0 });
    });
    expect(seen).toEqual({
      codes: ['ITERATOR', 'END', 'EXPORT', 'STATS', 'STATS END', 'CONTROL', 'CONTROL FIRST'],
      registered: 1,
      length: true,
      id: true,
    });
  });

  test('in the callback of an export of a CPU profile is the uncaught exception of the process', async () => {
    const seen = await runClean(({ profiler, sleep, report }) => {
      const uncaught = [];
      process.on('uncaughtException', (error) => uncaught.push(error.message));
      process.on('unhandledRejection', (error) => uncaught.push(`rejection: ${error.message}`));
      const fail = (message) => () => {
        throw new Error(message);
      };
      profiler.startSamplingHeapProfiling();
      profiler.startProfiling('read');
      profiler.startProfiling('unread');
      const read = profiler.stopProfiling('read');
      read.export(fail(`read ${typeof read.head}`));
      profiler.stopProfiling('unread').export(fail('unread'));
      profiler.stopSamplingHeapProfiling().export(fail('sampling'));
      const wait = () => (uncaught.length < 3 ? sleep(10).then(wait) : report(uncaught.sort()));
      return wait();
    });
    expect(seen).toEqual(['read object', 'sampling', 'unread']);
  });
});
