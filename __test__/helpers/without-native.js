'use strict';

/** Folders for RS_PROFILER_NATIVE_DIR in which a native part is missing or broken. */

const fs = require('node:fs');
const path = require('node:path');
const { tempFolder } = require('./temp-folder');

/** The addon and the shim of this Node, as they are installed. */
function installed() {
  const { addon, capture } = require('../..').capabilities();
  return { addon: addon.path, shim: path.basename(capture.shim) };
}

/** Neither addon nor shim. */
const emptyFolder = () => tempFolder();

/** The addon alone. */
function addonFolder() {
  const folder = tempFolder();
  const { addon } = installed();
  fs.symlinkSync(addon, path.join(folder, path.basename(addon)));
  return folder;
}

/** The addon, and a shim that is no library. */
function brokenShimFolder() {
  const folder = addonFolder();
  fs.writeFileSync(path.join(folder, installed().shim), 'not a library');
  return folder;
}

module.exports = { addonFolder, brokenShimFolder, emptyFolder };
