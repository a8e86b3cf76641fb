'use strict';
// The words of NODE_HEAPDUMP_OPTIONS.

/** Whether a name pattern is the name of a file: no folder in it. */
const isFileName = (name) => !/[/\\\0]/.test(name);

/** Where the signal takes its snapshot; the first is the default. */
const ISOLATION = ['auto', 'fork', 'inline'];

/** What a word with a value may be set to. */
const ALLOWED = { dir: () => true, name: isFileName, isolation: (value) => ISOLATION.includes(value) };

/**
 * Parses a comma-separated list: `signal`, `nosignal`, `dir=FOLDER`, `name=PATTERN`,
 * `isolation=auto|fork|inline`; the last of a kind wins.
 * @returns {{ settings: { signal?: boolean, dir?: string, name?: string, isolation?: string }, unknown: string[] }}
 */
function parseOptions(text = '') {
  const settings = {};
  const unknown = [];
  for (const word of text.split(',').map((part) => part.trim()).filter(Boolean)) {
    const [, key, value] = /^(dir|name|isolation)=(.+)$/s.exec(word) || [];
    if (key && ALLOWED[key](value)) settings[key] = value;
    else if (word === 'signal' || word === 'nosignal') settings.signal = word === 'signal';
    else unknown.push(word);
  }
  return { settings, unknown };
}

module.exports = { ISOLATION, isFileName, parseOptions };
