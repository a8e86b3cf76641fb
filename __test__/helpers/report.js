'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const FIXTURES = path.join(__dirname, '..', '..', 'crates', 'core', 'tests', 'fixtures');

/** A name that would run a script if it became markup. */
const HOSTILE = "Evil</script><img src=x onerror='document.title=1'>";

const cpuFixture = (name) => path.join(FIXTURES, `${name}.cpuprofile`);

/** Two snapshots of a process that leaks in the meantime. */
function leakingSnapshots(folder, program) {
  const files = ['first', 'second'].map((name) => path.join(folder, `${name}.heapsnapshot`));
  execFileSync(process.execPath, [path.join(FIXTURES, 'leaks.js'), program, ...files]);
  return files;
}

/** A copy of a snapshot and of a profile with names in them that want to be markup. */
function hostileFiles(folder, snapshot) {
  const heap = path.join(folder, 'hostile.heapsnapshot');
  const cpu = path.join(folder, 'hostile.cpuprofile');
  const name = JSON.stringify(HOSTILE).slice(1, -1);
  fs.writeFileSync(heap, fs.readFileSync(snapshot, 'utf8').replaceAll('"EventEmitter"', `"${name}"`));
  fs.writeFileSync(cpu, fs.readFileSync(cpuFixture('node24'), 'utf8').replaceAll('"never"', `"${name}"`));
  return [heap, cpu];
}

/** A copy of a profile that is idle in the end. */
function idleProfile(folder) {
  const profile = JSON.parse(fs.readFileSync(cpuFixture('node24'), 'utf8'));
  const id = Math.max(...profile.nodes.map((node) => node.id)) + 1;
  const idleMs = 20;
  profile.nodes[0].children.push(id);
  profile.nodes.push({ id, callFrame: { ...profile.nodes[0].callFrame, functionName: '(idle)' }, hitCount: idleMs });
  profile.samples.push(...Array(idleMs).fill(id));
  profile.timeDeltas.push(...Array(idleMs).fill(1000));
  profile.endTime += idleMs * 1000;
  const file = path.join(folder, 'idle.cpuprofile');
  fs.writeFileSync(file, JSON.stringify(profile));
  return file;
}

/** The data that a report has in it. */
function dataOf(page) {
  return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)[1]);
}

module.exports = { HOSTILE, cpuFixture, dataOf, hostileFiles, idleProfile, leakingSnapshots };
