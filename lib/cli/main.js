'use strict';
// The command line: finds the command, reads its options, and turns every failure into one sentence and an exit code.

const { parseArgs } = require('util');
const { COMMANDS, commandOf } = require('./commands');
const { Context, UsageError } = require('./context');
const { helpOf, overview } = require('./help');

const DONE = 0;
const FAILED = 1;
const MISTAKE = 2;

/** Options and files of a command; throws what `parseArgs` throws. */
function parse(name, args) {
  const options = Object.entries(COMMANDS[name].options).map(([long, { type, short, multiple = false }]) => (
    [long, { type, multiple, ...(short && { short }) }]
  ));
  return parseArgs({ args, options: Object.fromEntries(options), allowPositionals: true });
}

/** Runs a command; its exit code. */
async function runCommand({ name, rest }, process) {
  const mistake = (message) => {
    process.stderr.write(`rs-profiler: ${message} See rs-profiler ${name} --help.\n`);
    return MISTAKE;
  };
  let parsed;
  try {
    parsed = parse(name, rest);
  } catch (error) {
    // Its second sentence is about a way to write arguments that nobody asked for.
    return mistake(error.message.replace(/\.?( To specify |\n)[^]*$/, '').replace(/\.?$/, '.'));
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(helpOf(name));
    return DONE;
  }
  const { files: [least, most], usage } = COMMANDS[name];
  if (positionals.length < least || positionals.length > most) return mistake(`${name} takes ${usage || 'no arguments'}.`);
  try {
    const run = COMMANDS[name].load();
    return (await run(new Context({ values, files: positionals, process }))) ?? DONE;
  } catch (error) {
    if (error instanceof UsageError) return mistake(error.message);
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
  const command = commandOf(args);
  if (command) {
    process.exitCode = await runCommand(command, process) || process.exitCode;
  } else if (args.length === 0 || args[0] === '--help' || args[0] === '-h' || args[0] === 'help') {
    process.stdout.write(overview());
    process.exitCode = args.length === 0 ? MISTAKE : DONE;
  } else if (args[0] === '--version') {
    process.stdout.write(`${require('../../package.json').version}\n`);
  } else {
    process.stderr.write(`rs-profiler: there is no command '${args[0]}'. See rs-profiler --help.\n`);
    process.exitCode = MISTAKE;
  }
}

module.exports = { main };
