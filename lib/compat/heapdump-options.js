'use strict';
// The words of NODE_HEAPDUMP_OPTIONS.

const { ISOLATIONS } = require('../options/checks');

const WORDS = [/^(dir)=(.+)$/, /^(name)=([^/\\]+)$/, new RegExp(`^(isolation)=(${ISOLATIONS.join('|')})$`)];

/**
 * Parses a comma-separated list: `signal`, `nosignal`, `dir=FOLDER`, `name=PATTERN`, `isolation=WORD`; the last of a kind wins.
 * @returns {{ settings: { signal?: boolean, dir?: string, name?: string, isolation?: string }, unknown: string[] }}
 */
function parseOptions(text = '') {
  const settings = {};
  const unknown = [];
  for (const word of text.split(',').map((part) => part.trim()).filter(Boolean)) {
    const [, key, value] = WORDS.map((one) => one.exec(word)).find(Boolean) || [];
    if (key) settings[key] = value;
    else if (word === 'signal' || word === 'nosignal') settings.signal = word === 'signal';
    else unknown.push(word);
  }
  return { settings, unknown };
}

module.exports = { parseOptions };
