'use strict';

/** Analysis reads and writes on threads of the addon, which Node's permission model does not hold: it is asked first. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { tempFolder } = require('./helpers/temp-folder');

const root = path.resolve(__dirname, '..');
const flag = ['--permission', '--experimental-permission'].find((name) => process.allowedNodeEnvironmentFlags.has(name));

if (flag === undefined) {
  test('this Node has no permission model', () => expect(process.permission).toBeUndefined());
} else {
  test('what may not be read or written is refused, and what may be works', () => {
    const [open, closed] = [tempFolder(), tempFolder()];
    const profile = JSON.stringify({ nodes: [{ id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 } }], startTime: 0, endTime: 1 });
    for (const folder of [open, closed]) fs.writeFileSync(path.join(folder, 'a.cpuprofile'), profile);
    const work = async (profiler, [openFolder, closedFolder]) => {
      const outcome = (promise) => promise.then(() => 'done', ({ code, permission }) => `${code} ${permission}`);
      const [inOpen, inClosed] = [`${openFolder}/a.cpuprofile`, `${closedFolder}/a.cpuprofile`];
      return {
        read: [await outcome(profiler.openCpuProfile(inOpen)), await outcome(profiler.openCpuProfile(inClosed))],
        heap: await outcome(profiler.openHeapSnapshot(inClosed)),
        redact: await outcome(profiler.redactHeapSnapshot(inClosed, `${openFolder}/b`)),
        convert: [
          await outcome(profiler.convert(inOpen, `${openFolder}/a.folded`, { to: 'collapsed' })),
          await outcome(profiler.convert(inOpen, `${closedFolder}/a.folded`, { to: 'collapsed' })),
          await outcome(profiler.convert(inOpen, '/dev/null', { to: 'collapsed' })),
        ],
      };
    };
    const script = `(${work})(require(${JSON.stringify(root)}), ${JSON.stringify([open, closed])}).then((all) => console.log(JSON.stringify(all)))`;
    const file = path.join(open, 'work.js');
    fs.writeFileSync(file, script);
    const addons = process.allowedNodeEnvironmentFlags.has('--allow-addons') ? ['--allow-addons'] : [];
    const answer = execFileSync(process.execPath, [
      flag, ...addons, '--no-warnings', `--allow-fs-read=${root}/*`, `--allow-fs-read=${open}/*`, `--allow-fs-write=${open}/*`, file,
    ], { encoding: 'utf8' });
    const [noRead, noWrite] = ['Read', 'Write'].map((what) => `ERR_ACCESS_DENIED FileSystem${what}`);
    expect(JSON.parse(answer)).toEqual({ read: ['done', noRead], heap: noRead, redact: noRead, convert: ['done', noWrite, expect.stringMatching(/^ERR_ACCESS_DENIED/)] });
    expect(fs.readdirSync(closed)).toEqual(['a.cpuprofile']);
  });
}
