'use strict';

/**
 * `npm run demo:picture`: runs the demo and writes what it printed, up to the part on how to look at the files, as a picture of a
 * terminal: `docs/demo.svg`. `-- --from FILE` draws a text that was kept instead. Only paths are shortened.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { ROOT, main, replaceFile } = require('./run');

const PICTURE = path.join(ROOT, 'docs', 'demo.svg');
const OUTPUT = 'demo-output';
const COLUMNS = 118;
/** In pixels. A column is as wide as the letters of the usual monospaced fonts. */
const SIZE = Object.freeze({ font: 14, column: 8.5, line: 20, side: 18, top: 46 });
/** What is written in bright letters: the figures that the demo is about, and what it found. */
const BRIGHT = /\d[\d,.]* (?:ms|%|requests\/s)|\bhotChecksum\b|\b(?:[\d,]+) in the (?:first|second)\b|configuration\/app\.json/g;

/** The text of a run. */
function demoText() {
  const args = [path.join(ROOT, 'examples', 'koa', 'demo.js'), '--output', path.join(ROOT, OUTPUT)];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`The demo ended with ${status}:\n${stdout}`);
  return stdout;
}

/** A line that is too long goes on in the next, a little further in. */
function wrap(line) {
  const indent = /^ */.exec(line)[0].length + 2;
  const lines = [];
  let rest = line;
  while (rest.length > COLUMNS) {
    const space = rest.lastIndexOf(' ', COLUMNS);
    const end = space > indent ? space : COLUMNS;
    lines.push(rest.slice(0, end));
    rest = `${' '.repeat(indent)}${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}

/**
 * The lines of the picture.
 * @param {string} text what the demo printed
 * @returns {string[]}
 */
function linesOf(text) {
  const [result, howTo] = text.split('\nSee it for yourself');
  if (howTo === undefined) throw new Error('The demo no longer says how to look at its files: say here where the picture is to end.');
  return result.replaceAll(path.join(ROOT, OUTPUT), OUTPUT).trimEnd().split('\n').filter((line) => !/^Load \d+ %$/.test(line)).flatMap(wrap);
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function drawn(line, at) {
  const y = SIZE.top + (at + 1) * SIZE.line;
  const words = escaped(line).replace(BRIGHT, (match) => `<tspan class="bright">${match}</tspan>`);
  const head = /^\S/.test(line) ? ' class="head"' : '';
  return `<text x="${SIZE.side}" y="${y}" xml:space="preserve"${head}>${words}</text>`;
}

/**
 * @param {string} text what the demo printed
 * @returns {string} an SVG
 */
function picture(text) {
  const lines = linesOf(text);
  const width = Math.ceil(COLUMNS * SIZE.column) + 2 * SIZE.side;
  const height = SIZE.top + (lines.length + 1) * SIZE.line + 16;
  const title = 'What npm run demo prints: the load, how long two heap snapshots stopped the service, the slow function and the leak';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    '<style>',
    `text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:${SIZE.font}px;fill:#b6c2cf;white-space:pre}`,
    '.head{fill:#e6edf3}.bright{fill:#7ee787;font-weight:600}.prompt{fill:#e6edf3;font-weight:600}',
    '</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map((colour, at) => `<circle cx="${22 + at * 20}" cy="20" r="6" fill="${colour}"/>`),
    `<text class="prompt" x="${SIZE.side}" y="${SIZE.top}">$ npm run demo</text>`,
    ...lines.map(drawn),
    '</svg>\n',
  ].join('\n');
}

main(() => {
  const [option, file, ...rest] = process.argv.slice(2);
  if ((option !== undefined && option !== '--from') || (option && !file) || rest.length > 0) throw new Error('usage: npm run demo:picture [-- --from FILE]');
  replaceFile(PICTURE, picture(file ? fs.readFileSync(file, 'utf8') : demoText()));
});
