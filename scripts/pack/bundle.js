'use strict';

/**
 * Bundles the JavaScript of the root package. `bundle.js` has the code of all entries that applications load, once, so that they
 * share one state; each entry is a line that takes its own out of it. Programs are a file each, and take from bundle.js what is
 * in there. Nothing is minified: people read what they load, and stacks are to say where.
 *
 * `node scripts/pack/bundle.js FOLDER FILE...` writes into a folder what the files of the checkout, which are to be published,
 * amount to.
 */

const fs = require('fs');
const path = require('path');
const { ROOT, run } = require('../run');

const BUNDLE = 'bundle.js';
/** What applications load. */
const FACES = ['index.js', 'heapdump.js'];
/** What is run: a command, and what it starts. */
const PROGRAMS = ['bin/rs-profiler.js', 'lib/cli/tries.js'];

const { version } = require('../../package.json');

/** Before each file. */
const BANNER = `// rs-profiler ${version}: files of its repository, each under its name, made into one by scripts/pack/bundle.js.`;

const faceText = (face) => `'use strict';
// The code is in ${BUNDLE}, which has it once for all entries.
module.exports = require('./${BUNDLE}')['${face}']();
`;

/** esbuild wraps modules in functions, which have a `module` of their own. */
const OWN_MODULE = '\'use strict\';\nconst entryModule = module;';

const readSource = (file) => fs.readFileSync(path.join(ROOT, file), 'utf8');

/** A path from the folder of an output to a file, as `require` takes it. */
function fromOutput(output, file) {
  const found = path.posix.relative(path.posix.dirname(output), file);
  return found.startsWith('.') ? found : `./${found}`;
}

/**
 * The text of a file as it is in an output. Where it lies, it still says as in the checkout: paths are made from that.
 * @param {string} file
 * @param {{ output: string, entry?: string }} target
 */
function textIn(file, { output, entry }) {
  const placed = (name) => {
    if (name === '__filename' && !PROGRAMS.includes(file)) throw new Error(`${file} asks for its name, but only ${PROGRAMS.join(', ')} stay files.`);
    const place = fromOutput(output, name === '__filename' ? file : path.posix.dirname(file));
    return place === './' ? '__dirname' : `require('path').join(__dirname, '${place}')`;
  };
  return readSource(file)
    .replace(/\b(__dirname|__filename)\b/g, placed)
    .replace(/\brequire\.main === module\b/g, file === entry ? 'require.main === entryModule' : 'false');
}

/**
 * The plugin of esbuild that says where modules come from.
 * @param {{ output: string, entry?: string }} target
 * @param {Set<string>} shared files that bundle.js has
 * @param {Set<string>} wanted takes those of them that are needed here
 */
function placing(target, shared, wanted) {
  const bundle = fromOutput(target.output, BUNDLE);
  const setup = (build) => {
    build.onResolve({ filter: /^\.{1,2}(\/|$)/ }, ({ path: asked, resolveDir, namespace }) => {
      if (namespace === 'shared') return { path: asked, external: true };
      const file = path.relative(ROOT, require.resolve(path.resolve(resolveDir, asked)));
      if (!/\.js$/.test(file)) return { path: fromOutput(target.output, file), external: true };
      if (!shared.has(file)) return { path: path.join(ROOT, file) };
      wanted.add(file);
      return { path: file, namespace: 'shared' };
    });
    build.onLoad({ filter: /\.js$/, namespace: 'file' }, ({ path: file }) => ({ contents: textIn(path.relative(ROOT, file), target) }));
    build.onLoad({ filter: /./, namespace: 'shared' }, ({ path: file }) => (
      { contents: `module.exports = require('${bundle}')['${file}']();`, resolveDir: ROOT }
    ));
  };
  return { name: 'placing', setup };
}

/**
 * Makes one output.
 * @param {{ output: string, entry?: string, text?: string, shared?: Set<string>, wanted?: Set<string> }} target `text` instead of `entry`
 * @returns {Promise<{ text: string, inputs: string[] }>}
 */
async function build({ output, entry, text, shared = new Set(), wanted = new Set() }) {
  const { outputFiles, metafile, warnings } = await require('esbuild').build({
    ...(entry ? { entryPoints: [path.join(ROOT, entry)] } : { stdin: { contents: text, resolveDir: ROOT, sourcefile: 'entries' } }),
    absWorkingDir: ROOT,
    outfile: path.join(ROOT, output),
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    charset: 'utf8',
    banner: { js: entry ? `${BANNER}\n${OWN_MODULE}` : BANNER },
    external: ['@rs-profiler/*'],
    plugins: [placing({ output, entry }, shared, wanted)],
    logLevel: 'silent',
  });
  if (warnings.length) throw new Error(`${output}: ${warnings.map((warning) => warning.text).join('; ')}`);
  const inputs = Object.keys(metafile.inputs);
  const foreign = inputs.find((file) => file.includes('node_modules/'));
  if (foreign) throw new Error(`${output} would take in ${foreign}: rs-profiler has no dependencies.`);
  return { text: outputFiles[0].text, inputs };
}

/** Makes bundle.js: a function for each entry, and for each file that programs want of it. */
const buildShared = (files) => build({
  output: BUNDLE, text: files.map((file) => `exports['${file}'] = () => require('./${file}');`).join('\n'),
});

/** The JavaScript of the package, by name: all that `files` of the checkout amount to. */
async function bundle(files) {
  const texts = {};
  for (const file of files.filter((each) => each.endsWith('.mjs'))) texts[file] = readSource(file);
  const shared = new Set((await buildShared(FACES)).inputs);
  const wanted = new Set(FACES);
  for (const entry of PROGRAMS.filter((program) => files.includes(program))) {
    texts[entry] = (await build({ output: entry, entry, shared, wanted })).text;
  }
  texts[BUNDLE] = (await buildShared([...wanted])).text;
  for (const face of FACES) texts[face] = faceText(face);
  return texts;
}

/** Writes into a folder what the files of the checkout amount to. */
async function writeBundle(folder, files) {
  for (const [file, text] of Object.entries(await bundle(files))) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
}

/** The same, and done when it returns. */
function bundleJavaScript(folder, files) {
  run(process.execPath, [__filename, folder, ...files]);
}

module.exports = { BUNDLE, bundleJavaScript };

if (require.main === module) {
  const [folder, ...files] = process.argv.slice(2);
  writeBundle(folder, files).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
