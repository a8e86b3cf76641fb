/** The types of `heapdump.mjs`: the exports of the CommonJS module by name, and the module itself as default export. */
export * from './heapdump.js';
export { default } from './heapdump.js';
