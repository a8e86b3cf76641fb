'use strict';
// Properties that do not depend on what others did to Object.prototype: an assignment meets its setters and what was frozen
// there, and a descriptor that is a plain object inherits `get`, `value` and the like.

/** The descriptor of a plain data property. */
const dataProperty = (value) => ({ __proto__: null, value, writable: true, enumerable: true, configurable: true });

/** Makes plain data properties of an object, in order. */
function define(object, values) {
  for (const key of Object.keys(values)) Object.defineProperty(object, key, dataProperty(values[key]));
  return object;
}

/** The same, but that nobody meets them who does not ask for them: neither loops nor `JSON.stringify`. */
function hide(object, values) {
  for (const key of Object.keys(values)) {
    Object.defineProperty(object, key, { ...dataProperty(values[key]), __proto__: null, enumerable: false });
  }
  return object;
}

/** Sets one property if the object lets it be set; says whether it did. */
function tryDefine(object, key, value) {
  return Reflect.defineProperty(object, key, dataProperty(value));
}

/** Lets `for (const key in object)` find the methods of a class, as it finds those of the originals. */
function enumerateMethods({ prototype }) {
  for (const key of Object.getOwnPropertyNames(prototype)) {
    if (key !== 'constructor') Object.defineProperty(prototype, key, { __proto__: null, enumerable: true });
  }
}

module.exports = { define, enumerateMethods, hide, tryDefine };
