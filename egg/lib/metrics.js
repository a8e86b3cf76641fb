'use strict';
// Metrics of all workers on one page. They can be hundreds of kilobytes, so they go from worker to worker as files of the folder of
// captures, and only names go over the messenger.

const { randomBytes } = require('crypto');
const fs = require('fs');
const path = require('path');

const NAME = /^metrics-[0-9a-f]{16}\.json$/;
/** What the worker that asked for it did not fetch by then, it never will. */
const LEFT_MS = 60_000;

/** Writes this worker's families of metrics; resolves with the name of the file. */
async function share(families, folder) {
  const name = `metrics-${randomBytes(8).toString('hex')}.json`;
  await fs.promises.writeFile(path.join(folder, name), JSON.stringify(families), { mode: 0o600, flag: 'wx' });
  return { name };
}

/** Reads what a worker has shared, and removes it; without what cannot be read. */
async function fetchOne(name, folder) {
  if (!NAME.test(name)) return [];
  const file = path.join(folder, name);
  try {
    return JSON.parse(await fs.promises.readFile(file, 'utf8'));
  } catch {
    return [];
  } finally {
    await fs.promises.rm(file, { force: true });
  }
}

/**
 * The families of all workers as one, each sample with the label `worker`.
 * @param {{ worker: string, name: string }[]} rows
 */
async function collect(rows, folder) {
  const all = new Map();
  for (const { worker, name } of rows) {
    for (const { values, ...family } of await fetchOne(name, folder)) {
      if (!all.has(family.name)) all.set(family.name, { ...family, values: [] });
      const labelled = values.map((value) => ({ ...value, labels: { ...value.labels, worker } }));
      all.get(family.name).values.push(...labelled);
    }
  }
  return [...all.values()];
}

/** Removes what was shared and not fetched: who asked for it has died. */
async function removeLeft(folder) {
  for (const name of await fs.promises.readdir(folder).catch(() => [])) {
    if (!NAME.test(name)) continue;
    const file = path.join(folder, name);
    const stats = await fs.promises.lstat(file).catch(() => null);
    if (stats && Date.now() - stats.mtimeMs > LEFT_MS) await fs.promises.rm(file, { force: true });
  }
}

module.exports = { collect, removeLeft, share };
