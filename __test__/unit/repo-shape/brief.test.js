'use strict';

/** What CI leaves out on other Nodes is there, and is left out by nothing but its environment. */

const { IS_BRIEF, LEFT_OUT } = require('../../helpers/brief');
const { files } = require('../../helpers/repo');

test('each file that is left out exists', () => {
  expect(LEFT_OUT.filter((file) => !files.includes(`__test__/v8/${file}.test.js`))).toEqual([]);
});

test('this run leaves out nothing', () => {
  expect(IS_BRIEF).toBe(false);
});
