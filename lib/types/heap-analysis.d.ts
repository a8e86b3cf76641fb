import type { RedactedCounts, RedactOptions } from './capture';

/** A place in a file. */
export interface SourcePlace {
  /** A path, a `file:` URL or `node:internal/...`. */
  url: string;
  /** From 1. */
  lineNumber: number;
  /** From 1. */
  columnNumber: number;
}

/** How far the work has come. `total` is 0 while it is unknown (a stream). */
export interface AnalysisProgress {
  /** `'read'` counts bytes of the input, `'analyse'` counts steps. */
  phase: 'read' | 'analyse';
  done: number;
  total: number;
}

export interface OpenHeapSnapshotOptions {
  /** Ends the opening, and then every question: they reject with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Called about every 50 ms, and at the end with `done === total`. What it throws ends the work and rejects the promise. */
  onProgress?: ((progress: AnalysisProgress) => void) | undefined;
  /** Whether the whole part of a file that was cut off is opened. Default false: it is refused. */
  partial?: boolean | undefined;
}

/** What a heap snapshot can be given as: a path, its text, or a stream of it; gzip-ed and zstd-compressed as well. */
export type HeapSnapshotInput = string | Buffer | AsyncIterable<Buffer | Uint8Array | string>;

export interface LimitOptions {
  /** At most this many rows. Default: all. */
  limit?: number | undefined;
}

export interface HeapSummary {
  nodes: number;
  edges: number;
  classes: number;
  /** Bytes that the roots retain. */
  totalSize: number;
  /** Bytes that something has to have grown by, since this snapshot as the base, to be a suspect. */
  leastGrowth: number;
  /** Length of the text, uncompressed. */
  textBytes: number;
  /** Where the file was cut off; `null` when it is whole. */
  truncation: {
    section: string;
    offset: number;
    nodes: number;
    promisedNodes: number;
    edges: number;
    promisedEdges: number;
  } | null;
}

/** Bytes by kind: DevTools' Statistics. */
export interface HeapStatistics {
  total: number;
  native: { total: number; typedArrays: number };
  v8heap: { total: number; code: number; jsArrays: number; strings: number; system: number };
}

/** A row of the class table: DevTools' Summary. */
export interface HeapClassRow {
  /** For `instances` of this analysis. */
  id: number;
  name: string;
  count: number;
  /** Bytes of the objects themselves. */
  shallowSize: number;
  /** Bytes that would be freed with all of them. */
  retainedSize: number;
  /** The least number of edges from the roots. */
  distance: number;
  /** Where the constructor stands. */
  place: SourcePlace | null;
}

/** DevTools' filters of the class table. */
export type HeapClassFilter =
  | 'duplicatedStrings'
  | 'retainedByDetachedDom'
  | 'retainedByConsole'
  | 'retainedByContexts'
  | 'retainedByEventHandlers';

/** An object. */
export interface HeapNodeRow {
  /** V8's id: the same in later snapshots of the process. */
  id: number;
  /** The constructor of objects, the text of strings. */
  name: string;
  /** V8's type: `object`, `closure`, `string`, `array`, `native`, ... */
  type: string;
  className: string;
  /** Edges from the roots; 100 000 000 and more for what only V8 itself holds. */
  distance: number;
  /** Bytes of its own. */
  shallowSize: number;
  /** Bytes that would be freed with it. */
  retainedSize: number;
  /** Whether only JavaScript still holds an object of the embedder. */
  detached: boolean;
  /** Where the function, or the constructor, stands. */
  place: SourcePlace | null;
}

/** An object that holds another, and how. */
export interface HeapRetainerRow extends HeapNodeRow {
  /** V8's type: `property`, `element`, `context`, `internal`, `hidden`, `shortcut`, `weak`. */
  edgeType: string;
  /** The property, variable or index. */
  edgeName: string;
  /** The id of what it holds. */
  toId: number;
}

/** A step of the way to a suspect. */
export interface HeapPathStep {
  id: number;
  name: string;
  edgeType: string;
  edgeName: string;
  toId: number;
  place: SourcePlace | null;
}

/** A call on the stack of an allocation. */
export interface AllocationFrame {
  functionName: string;
  url: string;
  /** From 1; 0 is unknown. */
  lineNumber: number;
  /** From 1; 0 is unknown. */
  columnNumber: number;
}

/** Something that memory accumulates in. */
export interface LeakSuspect {
  /** V8's id of the container. */
  id: number;
  /** All of it in one sentence. */
  sentence: string;
  container:
    | 'array' | 'Map' | 'Set' | 'dictionary' | 'listeners' | 'closure context' | 'module.children' | 'timers'
    | 'promise reactions' | 'linked list' | 'concatenated string' | 'FinalizationRegistry' | 'object';
  /**
   * Where in the program the way to it leads through last: the function whose variable it is in, or the constructor of what
   * holds it. `null` when the way leads through Node only.
   */
  holder: SourcePlace | null;
  /**
   * Bytes that would be freed with it; when something else holds what accumulates as well, or when it retains much else
   * beside that, the bytes that would be freed with what accumulates.
   */
  retainedSize: number;
  /** Whether something else holds what accumulates as well, so that this container alone would not free it. */
  shared: boolean;
  /** The same as a part of the heap, from 0 to 1. */
  share: number;
  /** Of those bytes, the ones off the JavaScript heap: data of Buffers and ArrayBuffers, and native objects. */
  offHeapSize: number;
  accumulated: {
    className: string;
    count: number;
    /** What they retain together. */
    retainedSize: number;
    /** In how many containers within this one they lie, as in a Map of Maps; 0 when in itself. */
    parts: number;
    /** Where the constructor of one of them, or the function itself, stands. */
    place: SourcePlace | null;
    /** The call in the program that allocated most of them, where allocations were tracked with their stacks. */
    allocatedBy: AllocationFrame | null;
  };
  /** What its keys look like. */
  keys: 'timestamps' | 'consecutive' | null;
  /** What several of the accumulated things have: the file of modules, the text of strings. */
  duplicates: { text: string; count: number } | null;
  /**
   * Since the base, when one was given. Of a container that the base does not have, or that is `shared`, what it holds
   * counts. `foundBy` is `'path'` where the ids of the base do not match (another process, or forked without `stableIds`): the
   * figures are then those of what the same retaining path leads to there, and `growth` is `null` where it leads nowhere, or the
   * sizes are those of things alone.
   */
  growth: { baseRetainedSize: number; baseElements: number; elements: number; foundBy: 'id' | 'path' } | null;
  /** The shortest way to it from the roots, outermost first. */
  path: HeapPathStep[];
}

