'use strict';
// Requests to a server of Node over connections in memory: its HTTP parser and its response run as ever, system calls and the
// network do not, so a cost of a tenth of a microsecond shows.

const { Duplex } = require('stream');

const REQUEST = Buffer.from('GET /users/1 HTTP/1.1\r\nhost: localhost\r\nconnection: keep-alive\r\n\r\n');

class Connection extends Duplex {
  #answered = () => {};

  // What http asks of a socket.
  remoteAddress = '127.0.0.1';
  setTimeout() { return this; }
  setNoDelay() { return this; }
  setKeepAlive() { return this; }
  ref() { return this; }
  unref() { return this; }

  _read() {}

  _write(_chunk, _encoding, callback) {
    callback();
    this.#answered();
  }

  // Head and body of an answer are written in one turn, and come as one batch.
  _writev(_chunks, callback) {
    callback();
    this.#answered();
  }

  /** Sends requests, one after the other; resolves when the last one is answered. */
  ask(requests) {
    return new Promise((resolve) => {
      let left = requests;
      const next = () => {
        left -= 1;
        if (left < 0) resolve();
        else this.push(REQUEST);
      };
      // Not from within the write: a client is elsewhere.
      this.#answered = () => setImmediate(next);
      next();
    });
  }
}

/** @param {import('http').Server} server it need not listen */
function connect(server) {
  const connection = new Connection();
  server.emit('connection', connection);
  return connection;
}

module.exports = { connect };
