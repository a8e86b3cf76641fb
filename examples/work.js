'use strict';

/** What the services of these examples do: something hot, and something that leaks. */

const crypto = require('node:crypto');

/** Sessions that nobody ever takes out. */
const sessions = new Map();

/** Leaks: each call leaves a session behind. */
function openSession(user) {
  const id = crypto.randomUUID();
  sessions.set(id, { user, opened: new Date(), history: new Array(100).fill(user) });
  return { id, open: sessions.size };
}

/** Burns time. */
function checksum(text) {
  let sum = 0;
  for (let round = 0; round < 20_000; round += 1) sum = (sum * 31 + text.charCodeAt(round % text.length)) >>> 0;
  return { text, sum };
}

/** Where the service listens; the tests choose a free port. */
const port = Number(process.env.PORT || 3000);

/** The options of the debug routes: the token comes from the environment, and without one the routes are off. */
const debugOptions = {
  enabled: Boolean(process.env.RS_PROFILER_TOKEN),
  token: process.env.RS_PROFILER_TOKEN,
  folder: process.env.RS_PROFILER_FOLDER,
};

/** Says where the service listens, and ends it well. */
function started(server, close) {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port} (process ${process.pid})\n`);
  process.once('SIGTERM', close);
}

module.exports = { checksum, debugOptions, openSession, port, started };
