'use strict';
// Text in a terminal: how many columns it takes, what must not reach a terminal, and how it is cut.

/** What moves the cursor, changes the direction of writing, is not to be seen, or is half of a character. U+200D joins emoji. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?!\u200d)\p{Cf}/gu;
const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const PLAIN = /^[\x20-\x7e]*$/;
/** What East Asian fonts draw in two columns, and emoji. The ranges are those of scripts and symbols of Unicode's EastAsianWidth (W and F). */
const WIDE = /^(?:[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\u3000-\u303e\u3200-\u33ff\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation})/u;
/** Katakana and Hangul letters of half the width, which the scripts above include. */
const HALF = /^[\uff61-\uffdc]/;
/** Asks for the picture of a character that has one. */
const AS_EMOJI = '\ufe0f';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A text on one line: what could do something to a terminal is written as an escape. */
function oneLine(text) {
  return text.replace(UNSAFE, (unit) => SHORT[unit] ?? `\\u${unit.codePointAt(0).toString(16).padStart(4, '0')}`);
}

/** The columns of one character as people count them. */
function widthOfOne(character) {
  const isWide = WIDE.test(character) ? !HALF.test(character) : character.includes(AS_EMOJI);
  return isWide ? 2 : 1;
}

/** Characters as people count them: a letter with its accents, a flag, a family. */
const charactersOf = (text) => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** The columns that a text takes. */
function widthOf(text) {
  if (PLAIN.test(text)) return text.length;
  return charactersOf(text).reduce((sum, character) => sum + widthOfOne(character), 0);
}

/** As many of the first characters as fit. */
function fitting(characters, width) {
  let left = width;
  const end = characters.findIndex((character) => (left -= widthOfOne(character)) < 0);
  return end < 0 ? characters : characters.slice(0, end);
}

/** A text that fits: cut in the middle, since both ends of a name or a path tell something. */
function cut(text, width) {
  if (text.length <= width / 2) return text;
  // No more is looked at than can fit, at eight units for a character.
  const most = width * 8;
  const isLong = text.length > 2 * most;
  if (!isLong && widthOf(text) <= width) return text;
  const whole = (part) => part.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
  const head = charactersOf(isLong ? whole(text.slice(0, most)) : text);
  const tail = isLong ? charactersOf(whole(text.slice(-most))) : [...head];
  const front = fitting(head, Math.ceil((width - 1) / 2)).join('');
  const back = fitting(tail.reverse(), width - 1 - widthOf(front)).reverse().join('');
  return `${front}…${back}`;
}

/** A text with spaces before it, up to a width. */
const padStart = (text, width) => ' '.repeat(Math.max(width - widthOf(text), 0)) + text;

module.exports = { cut, oneLine, padStart, widthOf };
