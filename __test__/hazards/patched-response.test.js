'use strict';

/** Responses whose `write` somebody has replaced, as middleware for compression does: what it is given stays whole. */

const { runClean } = require('../helpers/child');

test.each(['createHeapSnapshotStream', 'export'])('%s to a response that gzips what it gets', async (form) => {
  const answer = await runClean(
    async ({ profiler, report, input }) => {
      const http = require('node:http');
      const zlib = require('node:zlib');
      const { once } = require('node:events');
      const collected = [];
      const server = http.createServer((request, response) => {
        const gzip = zlib.createGzip();
        const [write, end] = [response.write.bind(response), response.end.bind(response)];
        gzip.on('data', (chunk) => write(chunk)).on('end', () => end()).on('drain', () => response.emit('drain'));
        response.write = (chunk) => {
          collected.push(chunk);
          return gzip.write(chunk);
        };
        response.end = () => gzip.end();
        if (input === 'export') profiler.takeSnapshot().export().pipe(response);
        else profiler.createHeapSnapshotStream().pipe(response);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const [response] = await once(http.get({ host: '127.0.0.1', port: server.address().port, agent: false }), 'response');
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      server.close();
      const text = zlib.gunzipSync(Buffer.concat(chunks));
      const { snapshot, nodes } = JSON.parse(text);
      report({
        whole: nodes.length === snapshot.node_count * snapshot.meta.node_fields.length,
        emptied: collected.filter((chunk) => chunk.length === 0).length,
        same: Buffer.concat(collected).equals(text),
      });
    },
    { input: form },
  );
  expect(answer).toEqual({ whole: true, emptied: 0, same: true });
});
