'use strict';

/** Starts a service of `examples/` in a process of its own, and asks it over real HTTP. */

const { spawn } = require('node:child_process');
const path = require('node:path');
const { request } = require('undici');

const TOKEN = 'a-token-for-tests-only';
const ROOT = path.join(__dirname, '..', '..');

class ExampleService {
  /**
   * @param {string} script path below the package's folder
   * @param {object} [options]
   * @param {string} [options.folder] for captures
   * @param {object} [options.env] further environment
   */
  static async start(script, { folder, env = {} } = {}) {
    const service = new ExampleService();
    const environment = { ...process.env, PORT: '0', RS_PROFILER_TOKEN: TOKEN, RS_PROFILER_FOLDER: folder, ...env };
    service.child = spawn(process.execPath, [path.join(ROOT, script)], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    service.said = '';
    service.ended = new Promise((resolve) => service.child.once('close', (code, signal) => resolve({ code, signal, stderr: service.said })));
    service.child.stderr.setEncoding('utf8').on('data', (text) => (service.said += text));
    service.url = await new Promise((resolve, reject) => {
      let text = '';
      service.child.stdout.setEncoding('utf8').on('data', (part) => {
        text += part;
        const found = /listening on (\S+)/.exec(text);
        if (found) resolve(found[1]);
      });
      service.ended.then(({ code, stderr }) => reject(new Error(`The service ended with ${code}: ${stderr}`)));
    });
    return service;
  }

  /** Asks; resolves with status, headers and the body as a Buffer. */
  async ask(method, place, { headers = { authorization: `Bearer ${TOKEN}` }, signal, body: sent } = {}) {
    const { statusCode, headers: answered, body } = await request(this.url + place, { method, headers, signal, body: sent });
    return { status: statusCode, headers: answered, body: Buffer.from(await body.arrayBuffer()) };
  }

  /** Asks a debug route; the body of the answer is JSON. */
  async debug(method, place, options) {
    const answer = await this.ask(method, `/debug/rs-profiler${place}`, options);
    return { ...answer, json: JSON.parse(answer.body.toString('utf8')) };
  }

  /** Waits until something of the status is so. */
  async until(fits) {
    for (;;) {
      const { json } = await this.debug('GET', '');
      if (fits(json)) return json;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it as a platform would; resolves with how it ended. */
  stop() {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}

module.exports = { ExampleService, TOKEN };
