'use strict';
// Progress that the addon reports from the event loop, where an exception would be uncaught and the last call may come late.

/**
 * Stands between the addon and a user's callback.
 * @param {((progress: any) => void) | undefined} callback
 * @param {() => void} abort gives up what is reported on; called when the callback throws
 * @returns {{ report: (progress: any) => void, end: () => void, check: () => void }}
 *   report: for the addon; end: no call reaches the callback any more; check: throws what the callback threw, if it did
 */
function guardProgress(callback, abort) {
  let thrown;
  let ended = !callback;
  return {
    report(progress) {
      if (ended) return;
      try {
        callback(progress);
      } catch (error) {
        thrown = { error };
        ended = true;
        abort();
      }
    },
    end() {
      ended = true;
    },
    check() {
      if (thrown) throw thrown.error;
    },
  };
}

module.exports = { guardProgress };
