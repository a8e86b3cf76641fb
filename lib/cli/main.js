'use strict';
// The command line: finds the command, reads its options, and turns every failure into one sentence and an exit code.

const { parseArgs } = require('util');
const { COMMANDS } = require('./commands');
const { Context } = require('./context');
const { helpOf, overview } = require('./help');

const DONE = 0;
const FAILED = 1;
const MISTAKE = 2;

/** Options of a command, and what is none; throws what `parseArgs` throws. */
function parse(name, args) {
  const options = Object.entries(COMMANDS[name].options).map(([long, { type, short }]) => (
    [long, { type, ...(short && { short }) }]
  ));
  return parseArgs({ args, options: Object.fromEntries(options), allowPositionals: true });
}

/** Runs a command; its exit code. */
async function runCommand(name, args, process) {
  const mistake = (message) => {
    process.stderr.write(`rs-profiler: ${message} See rs-profiler ${name} --help.\n`);
    return MISTAKE;
  };
  let parsed;
  try {
    parsed = parse(name, args);
  } catch (error) {
    // Its second sentence is about a way to write arguments that nobody asked for.
    return mistake(error.message.replace(/\.?( To specify |\n)[^]*$/, '').replace(/\.?$/, '.'));
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(helpOf(name));
    return DONE;
  }
  if (positionals.length > 0) return mistake(`${name} takes ${COMMANDS[name].usage || 'no arguments'}.`);
  try {
    const run = COMMANDS[name].load();
    return (await run(new Context({ values, process }))) ?? DONE;
  } catch (error) {
    process.stderr.write(`rs-profiler: ${error.message}\n`);
    return FAILED;
  }
}

/**
 * Runs the command line and sets the exit code.
 * @param {string[]} args what stands after the program's name
 * @param {NodeJS.Process} process
 */
async function main(args, process) {
  // `rs-profiler ... | head` closes the pipe: nobody wants to hear the rest, but what was begun is done to its end.
  let broken;
  const hear = (error) => {
    broken ??= error;
    if (broken.code !== 'EPIPE') process.exitCode = FAILED;
  };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', hear);
  const [name, ...rest] = args;
  if (Object.hasOwn(COMMANDS, name)) {
    process.exitCode = await runCommand(name, rest, process) || process.exitCode;
  } else if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview());
    process.exitCode = name === undefined ? MISTAKE : DONE;
  } else if (name === '--version') {
    process.stdout.write(`${require('../../package.json').version}\n`);
  } else {
    process.stderr.write(`rs-profiler: there is no command '${name}'. See rs-profiler --help.\n`);
    process.exitCode = MISTAKE;
  }
}

module.exports = { main };
