import type { AnalysisProgress } from './heap-analysis';

/** Which times the rows have. */
export type CpuTimeModel =
  /** A sample lasts until the next one. The default. */
  | 'deltas'
  /** The recording is shared out evenly among the hits: Chrome DevTools' numbers. */
  | 'hits';

/** What a CPU profile can be given as: a path, its text, or the profile itself. */
export type ProfileInput = string | Buffer | object;

export interface OpenCpuProfileOptions {
  /** Ends the opening, and then every question: they reject with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Called about every 50 ms, and at the end with `done === total`. What it throws ends the work and rejects the promise. */
  onProgress?: ((progress: AnalysisProgress) => void) | undefined;
}

export interface CpuQuestionOptions {
  /** Default `'deltas'`. */
  timeModel?: CpuTimeModel | undefined;
}

export interface RowsOptions extends CpuQuestionOptions {
  /** At most this many rows. Default: all. */
  limit?: number | undefined;
}

/** What something cost. Shares are from 0 to 1, of the time that was not idle. */
export interface CpuCost {
  /** Samples with it on top. */
  selfHits: number;
  /** Milliseconds it ran itself. */
  selfMs: number;
  selfShare: number;
  /** Samples with it anywhere on the stack; a stack counts once, however often it recurses. */
  totalHits: number;
  /** Milliseconds it and what it called ran. */
  totalMs: number;
  totalShare: number;
}

/** A function and where it is. */
export interface CpuFunction {
  /** For `callers` and `callees` of this analysis. */
  id: number;
  /** `''` when anonymous. */
  functionName: string;
  /** A path, a URL, or `''`. */
  url: string;
  /** From 1; 0 is unknown. */
  lineNumber: number;
  /** From 1; 0 is unknown. */
  columnNumber: number;
  /** A package's name, or `app`, `node:`, `native`, `regexp`, `wasm`, `(garbage collector)`, `(program)`, `(idle)`, `(root)`. */
  group: string;
}

export interface CpuFunctionRow extends CpuFunction, CpuCost {}

export interface CpuTopRow extends CpuFunctionRow {
  /** Nodes of the call tree that are calls of it. */
  nodes: number;
}

export interface CpuLineRow {
  url: string;
  /** From 1. */
  lineNumber: number;
  functionName: string;
  selfHits: number;
  selfMs: number;
  selfShare: number;
}

export interface CpuGroupRow extends CpuCost {
  group: string;
  /** How many functions belong to it. */
  functions: number;
}

export interface CpuHotRow extends CpuFunction {
  selfShare: number;
  /** Whole sentences without a full stop; never empty. */
  reasons: string[];
}

export interface CpuTreeNode extends Partial<CpuFunction>, CpuCost {
  functionName: string;
  /** The costliest first. */
  children: CpuTreeNode[];
}

export interface CpuTreeOptions extends CpuQuestionOptions {
  /** From each function to its callers. Default false. */
  bottomUp?: boolean | undefined;
  /** Nodes below this share of the tree are left out, from 0 to 1. Default 0.001. */
  leastShare?: number | undefined;
  /** Levels, at most 256. Default 256. */
  deepest?: number | undefined;
  /** Whether idle time is in it. Default false. */
  idle?: boolean | undefined;
  /** Whether native code outside JavaScript is in it. Default true. */
  program?: boolean | undefined;
  /** Whether garbage collection is in it. Default true. */
  garbageCollector?: boolean | undefined;
}

export interface CpuChangeRow extends Omit<CpuFunctionRow, 'id'> {
  /** `null` when only the base has the function. */
  id: number | null;
  /** Same place; same name and file; only here; only in the base. */
  matched: 'place' | 'name' | 'new' | 'gone';
  /** What it cost in the base. */
  base: CpuCost;
  /** Growth of the share of the active time, from -1 to 1. */
  selfShareGrowth: number;
  totalShareGrowth: number;
}

export interface CpuProfileSummary {
  durationMs: number;
  /** Before the first sample. */
  unsampledMs: number;
  hits: number;
  totalMs: number;
  /** All but idle: what shares are of. */
  activeMs: number;
  idleMs: number;
  programMs: number;
  garbageCollectorMs: number;
  functions: number;
  nodes: number;
}

/** A CPU profile that can be asked. Every answer is worked out on another thread. */
export interface CpuProfileAnalysis {
  summary(options?: CpuQuestionOptions): Promise<CpuProfileSummary>;
  top(options?: RowsOptions): Promise<CpuTopRow[]>;
  tree(options?: CpuTreeOptions): Promise<CpuTreeNode>;
  callers(fn: CpuFunction | number, options?: RowsOptions): Promise<CpuFunctionRow[]>;
  callees(fn: CpuFunction | number, options?: RowsOptions): Promise<CpuFunctionRow[]>;
  lines(options?: RowsOptions): Promise<CpuLineRow[]>;
  groups(options?: RowsOptions): Promise<CpuGroupRow[]>;
  /** `selfShare` is from which share of the active time on a function is hot, default 0.05. */
  hot(options?: RowsOptions & { selfShare?: number | undefined }): Promise<CpuHotRow[]>;
  compare(base: CpuProfileAnalysis, options?: RowsOptions): Promise<CpuChangeRow[]>;
  /**
   * Lets go of the profile. What is being asked of it, or with it as the base, rejects with an `AbortError`; later questions
   * reject with `ERR_RS_PROFILER_DELETED`.
   */
  close(): void;
}

/** How far a conversion has come. `total` is 0 while it is unknown. */
export interface ConvertProgress {
  /** `'read'` counts bytes of the input, `'write'` counts bytes of the output, whose total is known at the end only. */
  phase: 'read' | 'write';
  done: number;
  total: number;
}

export interface ConvertOptions {
  /** The format to write. `'inspector'` is a `.cpuprofile` or `.heapprofile` as `node:inspector` makes it. */
  to: 'inspector' | 'collapsed' | 'speedscope' | 'pprof' | 'svg';
  /** Title of a speedscope file or a flame graph. Default: the path. */
  name?: string | undefined;
  /** Samples (objects) or microseconds (bytes) in collapsed stacks and flame graphs. Default `'amount'`. */
  value?: 'count' | 'amount' | undefined;
  /** Whether idle time is written. Default false; `'inspector'` always has it. */
  idle?: boolean | undefined;
  /** Whether a flame graph hangs from the top. Default false. */
  inverted?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** Called about every 50 ms, and at the end with `done === total`. What it throws ends the work and rejects the promise. */
  onProgress?: ((progress: ConvertProgress) => void) | undefined;
}

export interface ConvertReport {
  path: string;
  bytes: number;
  kind: 'cpu' | 'heap';
}
