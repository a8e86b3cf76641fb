'use strict';

/** Runs `rs-profiler heap ...` in this process: a terminal is a stand-in. */

const { Readable, Writable } = require('node:stream');

const { main } = require('../../lib/cli/main');

/** A stream that keeps what is written. */
function sink(properties) {
  const texts = [];
  const stream = new Writable({ decodeStrings: false, write: (text, encoding, done) => { texts.push(text); done(); } });
  return Object.assign(stream, properties, { text: () => texts.join('') });
}

/** Runs the command line. */
async function call(args, { input, stdout = {}, env = {} } = {}) {
  const stand = {
    stdout: sink(stdout), stderr: sink(), stdin: input && Readable.from(input, { objectMode: false }), env, once() {}, exitCode: undefined,
  };
  await main(['heap', ...args], stand);
  return { status: stand.exitCode ?? 0, stdout: stand.stdout.text(), stderr: stand.stderr.text() };
}

async function good(args, options) {
  const { status, stdout, stderr } = await call(args, options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const json = async (args, options) => JSON.parse(await good([...args, '--json'], options));

module.exports = { call, good, json };
