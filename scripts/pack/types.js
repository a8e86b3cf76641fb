'use strict';

/** The typings of an installed package, by every way that TypeScript finds them. */

const fs = require('fs');
const path = require('path');
const { ROOT } = require('../run');

/** How TypeScript is told to find typings, by name: compiler options, and the files of the smoke test with the endings that they get. */
const COMPILERS = {
  'CommonJS with esModuleInterop': [{ module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true }, ['types.ts', 'types-require.ts']],
  'CommonJS without esModuleInterop': [
    { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: false, allowSyntheticDefaultImports: false }, ['types.ts', 'types-require.ts'],
  ],
  'node16, ES module': [{ module: 'node16', moduleResolution: 'node16' }, ['types.mts']],
  'node16, CommonJS': [{ module: 'node16', moduleResolution: 'node16' }, ['types.cts', 'types-require.cts']],
  'bundler': [{ module: 'esnext', moduleResolution: 'bundler' }, ['types.ts']],
};

const COMMON = {
  target: 'es2022', lib: ['es2022'], strict: true, noEmit: true, skipLibCheck: false, types: ['node'],
  typeRoots: [path.join(ROOT, 'node_modules', '@types')],
};

/** Files of TypeScript itself and of Node's typings, parsed once: they are most of the work. */
const parsed = new Map();

function hostFor(ts, options) {
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile;
  host.getSourceFile = (file, how, ...rest) => {
    if (!path.resolve(file).startsWith(path.join(ROOT, 'node_modules') + path.sep)) return parse(file, how, ...rest);
    const key = `${file} ${how.impliedNodeFormat}`;
    if (!parsed.has(key)) parsed.set(key, parse(file, how, ...rest));
    return parsed.get(key);
  };
  return host;
}

/** What TypeScript says of the application's files and of the package's; nothing of the typings of others. */
function compile(ts, folder, settings, files) {
  const { options, errors } = ts.convertCompilerOptionsFromJson({ ...COMMON, ...settings }, folder);
  const program = ts.createProgram(files.map((file) => path.join(folder, file)), options, hostFor(ts, options));
  const ours = program.getSourceFiles().filter(({ fileName }) => path.resolve(fileName).startsWith(folder + path.sep));
  const found = [
    ...errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(),
    ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  return ts.formatDiagnostics(found, { getCurrentDirectory: () => folder, getNewLine: () => '\n', getCanonicalFileName: (name) => name });
}

/**
 * Compiles the smoke test of types in a project.
 * @param {string} folder of the project; its real path, as TypeScript gives the names of files
 * @param {string} smoke the folder of the smoke test
 * @throws {Error} with what TypeScript says
 */
function checkTypes(folder, smoke) {
  const ts = require(path.join(ROOT, 'node_modules', 'typescript'));
  for (const [name, [settings, files]] of Object.entries(COMPILERS)) {
    for (const file of files) fs.copyFileSync(path.join(smoke, file.replace(/\.[cm]ts$/, '.ts')), path.join(folder, file));
    const said = compile(ts, folder, settings, files);
    if (said) throw new Error(`types, ${name}:\n${said}`);
  }
}

module.exports = { checkTypes };
