'use strict';

const js = require('@eslint/js');
const globals = require('globals');

module.exports = [
  { ignores: ['node_modules/', 'target/', 'native/', 'coverage/', 'dist/', 'lib/report/dist/'] },
  js.configs.recommended,
  {
    files: ['**/*.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'commonjs', globals: globals.node },
    rules: {
      'no-unused-vars': ['error', { args: 'after-used', argsIgnorePattern: '^_', caughtErrors: 'all' }],
      'prefer-const': 'error',
      'no-var': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      strict: ['error', 'global'],
      quotes: ['error', 'single', { avoidEscape: true }],
      semi: ['error', 'always'],
      indent: ['error', 2, { SwitchCase: 1 }],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: globals.node },
  },
  {
    // The page of the report runs in browsers.
    files: ['lib/report/page/**/*.js'],
    languageOptions: { sourceType: 'module', globals: { ...Object.fromEntries(Object.keys(globals.node).map((name) => [name, 'off'])), ...globals.browser } },
    rules: { strict: 'off' },
  },
  {
    // A library prints nothing on its own; the few lines that the originals print carry their own exception.
    files: ['*.js', '*.mjs', 'lib/**/*.js', 'egg/**/*.js'],
    ignores: ['eslint.config.js', 'jest.config.js'],
    rules: { 'no-console': 'error' },
  },
  {
    // What page.evaluate() is given runs in the page.
    files: ['__test__/report-page.test.js'],
    languageOptions: { globals: { document: 'readonly', getComputedStyle: 'readonly' } },
  },
  {
    files: ['__test__/**/*.js', 'examples/jest/*.js'],
    languageOptions: { globals: globals.jest },
  },
];
