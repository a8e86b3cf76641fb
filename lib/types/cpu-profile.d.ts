import type { DataReceiver, ExportCallback, ExportStream, Header, Profile, StreamReceiver } from './export';

/**
 * The shapes of a CPU profile. DevTools' Performance panel opens files of the formats `inspector` and `nodes`.
 *
 * | format | shape | times | lines and columns |
 * | --- | --- | --- | --- |
 * | `'tree'` | v8-profiler's: `head`, `samples`, `timestamps` | seconds; timestamps in microseconds | from 1 |
 * | `'nodes'` | v8-profiler-next's generate type 1: `nodes`, `samples`, `timeDeltas` | microseconds | from 1 |
 * | `'inspector'` | exactly what `Profiler.stop` of the inspector gives | microseconds | from 0 |
 */
export type CpuProfileFormat = 'tree' | 'nodes' | 'inspector';

/** The shape that belongs to each format. */
export interface CpuProfileShapes {
  tree: TreeCpuProfile;
  nodes: NodesCpuProfile;
  inspector: InspectorCpuProfile;
}

/**
 * How V8 attributes lines: `'leafNodeLineNumbers'` makes one node per function and caller and counts line hits in it;
 * `'callerLineNumbers'` makes one node per calling line, hence a larger tree.
 */
export type CpuProfileMode = 'leafNodeLineNumbers' | 'callerLineNumbers';

/** The hits of one source line. */
export interface LineTick {
  /** From 1. */
  line: number;
  hitCount: number;
}

/** A node of the `'tree'` format: one function called from its parent. */
export interface CpuProfileNode {
  /** `''` when anonymous; `'(root)'`, `'(program)'`, `'(idle)'`, `'(garbage collector)'` for V8's own nodes. */
  functionName: string;
  /** The script's name: a path for CommonJS files, a `file:` URL for ES modules, `node:...` for Node's own, or `''`. */
  url: string;
  /** From 1; 0 for V8's own nodes. */
  lineNumber: number;
  /** From 1; 0 for V8's own nodes. */
  columnNumber: number;
  /** A number that nodes of the same function share. */
  callUID: number;
  /** Why V8 gave up optimised code of the function; `''` when it did not. */
  bailoutReason: string;
  id: number;
  scriptId: number;
  /** Samples whose top frame was this node. */
  hitCount: number;
  children: CpuProfileNode[];
  /** Only on nodes that have line hits. */
  lineTicks?: LineTick[];
}

/** The `'tree'` format as plain data. */
export interface TreeCpuProfile {
  typeId: 'CPU';
  uid: string;
  title: string;
  head: CpuProfileNode;
  /** Whole seconds of V8's monotonic clock; milliseconds since 1970 where that clock is below one second. */
  startTime: number;
  /** As `startTime`. */
  endTime: number;
  /** The node id of each sample. */
  samples: number[];
  /** Microseconds of the monotonic clock, one per sample. */
  timestamps: number[];
}

/** A node of the `'nodes'` format. */
export interface NodesCpuProfileNode {
  id: number;
  hitCount: number;
  callFrame: {
    functionName: string;
    scriptId: number;
    bailoutReason: string;
    url: string;
    /** From 1; 0 for V8's own nodes. */
    lineNumber: number;
    /** From 1; 0 for V8's own nodes. */
    columnNumber: number;
    /** Only on nodes that have line hits. */
    lineTicks?: LineTick[];
  };
  /** Ids. */
  children: number[];
}

/** The `'nodes'` format as plain data. */
export interface NodesCpuProfile {
  typeId: 'CPU';
  uid: string;
  title: string;
  /** Depth first; the first one is `(root)`. */
  nodes: NodesCpuProfileNode[];
  /** Microseconds of V8's monotonic clock. */
  startTime: number;
  /** As `startTime`. */
  endTime: number;
  /** The node id of each sample. */
  samples: number[];
  /** Microseconds since the sample before; the first one since `startTime`. */
  timeDeltas: number[];
}

