'use strict';

/** The service as a child process that cannot outlive the demo. */

const { fork } = require('node:child_process');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { within } = require('./within');

const SERVICE = path.join(__dirname, '..', 'service.js');
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const KEPT_OUTPUT = 4000;

class ServiceProcess {
  /** Starts the service with `cwd` as its working directory, the place where it writes its files. */
  constructor(cwd) {
    this.output = '';
    this.child = fork(SERVICE, [], {
      cwd,
      execArgv: [],
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.pid = this.child.pid;
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
      this.child.once('error', (error) => {
        this.output += `${error.message}\n`;
        if (this.child.pid === undefined) resolve({ code: 1, signal: null });
      });
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output = (this.output + text).slice(-KEPT_OUTPUT);
      });
    }
    this.#tieToThisProcess();
  }

  /** Kills the child when this process ends or is told to end, whatever the reason. */
  #tieToThisProcess() {
    const kill = () => this.child.kill('SIGKILL');
    const onSignal = async (signal) => {
      kill();
      await this.exited;
      process.exit(128 + os.constants.signals[signal]);
    };
    process.on('exit', kill);
    for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
    this.exited.then(() => {
      process.off('exit', kill);
      for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
    });
  }

  /** Waits until the service listens. */
  async ready(timeoutMs) {
    const message = new Promise((resolve) => this.child.once('message', resolve));
    const { port } = await within(this.whileAlive(message), timeoutMs, 'the service did not start');
    this.url = `http://127.0.0.1:${port}`;
  }

  /** The result of `work`, or an error as soon as the service ends before it. */
  whileAlive(work) {
    const ended = this.exited.then(({ code, signal }) => {
      const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      const said = this.output.trim();
      throw new Error(`the service ${how} too early${said && `; it said:\n${said}`}`);
    });
    return Promise.race([work, ended]);
  }

  /** Requests a route of the service and returns the parsed JSON answer. */
  get(route, timeoutMs) {
    const answer = new Promise((resolve, reject) => {
      const request = http.get(this.url + route, { agent: false, timeout: timeoutMs }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text) => (body += text));
        response.on('error', reject).on('end', () => {
          if (response.statusCode !== 200) reject(new Error(`${route} answered ${response.statusCode}: ${body}`));
          else resolve(body);
        });
      });
      request.on('timeout', () => request.destroy(new Error(`${route} did not answer within ${timeoutMs / 1000} s`)));
      request.on('error', reject);
    });
    return this.whileAlive(answer).then(JSON.parse);
  }

  /** Lets the service end by itself and says how it did. */
  async stop(timeoutMs) {
    if (this.child.connected) this.child.disconnect();
    return within(this.exited, timeoutMs, 'the service did not end');
  }

  /** Ends the service at once; returns when it is gone. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

module.exports = { ServiceProcess };
