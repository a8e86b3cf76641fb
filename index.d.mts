/** The types of `index.mjs`: the exports of the CommonJS module by name, and the module itself as default export. */
export * from './index.js';
export { default } from './index.js';
