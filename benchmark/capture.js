'use strict';

/**
 * Capture, side by side with v8-profiler-next, heapdump, node:v8 and node:inspector in one run. See benchmark/README.md.
 *
 * `node benchmark/capture.js --help` names the options.
 */

const fs = require('fs');
const { CAPTURE, parseArguments } = require('./lib/arguments');
const { loadModules } = require('./lib/modules');
const report = require('./lib/report');
const { Rounds } = require('./lib/rounds');

const SECTIONS = ['require', 'first', 'snapshot', 'snapshot-pipe', 'cpu', 'start', 'overhead', 'large-script'];

function chosen({ only }) {
  const unknown = (only || []).filter((name) => !SECTIONS.includes(name));
  if (unknown.length > 0) throw new Error(`no section ${unknown.join(', ')}; there are ${SECTIONS.join(', ')}`);
  return SECTIONS.filter((name) => !only || only.includes(name)).map((name) => require(`./sections/${name}`));
}

function write(options, info, sections, broken) {
  const plain = { environment: info, options, sections, broken, ...report.count(sections) };
  if (options.json) fs.writeFileSync(options.json, `${JSON.stringify(plain, null, 2)}\n`);
  if (options.markdown) fs.writeFileSync(options.markdown, report.toMarkdownReport(info, sections));
}

async function measure(options) {
  const modules = loadModules();
  const broken = Object.entries(modules).filter(([name, module]) => name === 'rs-profiler' && !module.available)
    .map(([name, { reason }]) => `${name}: ${reason}`);
  const info = report.environment(modules);
  console.log(report.headline(info));
  for (const [name, { available, reason }] of Object.entries(modules)) {
    if (!available) console.log(`${name} cannot be measured here: ${reason}`);
  }
  const rounds = new Rounds(modules);
  const sections = [];
  try {
    for (const { name, run } of chosen(options)) {
      const begin = Date.now();
      const section = { name, ...await run({ rounds, modules, runs: options.runs, quick: options.quick, megabytes: options.megabytes }) };
      section.seconds = Math.round((Date.now() - begin) / 1000);
      sections.push(section);
      console.log(report.sectionText(section));
      write(options, info, sections, [...broken, ...rounds.broken]);
    }
  } finally {
    rounds.close();
  }
  broken.push(...rounds.broken);
  return report.conclude([{ sections, broken }], options);
}

async function main() {
  const options = { runs: 5, ...parseArguments(process.argv.slice(2), CAPTURE) };
  if (options.help) return console.log(CAPTURE.usage);
  if (options.list) return console.log(SECTIONS.join('\n'));
  if (!fs.existsSync('/proc/self/clear_refs')) throw new Error('The benchmark reads memory and CPU time from /proc and needs Linux.');
  process.exitCode = await measure(options);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
