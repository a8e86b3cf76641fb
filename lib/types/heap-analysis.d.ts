/**
 * A heap snapshot to open: the path of a file (a string, a Buffer or a `file:` URL), or a stream of its text, which may be a
 * Readable, a web `ReadableStream` or an async generator, of Buffers, Uint8Arrays or strings. `.heapsnapshot` and `.heaptimeline`
 * of V8, plain, gzip-ed or zstd-compressed: the first bytes tell, not the name.
 */
export type HeapSnapshotInput = string | Buffer | URL | AsyncIterable<Uint8Array | string>;

/** How far an opening has come. */
export interface AnalysisProgress {
  /** `'read'`: bytes of the input, as they lie there. `'analyse'` and `'index'`: steps. */
  phase: 'read' | 'analyse' | 'index';
  done: number;
  /** 0 while it is unknown (a stream, a pipe); equal to `done` in the last call. */
  total: number;
}

/** Options of `openHeapSnapshot`. */
export interface OpenHeapSnapshotOptions {
  /** Ends the opening, which rejects with an {@link RsProfilerAbortError} at once. A stream is destroyed. */
  signal?: AbortSignal | undefined;
  /** Called about every 50 ms, and at the end. What it throws ends the opening and is what the promise rejects with. */
  onProgress?: ((progress: AnalysisProgress) => void) | undefined;
  /** Whether the whole part of a file that was cut off is opened; `summary()` says where it ended. Default `false`: it is refused. */
  partial?: boolean | undefined;
  /**
   * Whether what is computed is kept in a file beside the snapshot, `NAME.heapsnapshot.index`, or at the path, or in the folder, that
   * is given. If that file is there and belongs to this snapshot, nothing is read: the file is mapped, and every question but a
   * long comparison or a filter is answered at once, however large the snapshot is. If not, it is written, some 1.25 times as large
   * as the snapshot; `summary().indexed` says which. Only files have one. Default `false`.
   *
   * An index is used if length and time of the snapshot are what they were and this version of this package has written it; else it
   * is written anew, under another name which then is renamed. A file that is no index is never overwritten. Nobody may shorten an
   * index in place while it is open: the process would end with `SIGBUS`, as with every mapped file. Removing it is no harm.
   */
  index?: boolean | string | Buffer | URL | undefined;
}

/** Options of `summarizeHeapSnapshot`. */
export type SummarizeHeapSnapshotOptions = Pick<OpenHeapSnapshotOptions, 'signal' | 'onProgress'>;

/** What `summarizeHeapSnapshot` gives. Sizes are bytes, those of the objects themselves as V8 wrote them. */
export interface HeapQuickSummary {
  nodes: number;
  edges: number;
  /** Bytes of everything, as in `statistics()`. */
  totalSize: number;
  /** Nodes that the file marks as detached. */
  detached: number;
  /** Length of the text, uncompressed. */
  textBytes: number;
  /** Where the file was cut off; `null` when it is whole. */
  truncation: HeapTruncation | null;
  /** By V8's type of node, the most bytes first. */
  types: { type: string; count: number; shallowSize: number }[];
  /** By V8's type of edge. */
  edgeTypes: { type: string; count: number }[];
  /** By name: the thousand with the most bytes and the thousand of which there are the most, the most bytes first. */
  names: HeapNameRow[];
  /** Whether there were too many names to count each, which no ordinary heap has: then rows have a `missed`. */
  approximate: boolean;
  /** Strings on the heap, and the hundred largest of them. */
  strings: {
    count: number;
    shallowSize: number;
    /** `text` is how it begins, 4096 bytes at most. */
    largest: { id: number; shallowSize: number; text: string }[];
  };
  /** Texts in the file: names, properties and contents of strings, each once. */
  texts: number;
  textsBytes: number;
}

/** Objects of one name. */
export interface HeapNameRow {
  /** The constructor; `(string)`, `(array)`, `Function` and so on for what has none. Plain objects are all `Object`. */
  name: string;
  /** Objects with bytes of their own; at least so many when `missed` is not 0. */
  count: number;
  shallowSize: number;
  /** So many bytes more they have at most. */
  missed: number;
}

/** Options of every question to a {@link HeapSnapshotAnalysis}. */
export interface HeapQuestionOptions {
  /** Ends the question, which rejects with an {@link RsProfilerAbortError} at once. */
  signal?: AbortSignal | undefined;
}

/** Options of questions with many rows for an answer. */
export interface HeapRowsOptions extends HeapQuestionOptions {
  /** At most so many rows, an integer from 0, or `Infinity` for all. The default is told with each question. */
  limit?: number | undefined;
}

/** DevTools' filters of the class table. */
export type HeapClassFilter =
  | 'duplicatedStrings'
  | 'retainedByDetachedDom'
  | 'retainedByConsole'
  | 'retainedByContexts'
  | 'retainedByEventHandlers';

