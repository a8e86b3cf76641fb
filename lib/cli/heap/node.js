'use strict';
// The object that a command line names: `@ID`, or the biggest of a class.

const { Mistake } = require('../context');

/**
 * What finds the object. Called before a file is read: a mistake in the command line is told at once.
 * @returns {((analysis: object) => Promise<object>) | undefined} undefined where none is named
 */
function wantedNode({ files: [, text], values: { class: className } }) {
  if (text !== undefined && className !== undefined) throw new Mistake('Name one object: its id, or --class NAME.');
  if (text !== undefined) {
    if (!/^@?\d{1,10}$/.test(text)) throw new Mistake(`The id must be like @74745, not '${text}'.`);
    const id = Number(text.replace('@', ''));
    return (analysis) => analysis.node(id);
  }
  if (className === undefined) return undefined;
  return async (analysis) => (await analysis.instances(className, { limit: 1 }))[0];
}

module.exports = { wantedNode };
