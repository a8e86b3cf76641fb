import type { AnalysisProgress } from './heap-analysis';

export interface ReportOptions {
  /** What stands above the report. Default `'rs-profiler report'`. */
  title?: string | undefined;
  /** Gives the work up; the promise then rejects with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** How far the opening of a file has come; `path` is the file. */
  onProgress?: ((progress: AnalysisProgress & { path: string }) => void) | undefined;
}

export interface ReportFile {
  path: string;
  bytes: number;
  /** Heap snapshots that were given. */
  heap: number;
  /** CPU profiles that were given. */
  cpu: number;
}
