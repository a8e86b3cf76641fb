import type { DataReceiver, ExportCallback, ExportStream, Profile, StreamReceiver } from './export';

/** A node of a sampling heap profile: one function called from its parent. */
export interface SamplingHeapProfileNode {
  callFrame: {
    functionName: string;
    scriptId: number;
    url: string;
    /** From 1; 0 for the root. */
    lineNumber: number;
    /** From 1; 0 for the root. */
    columnNumber: number;
  };
  /** Estimated bytes, still alive, that the function itself allocated. */
  selfSize: number;
  children: SamplingHeapProfileNode[];
}

/** Options of {@link SamplingHeapProfile.export}. */
export interface SamplingHeapExportOptions {
  /** `'tree'` (the default): as v8-profiler-next. `'inspector'`: as `HeapProfiler.stopSampling`, see {@link InspectorSamplingHeapProfile}. */
  format: 'tree' | 'inspector';
}

/**
 * A sampling heap profile, from `stopSamplingHeapProfiling()`: where memory that is still alive was allocated. A type
 * only, there is no class of this name. `JSON.stringify` of it is the text of a `.heapprofile` file.
 */
export interface SamplingHeapProfile extends Profile {
  head: SamplingHeapProfileNode;

  /**
   * Exports in a format of choice. DevTools and VS Code count lines from 0, as the `'inspector'` format does; of the
   * `'tree'` they show each line one too high.
   *
   * @throws `TypeError` of code `ERR_RS_PROFILER_INVALID_ARGUMENT` for an unknown format
   * @example
   * ```ts
   * profile.export({ format: 'inspector' }).pipe(fs.createWriteStream('app.heapprofile'));
   * ```
   */
  export(options: SamplingHeapExportOptions): ExportStream;
  export<S extends StreamReceiver>(options: SamplingHeapExportOptions, receiver: S): S;
  export<S extends StreamReceiver>(options: SamplingHeapExportOptions, receiver: S | undefined): S | ExportStream;
  export(options: SamplingHeapExportOptions, callback: ExportCallback): void;
  export(options: SamplingHeapExportOptions, callback: DataReceiver): void;
  /** As {@link Profile.export}. */
  export(): ExportStream;
  export<S extends StreamReceiver>(receiver: S): S;
  export<S extends StreamReceiver>(receiver: S | undefined): S | ExportStream;
  export(callback: ExportCallback): void;
  export(callback: DataReceiver): void;
}

/** A node of {@link InspectorSamplingHeapProfile}. */
export interface InspectorSamplingHeapProfileNode {
  callFrame: {
    functionName: string;
    scriptId: string;
    /** A `file:` URL for files. */
    url: string;
    /** From 0; -1 for the root. */
    lineNumber: number;
    /** From 0; -1 for the root. */
    columnNumber: number;
  };
  /** Estimated bytes, still alive, that the function itself allocated. */
  selfSize: number;
  id: number;
  children: InspectorSamplingHeapProfileNode[];
}

/** A sampling heap profile in the inspector's shape: `HeapProfiler.SamplingHeapProfile` of the DevTools protocol. */
export interface InspectorSamplingHeapProfile {
  head: InspectorSamplingHeapProfileNode;
  samples: Array<{
    /** Estimated bytes. */
    size: number;
    nodeId: number;
    /** Counts up in the order of allocation. */
    ordinal: number;
  }>;
}
