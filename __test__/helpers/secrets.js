'use strict';

/**
 * Plants texts in every kind of place of the heap that a snapshot shows. Each has a word of its own in it, so that a search
 * of the snapshot's text finds whatever part of it was left.
 */

let number = 0;

/** A text that stands nowhere else, flat and not interned: it is read from bytes. */
function secret(place) {
  number += 1;
  return Buffer.from(`zq${number}${place}xj`, 'latin1').toString('latin1');
}

class Vault {
  #hidden;
  constructor(text) {
    this.field = text;
    this.#hidden = secret('private');
  }
  read() {
    return this.#hidden;
  }
}

function closureOver(text) {
  return () => text;
}

/**
 * Plants them.
 * @returns {{ values: string[], keys: string[], digits: string[], held: object }} values: must be gone without keys;
 *   keys: are names of properties, must be gone with keys; digits: numbers as strings or keys
 */
function plant() {
  const values = [];
  const keys = [];
  const held = {};
  const value = (place) => {
    values.push(secret(place));
    return values[values.length - 1];
  };
  const key = (place) => {
    keys.push(secret(place));
    return keys[keys.length - 1];
  };

  held.flat = value('flat');
  held.cons = `${value('consleft')} and a filler that makes it long `.repeat(2) + value('consright');
  held.sliced = `${value('slicedbefore')} padding padding ${value('slicedwithin')} padding padding`.slice(10);
  held.template = `${value('templatevalue')} in a template literal`;
  held.tagged = ((strings) => strings)`zqtaggedliteralxj ${1}`;
  values.push('zqtaggedliteralxj');
  held.buffer = Buffer.from(`${value('buffertext')} from bytes`).toString();
  held.twoByte = `${value('twobyte')} \u4f60\u597d \ud83d\ude00 "quoted" \\ \n`;
  held.interned = Symbol.for(value('symbolfor')) && null;
  held.closure = closureOver(value('context'));
  // The source of a script is a string of the heap.
  held.source = new Function('return "zqsourcetextxj" + `zqsourcetemplatexj`');
  values.push('zqsourcetextxj', 'zqsourcetemplatexj');
  held.map = new Map([[value('mapkey'), value('mapvalue')]]);
  held.set = new Set([value('setmember')]);
  held.weakKey = {};
  held.weakMap = new WeakMap([[held.weakKey, value('weakmapvalue')]]);
  held.weakPattern = new RegExp(value('weakmappattern'));
  held.weakMap.set(held.weakPattern, value('weakofpattern'));
  held.symbol = Symbol(value('symboldescription'));
  held.pattern = new RegExp(`^${value('pattern')}(?:x|y)$`, 'i');
  held.error = new Error(value('errormessage'));
  held.stack = new Error(value('errorstack')).stack;
  held.url = `https://user:${value('password')}@example.com/a?token=${value('query')}#x`;
  held.file = `/home/${value('folder')}/${value('filename')}.js`;
  held.script = new (require('vm').Script)('1', { filename: `data:text/javascript,${value('dataurl')}` });
  held.json = JSON.parse(`{"a":["${value('jsonvalue')}"]}`);
  held.vault = new Vault(value('field'));
  held.long = `${value('longstart')}${'-'.repeat(900)}${value('longend')}`;
  held.array = [value('element'), [value('nested')]];
  held.argumentsOf = (function () { return arguments; })(value('argument'));
  held.bound = closureOver.bind(null, value('boundargument'));
  held.promise = Promise.resolve(value('promise'));
  held.boxed = Object(value('boxed'));
  held.date = { at: new Date(), text: value('besidedate') };
  held.generator = (function* (text) { yield 1; return text; })(value('generator'));
  held.generator.next();
  held.environment = { ...process.env, SECRET_OF_TEST: value('environment') };

  held.dictionary = Object.create(null);
  held.dictionary[key('dictionarykey')] = value('dictionaryvalue');
  held.literal = { [key('computed')]: value('computedvalue') };
  held.parsed = JSON.parse(`{"${key('parsedkey')}":{"b":1}}`);
  held.sessions = {};
  for (let i = 0; i < 2000; i++) held.sessions[`${secret('session')}`] = { i };
  held.sessions[key('session')] = {};
  held.accessors = Object.defineProperty({}, key('accessor'), { get: closureOver(1), enumerable: true });
  held.bySymbol = { [Symbol(key('symbolkey'))]: {} };
  held.frozen = Object.freeze({ [key('frozen')]: [] });
  held.header = { 'x-api-key': value('headervalue'), [`x-${key('headername')}`]: {} };

  held.byNumber = { 871234567: {}, 871234568: {} };
  held.sparse = [];
  held.sparse[862345678] = {};
  held.pin = String(7000 + Number('314'));
  held.bigArray = Array.from({ length: 9000 }, (_, i) => ({ i }));
  const digits = ['871234567', '871234568', '862345678', '7314'];
  return { values, keys, digits, held };
}

module.exports = { plant };
