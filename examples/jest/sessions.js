'use strict';
// A store of sessions with the leak that such stores have: whoever logs out is forgotten in one of two places only.

class Session {
  constructor(user) {
    this.user = user;
    this.since = Date.now();
  }
}

/** @param {{ forgetHistory?: boolean }} [options] forgetHistory: the correction */
function sessionStore({ forgetHistory = false } = {}) {
  const active = new Map();
  const history = [];
  return {
    login(user) {
      const session = new Session(user);
      active.set(user, session);
      history.push(session);
    },
    logout(user) {
      active.delete(user);
      if (forgetHistory) history.length = 0;
    },
  };
}

module.exports = { sessionStore };
