'use strict';

const WIDTH = 40;

/**
 * Draws a bar that moves on a terminal, and a line for every tenth anywhere else.
 * @returns {(share: number) => void} takes 0 to 1
 */
function progressBar(out, label) {
  let tenths = -1;
  let open = true;
  return (share) => {
    if (!open) return;
    const percent = Math.floor(share * 100);
    if (out.isTTY) {
      const filled = Math.round(share * WIDTH);
      out.write(`\r${label} [${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${percent} %`);
      if (share >= 1) out.write('\n');
    } else if (Math.floor(share * 10) > tenths) {
      tenths = Math.floor(share * 10);
      out.write(`${label} ${tenths * 10} %\n`);
    }
    open = share < 1;
  };
}

module.exports = { progressBar };
