'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * A fresh folder outside the repository, removed when the test file has ended.
 *
 * @returns {string} its absolute path
 */
function tempFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-test-'));
  folders.push(folder);
  return folder;
}

const folders = [];

afterAll(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

module.exports = { tempFolder };