/** A node of the `'inspector'` format. */
export interface InspectorCpuProfileNode {
  id: number;
  callFrame: {
    functionName: string;
    scriptId: string;
    /** A `file:` URL for files. */
    url: string;
    /** From 0; -1 for V8's own nodes. */
    lineNumber: number;
    /** From 0; -1 for V8's own nodes. */
    columnNumber: number;
  };
  hitCount: number;
  /** Ids; absent on a leaf. */
  children?: number[];
  /** Only when V8 gave up optimised code of the function. */
  deoptReason?: string;
  /** Only on nodes that have line hits; lines from 1. */
  positionTicks?: Array<{ line: number; ticks: number }>;
}

/** The `'inspector'` format: `Profiler.Profile` of the DevTools protocol. */
export interface InspectorCpuProfile {
  nodes: InspectorCpuProfileNode[];
  /** Microseconds of V8's monotonic clock. */
  startTime: number;
  /** As `startTime`. */
  endTime: number;
  /** The node id of each sample. */
  samples: number[];
  /** Microseconds since the sample before; the first one since `startTime`. */
  timeDeltas: number[];
}

/** Options of {@link CpuProfile.export}. */
export interface CpuExportOptions {
  /** The shape of the text. Without options: the one that `setGenerateType` had chosen when the profile was stopped. */
  format: CpuProfileFormat;
}

/**
 * A CPU profile, from `stopProfiling()`. A type only, there is no class of this name.
 *
 * After `setGenerateType(1)` the profile has `nodes` and `timeDeltas` in place of `head` and `timestamps`. The
 * properties are declared as in v8-profiler-next's typings, for the default type 0: test for `nodes`, or name the shape
 * with {@link NodesCpuProfile}, where both types occur. `JSON.stringify` of a profile is the text of a `.cpuprofile`
 * file.
 *
 * The large properties become objects of JavaScript when they are first read; they stay readable after `delete()`.
 */
export interface CpuProfile extends Profile {
  typeId: 'CPU';
  /** Counts up from `'0'`, never used again; the key in `profiles`. */
  uid: string;
  /** The name given to `startProfiling`, cut at 1024 characters, or `'Profile '` and the uid. */
  title: string;
  /** The root of the call tree. Generate type 0. */
  head: CpuProfileNode;
  /** Generate type 0: as {@link TreeCpuProfile.startTime}, in seconds. Type 1: microseconds. */
  startTime: number;
  /** As `startTime`. */
  endTime: number;
  /** The node id of each sample; empty when `recsamples` was `false`. */
  samples: number[];
  /** Microseconds of the monotonic clock, one per sample. Generate type 0. */
  timestamps: number[];
  /** Generate type 1. */
  nodes?: NodesCpuProfileNode[];
  /** Microseconds since the sample before. Generate type 1. */
  timeDeltas?: number[];
  getHeader(): Header<string>;
  /**
   * Takes the profile out of `profiles` and frees V8's part of it. The object stays usable: it can be
   * read and exported. `delete` needs no `this`, so that it can be passed as a listener, and can be called again
   * without effect.
   */
  delete: () => void;

  /** As {@link Profile.export}. */
  export(): ExportStream;
  export<S extends StreamReceiver>(receiver: S): S;
  export<S extends StreamReceiver>(receiver: S | undefined): S | ExportStream;
  export(callback: ExportCallback): void;
  export(callback: DataReceiver): void;
  /**
   * Exports in a format of choice, whatever `setGenerateType` says. The receivers are those of {@link Profile.export}.
   *
   * @throws `TypeError` of code `ERR_RS_PROFILER_INVALID_ARGUMENT` for an unknown format
   * @example
   * ```ts
   * profile.export({ format: 'inspector' }).pipe(fs.createWriteStream('app.cpuprofile'));
   * ```
   */
  export(options: CpuExportOptions): ExportStream;
  export<S extends StreamReceiver>(options: CpuExportOptions, receiver: S): S;
  export<S extends StreamReceiver>(options: CpuExportOptions, receiver: S | undefined): S | ExportStream;
  export(options: CpuExportOptions, callback: ExportCallback): void;
  export(options: CpuExportOptions, callback: DataReceiver): void;
}
