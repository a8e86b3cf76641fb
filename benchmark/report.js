'use strict';

/**
 * How long the report of a large snapshot takes to be made and to be opened: `node benchmark/report.js [--input 330] [--runs 5]`.
 * It needs Chromium in the PATH. Opened means: parsed from the disk, without network, and every part of the page drawn. Prints medians.
 */

const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { performance } = require('perf_hooks');
const { parseArgs } = require('util');
const { launch, openPage } = require('../__test__/helpers/browser');
const { inputFor } = require('./lib/analysis-inputs');
const { summary } = require('./lib/statistics');

const seconds = ({ median, min, max }) => `${(median / 1000).toFixed(2)} s (${(min / 1000).toFixed(2)}-${(max / 1000).toFixed(2)})`;

async function main() {
  const { values } = parseArgs({ options: { input: { type: 'string', default: '330' }, runs: { type: 'string', default: '5' } } });
  const input = inputFor(values.input);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-report-'));
  const browser = await launch();
  try {
    const file = path.join(folder, 'report.html');
    const [made, opened] = [[], []];
    for (let run = 0; run < Number(values.runs); run += 1) {
      let start = performance.now();
      execFileSync(process.execPath, [path.join(__dirname, '..', 'bin', 'rs-profiler.js'), 'report', input.file, '-o', file], { stdio: 'ignore' });
      made.push(performance.now() - start);
      start = performance.now();
      const { page } = await openPage(browser, file);
      opened.push(performance.now() - start);
      await page.context().close();
    }
    console.log(`snapshot of ${Math.round(input.bytes / 1e6)} MB, report of ${(fs.statSync(file).size / 1e6).toFixed(2)} MB, Chromium ${browser.version()}, ${values.runs} runs`);
    console.log(`made in   ${seconds(summary(made))}\nopened in ${seconds(summary(opened))}`);
  } finally {
    await browser.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main();
