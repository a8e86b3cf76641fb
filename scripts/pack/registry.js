'use strict';

/**
 * A registry on the loopback interface that has the packages of `dist/` and no other, so that they are installed as they will be: by
 * name, with what package managers make of `os`, `cpu` and `libc`. Platforms that were not packed are known by their manifest.
 */

const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const path = require('path');
const { run } = require('../run');
const { SOURCE } = require('./stage');
const { TARGETS, manifestOf } = require('./targets');

/** What a registry says of a package with one version. */
function packument(manifest, tarballUrl, file) {
  const content = file ? fs.readFileSync(file) : Buffer.alloc(0);
  const hash = (name, encoding) => crypto.createHash(name).update(content).digest(encoding);
  const dist = { tarball: tarballUrl, shasum: hash('sha1', 'hex'), integrity: `sha512-${hash('sha512', 'base64')}` };
  return { name: manifest.name, 'dist-tags': { latest: manifest.version }, versions: { [manifest.version]: { ...manifest, dist } } };
}

/**
 * Starts the registry.
 * @param {{ root: string, platforms: { [name: string]: string } }} packed what `pack` gives
 * @returns {Promise<{ url: string, asked: string[], close: () => Promise<void> }>} `asked`: names that were asked for
 */
async function startRegistry({ root, platforms }) {
  const asked = [];
  const manifestIn = (file) => JSON.parse(run('tar', ['-xzOf', file, 'package/package.json']));
  const known = new Map([[SOURCE.name, { manifest: manifestIn(root), file: root }]]);
  for (const target of TARGETS) {
    const file = platforms[target.name];
    known.set(`@rs-profiler/${target.name}`, { manifest: file ? manifestIn(file) : manifestOf(target, SOURCE), file });
  }
  const server = http.createServer((request, response) => {
    const wanted = decodeURIComponent(new URL(request.url, url()).pathname.slice(1));
    const tarball = [...known.values()].find(({ file }) => file && wanted === `tarballs/${path.basename(file)}`);
    if (tarball) {
      response.setHeader('content-type', 'application/octet-stream');
      response.end(fs.readFileSync(tarball.file));
      return;
    }
    asked.push(wanted);
    const entry = known.get(wanted);
    response.statusCode = entry ? 200 : 404;
    response.setHeader('content-type', 'application/json');
    const text = () => packument(entry.manifest, `${url()}/tarballs/${path.basename(entry.file ?? `${wanted}.tgz`)}`, entry.file);
    response.end(JSON.stringify(entry ? text() : { error: 'not found' }));
  });
  const url = () => `http://127.0.0.1:${server.address().port}`;
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: url(),
    asked,
    close: () => new Promise((resolve) => {
      server.closeAllConnections?.();
      server.close(() => resolve());
    }),
  };
}

module.exports = { startRegistry };
