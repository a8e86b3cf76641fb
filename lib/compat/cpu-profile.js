'use strict';
// A CPU profile with the shape of v8-profiler-next's: type 0 (tree) or type 1 (nodes).

const { defineLazy, isUnread } = require('../native/lazy');
const { CHUNK, readerOf, STREAM_CHUNK } = require('../stream/text');
const { exportProfile, stringified } = require('./export-profile');
const { native, nativeAsync } = require('../native/errors');
const { exportArguments } = require('../options/checks');
const { define } = require('../native/properties');

const FORMATS = ['tree', 'nodes', 'inspector'];
/** Above this many samples V8's profile is copied on another thread before it is given back. */
const SYNC_DETACH_SAMPLES = 5000;
/**
 * The finest sampling, as in DevTools. From about 10 us down the signals of V8's sampler come faster than a thread can take
 * them, and it may never go on.
 */
const LEAST_INTERVAL_US = 100;
/** Lazy properties by format, and the part of the native profile that each is made from. */
const LAZY = {
  tree: { head: 'head', samples: 'samples', timestamps: 'timestamps' },
  nodes: { nodes: 'nodes', samples: 'samples', timeDeltas: 'timeDeltas' },
  inspector: { nodes: 'inspectorNodes', samples: 'samples', timeDeltas: 'timeDeltas' },
};

/** What UTF-8 cannot say. JSON.stringify writes it as an escape. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const natives = new WeakMap();

/** Whether this Node's URL parser keeps `^` in a path, and so its inspector in file URLs. */
const caretKept = () => new URL('file:///^').pathname === '/^';

/** Defines a property that is parsed from the native profile when it is read. */
function definePart(object, name, taken, part) {
  defineLazy(object, name, () => JSON.parse(native(() => taken.part(part, caretKept())).toString('utf8')));
}

/** Starts the text of a native profile in a format. */
function openText(taken, format, given, chunkSize = CHUNK) {
  const header = { uid: '', title: '', ...given, caretKept: caretKept() };
  return native(() => taken.export(format, header, chunkSize));
}

/**
 * Gives V8's memory back; the profile stays readable from a copy. Large ones are copied on another thread first. What fails
 * is left to the garbage collector: nothing throws here, or rejects.
 */
async function detach(taken) {
  try {
    if (taken.times().samples > SYNC_DETACH_SAMPLES) {
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

/** Times as a format has them: whole seconds for the tree (wall clock ms when that is 0), else microseconds. */
function timesOf(taken, format, wallClock) {
  const { startTime, endTime } = taken.times();
  if (format !== 'tree') return { startTime, endTime };
  return {
    startTime: Math.floor(startTime / 1e6) || wallClock.startTime,
    endTime: Math.floor(endTime / 1e6) || wallClock.endTime,
  };
}

class CpuProfile {
  /**
   * @param {object} taken the native profile
   * @param {'tree'|'nodes'} format
   * @param {object} meta `{ uid, title, startTime, endTime }`, the times in wall-clock ms
   * @param {Array} registry where it is kept under its uid
   */
  constructor(taken, format, meta, registry) {
    const record = { taken, format, meta, deleted: false };
    natives.set(this, record);
    const remove = () => {
      if (registry[this.uid] === this) Reflect.deleteProperty(registry, this.uid);
      if (record.deleted) return;
      record.deleted = true;
      detach(taken);
    };
    define(this, { delete: remove });
    define(this, { typeId: 'CPU', uid: meta.uid, title: meta.title });
    const { startTime, endTime } = timesOf(taken, format, meta);
    const parts = LAZY[format];
    const tree = Object.keys(parts)[0];
    definePart(this, tree, taken, parts[tree]);
    define(this, { startTime, endTime });
    for (const name of Object.keys(parts).slice(1)) definePart(this, name, taken, parts[name]);
    record.keys = Object.keys(this);
  }

  getHeader() {
    return { typeId: this.typeId, uid: this.uid, title: this.title };
  }

  export(...args) {
    const { format, receiver } = exportArguments(args, FORMATS);
    return exportProfile(receiver, () => openReader(this, format));
  }
}

/** Nobody has read, replaced or added a property: the native text says what JSON.stringify would. */
function isPristine(profile, { format, keys }) {
  const now = Object.keys(profile);
  return now.length === keys.length && now.every((key, at) => key === keys[at])
    && Object.keys(LAZY[format]).every((name) => isUnread(profile, name))
    && [profile.typeId, profile.uid, profile.title].every((value) => typeof value === 'string' && !LONE_SURROGATE.test(value))
    && [profile.startTime, profile.endTime].every(Number.isSafeInteger);
}

/** The reader of a profile's text. The content is settled now, as the originals do it. */
function openReader(profile, format) {
  const record = natives.get(profile);
  if (!record) return stringified(profile);
  const { taken, meta } = record;
  if (format !== undefined && format !== record.format) {
    const { uid, title } = meta;
    if (format !== 'inspector' && LONE_SURROGATE.test(title)) return stringified(new CpuProfile(taken, format, meta, []));
    return readerOf(openText(taken, format, { typeId: 'CPU', uid, title, ...timesOf(taken, format, meta) }, STREAM_CHUNK));
  }
  if (!isPristine(profile, record)) return stringified(profile);
  const { typeId, uid, title, startTime, endTime } = profile;
  return readerOf(openText(taken, record.format, { typeId, uid, title, startTime, endTime }, STREAM_CHUNK));
}

module.exports = { CpuProfile, definePart, detach, LAZY, LEAST_INTERVAL_US, openText, timesOf };
