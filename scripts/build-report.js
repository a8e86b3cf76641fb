'use strict';

/**
 * Bundles the page of the HTML report, `lib/report/page/`, with the d3 modules it uses into the one file
 * `lib/report/dist/page.html`. When nothing it is made of changed it is left alone.
 */

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { ROOT, main, replaceFile } = require('./run');

const SOURCES = path.join(ROOT, 'lib', 'report', 'page');
const OUTPUT = path.join(ROOT, 'lib', 'report', 'dist', 'page.html');

/** The first ones with `light-dark()`; esbuild lowers what they do not know. */
const TARGET = ['chrome123', 'firefox120', 'safari17.5'];

/** One text for everything the page is made of: sources, versions of packages, and this script. */
function stampOf() {
  const hash = crypto.createHash('sha256');
  const files = fs.readdirSync(SOURCES).sort().map((name) => path.join(SOURCES, name));
  for (const file of [...files, __filename, path.join(ROOT, 'package-lock.json')]) {
    hash.update(`${path.basename(file)}\0`).update(fs.readFileSync(file)).update('\0');
  }
  return `<!-- made by scripts/build-report.js from ${hash.digest('hex')} -->`;
}

/** The page's script. The style of the flame graph is ours: its own has neither dark colours nor a focus. */
const bundleScript = () => bundle('main.js', { format: 'iife', loader: { '.css': 'empty' } });

/** Bundles one entry; esbuild is loaded here because the packages may not be installed when setup starts. */
function bundle(entry, options = {}) {
  // Names stay whole: d3-flame-graph compares `constructor.name`, and stacks can be read.
  const { outputFiles, metafile } = require('esbuild').buildSync({
    entryPoints: [path.join(SOURCES, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'warning',
    target: TARGET,
    ...options,
  });
  return { text: outputFiles[0].text.trim(), inputs: Object.keys(metafile.inputs) };
}

/** The packages that are in a bundle. */
function packagesOf(inputs) {
  const folders = inputs.map((input) => /^.*?node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return [...new Set(folders.filter(Boolean))].sort().map((folder) => {
    const home = path.join(ROOT, folder);
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
    return { home, name, version, license };
  });
}

/** The licence of every package that is in the bundle. */
function notices(inputs) {
  return packagesOf(inputs).map(({ home, name, version }) => {
    const file = fs.readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`The package ${name} is in the report's page but has no licence file.`);
    return `${name} ${version}\n\n${fs.readFileSync(path.join(home, file), 'utf8').trim()}`;
  }).join(`\n\n${'-'.repeat(72)}\n\n`);
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const hashOf = (text) => `'sha256-${crypto.createHash('sha256').update(text).digest('base64')}'`;

/**
 * Builds the page.
 * @returns {boolean} whether it had to be built
 */
function buildReport() {
  const stamp = stampOf();
  if (fs.existsSync(OUTPUT) && fs.readFileSync(OUTPUT, 'utf8').includes(stamp)) return false;
  console.log('building the page of the HTML report');
  const script = bundleScript();
  const style = bundle('style.css');
  const parts = {
    STAMP: stamp,
    // Nothing is loaded from anywhere, and only this very script and style are applied.
    POLICY: `default-src 'none'; script-src ${hashOf(script.text)}; style-src ${hashOf(style.text)}; base-uri 'none'; form-action 'none'`,
    STYLE: style.text,
    NOTICES: escaped(notices(script.inputs)),
    SCRIPT: script.text,
  };
  const template = fs.readFileSync(path.join(SOURCES, 'page.html'), 'utf8');
  replaceFile(OUTPUT, template.replace(/@@([A-Z]+)@@/g, (_, name) => parts[name]));
  return true;
}

/** The npm packages that the page is made of: `{ name, version, license }`. */
const bundledPackages = () => packagesOf(bundleScript().inputs);

module.exports = { buildReport, bundledPackages };

if (require.main === module) main(() => console.log(buildReport() ? 'report: built' : 'report: up to date'));
