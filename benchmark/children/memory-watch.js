'use strict';

/**
 * A companion that watches a process and the children that it forks: the most memory that they hold, alone and together.
 *
 * `Pss` is the measure of both together: a page that two processes share counts half for each, so that what a forked child has
 * not changed does not count twice. `Rss` counts it twice. A look makes the kernel walk all pages of a process, so it is not for
 * runs in which a stop is measured.
 */

const fs = require('fs');
const { serveQuestions } = require('../lib/companion');
const { now, sleep } = require('../lib/main-thread');

const LOOK_MS = 10;
/** For which share of the time it may look. */
const SHARE = 0.05;

function memoryOf(pid) {
  const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const field = (name) => parseInt(text.slice(text.indexOf(`\n${name}:`) + name.length + 2), 10) * 1024;
  return { rss: field('Rss'), pss: field('Pss') };
}

function childrenOf(pid) {
  return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
}

const peak = { rss: 0, allRss: 0, allPss: 0 };
let looks = 0;

/** One look; a child may just have gone. */
function look(pid, known) {
  const own = memoryOf(pid);
  peak.rss = Math.max(peak.rss, own.rss);
  const all = { ...own };
  for (const child of childrenOf(pid).filter((each) => !known.includes(each))) {
    try {
      const { rss, pss } = memoryOf(child);
      all.rss += rss;
      all.pss += pss;
      looks++;
    } catch {
      // Gone.
    }
  }
  peak.allRss = Math.max(peak.allRss, all.rss);
  peak.allPss = Math.max(peak.allPss, all.pss);
}

async function watch(pid, known) {
  for (;;) {
    const begin = now();
    look(pid, known);
    await sleep(Math.max(LOOK_MS, (now() - begin) / SHARE));
  }
}

serveQuestions(({ begin, end }) => {
  if (begin) {
    const start = memoryOf(begin.pid);
    // Other companions are children too.
    watch(begin.pid, childrenOf(begin.pid)).catch(() => process.exit(1));
    return start;
  }
  if (end) return { ...peak, looks };
});
