'use strict';

/**
 * Which file uses which: a graph (`Map` from a file to the `Set` of the files it uses) from the texts of JavaScript or Rust
 * files, and the circles in it.
 */

const path = require('node:path').posix;

/** Text without comments and what stands in literals, so that neither looks like code. Literals keep their quotes. */
const LITERALS = /\br(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|'(?:\\.[^']*|[^'\\])'|\/\/.*|\/\*[\s\S]*?\*\//g;
const rustCode = (text) => text.replace(LITERALS, (found) => (found[0] === '/' ? '' : '""'));

/** What a JavaScript file loads by a literal, wherever in the file: `require`, `import` and `export ... from`. */
function loaded(text) {
  const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  const pattern = /\brequire\('([^']+)'\)|\bimport\('([^']+)'\)|^import '([^']+)'|^(?:import|export)\b[^;']*\bfrom '([^']+)'/gm;
  return [...code.matchAll(pattern)].map((match) => match.slice(1).find(Boolean));
}

/** The graph of JavaScript files, over their relative paths. */
function scriptGraph(texts) {
  const graph = new Map();
  for (const [file, text] of texts) {
    const names = loaded(text).filter((name) => name.startsWith('.'));
    const wanted = names.map((name) => path.join(path.dirname(file), name));
    const found = wanted.map((name) => [name, `${name}.js`, `${name}/index.js`].find((one) => texts.has(one)));
    graph.set(file, new Set(found.filter((one) => one && one !== file)));
  }
  return graph;
}

/** `a::{b, c::{self, D as E}}` as `[['a', 'b'], ['a', 'c'], ['a', 'c', 'D']]`, each with the name it gets here. */
function leavesOf(tree) {
  const open = tree.indexOf('{');
  if (open < 0) {
    const [whole, name] = tree.trim().split(/\s+as\s+/);
    const parts = whole.split('::').map((part) => part.trim());
    if (parts.length > 1 && parts.at(-1) === 'self') parts.pop();
    return [{ parts, name: name ?? parts.at(-1) }];
  }
  const items = [''];
  let depth = 0;
  for (const sign of tree.slice(open + 1, tree.lastIndexOf('}'))) {
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (sign === ',' && depth === 0) items.push('');
    else items[items.length - 1] += sign;
  }
  return items.filter((item) => item.trim()).flatMap((item) => leavesOf(tree.slice(0, open) + item.trim()));
}

/** `src/v8/mod.rs` as `['v8']`. */
function moduleOf(file, folder) {
  const parts = file.slice(folder.length, -'.rs'.length).split('/');
  return ['mod', 'lib', 'main'].includes(parts.at(-1)) ? parts.slice(0, -1) : parts;
}

/** What a Rust file names: its `use` lines, and the paths that stand in its code. Its inline tests are left out. */
function namedBy(text) {
  const code = rustCode(text)
    .replace(/#\[cfg\(test\)\]\s*(pub(\([^)]*\))? )?mod \w+ \{[\s\S]*?\n\}/g, '')
    .replace(/\bpub\([^)]*\)/g, 'pub');
  const uses = [...code.matchAll(/\buse\s+([^;]+);/g)].flatMap((match) => leavesOf(match[1]));
  const inline = code.replace(/\buse\s+[^;]+;/g, '').matchAll(/\b(?:crate|super|self)(?:::\w+)+/g);
  return { uses, paths: [...inline].map((match) => match[0].split('::')) };
}

/**
 * The graph of the Rust files of one crate. A path leads to the file that defines its item: what a module takes from another
 * by `use`, and so hands on, is looked for there, but for `*`, which leads to the module itself. `mod` is no use.
 * @param {Map<string, string>} texts
 * @param {string} folder the folder of the crate's root, with a slash
 */
function rustGraph(texts, folder) {
  const modules = new Map();
  for (const [file, text] of texts) modules.set(moduleOf(file, folder).join('::'), { file, ...namedBy(text) });

  /** A path as it is written in a module, from the crate's root; undefined when it is of another crate. */
  function absolute(from, parts) {
    if (parts[0] === 'crate') return parts.slice(1);
    const steps = parts.findIndex((part) => part !== 'self' && part !== 'super');
    const up = parts.slice(0, steps).filter((part) => part === 'super').length;
    const whole = [...from.slice(0, from.length - up), ...parts.slice(steps)];
    return steps > 0 || modules.has([...from, parts[0]].join('::')) ? whole : undefined;
  }

  /** The file that defines what an absolute path names. */
  function fileOf(parts, seen = new Set()) {
    let depth = parts.length;
    while (depth > 0 && !modules.has(parts.slice(0, depth).join('::'))) depth -= 1;
    const [owner, name] = [parts.slice(0, depth), parts[depth]];
    const { file, uses } = modules.get(owner.join('::')) ?? {};
    const handedOn = name !== '*' && uses?.find((use) => use.name === name);
    const next = handedOn && absolute(owner, handedOn.parts);
    if (!next || seen.has(next.join('::'))) return file;
    return fileOf([...next, ...parts.slice(depth + 1)], seen.add(next.join('::')));
  }

  const graph = new Map();
  for (const { file, uses, paths } of modules.values()) {
    const targets = [...uses.map((use) => use.parts), ...paths].map((parts) => {
      const whole = absolute(moduleOf(file, folder), parts);
      return whole && fileOf(whole);
    });
    graph.set(file, new Set(targets.filter((one) => one && one !== file)));
  }
  return graph;
}

/** The circles of a graph, each as `a -> b -> a`: none of them exactly when there is none. */
function circlesOf(graph) {
  const circles = [];
  const done = new Set();
  const trail = [];
  const visit = (file) => {
    const start = trail.indexOf(file);
    if (start >= 0) circles.push([...trail.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    trail.push(file);
    for (const next of [...(graph.get(file) ?? [])].sort()) visit(next);
    trail.pop();
    done.add(file);
  };
  for (const file of [...graph.keys()].sort()) visit(file);
  return circles;
}

/** All that a file uses, and what that uses, and so on; with itself. */
function reachedFrom(graph, file) {
  const reached = new Set([file]);
  for (const one of reached) for (const next of graph.get(one) ?? []) reached.add(next);
  return [...reached];
}

module.exports = { circlesOf, loaded, reachedFrom, rustGraph, scriptGraph };
