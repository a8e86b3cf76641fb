'use strict';

/**
 * A registry on the loopback interface that has the packages of `dist/` and no other, so that they are installed as they will be: by
 * name, with what package managers make of `os`, `cpu` and `libc`. Of a platform that was not packed it has a package with nothing but the
 * manifest: Yarn 1 fetches those of other platforms, too.
 */

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const { run } = require('../run');
const { SOURCE } = require('./stage');
const { TARGETS, manifestOf } = require('./targets');

/** What a registry says of a package with one version. */
function packument(manifest, tarball, content) {
  const hash = (name, encoding) => crypto.createHash(name).update(content).digest(encoding);
  const dist = { tarball, shasum: hash('sha1', 'hex'), integrity: `sha512-${hash('sha512', 'base64')}` };
  return { name: manifest.name, 'dist-tags': { latest: manifest.version }, versions: { [manifest.version]: { ...manifest, dist } } };
}

/** A tarball that holds a manifest. */
function emptyPackage(manifest) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-empty-'));
  try {
    fs.mkdirSync(path.join(folder, 'package'));
    fs.writeFileSync(path.join(folder, 'package', 'package.json'), JSON.stringify(manifest));
    return run('tar', ['-czf', '-', '-C', folder, 'package'], { encoding: 'buffer' });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Manifest and tarball of every package, by name. */
function packagesOf({ root, platforms }) {
  const read = (file) => ({ manifest: JSON.parse(run('tar', ['-xzOf', file, 'package/package.json'])), content: fs.readFileSync(file) });
  const empty = (manifest) => ({ manifest, content: emptyPackage(manifest) });
  const all = [read(root), ...TARGETS.map((target) => (platforms[target.name] ? read(platforms[target.name]) : empty(manifestOf(target, SOURCE))))];
  return new Map(all.map((one) => [one.manifest.name, one]));
}

/**
 * Starts a registry on the loopback interface.
 * @param {Map<string, { manifest: object, content: Buffer }>} known the packages that it has, by name
 * @returns {Promise<{ url: string, asked: string[], close: () => Promise<void> }>} `asked`: the names that were asked for
 */
async function serve(known) {
  const asked = [];
  const server = http.createServer((request, response) => {
    const wanted = decodeURIComponent(request.url.slice(1));
    const tarball = known.get(wanted.replace(/^tarballs\/(.+)\.tgz$/, '$1'));
    if (tarball && wanted.startsWith('tarballs/')) {
      response.setHeader('content-type', 'application/octet-stream');
      response.end(tarball.content);
      return;
    }
    asked.push(wanted);
    const entry = known.get(wanted);
    response.statusCode = entry ? 200 : 404;
    response.setHeader('content-type', 'application/json');
    const said = entry ? packument(entry.manifest, `${url()}/tarballs/${wanted}.tgz`, entry.content) : { error: `there is no ${wanted}` };
    response.end(JSON.stringify(said));
  });
  const url = () => `http://127.0.0.1:${server.address().port}`;
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () => new Promise((resolve) => {
    server.closeAllConnections?.();
    server.close(resolve);
  });
  return { url: url(), asked, close };
}

/**
 * Starts a registry that has what was packed.
 * @param {{ root: string, platforms: { [name: string]: string } }} packed what `pack` gives
 */
const startRegistry = (packed) => serve(packagesOf(packed));

module.exports = { serve, startRegistry };
