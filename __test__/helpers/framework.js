'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

/** Starts a test framework as from a shell, not as a part of this one. */
function start(program, args, { cwd = root } = {}) {
  const env = { ...process.env, NO_COLOR: '1' };
  for (const name of Object.keys(env)) if (/^(JEST|VITEST)/.test(name)) delete env[name];
  delete env.NODE_ENV;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, env, encoding: 'utf8' });
  return { status, output: `${stdout}\n${stderr}` };
}

module.exports = { start };
