'use strict';
// `rs-profiler doctor`: what is installed, what works, and what to do about what does not. It tries things.

const fs = require('fs');
const { installation, wrongVersion } = require('./installation');
const { tryOut } = require('./tries');

const FROM = {
  environment: 'the folder that RS_PROFILER_NATIVE_DIR names', checkout: 'built in this checkout', nowhere: 'not installed',
};
const WORDS = { ok: 'ok', fallback: 'in part', unavailable: 'not here', failed: 'FAILED' };
const WELL = 'Everything that can work on this Node does.';

/**
 * A finding: `state` is 'ok', 'failed', 'unavailable' for what cannot be had here and is no fault, or 'fallback' for what Node's own
 * parts do because the native ones are missing.
 */
const finding = (name, state, detail) => ({ name, state, detail });

/** The native parts, as the process that loaded them saw them. */
function partsOf({ node, native }, { addon, capture }) {
  const wrong = wrongVersion(native);
  return [
    addon.loaded
      ? finding('addon', 'ok', `${addon.path}, ${fs.statSync(addon.path).size.toLocaleString('en-US')} bytes`)
      : finding('addon', 'failed', addon.reason.split('\n')[0]),
    ...(wrong ? [finding('versions', 'failed', wrong)] : []),
    capture.available
      ? finding('shim for this Node', 'ok', `${capture.shim}, ABI ${node.abi}, compiled with V8 ${capture.shimV8}`)
      : finding('shim for this Node', 'failed', capture.reason),
  ];
}

/** What Node's own parts did is no fault of theirs, and not what was installed for. */
function judged(findings, capabilities) {
  if (!capabilities || capabilities.capture.available) return findings;
  return findings.map((each) => (each.state === 'ok' ? { ...each, state: 'fallback', detail: 'by Node\'s own parts, with what they can' } : each));
}

/** The sentence that says what to do. */
function adviceOf(findings, capabilities) {
  if (capabilities && !capabilities.capture.available) return capabilities.capture.reason;
  const failed = findings.find(({ state }) => state === 'failed');
  return failed ? `${failed.name}: ${failed.detail}` : WELL;
}

function print(context, { installation: seen, capabilities, findings, healthy, advice }) {
  const { node, native, shims, permissions, environment } = seen;
  const { bold, green, yellow, red } = context.terminal;
  const libc = capabilities?.libc ? `, ${capabilities.libc}` : '';
  context.print(bold(`rs-profiler ${seen.version} in ${seen.root}`));
  context.print(`Node ${node.version}, ABI ${node.abi}, V8 ${node.v8}, ${node.platform}${libc}`);
  const place = native.from === 'package' ? `${native.packageName} ${native.packageVersion}` : FROM[native.from];
  context.print(`native parts: ${place}${native.from === 'nowhere' ? '' : `, ${native.folder}`}`);
  const names = shims.map(({ abi, node: major, chosen }) => {
    const about = [major && `Node ${major}`, chosen && 'this one'].filter(Boolean).join(', ');
    return `ABI ${abi}${about && ` (${about})`}`;
  });
  context.print(`shims: ${names.join(', ') || 'none'}`);
  if (permissions) {
    const may = Object.entries(permissions).map(([what, allowed]) => `${what} ${allowed ? 'yes' : 'no'}`);
    context.print(`permission model: on; ${may.join(', ')}`);
  }
  for (const [name, value] of Object.entries(environment)) if (value !== null) context.print(`${name}=${value}`);
  context.print();
  const colours = { ok: green, fallback: yellow, unavailable: yellow, failed: red };
  const width = Math.max(...findings.map(({ name }) => name.length));
  const told = new Set();
  for (const { name, state, detail = '' } of findings) {
    // One cause keeps many things from working: it is told once.
    const text = told.has(detail) && state === 'failed' ? 'for the same reason' : detail;
    told.add(detail);
    context.print(`${colours[state](WORDS[state].padEnd(8))}  ${name.padEnd(width)}  ${text}`.trimEnd());
  }
  context.print();
  context.print(healthy ? green(advice) : advice);
}

/** Which shim was taken: where the first does not fit, a later one may. */
function markChosen(seen, { capture }) {
  if (capture.shim) for (const shim of seen.shims) shim.chosen = shim.path === capture.shim;
}

/** Exit code 1 when something that should work does not. */
async function doctor(context) {
  const seen = installation();
  const { capabilities, findings: tried } = await tryOut();
  if (capabilities) markChosen(seen, capabilities);
  const findings = [...(capabilities ? partsOf(seen, capabilities) : []), ...judged(tried, capabilities)];
  const healthy = findings.every(({ state }) => state === 'ok' || state === 'unavailable');
  const answer = { healthy, advice: adviceOf(findings, capabilities), installation: seen, capabilities: capabilities ?? null, findings };
  await context.answer(answer);
  print(context, answer);
  return healthy ? 0 : 1;
}

module.exports = { doctor };