/** Options of `classes`. */
export interface HeapClassesOptions extends HeapRowsOptions {
  /** Which objects count. Default: all. */
  filter?: HeapClassFilter | undefined;
}

/** Options of `dominatorTree`. */
export interface DominatorTreeOptions extends HeapQuestionOptions {
  /** Where it begins. Default: the root. */
  id?: HeapNodeId | undefined;
  /** The part of the heap that a node must retain to be shown, from 0 (every node) to 1. Default 0.001. */
  leastShare?: number | undefined;
  /** Levels below the first node, from 0 to 64. Default 64. */
  deepest?: number | undefined;
}

/** What `summary` gives. */
export interface HeapSummary {
  nodes: number;
  edges: number;
  /** Rows of `classes()`. */
  classes: number;
  /** Bytes of everything; `total` of `statistics()`. */
  totalSize: number;
  /** Length of the text, uncompressed. */
  textBytes: number;
  /** Where the file was cut off, with `partial: true`; `null` when it is whole. */
  truncation: HeapTruncation | null;
  /** With the option `index`: whether the index was read or written. `null` without, and if the file changed meanwhile. */
  indexed: 'read' | 'written' | null;
}

/** How far a file goes that was cut off. */
export interface HeapTruncation {
  /** The section of the text that it ends in, such as `'edges'`. */
  section: string;
  /** The byte of the uncompressed text that it ends at. */
  offset: number;
  nodes: number;
  /** As the header of the file has it. */
  promisedNodes: number;
  edges: number;
  promisedEdges: number;
  /** Texts that were read. A name beyond is `'(lost)'`. */
  strings: number;
}

/** Bytes by kind: DevTools' Statistics. */
export interface HeapStatistics {
  total: number;
  /** Bytes off the JavaScript heap; of that, data of ArrayBuffers. */
  native: { total: number; typedArrays: number };
  /** Bytes of the JavaScript heap, and of parts of it. */
  v8heap: { total: number; code: number; jsArrays: number; strings: number; system: number };
}

/** A place in a source file. */
export interface SourcePlace {
  /** A path, a `file:` URL or `node:internal/...`. */
  url: string;
  /** From 1. */
  lineNumber: number;
  /** From 1. */
  columnNumber: number;
}

