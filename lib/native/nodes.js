'use strict';
// The versions of Node that shims are made for, with their NODE_MODULE_VERSION: the one list of them, for scripts too.

/** Built for and tested. */
const MATRIX = Object.freeze([
  { major: 18, abi: 108 },
  { major: 20, abi: 115 },
  { major: 22, abi: 127 },
  { major: 24, abi: 137 },
  { major: 26, abi: 147 },
]);

/** All that have a shim in the packages. The matrix leaves out those whose support has ended. */
const SHIPPED = Object.freeze([
  ...MATRIX,
  { major: 19, abi: 111 },
  { major: 21, abi: 120 },
  { major: 23, abi: 131 },
  { major: 25, abi: 141 },
].sort((a, b) => a.abi - b.abi));

/** The major version that has an ABI; undefined where none is known. */
const majorOf = (abi) => (SHIPPED.find((entry) => entry.abi === abi) || {}).major;

module.exports = { MATRIX, SHIPPED, majorOf };
