'use strict';

/** The result of `work`, or an error that starts with `sentence` once `timeoutMs` have passed. */
async function within(work, timeoutMs, sentence) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${sentence} within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

module.exports = { within };
