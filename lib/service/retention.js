'use strict';
// The stored captures of a folder, as the debug routes list, open and remove them. What is kept is decided in `lib/retention.js`.

const fs = require('fs');
const path = require('path');
const { NAME, cleanUp, listFiles, remove } = require('../retention');

const { constants } = fs;

/** The captures of a folder, the newest first. What a request names is taken only when it is one. */
async function listCaptures(folder) {
  return (await listFiles(folder, NAME)).map(({ name, bytes, modifiedMs }) => (
    { name, kind: NAME.exec(name)[1], bytes, createdAt: new Date(modifiedMs).toISOString(), createdMs: modifiedMs }
  ));
}

/** Opens a capture for reading; no link is followed, whoever put it there. */
async function openCapture(folder, name) {
  if (!NAME.test(name)) return null;
  try {
    const handle = await fs.promises.open(path.join(folder, name), constants.O_RDONLY | (constants.O_NOFOLLOW || 0));
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, bytes: stats.size };
    await handle.close();
    return null;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return null;
    throw error;
  }
}

/** Removes a capture by its name; false when there is none. */
async function removeCapture(folder, name) {
  return NAME.test(name) && (await remove(path.join(folder, name)));
}

module.exports = { NAME, cleanUp, listCaptures, openCapture, removeCapture };
