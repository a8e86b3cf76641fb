'use strict';

/**
 * A small checkout in a folder of its own, with this repository's scripts and stand-ins for cargo, npm and compilers: it is set up
 * in no time, and what it finds in the PATH is what the test put there.
 */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { tempFolder } = require('./temp-folder');

const ROOT = path.join(__dirname, '..', '..');
const COPIED = ['package.json', 'package-lock.json', 'Cargo.toml', 'Cargo.lock', 'build.rs', 'lib/native/nodes.js', 'src/v8/shim.h', 'src/v8/shim.cc'];

/** Stand-ins use nothing but the shell's own commands: nothing else is in the PATH. */
const STANDINS = {
  cargo: (version) => `if [ "$1" = --version ]; then echo "cargo ${version} (873a06493 2025-05-10)"; exit; fi
printf 'library %s' "$(printf '%s' "$*")" > "$CHECKOUT/built.so"
printf '{"reason":"compiler-artifact","target":{"name":"rs_profiler"},"filenames":["%s/built.so"]}\\n' "$CHECKOUT"`,
  npm: (version) => `case "$1" in
  --version) echo ${version};;
  config) echo undefined;;
  ci) : > "$CHECKOUT/node_modules/.package-lock.json";;
  *) echo "npm has no network here" >&2; exit 1;;
esac`,
  compiler: (version, flaw = '') => `if [ "$1" = --version ]; then echo "${version}"; exit; fi
${flaw ? `echo "${flaw}" >&2; exit 1` : ''}
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then echo shim > "$2"; fi; shift; done`,
};

class FakeCheckout {
  constructor() {
    this.root = tempFolder();
    this.bin = path.join(this.root, 'bin');
    this.log = path.join(this.root, 'calls.log');
    for (const folder of ['bin', 'lib/native', 'src/v8', 'node_modules', 'headers/include/node']) fs.mkdirSync(path.join(this.root, folder), { recursive: true });
    fs.cpSync(path.join(ROOT, 'scripts'), path.join(this.root, 'scripts'), { recursive: true });
    for (const file of COPIED) fs.copyFileSync(path.join(ROOT, file), path.join(this.root, file));
    this.write('src/lib.rs', '// Rust\n');
    const [major, minor, patch] = process.versions.node.split('.');
    this.write('headers/include/node/node_version.h', `#define NODE_MAJOR_VERSION ${major}
#define NODE_MINOR_VERSION ${minor}
#define NODE_PATCH_VERSION ${patch}
#define NODE_MODULE_VERSION ${process.versions.modules}
`);
  }

  write(file, text) {
    fs.writeFileSync(path.join(this.root, file), text);
  }

  exists(file) {
    return fs.existsSync(path.join(this.root, file));
  }

  /** Puts programs into the PATH, and takes away those that were there: `{ cargo: '1.90.0', 'g++': ['g++ 12.2.0'] }`. */
  install(programs) {
    fs.rmSync(this.bin, { recursive: true });
    fs.mkdirSync(this.bin);
    for (const [name, what] of Object.entries(programs)) {
      const text = (STANDINS[name] || STANDINS.compiler)(...[what].flat());
      fs.writeFileSync(path.join(this.bin, name), `#!/bin/sh\necho "${name} $*" >> "$CHECKOUT/calls.log"\n${text}\n`, { mode: 0o755 });
    }
  }

  /** Runs scripts/setup.js; `calls` are the programs that it called, with their first argument. */
  setup(args = [], env = {}) {
    fs.rmSync(this.log, { force: true });
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(this.root, 'scripts', 'setup.js'), ...args], {
      encoding: 'utf8',
      env: {
        PATH: this.bin, HOME: this.root, CHECKOUT: this.root, RS_PROFILER_CACHE: path.join(this.root, 'cache'),
        npm_config_nodedir: path.join(this.root, 'headers'), ...env,
      },
    });
    const calls = fs.existsSync(this.log) ? fs.readFileSync(this.log, 'utf8').trim().split('\n') : [];
    return { status, stdout, stderr, calls: calls.map((call) => call.split(' ').slice(0, 2).join(' ')) };
  }
}

module.exports = { FakeCheckout };
