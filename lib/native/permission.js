'use strict';
// Node's permission model. The addon is not held by it: whoever uses the addon asks first.

/** Whether it allows this, or is not on. */
function isPermitted(scope, resource) {
  const { permission } = process;
  return !permission || typeof permission.has !== 'function' || permission.has(scope, resource);
}

module.exports = { isPermitted };
