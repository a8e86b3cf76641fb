'use strict';

/** The table of C functions between the addon and the shim: three lists and two lists of numbers, which have to agree. */

const { read } = require('../../helpers/repo');

describe('the table of C functions, which shim.h, shim.cc and table.rs each list by hand', () => {
  const sources = { h: read('src/v8/shim.h'), cc: read('src/v8/shim.cc'), rs: read('src/v8/table.rs') };
  const block = (text, pattern) => pattern.exec(text)?.[1] ?? '';
  const named = (text, pattern) => [...text.matchAll(pattern)].map((match) => match.slice(1).find(Boolean));

  /** The names of the members, in order, in each of the three. */
  const members = ({ h, cc, rs }) => [
    named(block(h, /RspTableHeader;\s*typedef struct \{\n([^}]*)\} RspTable;/), /^ {2}(?:const )?[\w*]+ (?:\(\*(\w+)\)|(\w+);)/gm),
    named(block(cc, /const RspTable kTable = \{\n([\s\S]*?)\n\};/), /^ {4}\.(\w+) =/gm),
    named(block(rs, /pub struct Table \{\n([^}]*)\}/), /^ {4}pub (\w+):/gm),
  ];

  test('the three have the same names in the same order', () => {
    const [h, cc, rs] = members(sources);
    expect(h.length).toBeGreaterThan(50);
    expect(cc).toEqual(h);
    expect(rs).toEqual(h);
  });

  test('each member of kTable is the function of its name', () => {
    const pairs = [...sources.cc.matchAll(/^ {4}\.(\w+) = (\w+),$/gm)];
    expect(pairs.length).toBe(members(sources)[1].length - 2);
    expect(pairs.filter(([, member, value]) => member !== value).map(([line]) => line.trim())).toEqual([]);
  });

  test('two that are swapped in one of the three are noticed', () => {
    const swapped = { CpuProfileNode_GetHitCount: 'CpuProfileNode_GetNodeId', CpuProfileNode_GetNodeId: 'CpuProfileNode_GetHitCount' };
    for (const [index, name] of Object.keys(sources).entries()) {
      const text = sources[name].replace(/\b(CpuProfileNode_GetHitCount|CpuProfileNode_GetNodeId)\b/g, (found) => swapped[found]);
      const lists = members({ ...sources, [name]: text });
      expect(lists[index]).not.toEqual(lists[(index + 1) % 3]);
    }
  });

  test('the numbers of shim.h are those of table.rs', () => {
    const numbers = [...sources.h.matchAll(/^#define RSP_(\w+) (\d+)u?\b/gm)].map(([, name, value]) => [name, value]);
    expect(numbers.length).toBeGreaterThan(3);
    expect([...sources.rs.matchAll(/^pub const (\w+): \w+ = (\d+);/gm)].map(([, name, value]) => [name, value])).toEqual(numbers);
  });
});
