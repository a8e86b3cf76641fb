'use strict';
// `rs-profiler build-shim`: compiles the V8 shim for an ABI that has no binary.

const { spawnSync } = require('child_process');
const path = require('path');
const { compileShim, findCompiler } = require('../../scripts/compile-shim');
const { headersFor, readHeaders } = require('../../scripts/node-dist');
const { OWN } = require('../../binding');
const { UsageError, wholeNumber } = require('./context');

/** The headers in the folder that was named, or where they are looked for. */
function headers(folder, abi) {
  if (folder === undefined) return headersFor(abi);
  for (const include of [folder, path.join(folder, 'include', 'node')]) {
    const found = readHeaders(include);
    if (found && found.abi === abi) return { include, ...found };
    if (found) throw new Error(`${include} has the headers of Node ${found.version}, ABI ${found.abi}, not of ABI ${abi}.`);
  }
  throw new UsageError(`There is no node_version.h in ${folder}: --headers takes the folder include/node of a Node.`);
}

/** Says which permission is missing, instead of an errno. */
function unwritable(error, folder) {
  if (!['EACCES', 'EROFS', 'EPERM', 'ENOTDIR'].includes(error.code)) return error;
  return new Error(`${folder} cannot be written to (${error.code}): name another folder with --output, and in RS_PROFILER_SHIM_DIR.`);
}

/** Why captures do not work with the shims in a folder. Asked in a new process: this one may have looked for a shim before. */
function whyNot(folder) {
  const script = 'process.stdout.write(JSON.stringify(require(process.argv[1]).capabilities().capture))';
  const env = { ...process.env, RS_PROFILER_SHIM_DIR: folder };
  const { stdout, signal, status } = spawnSync(process.execPath, ['-e', script, require.resolve('../..')], { env, encoding: 'utf8' });
  if (status !== 0) return `a process that loads it ended with ${signal ?? status}.`;
  return JSON.parse(stdout).reason;
}

async function buildShim(context) {
  const { output = OWN, abi: wanted, headers: folder } = context.values;
  const running = Number(process.versions.modules);
  const abi = wanted === undefined ? running : wholeNumber(wanted, '--abi');
  const { include, version } = headers(folder, abi);
  const file = path.resolve(output, `v8-shim.abi${abi}.so`);
  const compiler = findCompiler();
  context.print(`compiling for Node ${version}, ABI ${abi}, with ${compiler.version}`);
  try {
    compileShim({ include, output: file, compiler });
  } catch (error) {
    throw unwritable(error, path.dirname(file));
  }
  if (abi === running) {
    const reason = whyNot(path.dirname(file));
    if (reason) throw new Error(`${file} was compiled, but captures do not work: ${reason}`);
  }
  const isDefault = path.resolve(output) === OWN;
  context.answer({ path: file, abi, node: version, compiler: compiler.version, loaded: abi === running });
  context.print(`${file}: ${abi === running ? 'loaded, captures work' : 'done'}`);
  if (!isDefault) context.print(`Set RS_PROFILER_SHIM_DIR=${path.dirname(file)} for the processes that shall use it.`);
}

module.exports = { buildShim };
