'use strict';

/** The machine's switch of transparent huge pages. Set to `always`, a copied page of memory may be 2 MiB instead of 4 KiB. */

const fs = require('fs');

const SWITCH = '/sys/kernel/mm/transparent_hugepage/enabled';

/** @returns {string} `always`, `madvise` or `never`; `unknown` where the kernel does not say */
function hugePages() {
  try {
    return /\[(\w+)\]/.exec(fs.readFileSync(SWITCH, 'latin1'))[1];
  } catch {
    return 'unknown';
  }
}

/**
 * Sets the switch for the whole machine until this process ends.
 * @param {string} value
 * @returns {string | undefined} why that cannot be
 */
function setHugePages(value) {
  const before = hugePages();
  if (before === value) return undefined;
  try {
    fs.writeFileSync(SWITCH, value);
  } catch (error) {
    return `${SWITCH} cannot be changed here (${error.code}); it stays ${before}`;
  }
  const restore = () => fs.writeFileSync(SWITCH, before);
  process.once('exit', restore);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  return hugePages() === value ? undefined : `${SWITCH} does not keep '${value}'; it is ${hugePages()}`;
}

module.exports = { hugePages, setHugePages };
