'use strict';
// A CPU profile with the shape of v8-profiler-next's: type 0 (tree) or type 1 (nodes).

const { defineParts, detach, openText, PARTS, timesOf } = require('../native/cpu-profile');
const { isUnread } = require('../native/lazy');
const { readerOf } = require('../stream/text');
const { exportProfile, stringified } = require('./export-profile');
const { exportArguments } = require('./export-arguments');
const { define, enumerateMethods } = require('../native/properties');

const FORMATS = ['tree', 'nodes', 'inspector'];
/** What UTF-8 cannot say. JSON.stringify writes it as an escape. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const natives = new WeakMap();

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
    defineParts(this, taken, format, meta);
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

enumerateMethods(CpuProfile);

/** Nobody has read, replaced or added a property: the native text says what JSON.stringify would. */
function isPristine(profile, { format, keys }) {
  const now = Object.keys(profile);
  return now.length === keys.length && now.every((key, at) => key === keys[at])
    && Object.keys(PARTS[format]).every((name) => isUnread(profile, name))
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
    return readerOf(openText(taken, format, { uid, title, ...timesOf(taken, format, meta) }));
  }
  if (!isPristine(profile, record)) return stringified(profile);
  const { typeId, uid, title, startTime, endTime } = profile;
  return readerOf(openText(taken, record.format, { typeId, uid, title, startTime, endTime }));
}

module.exports = { CpuProfile };
