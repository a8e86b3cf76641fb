'use strict';
// Folders for captures: private, and never with `recursive: true`. In a folder where none can be made, as in /proc, Node would try
// for ever.

const fs = require('fs');
const path = require('path');

/** Makes a folder, mode 0700, and those above it; one that is there stays as it is. */
function makeFolder(folder) {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code === 'EEXIST' && fs.statSync(folder).isDirectory()) return;
    if (error.code !== 'ENOENT' || fs.existsSync(path.dirname(folder))) throw error;
    makeFolder(path.dirname(folder));
    fs.mkdirSync(folder, { mode: 0o700 });
  }
}

module.exports = { makeFolder };
