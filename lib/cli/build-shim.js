'use strict';
// `rs-profiler build-shim`: compiles the V8 shim for this Node, and tries it before it is put where the package finds it.

const fs = require('fs');
const path = require('path');
const binding = require('../../binding');
const { compileShim, shimName } = require('../../scripts/compile-shim');
const { findCompiler } = require('../../scripts/compiler');
const { headersFor } = require('../../scripts/node-dist');
const { tryOut } = require('./tries');

/** Makes a folder, and those above it. Node's own `recursive` does not end in /proc. */
function makeFolder(folder) {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another run was quicker.
    if (error.code !== 'EEXIST') throw error;
  }
}

/** A folder in `folder`, which is made where it is missing; where it cannot be written to, what to do. */
function makeWorkFolder(folder) {
  try {
    makeFolder(folder);
    return fs.mkdtempSync(path.join(folder, '.build-shim-'));
  } catch (error) {
    throw new Error(`${folder} cannot be written to (${error.code}): name another folder with --out, and in the environment variable `
      + 'RS_PROFILER_SHIM_DIR of the processes that shall use it.');
  }
}

function findHeaders(abi) {
  try {
    return headersFor(abi);
  } catch (error) {
    const tried = error.tried ? ` Tried: ${error.tried.map((line) => line.split('\n').slice(0, 2).join(': ')).join('; ')}.` : '';
    throw new Error(`The C++ headers of Node ${process.version} (ABI ${abi}) were not found: set the environment variable npm_config_nodedir `
      + `to a folder that holds its include/node, or let npm reach its registry.${tried}`);
  }
}

function compile(options) {
  try {
    compileShim(options);
  } catch (error) {
    const lines = error.message.split('\n');
    const why = lines.find((line) => /\berror\b/i.test(line)) ?? lines[0];
    throw new Error(`${options.compiler.command} (${options.compiler.version}) could not compile the shim: ${why.trim()}`);
  }
}

/** The variables for a process that finds the shim of a folder, and no other that would be taken when this one does not fit. */
function onlyIn(folder) {
  const addon = binding.addonPath();
  if (!fs.existsSync(addon)) return { RS_PROFILER_SHIM_DIR: folder };
  fs.symlinkSync(addon, path.join(folder, path.basename(addon)));
  return { RS_PROFILER_NATIVE_DIR: folder, RS_PROFILER_SHIM_DIR: '' };
}

/** Captures with the shim of a folder, in another process: this one may have looked for a shim before. */
async function check(folder) {
  const { capabilities, findings } = await tryOut({ ...process.env, ...onlyIn(folder) });
  const why = capabilities && !capabilities.capture.available
    ? capabilities.capture.reason
    : findings.filter(({ state }) => state === 'failed').map(({ name, detail }) => `${name}: ${detail}`)[0];
  if (why) throw new Error(`The shim was compiled and does not work, so it was not kept: ${why}`);
}

async function buildShim(context) {
  const abi = Number(process.versions.modules);
  const name = shimName(abi);
  // Where it is looked for first.
  const folder = path.resolve(context.values.out ?? binding.shimFolders()[0]);
  const compiler = findCompiler();
  const { include, version } = findHeaders(abi);
  // In the folder itself: a rename puts it into its place in one step.
  const work = makeWorkFolder(folder);
  const file = path.join(folder, name);
  try {
    context.print(`compiling for Node ${version}, ABI ${abi}, with ${compiler.version}`);
    compile({ include, output: path.join(work, name), compiler });
    await check(work);
    fs.renameSync(path.join(work, name), file);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  const isFound = binding.shimPath(abi) === file;
  await context.answer({ path: file, abi, node: version, compiler: compiler.version, found: isFound });
  context.print(`${file}: tried, captures work`);
  if (!isFound) context.print(`Set RS_PROFILER_SHIM_DIR=${folder} for the processes that shall use it.`);
}

module.exports = { buildShim };
