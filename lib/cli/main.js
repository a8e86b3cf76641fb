'use strict';
// The command line: finds the command, reads its options, and turns every failure into one sentence and an exit code.

const { parseArgs } = require('util');
const { COMMANDS } = require('./commands');
const { helpOf, overview } = require('./help');

const FAILED = 1;
const MISTAKE = 2;
/** As shells say of a process that SIGINT ended. */
const INTERRUPTED = 130;
/** How long work may take to end after SIGINT. */
const GRACE_MS = 1000;

/** What commands begin with that have two words. */
const GROUPS = [...new Set(Object.keys(COMMANDS).filter((name) => name.includes(' ')).map((name) => name.split(' ')[0]))];

/** The command that the arguments begin with, and the rest of them. */
function commandOf(args) {
  const name = Object.keys(COMMANDS).find((known) => known.split(' ').every((word, at) => args[at] === word));
  return name && [name, args.slice(name.split(' ').length)];
}

const mistake = (message, hint) => {
  process.stderr.write(`rs-profiler: ${message} ${hint}\n`);
  return MISTAKE;
};

/** Options and files of a command; throws what `parseArgs` throws. */
function parse(name, args) {
  const options = Object.entries(COMMANDS[name].options).map(([long, { type, short, multiple = false }]) => (
    [long, { type, multiple, ...(short && { short }) }]
  ));
  return parseArgs({ args, options: Object.fromEntries(options), allowPositionals: true });
}

/** Runs a command; its exit code. */
async function runCommand(name, args, signal) {
  const hint = `See rs-profiler ${name} --help.`;
  let parsed;
  try {
    parsed = parse(name, args);
  } catch (error) {
    return mistake(error.message.replace(/\.? To specify a positional[^]*/, '.'), hint);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(helpOf(name));
    return 0;
  }
  const [least, most] = COMMANDS[name].files;
  if (positionals.length < least || positionals.length > most) {
    return mistake(`${name} takes ${COMMANDS[name].usage}.`, hint);
  }
  const { Context, UsageError } = require('./context');
  try {
    const code = (await COMMANDS[name].run(new Context({ values, files: positionals, signal }))) ?? 0;
    return signal.aborted ? INTERRUPTED : code;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    if (error instanceof UsageError) return mistake(error.message, hint);
    const cut = error.code === 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT' && 'partial' in COMMANDS[name].options;
    process.stderr.write(`rs-profiler: ${error.message}${cut ? ' (--partial takes what is whole)' : ''}\n`);
    return FAILED;
  }
}

/**
 * Runs the command line and sets the exit code.
 * @param {string[]} args what stands after the program's name
 */
async function main(args) {
  // `rs-profiler ... | head` closes the pipe: nobody wants the rest.
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : FAILED));
  const found = commandOf(args);
  if (found) {
    const ending = new AbortController();
    process.once('SIGINT', () => {
      ending.abort();
      // Files of which a part is written are removed at once; what cannot be cancelled is not waited for.
      setTimeout(() => process.exit(INTERRUPTED), GRACE_MS).unref();
    });
    process.exitCode = await runCommand(...found, ending.signal);
    // Stdin that is read no further would keep the process.
    if (args.includes('-')) process.stdin.unref?.();
    return;
  }
  const group = args.length === 1 || /^(--help|-h)$/.test(args[1]) ? GROUPS.find((name) => name === args[0]) : undefined;
  if (group) {
    process.stdout.write(overview(group));
    process.exitCode = args.length === 1 ? MISTAKE : 0;
  } else if (args.length === 0 || args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(overview());
    process.exitCode = args.length === 0 ? MISTAKE : 0;
  } else if (args[0] === '--version') {
    process.stdout.write(`${require('../../package.json').version}\n`);
  } else {
    process.exitCode = mistake(`there is no command '${args.slice(0, 2).join(' ')}'.`, 'See rs-profiler --help.');
  }
}

module.exports = { main };
