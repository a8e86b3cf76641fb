'use strict';

/** Where the figures of a run belong: those in `benchmark/` are of exactly the commit that they name. */

const { ROOT, run } = require('./run');

/**
 * The commit that is checked out, and the folder for the figures of this working copy.
 * @returns {{ commit: string, folder: 'benchmark' | 'coverage' }}
 */
function workingCopy() {
  try {
    const dirty = run('git', ['status', '--porcelain'], { cwd: ROOT }).trim() !== '';
    const commit = run('git', ['describe', '--always', '--abbrev=12'], { cwd: ROOT }).trim();
    return dirty ? { commit: `${commit} with changes`, folder: 'coverage' } : { commit, folder: 'benchmark' };
  } catch {
    return { commit: 'unknown', folder: 'coverage' };
  }
}

module.exports = { workingCopy };
