'use strict';
// Properties that become JavaScript values only when somebody reads them.

/**
 * Defines an own, enumerable property that computes its value at the first read and is a plain data property from then on.
 * Assigning replaces it, as with a data property.
 */
function defineLazy(object, name, compute) {
  const settle = (value) => {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
    return value;
  };
  Object.defineProperty(object, name, {
    get: () => settle(compute()),
    set: settle,
    enumerable: true,
    configurable: true,
  });
}

/** Whether a property is still what `defineLazy` made: nobody has read or replaced it. */
function isUnread(object, name) {
  const descriptor = Object.getOwnPropertyDescriptor(object, name);
  return descriptor !== undefined && descriptor.get !== undefined;
}

module.exports = { defineLazy, isUnread };
