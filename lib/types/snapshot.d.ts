import type { DataReceiver, ExportCallback, ExportStream, Header, Profile, StreamReceiver } from './export';

/** The registry of the snapshots that were not deleted, by {@link Snapshot.uid}. */
export interface SnapshotRegistry {
  [uid: string]: Snapshot;
}

/** The types of heap nodes; everything that is none of the others is `'Hidden'`. */
export type SnapshotNodeType =
  | 'Array'
  | 'String'
  | 'Object'
  | 'Code'
  | 'Closure'
  | 'RegExp'
  | 'HeapNumber'
  | 'Native'
  | 'Synthetic'
  | 'ConsString'
  | 'SlicedString'
  | 'Hidden';

/** The types of edges; `'Undefined'` for one that V8 added later. */
export type SnapshotEdgeType =
  | 'ContextVariable'
  | 'Element'
  | 'Property'
  | 'Internal'
  | 'Hidden'
  | 'Shortcut'
  | 'Weak'
  | 'Undefined';

/** A node of the heap graph: an object, a string, a piece of code and so on. */
export interface SnapshotNode {
  /**
   * The edges that leave this node (v8-profiler-next's typings call them nodes). Computed at the first read, then kept.
   *
   * @throws {@link RsProfilerError} `ERR_RS_PROFILER_DELETED` at a first read after the snapshot was deleted.
   */
  children: SnapshotEdge[];
  type: SnapshotNodeType;
  /** The constructor's name of an object, the text of a string, the name of a function, and so on. */
  name: string;
  /** The heap object id: the same in later snapshots of the same process, odd for objects of JavaScript. */
  id: number;
  /** Bytes of the node itself, without what it refers to. */
  shallowSize: number;
}

/** A reference from one node to another. */
export interface SnapshotEdge {
  type: SnapshotEdgeType;
  /** A number (the index) for `'Element'` and `'Hidden'` edges, otherwise the property's or variable's name. */
  name: string | number;
  /** The node that holds the reference. */
  from: SnapshotNode;
  /** The node that is referred to. */
  to: SnapshotNode;
}

/** Options of {@link Snapshot.export}. */
export interface SnapshotExportOptions {
  /** There is one format, V8's. */
  format: 'heapsnapshot';
}

/**
 * A heap snapshot, from `takeSnapshot()`. A type only, there is no class of this name.
 *
 * It lives in V8's memory until `delete()`. After that its scalar properties stay readable; `export`, `serialize`,
 * `getNode`, `getNodeById` and `compare` throw an {@link RsProfilerError} of code `ERR_RS_PROFILER_DELETED`.
 */
export interface Snapshot extends Profile {
  /** The synthetic root: type `'Synthetic'`, id 1. The same object at every read. */
  root: SnapshotNode;
  /**
   * The node at a position of V8's list.
   *
   * @param index - from 0 to `nodesCount - 1`
   * @throws `Error('No index specified')`, `TypeError('Argument must be an integer')`, and `RangeError` of code
   *   `ERR_RS_PROFILER_OUT_OF_RANGE`
   */
  getNode(index: number): SnapshotNode;
  /**
   * The node with a heap object id, or `undefined` when the snapshot has none. The same object at every call.
   *
   * @throws `Error('No id specified')`, `TypeError('Argument must be an integer')`
   */
  getNodeById(id: number): SnapshotNode | undefined;
  /**
   * Frees the snapshot and takes it out of `snapshots`. It needs no `this`, so that it can be passed as a listener,
   * and can be called again without effect. During an export it takes effect when the export has ended.
   *
   * @returns the registry `snapshots`
   */
  delete: () => SnapshotRegistry;
  /**
   * Passes the JSON text in pieces, before it returns.
   *
   * @param iterator - receives at most 51 200 characters at a time, with their number. `false` as its result stops the
   *   serialisation; `callback` is not called then. Its exception propagates.
   * @param callback - called without arguments after the last piece
   * @throws `Error('Invalid number of arguments')`, `TypeError('Arguments must be a functions')`
   */
  serialize(iterator: (chunk: string, length: number) => unknown, callback: () => void): void;
  /** @deprecated For code that types its arguments as `Function`; give them their precise types. */
  serialize(iterator: Function, callback: Function): void;
  typeId: 'HEAP';
  /** The name given to `takeSnapshot`, otherwise `'Snapshot '` and the uid. */
  title: string;
  /** V8's largest heap object id at the time of the snapshot; also the key in `snapshots`. */
  uid: number;
  /** The number of nodes; `node_count` of the exported text. */
  nodesCount: number;
  /** The same value as `uid`. */
  maxSnapshotJSObjectId: number;
  getHeader(): Header<number>;
  /**
   * Counts by which another snapshot differs from this one.
   *
   * @returns `{ key: other's count - this count }`. For objects the key is the constructor's name. Other types appear
   *   under the type's name.
   */
  compare(other: Snapshot): Record<string, number>;

  /** The same, for code that names the format of every export. */
  export(options: SnapshotExportOptions): ExportStream;
  export<S extends StreamReceiver>(options: SnapshotExportOptions, receiver: S): S;
  export<S extends StreamReceiver>(options: SnapshotExportOptions, receiver: S | undefined): S | ExportStream;
  export(options: SnapshotExportOptions, callback: ExportCallback): void;
  export(options: SnapshotExportOptions, callback: DataReceiver): void;
  /** As {@link Profile.export}. */
  export(): ExportStream;
  export<S extends StreamReceiver>(receiver: S): S;
  export<S extends StreamReceiver>(receiver: S | undefined): S | ExportStream;
  export(callback: ExportCallback): void;
  export(callback: DataReceiver): void;
}
