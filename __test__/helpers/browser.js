'use strict';

const fs = require('node:fs');
const path = require('node:path');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of a Chromium in the PATH. */
function findChromium() {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => fs.existsSync(file));
}

/** Starts it without a window. */
function launch() {
  // The sandbox needs what containers and root do not have; the only page is our own.
  return require('playwright-core').chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
}

/**
 * Opens a file from the disk without any network.
 * @returns {Promise<{ page: import('playwright-core').Page, requests: string[], complaints: string[] }>} what it loaded, and
 *   the errors and warnings it had
 */
async function openPage(browser, file, options = {}) {
  const context = await browser.newContext({ offline: true, viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(`file://${file}`);
  await page.waitForSelector('html[data-ready]');
  return { page, requests, complaints };
}

module.exports = { findChromium, launch, openPage };
