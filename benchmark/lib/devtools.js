'use strict';

/**
 * Chrome DevTools' own heap snapshot worker, from npm's chrome-devtools-frontend, run under Node. The package holds
 * TypeScript, so it is bundled first.
 */

const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const { MessageChannel, Worker } = require('worker_threads');

/** The version that everything is compared with. */
const DEVTOOLS = '1.0.1705227';

const ENTRY = ['front_end', 'entrypoints', 'heap_snapshot_worker', 'heap_snapshot_worker.ts'];

/** What DevTools has and the oldest Nodes lack. */
const BANNER = `Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((a, b) => { resolve = a; reject = b; });
  return { promise, resolve, reject };
};
Array.prototype.toSorted ??= function (compare) { return [...this].sort(compare); };`;

/** Translation is left out: the package lacks the list of languages, which is generated, and no figure has a language. */
const untranslated = {
  name: 'untranslated',
  setup(build) {
    build.onResolve({ filter: /\/i18n\/i18n\.js$/ }, () => ({ path: 'i18n', namespace: 'untranslated' }));
    build.onLoad({ filter: /.*/, namespace: 'untranslated' }, () => ({
      contents: 'export const i18n = new Proxy({}, { get: () => (text) => text });',
    }));
  },
};

/**
 * Bundles the worker.
 * @param {string} module the folder of chrome-devtools-frontend
 * @param {string} folder for the file
 * @returns {Promise<string>} the path of the bundle, for `openWithDevTools`
 */
async function bundleDevTools(module, folder) {
  const outfile = path.join(folder, 'devtools-heap-snapshot-worker.mjs');
  await require('esbuild').build({
    entryPoints: [path.join(module, ...ENTRY)],
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'node',
    target: 'node18',
    banner: { js: BANNER },
    plugins: [untranslated],
    logLevel: 'error',
  });
  return outfile;
}

/** The second of its two threads: it computes dominators and retained sizes while the first one does the rest. */
function startSecondThread(bundle, port) {
  const code = `const { workerData: { bundle, port } } = require('worker_threads');
import(bundle).then(({ HeapSnapshot }) => new HeapSnapshot.SecondaryInitManager(port));`;
  return new Worker(code, { eval: true, workerData: { bundle, port }, transferList: [port] });
}

/**
 * Opens a snapshot as DevTools does, on two threads. `import()` is needed, so not in Jest's own process.
 * @param {string} bundle from `bundleDevTools`
 * @param {string} file a .heapsnapshot
 * @returns {Promise<object>} DevTools' JSHeapSnapshot
 */
async function openWithDevTools(bundle, file) {
  const url = pathToFileURL(bundle).href;
  const { HeapSnapshotLoader } = await import(url);
  const { port1, port2 } = new MessageChannel();
  const second = startSecondThread(url, port2);
  const broken = new Promise((_, reject) => second.on('error', reject));
  const load = async () => {
    const loader = new HeapSnapshotLoader.HeapSnapshotLoader({ sendEvent() {} });
    for await (const chunk of fs.createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) loader.write(chunk);
    loader.close();
    return loader.buildSnapshot(port1);
  };
  try {
    return await Promise.race([load(), broken]);
  } finally {
    port1.close();
    await second.terminate();
  }
}

module.exports = { DEVTOOLS, bundleDevTools, openWithDevTools };