/** A row of the class table: DevTools' Summary. */
export interface HeapClassRow {
  /** For `instances` of this analysis. */
  id: number;
  /** The constructor; `(string)`, `(array)` and so on for what has none. */
  name: string;
  /** Objects. */
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

/** An object, or something else on the heap. */
export interface HeapNodeRow {
  /** V8's id, `@123` in DevTools: the same in later snapshots of the process. */
  id: number;
  /** The constructor of an object, the text of a string, the name of a function. */
  name: string;
  /** V8's type: `'object'`, `'closure'`, `'string'`, `'array'`, `'native'`, ... */
  type: string;
  /** `name` of its {@link HeapClassRow}. */
  className: string;
  /** Edges from the roots; 100 000 000 and more for what only V8 itself holds, below 0 for what nothing leads to. */
  distance: number;
  /** Bytes of its own. */
  shallowSize: number;
  /** Bytes that would be freed with it. */
  retainedSize: number;
  /** Whether only JavaScript still holds this object of the embedder. */
  detached: boolean;
  /** Where the function, or the constructor, stands. */
  place: SourcePlace | null;
}

/** An object that holds another, and how. */
export interface HeapRetainerRow extends HeapNodeRow {
  /** V8's type: `'property'`, `'element'`, `'context'`, `'internal'`, `'hidden'`, `'shortcut'`, `'weak'`. */
  edgeType: string;
  /** The property, variable or index. */
  edgeName: string;
  /** The id of what it holds. */
  toId: number;
}

/** A class that has new or deleted objects: DevTools' Comparison. */
export interface HeapComparisonRow {
  name: string;
  /** Objects that only the later snapshot has. */
  addedCount: number;
  /** Objects that only the base has. */
  removedCount: number;
  /** `addedCount - removedCount`. */
  countDelta: number;
  /** Bytes of the objects that only the later snapshot has. */
  addedSize: number;
  /** Bytes of the objects that only the base has. */
  removedSize: number;
  /** `addedSize - removedSize`. */
  sizeDelta: number;
  /** Where the constructor stands. */
  place: SourcePlace | null;
}

/** What `compare` gives. */
export interface HeapComparison {
  /**
   * `'id'`: both are of one process. `'shape'`: they are of different ones, or a forked child took the base, whose ids passed away
   * with it: classes were matched by name and place, and objects that came and went cancel out.
   */
  matchedBy: 'id' | 'shape';
  /** Bytes of everything in the base. */
  baseTotalSize: number;
  /** Bytes of everything. */
  totalSize: number;
  /** Of `baseTotalSize`, the bytes off the JavaScript heap. */
  baseNativeSize: number;
  /** Of `totalSize`, the bytes off the JavaScript heap. */
  nativeSize: number;
  /** By bytes added, then by name. */
  rows: HeapComparisonRow[];
}

/** A text that several strings have. */
export interface DuplicatedStringRow {
  /** At most its first 1024 UTF-16 units, as V8 writes it: longer strings that begin alike are taken for equal. */
  text: string;
  /** Strings. */
  count: number;
  /** Bytes of the strings themselves. */
  shallowSize: number;
  /** Bytes that would be freed with each of them, added up. */
  retainedSize: number;
  /** Ids of the first ten. */
  ids: number[];
}

/** A node of the dominator tree: what would be freed with it is below it. */
export interface HeapDominatorNode extends HeapNodeRow {
  /** How many nodes it dominates immediately. */
  dominated: number;
  /** Those of them that are big enough, the biggest first. */
  children: HeapDominatorNode[];
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

/** An object by V8's id, or by a row that has it. */
export type HeapNodeId = number | { readonly id: number };

/**
 * A heap snapshot that is open, with the numbers of Chrome DevTools. Every answer is worked out on another thread, at most two at a
 * time, and is plain data of the caller's. Sizes are bytes.
 *
 * It holds some 0.5 to 1 times the size of the file in memory, off V8's heap, until `close()`; one that is forgotten, until V8
 * collects it, which may be late.
 *
 * Questions about one object, or one class, reject with `ERR_RS_PROFILER_INVALID_ARGUMENT` when the snapshot does not have it, and an
 * answer that is longer than V8's longest string with `ERR_RS_PROFILER_STRING_TOO_LONG`. After `close()` every question rejects with
 * `ERR_RS_PROFILER_DELETED`. Where the system gives no thread, `ERR_RS_PROFILER_NO_THREAD`.
 *
 * The one thing that this thread does is to read the answer: one or two milliseconds for a thousand rows. So questions that
 * could have millions of rows give a thousand, unless `limit` says otherwise.
 */
export interface HeapSnapshotAnalysis {
  /** What is in it, in numbers. */
  summary(options?: HeapQuestionOptions): Promise<HeapSummary>;
  /** Bytes by kind, as DevTools' Statistics show them. */
  statistics(options?: HeapQuestionOptions): Promise<HeapStatistics>;
  /** The class table, by retained size, as DevTools' Summary shows it. Default of `limit`: all. */
  classes(options?: HeapClassesOptions): Promise<HeapClassRow[]>;
  /**
   * What changed since `base`, as DevTools' Comparison shows it. Default of `limit`: all rows.
   *
   * @param base - an earlier snapshot, opened by the same copy of this package in the same thread
   */
  compare(base: HeapSnapshotAnalysis, options?: HeapRowsOptions): Promise<HeapComparison>;
  /** One object. */
  node(id: HeapNodeId, options?: HeapQuestionOptions): Promise<HeapNodeRow>;
  /** What an object immediately dominates, and so would be freed with it, the biggest first. Default of `limit`: 1000. */
  dominated(id: HeapNodeId, options?: HeapRowsOptions): Promise<HeapNodeRow[]>;
  /** What holds an object, the nearest to the roots first. Default of `limit`: 1000. */
  retainers(id: HeapNodeId, options?: HeapRowsOptions): Promise<HeapRetainerRow[]>;
  /** The shortest way from the roots to an object, outermost first; empty for what the roots hold themselves. */
  retainingPath(id: HeapNodeId, options?: HeapQuestionOptions): Promise<HeapRetainerRow[]>;
  /**
   * The objects of a class, the biggest retained size first. Default of `limit`: 1000.
   *
   * @param wanted - a row of `classes()`, its id, or a name, which several classes may have
   */
  instances(wanted: HeapClassRow | number | string, options?: HeapRowsOptions): Promise<HeapNodeRow[]>;
  /** Texts that several strings have, the most bytes first. Default of `limit`: 1000. */
  duplicatedStrings(options?: HeapRowsOptions): Promise<DuplicatedStringRow[]>;
  /** What dominates what, from the root or from `options.id` on, down to what is too small to matter. */
  dominatorTree(options?: DominatorTreeOptions): Promise<HeapDominatorNode>;
  /**
   * The calls that led to the allocation of an object, the innermost first. Empty unless the file was recorded while allocations
   * were tracked with their stacks (`.heaptimeline` of DevTools) and the object was allocated since.
   */
  allocationStack(id: HeapNodeId, options?: HeapQuestionOptions): Promise<AllocationFrame[]>;
  /**
   * Lets go of the snapshot; repeatable. What is being asked of it, or with it as the base, rejects with
   * `ERR_RS_PROFILER_ABORTED`. `using` does the same, where the runtime has `Symbol.dispose`.
   */
  close(): void;
}
