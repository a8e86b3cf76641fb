'use strict';
// What the output is: a terminal of some width, with colours, or a file. Progress goes to stderr.

const path = require('path');

/** Width of the progress bar. */
const BAR = 30;
const NAMES = { read: 'Reading', analyse: 'Analysing', write: 'Writing' };

function terminalOf(stream, env) {
  const tty = Boolean(stream.isTTY);
  const columns = Number(env.COLUMNS) || (tty ? stream.columns : 0);
  const colour = tty && !env.NO_COLOR && env.TERM !== 'dumb';
  const style = (code) => (text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { width: columns || Infinity, bold: style(1), red: style(31), yellow: style(33), dim: style(2) };
}

/** `onProgress` that draws a bar for `what`, or the file that progress names, and what wipes it away; nothing where stderr is no terminal. */
function progressBar(stream, what) {
  if (!stream.isTTY) return { onProgress: undefined, wipe: () => {} };
  let drawn = false;
  return {
    onProgress({ phase, done, total, path: file }) {
      const share = total > 0 ? Math.min(done / total, 1) : 0;
      const filled = '#'.repeat(Math.round(share * BAR)).padEnd(BAR, '.');
      const figure = total > 0 ? `${String(Math.round(share * 100)).padStart(3)} %` : `${(done / 1e6).toFixed(0)} MB`;
      stream.write(`\r${NAMES[phase]} ${file ? path.basename(file) : what} [${filled}] ${figure}\u001b[K`);
      drawn = true;
    },
    wipe() {
      if (drawn) stream.write('\r\u001b[K');
      drawn = false;
    },
  };
}

module.exports = { progressBar, terminalOf };
