import type { Profile } from './export';

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

/**
 * A sampling heap profile, from `stopSamplingHeapProfiling()`: where memory that is still alive was allocated. A type
 * only, there is no class of this name. `JSON.stringify` of it is the text of a `.heapprofile` file.
 */
export interface SamplingHeapProfile extends Profile {
  head: SamplingHeapProfileNode;
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
