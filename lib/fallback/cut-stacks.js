'use strict';
// A sampling heap profile as V8 makes it when it keeps fewer frames of each stack: the innermost ones, below the root.

const depthOf = ({ children }) => children.reduce((depth, child) => Math.max(depth, 1 + depthOf(child)), 0);

/** The ids of a node and all below it. */
const idsOf = (node, ids = new Set()) => node.children.reduce((all, child) => idsOf(child, all), ids.add(node.id));

const keyOf = ({ functionName, scriptId, url, lineNumber, columnNumber }) => (
  JSON.stringify([functionName, scriptId, url, lineNumber, columnNumber]));

/** The tree being made. */
class CutTree {
  #children = new Map();
  #last = 0;

  constructor({ callFrame, selfSize }) {
    this.root = this.#make(callFrame);
    this.root.selfSize = selfSize;
  }

  #make(callFrame) {
    const node = { callFrame, selfSize: 0, id: (this.#last += 1), children: [] };
    this.#children.set(node, new Map());
    return node;
  }

  /** The node that these frames lead to. */
  at(frames) {
    let node = this.root;
    for (const frame of frames) {
      const [known, key] = [this.#children.get(node), keyOf(frame)];
      if (!known.has(key)) {
        const child = this.#make(frame);
        known.set(key, child);
        node.children.push(child);
      }
      node = known.get(key);
    }
    return node;
  }
}

/** The profile with at most so many frames below the root, and without samples that V8 took after it had made the tree. */
function cutStacks(profile, stackDepth) {
  const { head } = profile;
  const known = idsOf(head);
  const samples = profile.samples.filter(({ nodeId }) => known.has(nodeId));
  if (depthOf(head) <= stackDepth) return { ...profile, samples };
  const sampled = new Set(samples.map(({ nodeId }) => nodeId));
  const tree = new CutTree(head);
  const ids = new Map([[head.id, tree.root.id]]);
  const visit = (node, frames) => {
    // What only leads to others has nothing of its own to keep.
    if (node !== head && (node.selfSize > 0 || sampled.has(node.id))) {
      const cut = tree.at(frames.slice(-stackDepth));
      cut.selfSize += node.selfSize;
      ids.set(node.id, cut.id);
    }
    for (const child of node.children) visit(child, [...frames, child.callFrame]);
  };
  visit(head, []);
  return { ...profile, head: tree.root, samples: samples.map((sample) => ({ ...sample, nodeId: ids.get(sample.nodeId) })) };
}

module.exports = { cutStacks };
