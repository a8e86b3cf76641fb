'use strict';

/** No file uses, over whatever others, itself. Looked for over `use` and paths in Rust, over `require` and `import` in JavaScript. */

const { circlesOf, reachedFrom, rustGraph, scriptGraph } = require('../../helpers/dependencies');
const { files, textsOf, under } = require('../../helpers/repo');

const scripts = (texts) => scriptGraph(new Map(Object.entries(texts)));
const rust = (texts) => rustGraph(new Map(Object.entries(texts)), 'src/');
const uses = (graph) => Object.fromEntries([...graph].map(([file, used]) => [file, [...used]]).filter(([, used]) => used.length));

describe('the search for circles finds them in', () => {
  test('two scripts, also when one is loaded late', () => {
    const graph = scripts({
      'lib/a.js': 'const b = require(\'./b\');\n',
      'lib/b.js': 'function late() {\n  return require(\'./a\');\n}\n',
      'lib/c.js': 'require(\'./a\'); require(\'fs\'); // require(\'./c\')\n',
    });
    expect(circlesOf(graph)).toEqual(['lib/a.js -> lib/b.js -> lib/a.js']);
  });

  test('three scripts, over folders, index files and imports', () => {
    const graph = scripts({
      'lib/a.mjs': 'import { x } from \'./rooms/index.js\';\n',
      'lib/rooms/index.js': 'require(\'../c\');\n',
      'lib/c.js': 'module.exports = () => import(\'./a.mjs\');\n',
      'main.js': 'require(\'./lib/rooms\');\n',
    });
    expect(circlesOf(graph)).toEqual(['lib/a.mjs -> lib/rooms/index.js -> lib/c.js -> lib/a.mjs']);
    expect(reachedFrom(graph, 'main.js').sort()).toEqual([...graph.keys()].sort());
  });

  test('two Rust files, one of which names the other in its code', () => {
    const graph = rust({
      'src/room/a.rs': 'use super::b::B;\n',
      'src/room/b.rs': 'fn f() -> crate::room::a::A {\n    todo()\n}\n',
      'src/room/mod.rs': 'mod a;\nmod b;\n',
    });
    expect(circlesOf(graph)).toEqual(['src/room/a.rs -> src/room/b.rs -> src/room/a.rs']);
  });

  test('four Rust files, with groups, other names and a file beside its folder', () => {
    const graph = rust({
      'src/lib.rs': 'mod a;\nmod b;\nmod c;\n',
      'src/a.rs': 'use std::{fmt, io};\n\nuse crate::{b::{self, B}, error::Error};\n',
      'src/b.rs': 'use crate::c::{\n    inner::{Deep as D, Deeper},\n    C,\n};\n',
      'src/c.rs': 'pub use self::inner::Deep;\n',
      'src/c/inner.rs': 'use super::super::a::A;\n',
    });
    expect(circlesOf(graph)).toEqual(['src/a.rs -> src/b.rs -> src/c.rs -> src/c/inner.rs -> src/a.rs']);
  });

  test('two Rust files over the face of their room, and over that of another', () => {
    const graph = rust({
      'src/near/mod.rs': 'mod a;\nmod b;\npub use a::A;\npub use b::{B, self as again};\n',
      'src/near/a.rs': 'use super::B;\n',
      'src/near/b.rs': 'use crate::far::Handed;\n',
      'src/far/mod.rs': 'pub use crate::near::A as Handed;\n',
    });
    expect(circlesOf(graph)).toEqual(['src/near/a.rs -> src/near/b.rs -> src/near/a.rs']);
  });

  test('a file and the face that defines something itself', () => {
    const graph = rust({
      'src/room/mod.rs': 'mod a;\npub use a::A;\npub struct Own;\n',
      'src/room/a.rs': 'use super::Own;\n',
    });
    expect(circlesOf(graph)).toEqual(['src/room/a.rs -> src/room/mod.rs -> src/room/a.rs']);
  });
});

test('two circles with a file in common are both told, one that only leads to a circle is in none', () => {
  const graph = scripts({ 'a.js': '', 'b.js': '', 'c.js': '', 'd.js': '' });
  for (const edge of ['ab', 'ba', 'bc', 'cb', 'da']) graph.get(`${edge[0]}.js`).add(`${edge[1]}.js`);
  expect(circlesOf(graph)).toEqual(['a.js -> b.js -> a.js', 'b.js -> c.js -> b.js']);
});

test('what looks like a use and is none is not followed', () => {
  const graph = rust({
    'src/lib.rs': 'mod a;\nmod b;\n',
    'src/a.rs': '//! See crate::b::B.\n\nuse crate::b::B;\n',
    'src/b.rs': [
      '// use crate::a::A;',
      'pub(in crate::a) fn f() -> &\'static str {',
      '    g(\'"\', "use crate::a::A; \\" crate::a::A", r#"crate::a::A"#) /* crate::a::A */',
      '}',
      '#[cfg(test)]',
      'mod tests {',
      '    use super::*;',
      '    use crate::a::A;',
      '}',
      '',
    ].join('\n'),
  });
  expect(uses(graph)).toEqual({ 'src/a.rs': ['src/b.rs'] });
  expect(uses(scripts({ 'a.js': '// require(\'./b\')\n/**\n * import(\'./b\')\n */\n', 'b.js': 'require(\'./a\');\n' }))).toEqual({ 'b.js': ['a.js'] });
});

describe('there is no circle', () => {
  test.each([['the addon', 'src/'], ['the core', 'crates/core/src/']])('in %s', (_, folder) => {
    const graph = rustGraph(textsOf(under(folder, '.rs')), folder);
    expect([...graph.values()].reduce((sum, used) => sum + used.size, 0)).toBeGreaterThan(50);
    expect(circlesOf(graph)).toEqual([]);
  });

  test('in the scripts', () => {
    const graph = scriptGraph(textsOf(files.filter((file) => /\.m?js$/.test(file))));
    expect(reachedFrom(graph, 'index.mjs').length).toBeGreaterThan(10);
    expect(circlesOf(graph)).toEqual([]);
  });
});
