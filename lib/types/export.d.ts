import type { Stream, Transform } from 'stream';

/**
 * Any userland stream with the methods of a Node writable stream, such as one of `readable-stream`. It gets Buffers; strings
 * if it has `decodeStrings: false` or `objectMode`, or is older than Node's present streams.
 */
export interface WritableLike {
  write(chunk: any): unknown;
  end(): unknown;
  on(event: string, listener: (...args: any[]) => void): unknown;
}

/** A WHATWG `WritableStream`; it receives `Uint8Array` chunks and is closed at the end. */
export interface WebWritableLike {
  getWriter(): {
    readonly ready: Promise<unknown>;
    readonly closed: Promise<unknown>;
    write(chunk: any): Promise<void>;
    close(): Promise<void>;
    abort(reason?: any): Promise<void>;
    releaseLock(): void;
  };
}

/** The streams that `export` writes to and ends: core streams, userland Node streams, WHATWG writable streams. */
export type StreamReceiver = Stream | WritableLike | WebWritableLike;

/**
 * A callback of `export`. After `if (error)` the compiler knows that `text` is a string.
 *
 * Without an error, the first argument is `null` for a {@link Snapshot} and `undefined` for the other profiles.
 */
export type ExportCallback = (
  ...result: [error: null | undefined, text: string] | [error: Error, text: undefined]
) => void;

/**
 * A callback of `export` that declares the types of its parameters: `Error | undefined` and `string | undefined` as
 * v8-profiler-next's typings ask for, `Error | null` and an optional `string`, or `Error` and `string`. It is the type
 * of a method, because only a method's parameters may be narrower than what is passed.
 */
export type DataReceiver = {
  receive(error: Error | null | undefined, result: string | undefined): void;
}['receive'];

/**
 * The stream that `export()` returns: bytes of UTF-8 encoded JSON, in chunks of about 51 200 bytes, in larger ones when it is
 * piped. No chunk ends inside a character. A type only, there is no class of this name.
 */
export interface ExportStream extends Transform {}

/** What snapshots and profiles have in common. A type only, there is no class of this name. */
export interface Profile {
  /**
   * Gives a new stream of the JSON text.
   *
   * The text is produced while the stream is read; a consumer that pauses stops the production. `delete()` during an
   * export takes effect when the export has ended; destroying the stream frees what it holds.
   *
   * @throws {@link RsProfilerError} `ERR_RS_PROFILER_DELETED` after `delete()` of a snapshot.
   * @example
   * ```ts
   * snapshot.export()
   *   .pipe(fs.createWriteStream('app.heapsnapshot'))
   *   .on('finish', snapshot.delete);
   * ```
   */
  export(): ExportStream;
  /**
   * Writes the JSON text to `receiver`, ends it, and returns it. Without a receiver, gives a new stream.
   *
   * What `receiver` throws later is its `error` event; when nobody listens for that, a warning of code
   * `ERR_RS_PROFILER_RECEIVER_FAILED`.
   *
   * @throws {@link RsProfilerError} `ERR_RS_PROFILER_INVALID_ARGUMENT` when it is locked or has ended already.
   */
  export<S extends StreamReceiver>(receiver: S): S;
  export<S extends StreamReceiver>(receiver: S | undefined): S | ExportStream;
  /**
   * Passes the whole JSON text to a callback: for a {@link Snapshot} before `export` returns, for the other profiles
   * in the next tick. An exception of the callback propagates.
   *
   * A text longer than V8's longest string (about 512 Mi characters) calls back with an error of code
   * `ERR_RS_PROFILER_STRING_TOO_LONG`: use a stream then.
   *
   * An argument that is neither a stream nor a function nor options is a `TypeError` of code `ERR_RS_PROFILER_INVALID_ARGUMENT`:
   * thrown by a snapshot, uncaught on the next tick for the other profiles.
   */
  export(callback: ExportCallback): void;
  export(callback: DataReceiver): void;
}

/** What `getHeader()` gives. `Uid` is `number` for snapshots and `string` for CPU profiles. */
export interface Header<Uid extends string | number = string | number> {
  /** `'HEAP'` or `'CPU'`. */
  typeId: string;
  uid: Uid;
  title: string;
}
