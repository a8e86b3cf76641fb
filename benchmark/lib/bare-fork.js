'use strict';

/** Compiles `benchmark/children/bare-fork.cc` into the cache folder, once for each version of Node. */

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { findCompiler } = require('../../scripts/compiler');
const { cacheDir, headersFor } = require('../../scripts/node-dist');
const { run } = require('../../scripts/run');

const SOURCE = path.join(__dirname, '..', 'children', 'bare-fork.cc');
const FLAGS = ['-std=c++20', '-O2', '-fPIC', '-shared', '-Wall', '-Wextra'];

/** @returns {{ path: string, available: boolean, reason?: string }} */
function prepareBareFork() {
  try {
    const source = fs.readFileSync(SOURCE);
    const { include, version } = headersFor();
    const name = crypto.createHash('sha256').update(source).update(JSON.stringify([FLAGS, version])).digest('hex').slice(0, 16);
    const folder = path.join(cacheDir(), 'bare-fork');
    const file = path.join(folder, `${name}.node`);
    if (!fs.existsSync(file)) {
      fs.mkdirSync(folder, { recursive: true });
      const temp = `${file}.${process.pid}.tmp`;
      const { command, args } = findCompiler();
      run(command, [...args, ...FLAGS, '-isystem', include, '-o', temp, SOURCE]);
      fs.renameSync(temp, file);
    }
    return { path: file, available: true };
  } catch (error) {
    return { path: '', available: false, reason: error.message.split('\n')[0] };
  }
}

module.exports = { prepareBareFork };
