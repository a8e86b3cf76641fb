#!/bin/sh
# Installs the packed packages for musl into an empty project, by their files, and runs the smoke test. For a container of Node on
# Alpine, started in the checkout: sh scripts/pack/smoke/alpine.sh
set -eu
dist=$PWD/dist
smoke=$PWD/scripts/pack/smoke
arch=$(node -p process.arch)
project=$(mktemp -d)
cd "$project"
echo '{ "name": "consumer", "private": true }' > package.json
npm install --ignore-scripts --no-audit --no-fund --omit=optional --no-save "$dist"/rs-profiler-[0-9]*.tgz "$dist/rs-profiler-linux-$arch-musl-"*.tgz
cp "$smoke/smoke.js" "$smoke/smoke.mjs" .
node smoke.js inline "linux-$arch-musl"
node smoke.mjs
node_modules/.bin/rs-profiler heap summary later.heapsnapshot > /dev/null
