'use strict';
// `node ../../node_modules/jest/bin/jest.js --rootDir .` in this folder. The first test fails and says why; the second passes.

require('rs-profiler/jest');
const { sessionStore } = require('./sessions');

test('the store forgets who logs out', () => {
  const store = sessionStore();
  expect(() => {
    store.login('ada');
    store.logout('ada');
  }).not.toLeak();
});

test('the corrected store forgets who logs out, and allocates little', () => {
  const store = sessionStore({ forgetHistory: true });
  const visit = () => {
    store.login('ada');
    store.logout('ada');
  };
  expect(visit).not.toLeak();
  expect(visit).toAllocateLessThan(2000);
});
