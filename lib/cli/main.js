'use strict';
// The command line: finds the command, reads its options, and turns every failure into one sentence and an exit code.

const { parseArgs } = require('util');
const { COMMANDS, GROUPS, commandOf } = require('./commands');
const { Context, Mistake } = require('./context');
const { helpOf, overview } = require('./help');

const DONE = 0;
const FAILED = 1;
const MISTAKE = 2;

const isHelp = (text) => text === '--help' || text === '-h';

/** Options and arguments of a command; throws a `Mistake`. */
function parse(name, args) {
  const { options: known, files: [least, most], usage } = COMMANDS[name];
  const options = Object.entries(known).map(([long, { type, short }]) => [long, { type, ...(short && { short }) }]);
  let parsed;
  try {
    parsed = parseArgs({ args, options: Object.fromEntries(options), allowPositionals: true });
  } catch (error) {
    // Its second sentence is about a way to write arguments that nobody asked for.
    throw new Mistake(error.message.replace(/\.?( To specify |\n)[^]*$/, '').replace(/\.?$/, '.'));
  }
  const { values, positionals: files } = parsed;
  if (values.help) return { values, files };
  if (files.length < least || files.length > most) throw new Mistake(`${name} takes ${usage || 'no arguments'}.`);
  if (files.filter((file) => file === '-').length > 1) throw new Mistake('Standard input can be read once only: name - for one file.');
  return { values, files };
}

/** Runs a command; its exit code. */
async function runCommand(name, args, process) {
  try {
    const { values, files } = parse(name, args);
    if (values.help) {
      process.stdout.write(helpOf(name));
      return DONE;
    }
    const run = COMMANDS[name].load();
    return (await run(new Context({ values, files, process }))) ?? DONE;
  } catch (error) {
    const isMistake = error instanceof Mistake;
    process.stderr.write(`rs-profiler: ${error.message}${isMistake ? ` See rs-profiler ${name} --help.` : ''}\n`);
    return isMistake ? MISTAKE : FAILED;
  }
}

/** What is no command: help, the version, and mistakes. */
function runOther([name, second], process) {
  const group = GROUPS.includes(name) ? name : undefined;
  if (group ? second === undefined || isHelp(second) : name === undefined || isHelp(name) || name === 'help') {
    process.stdout.write(overview(group));
    return (group ? second : name) === undefined ? MISTAKE : DONE;
  }
  if (name === '--version') {
    process.stdout.write(`${require('../../package.json').version}\n`);
    return DONE;
  }
  const [said, help] = group ? [`${group} ${second}`, `${group} --help`] : [name, '--help'];
  process.stderr.write(`rs-profiler: there is no command '${said}'. See rs-profiler ${help}.\n`);
  return MISTAKE;
}

/** Resolves when all that was written is out, or could not be. */
async function settled({ stdout, stderr }) {
  for (const stream of [stdout, stderr]) await new Promise((resolve) => { stream.write('', resolve); });
  // A stream tells of a failed write a turn later.
  await new Promise((resolve) => { setImmediate(resolve); });
}

/**
 * Runs the command line and sets the exit code.
 * @param {string[]} args what stands after the program's name
 * @param {NodeJS.Process} process
 */
async function main(args, process) {
  // `rs-profiler ... | head` closes the pipe: nobody wants to hear the rest, but what was begun is done to its end.
  let broken;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (error) => { broken ??= error; });
  const { name, words, command } = commandOf(args);
  let code = command ? await runCommand(name, args.slice(words), process) : runOther(args, process);
  await settled(process);
  if (broken && broken.code !== 'EPIPE') {
    process.stderr.write(`rs-profiler: The answer could not be written (${broken.code}).\n`);
    code ||= FAILED;
  }
  process.exitCode = code;
}

module.exports = { main };
