'use strict';

/** Where the figures of a run belong: those in `benchmark/` are of exactly the commit that they name, from the run's begin to its end. */

const { ROOT, run } = require('./run');

/** @typedef {{ commit: string, folder: 'benchmark' | 'coverage' }} WorkingCopy */

/**
 * The commit that is checked out, and the folder for the figures of this working copy.
 * @param {string} [root]
 * @returns {WorkingCopy}
 */
function workingCopy(root = ROOT) {
  try {
    const dirty = run('git', ['status', '--porcelain'], { cwd: root }).trim() !== '';
    const commit = run('git', ['describe', '--always', '--abbrev=12'], { cwd: root }).trim();
    return dirty ? { commit: `${commit} with changes`, folder: 'coverage' } : { commit, folder: 'benchmark' };
  } catch {
    return { commit: 'unknown', folder: 'coverage' };
  }
}

/**
 * At the end of a run: the working copy that it began with, unless it is another one by now. Much is loaded late, by processes of their own.
 * @param {WorkingCopy} begun
 * @param {string} [root]
 * @returns {WorkingCopy}
 */
function untilNow(begun, root = ROOT) {
  const now = workingCopy(root);
  if (now.commit === begun.commit && now.folder === begun.folder) return begun;
  return { commit: `${begun.commit}, then ${now.commit}`, folder: 'coverage' };
}

module.exports = { untilNow, workingCopy };
