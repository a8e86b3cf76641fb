'use strict';
// Properties that become JavaScript values only when somebody reads them.

const { invalidArgument } = require('./errors');
const { tryDefine } = require('./properties');

/** The getters made here that nobody has called yet. */
const unread = new WeakSet();

/**
 * Defines an own, enumerable property that computes its value at the first read and is a plain data property from then on.
 * Assigning replaces it, as with a data property; on an object that inherits it, it makes one of its own.
 *
 * A frozen or sealed object lets nothing be redefined: then the value stays here, and reads give it as before.
 */
function defineLazy(object, name, compute) {
  let kept;
  const keep = (value) => {
    kept = { value };
    unread.delete(get);
    // When it works this accessor is gone, and what it holds with it.
    tryDefine(object, name, value);
  };
  function get() {
    if (!kept) keep(compute());
    return kept.value;
  }
  function set(value) {
    if (this !== object) {
      if (Object(this) === this && tryDefine(this, name, value)) return;
    } else if (!Object.isFrozen(object)) {
      keep(value);
      return;
    }
    throw invalidArgument(`Cannot assign to read only property '${name}': the object is frozen.`);
  }
  unread.add(get);
  Object.defineProperty(object, name, { __proto__: null, get, set, enumerable: true, configurable: true });
}

/** Whether a property is still what `defineLazy` made: nobody has read or replaced it. */
function isUnread(object, name) {
  const descriptor = Object.getOwnPropertyDescriptor(object, name);
  return descriptor !== undefined && unread.has(descriptor.get);
}

module.exports = { defineLazy, isUnread };
