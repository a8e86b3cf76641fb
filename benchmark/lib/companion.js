'use strict';

/**
 * A second process beside a measured one: it sends requests or watches memory, so that neither costs the measured process
 * CPU time. It ends with the process that started it.
 */

const { fork } = require('child_process');
const path = require('path');

const CHILDREN = path.join(__dirname, '..', 'children');

/**
 * Starts `benchmark/children/<name>.js`.
 * @param {string} name
 * @returns {{ pid: number, ask: (question: object) => Promise<any>, close: () => void }}
 */
function companion(name) {
  // The inherited flags of Node are for the measured process.
  const child = fork(path.join(CHILDREN, `${name}.js`), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const waiting = [];
  let closed = false;
  child.on('message', (answer) => waiting.shift().resolve(answer));
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${name} ended with ${signal || code}`));
  });
  return {
    pid: child.pid,
    ask(question) {
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.send(question, (error) => { if (error && !closed) reject(error); });
      });
    },
    close() {
      closed = true;
      child.disconnect();
    },
  };
}

/**
 * Called by the companion: answers the questions in the order in which they come.
 * @param {(question: any) => any | Promise<any>} reply
 */
function serveQuestions(reply) {
  let before = Promise.resolve();
  process.on('message', (question) => {
    before = before.then(() => reply(question)).then((answer) => process.send(answer === undefined ? null : answer), (error) => {
      console.error(error);
      process.exit(1);
    });
  });
  process.on('disconnect', () => process.exit(0));
}

module.exports = { companion, serveQuestions };
