'use strict';
// A session of Node's own inspector with this thread. What it is asked, it answers at once.

const { makeError } = require('./errors');

/** Node's module, which a Node can be built without. Loaded when it is needed: with the addon it never is. */
const load = () => require('inspector');

/** Why Node's inspector cannot be used here, a sentence; undefined when it can. */
function inspectorRefusal() {
  try {
    const session = new (load().Session)();
    session.connect();
    session.disconnect();
    return undefined;
  } catch (error) {
    // A full stack is the caller's own, and passes.
    if (error instanceof RangeError) throw error;
    if (error?.code === 'ERR_ACCESS_DENIED') {
      return process.allowedNodeEnvironmentFlags.has('--allow-inspector')
        ? 'Node\'s permission model keeps its inspector from being used: --allow-inspector allows it.'
        : 'Node\'s permission model keeps its inspector from being used.';
    }
    return `Node's inspector cannot be used here (${error?.message}).`;
  }
}

/** A session that is connected. */
class InspectorSession {
  #session;

  constructor() {
    this.#session = new (load().Session)();
    this.#session.connect();
  }

  /** Asks; throws when the answer is an error. */
  ask(method, params) {
    let answer;
    this.#session.post(method, params, (error, result) => {
      answer = { error, result };
    });
    if (!answer) throw makeError('INTERNAL', `Node's inspector did not answer ${method} at once. Please report this.`);
    if (answer.error) throw makeError('INTERNAL', `Node's inspector refused ${method}: ${answer.error.message}. Please report this.`);
    return answer.result;
  }

  /** Asks; undefined when the answer is an error. */
  tryAsk(method, params) {
    let found;
    this.#session.post(method, params, (error, result) => {
      if (!error) found = result;
    });
    return found;
  }

  /** Ends it, and what it records. */
  close() {
    this.#session.disconnect();
  }
}

module.exports = { InspectorSession, inspectorRefusal };
