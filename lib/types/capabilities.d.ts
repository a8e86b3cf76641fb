/** Something that works here, or a reason why it does not. */
export type Availability = { available: true; reason?: undefined } | { available: false; reason: string };

/** Who does the captures of a kind with promises: the native parts, Node's own, or nobody. */
export type EngineAvailability =
  | { engine: 'native'; reason?: undefined }
  | { engine: 'node'; reason: string }
  | { engine: null; reason: string };

/** What `capabilities()` gives. */
export interface Capabilities {
  /** The version of the running Node, such as `'v22.12.0'`. */
  node: string;
  /** Node's ABI (`process.versions.modules`), such as `'127'`. */
  abi: string;
  /** The version of V8. */
  v8: string;
  /** `process.platform`. */
  platform: NodeJS.Platform;
  /** `process.arch`. */
  arch: string;
  /** The C library that Node was linked with; `null` outside Linux. */
  libc: 'glibc' | 'musl' | null;
  /** The Rust addon; `path` is where it is or was looked for. */
  addon: { loaded: true; path: string; reason?: undefined } | { loaded: false; path: string | null; reason: string };
  /**
   * The native parts, which all functions have; `shim` is the path of the native part for this ABI and `shimV8` the version of V8 that it was
   * compiled for, both `null` when there is none that can be used.
   */
  capture:
    | { available: true; shim: string; shimV8: string; reason?: undefined }
    | { available: false; shim: string | null; shimV8: string | null; reason: string };
  /**
   * Who does `writeHeapSnapshot` and `createHeapSnapshotStream`, `captureCpuProfile`, and `captureSamplingHeapProfile`: also where
   * `capture` is not available, see {@link CaptureEngine}.
   */
  engines: { heapSnapshot: EngineAvailability; cpuProfile: EngineAvailability; samplingHeapProfile: EngineAvailability };
  /** `openHeapSnapshot`: it needs the addon alone. */
  analysis: Availability;
  /** Where a heap snapshot can be taken: in this process, or in a forked child; see `isolation` of `writeHeapSnapshot`,
   * `createHeapSnapshotStream` and the signal of `rs-profiler/heapdump`, for which it holds alike. */
  isolation: { inline: Availability; fork: Availability };
}
