'use strict';
// What is written to: a terminal of some width, with colours, or a file. And the line that shows progress.

const { cut } = require('./text');

/** Where a terminal does not say its width. */
const USUAL_WIDTH = 80;
/** Work that takes no longer shows no progress. */
const SHOWN_AFTER_MS = 500;
const BAR_WIDTH = 24;
const PHASES = { read: 'Reading', analyse: 'Analysing', index: 'Indexing' };
const WIPE = '\r\u001b[K';

/** Colours for a terminal; none for files, pipes and those who want none. Files and pipes have no end of a line. */
function terminalOf(stream, { NO_COLOR, TERM, COLUMNS }) {
  const isColoured = stream.isTTY && !NO_COLOR && TERM !== 'dumb';
  const style = (code) => (text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    width: stream.isTTY ? stream.columns || Number(COLUMNS) || USUAL_WIDTH : Infinity,
    bold: style(1), red: style(31), green: style(32), yellow: style(33),
  };
}

/**
 * A line on a terminal that shows how far work has come, from half a second on.
 * @param {NodeJS.WriteStream} stream
 * @param {string} what the work is on
 * @returns {{ onProgress?: Function, wipe: () => void }} no `onProgress` where nobody would see it
 */
function progressLine(stream, what) {
  if (!stream.isTTY) return { wipe() {} };
  const begun = Date.now();
  let isDrawn = false;
  return {
    onProgress({ phase, done, total }) {
      if (Date.now() - begun < SHOWN_AFTER_MS) return;
      const share = Math.min(done / total, 1);
      const bar = '#'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
      const figure = total > 0 ? `[${bar}] ${Math.round(share * 100)} %` : `${Math.round(done / 1e6)} MB`;
      const width = Math.max((stream.columns || USUAL_WIDTH) - figure.length - 12, 1);
      stream.write(`${WIPE}${PHASES[phase]} ${cut(what, width)} ${figure}`);
      isDrawn = true;
    },
    wipe() {
      if (isDrawn) stream.write(WIPE);
      isDrawn = false;
    },
  };
}

module.exports = { progressLine, terminalOf };
