'use strict';
// A CPU profile as the addon holds it: its parts and its text in each format, its times, and giving V8's memory back.

const { native, nativeAsync } = require('./errors');
const { defineLazy } = require('./lazy');
const { define } = require('./properties');

/** Above this many samples V8's profile is copied on another thread before it is given back. */
const SYNC_DETACH_SAMPLES = 5000;
/**
 * The finest sampling, as in DevTools. From about 10 us down the signals of V8's sampler come faster than a thread can take
 * them, and it may never go on.
 */
const LEAST_INTERVAL_US = 100;
/** Lazy properties by format, the tree first, and the part of the native profile that each is made from. */
const PARTS = {
  tree: { head: 'head', samples: 'samples', timestamps: 'timestamps' },
  nodes: { nodes: 'nodes', samples: 'samples', timeDeltas: 'timeDeltas' },
  inspector: { nodes: 'inspectorNodes', samples: 'samples', timeDeltas: 'timeDeltas' },
};

/** Whether this Node's URL parser keeps `^` in a path, and so its inspector in file URLs. */
const caretKept = () => new URL('file:///^').pathname === '/^';

/** Defines a property that is parsed from the native profile when it is read. */
function definePart(object, name, taken, part) {
  defineLazy(object, name, () => JSON.parse(native(() => taken.part({ part, caretKept: caretKept() })).toString('utf8')));
}

/** Starts the text of a native profile in a format. */
function openText(taken, format, given) {
  const header = { typeId: 'CPU', uid: '', title: '', ...given };
  return native(() => taken.export({ format, caretKept: caretKept(), header }));
}

/**
 * Gives V8's memory back; the profile stays readable from a copy. Large ones are copied on another thread first. What fails
 * is left to the garbage collector: nothing throws here, or rejects.
 */
async function detach(taken) {
  try {
    if (taken.sampleCount() > SYNC_DETACH_SAMPLES) {
      try {
        await nativeAsync(() => taken.detach());
        taken.detachFinished();
        return;
      } catch {
        // When no thread can be had, or the environment is closing, what is left is to do it here.
      }
    }
    taken.detachSync();
  } catch {
    // V8 keeps it until its object is collected.
  }
}

/** `{ startTime, endTime }` as a format has them. `wallClock` has the same in milliseconds since 1970. */
function timesOf(taken, format, wallClock) {
  // A clock that somebody has replaced gives anything.
  const time = (given) => (Number.isFinite(given) ? given : 0);
  const [startTime, endTime] = [time(wallClock.startTime), time(wallClock.endTime)];
  return native(() => taken.times({ format, wallClock: { startTime, endTime } }));
}

/** Gives an object the properties of a format, in their order: the tree, the times and the rest. */
function defineParts(object, taken, format, wallClock) {
  const [tree, ...rest] = Object.keys(PARTS[format]);
  definePart(object, tree, taken, PARTS[format][tree]);
  define(object, timesOf(taken, format, wallClock));
  for (const name of rest) definePart(object, name, taken, PARTS[format][name]);
}

module.exports = { defineParts, detach, LEAST_INTERVAL_US, openText, PARTS, timesOf };
