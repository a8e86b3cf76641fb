'use strict';
// The folder of stored captures: this user's alone.

const fs = require('fs');
const path = require('path');
const { makeError } = require('../errors');
const { makeFolder } = require('../make-folder');

/**
 * Makes the folder, mode 0700, or checks the one that is there: another user's, or one that others may enter, is refused.
 * @param {string} folder
 */
function prepareFolder(folder) {
  makeFolder(path.dirname(folder));
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
    return;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const stats = fs.lstatSync(folder);
  if (!stats.isDirectory()) throw makeError('FOLDER', `${folder} is not a folder: choose another one for captures.`);
  // Windows has neither.
  if (!process.getuid) return;
  if (stats.uid !== process.getuid()) {
    throw makeError('FOLDER', `${folder} belongs to another user, who could read the captures: choose another folder.`);
  }
  if (stats.mode & 0o077) {
    throw makeError('FOLDER', `${folder} may be entered by other users: make it yours alone (chmod 700), or name a folder that is not there yet.`);
  }
}

module.exports = { prepareFolder };
