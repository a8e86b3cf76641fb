'use strict';

/** examples/watch, with real HTTP. */

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const { once } = require('node:events');
const http = require('node:http');
const path = require('node:path');

const { tempFolder } = require('./helpers/temp-folder');

function ask(port, url, method = 'GET') {
  return new Promise((resolve, reject) => {
    http.request({ host: '127.0.0.1', port, path: url, method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => resolve(text));
    }).on('error', reject).end();
  });
}

test('the example names the function that blocked its event loop', async () => {
  const folder = tempFolder();
  const child = spawn(process.execPath, [path.join(__dirname, '..', 'examples', 'watch', 'server.js'), folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [line] = await once(child.stdout, 'data');
  const port = Number(line);
  // The watch has to hear the heart once.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await ask(port, '/report?ms=2500');
  let found = [];
  while (found.length === 0) {
    found = JSON.parse(await ask(port, '/'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await ask(port, '/', 'DELETE');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(found[0]).toMatch(/stood still for \d+ ms: .*renderReport/);
  expect(fs.readdirSync(folder)).toEqual([expect.stringMatching(/\.cpuprofile$/)]);
});
