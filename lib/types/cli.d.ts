import type { Capabilities } from './capabilities';
import type {
  ConvertReport, CpuChangeRow, CpuGroupRow, CpuHotRow, CpuLineRow, CpuProfileSummary, CpuTopRow, CpuTreeNode,
} from './cpu-analysis';
import type {
  AllocationFrame, DuplicatedStringRow, HeapClassRow, HeapComparison, HeapDominatorNode, HeapNodeRow, HeapRetainerRow, HeapStatistics, HeapSummary,
  LeakSuspect, RedactReport,
} from './heap-analysis';
import type { ReportFile } from './report';

/** What `npx rs-profiler COMMAND --json` prints, by command. Rows are all there are, unless `--limit` says otherwise. */
export interface CliAnswers {
  'heap summary': { summary: HeapSummary; statistics: HeapStatistics; classes: HeapClassRow[] };
  'heap statistics': HeapStatistics;
  'heap suspects': LeakSuspect[];
  /** `growth`: bytes, `totalSize - baseTotalSize`. `exceeded`: more than `--fail-on-growth` allows; the exit code is 3 then. */
  'heap compare': HeapComparison & { growth: number; exceeded: boolean };
  /** `retainingPath` ends with what holds the node. */
  'heap retainers': {
    node: HeapNodeRow; retainingPath: HeapRetainerRow[]; retainers: HeapRetainerRow[]; allocationStack: AllocationFrame[];
  };
  /** The tree, or with an ID what that object dominates. */
  'heap dominators': HeapDominatorNode | { node: HeapNodeRow; dominated: HeapNodeRow[] };
  'heap strings': DuplicatedStringRow[];
  'heap redact': RedactReport;
  'cpu top': { summary: CpuProfileSummary; top: CpuTopRow[]; hot: CpuHotRow[] };
  'cpu tree': CpuTreeNode;
  'cpu lines': CpuLineRow[];
  'cpu groups': CpuGroupRow[];
  'cpu flame': ConvertReport;
  'cpu compare': CpuChangeRow[];
  'cpu convert': ConvertReport;
  report: ReportFile;
  doctor: DoctorAnswer;
  /** `loaded`: whether the shim is for this Node and captures work with it. */
  'build-shim': { path: string; abi: number; node: string; compiler: string; loaded: boolean };
}

export interface DoctorAnswer {
  /** Whether no finding failed; the exit code is 1 otherwise. */
  healthy: boolean;
  /** What of the package is installed, and where: for people, its members may change. */
  installation: object;
  capabilities: Capabilities;
  findings: { name: string; state: 'ok' | 'failed' | 'no'; detail: string }[];
}