/** A class that has new or deleted objects: DevTools' Comparison. */
export interface HeapComparisonRow {
  name: string;
  place: SourcePlace | null;
  addedCount: number;
  removedCount: number;
  countDelta: number;
  addedSize: number;
  removedSize: number;
  sizeDelta: number;
}

/** A container that is in both snapshots and holds more in the later one. */
export interface HeapGrownRow extends HeapNodeRow {
  baseRetainedSize: number;
  /** `retainedSize - baseRetainedSize`. */
  growth: number;
  baseElements: number;
  elements: number;
}

export interface HeapComparison {
  /**
   * `'id'`: both are of one process. `'shape'`: they are of different ones, or their ids were not kept; classes were matched
   * by name and place, objects that came and went cancel out, and `grown` is empty.
   */
  matchedBy: 'id' | 'shape';
  baseTotalSize: number;
  totalSize: number;
  /** Bytes off the JavaScript heap: Buffers, ArrayBuffers, and what native code reports. Part of the totals. */
  baseNativeSize: number;
  nativeSize: number;
  rows: HeapComparisonRow[];
  grown: HeapGrownRow[];
}

export interface DuplicatedStringRow {
  /** At most its first 1024 UTF-16 units, as V8 writes it. */
  text: string;
  count: number;
  shallowSize: number;
  retainedSize: number;
  /** Ids of the first ten. */
  ids: number[];
}

export interface HeapDominatorNode extends HeapNodeRow {
  /** How many nodes it dominates immediately. */
  dominated: number;
  /** Those of them that are big enough, the biggest first. */
  children: HeapDominatorNode[];
}

export interface DominatorTreeOptions {
  /** Where to begin: a row or an id. Default: the root. */
  id?: HeapNodeRow | LeakSuspect | number | undefined;
  /** The least part of the heap that a node must retain to be in it, from 0 (every node) to 1. Default 0.001. */
  leastShare?: number | undefined;
  /** Levels, at most 64. Default 64. */
  deepest?: number | undefined;
}

/** Something with V8's id, or the id. */
export type HeapNodeId = number | { id: number };

/** A heap snapshot that can be asked. Every answer is worked out on another thread. */
export interface HeapSnapshotAnalysis {
  summary(): Promise<HeapSummary>;
  statistics(): Promise<HeapStatistics>;
  classes(options?: LimitOptions & { filter?: HeapClassFilter | undefined }): Promise<HeapClassRow[]>;
  /** What probably leaks, the worst first: by size, or with `base`, an earlier snapshot of the process, by growth. */
  suspects(options?: LimitOptions & { base?: HeapSnapshotAnalysis | undefined }): Promise<LeakSuspect[]>;
  compare(base: HeapSnapshotAnalysis, options?: LimitOptions): Promise<HeapComparison>;
  /** Rejects with `ERR_RS_PROFILER_INVALID_ARGUMENT` when there is no such node; so do the others that take one. */
  node(id: HeapNodeId): Promise<HeapNodeRow>;
  /** What would be freed with an object alone, the biggest first. */
  dominated(id: HeapNodeId, options?: LimitOptions): Promise<HeapNodeRow[]>;
  /** What holds an object, the nearest to the roots first. */
  retainers(id: HeapNodeId, options?: LimitOptions): Promise<HeapRetainerRow[]>;
  /** The shortest way from the roots to an object, outermost first. */
  retainingPath(id: HeapNodeId): Promise<HeapRetainerRow[]>;
  /**
   * The calls that led to the allocation of an object, the innermost first. Empty unless the file was recorded while allocations
   * were tracked with their stacks (`.heaptimeline` of DevTools), and the object was allocated since.
   */
  allocationStack(id: HeapNodeId): Promise<AllocationFrame[]>;
  /** The objects of a class, the biggest first. */
  instances(wanted: HeapClassRow | number | string, options?: LimitOptions): Promise<HeapNodeRow[]>;
  duplicatedStrings(options?: LimitOptions): Promise<DuplicatedStringRow[]>;
  dominatorTree(options?: DominatorTreeOptions): Promise<HeapDominatorNode>;
  /**
   * Lets go of the snapshot. What is being asked of it, or with it as the base, ends soon and rejects with an `AbortError`; later
   * questions reject with `ERR_RS_PROFILER_DELETED`.
   */
  close(): void;
}

export interface RedactHeapSnapshotOptions {
  /** As of `writeHeapSnapshot`. Default `'strings'`. */
  redact?: 'strings' | RedactOptions | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: AnalysisProgress) => void) | undefined;
}

export interface RedactReport {
  path: string;
  redacted: RedactedCounts;
}
