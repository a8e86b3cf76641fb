'use strict';

/**
 * `npm run pack:compare -- DIST OTHER-DIST`: compares two release builds byte by byte: the tarballs that both `dist/` folders have, and
 * file by file where they differ.
 */

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { main } = require('../run');
const { unpacked } = require('./contents');

const sha256 = (file) => crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');

/** The files of a tarball with their hashes. */
const contentOf = (tarball) => unpacked(tarball, (folder, files) => new Map(files.sort().map((name) => [name, sha256(path.join(folder, name))])));

/**
 * What differs between two tarballs: names of files, or the tarball's own where its files are the same and their frame is not.
 * @param {string} one
 * @param {string} other
 * @returns {string[]} nothing when they are the same to the byte
 */
function differences(one, other) {
  if (sha256(one) === sha256(other)) return [];
  const [a, b] = [one, other].map(contentOf);
  const differing = [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
  return differing.length > 0 ? differing : [`${path.basename(one)} itself: same files, packed differently`];
}

/** Compares two folders; returns how many tarballs differ. */
function compare(one, other) {
  const [names, others] = [one, other].map((folder) => fs.readdirSync(folder).filter((name) => name.endsWith('.tgz')));
  const both = names.filter((name) => others.includes(name));
  if (both.length === 0) throw new Error(`${one} and ${other} have no tarball in common: make both with npm run pack.`);
  const found = both.map((name) => [name, differences(path.join(one, name), path.join(other, name))]);
  for (const [name, differing] of found) console.log(differing.length === 0 ? `same    ${name}` : `DIFFERS ${name}: ${differing.join(', ')}`);
  return found.filter(([, differing]) => differing.length > 0).length;
}

main(() => {
  const folders = process.argv.slice(2);
  if (folders.length !== 2) throw new Error('Name two folders: npm run pack:compare -- DIST OTHER-DIST');
  if (compare(...folders) > 0) process.exitCode = 1;
});
