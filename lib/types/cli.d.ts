import type {
  AllocationFrame, DuplicatedStringRow, HeapClassRow, HeapComparison, HeapDominatorNode, HeapNodeRow, HeapQuickSummary, HeapRetainerRow,
  HeapStatistics, HeapSummary,
} from './heap-analysis';

/**
 * What `npx rs-profiler heap COMMAND --json` prints, by command. Sizes are bytes. `--limit N` gives at most N rows; without it lists of
 * classes are whole, lists of objects and strings have at most 1,000 rows, and those of `heap summary` 10.
 */
export interface CliAnswers {
  'heap summary': {
    summary: HeapSummary;
    statistics: HeapStatistics;
    /** The classes that retain most. */
    classes: HeapClassRow[];
    /**
     * The objects of the program, below the global ones, that retain most, each behind the one that dominates it. `depth` is how many of the others that it
     * is dominated by; `way` the last names on the shortest way to it from the roots, for people; empty where it has none.
     */
    objects: (HeapNodeRow & { depth: number; way: string })[];
    /** All strings that have an equal one, and those that are equal and take most; `null` when there are none. */
    duplicatedStrings: { count: number; shallowSize: number; most: DuplicatedStringRow | null };
  };
  /** Lists of names and of the largest strings have 10 rows without `--limit`. */
  'heap summary --quick': HeapQuickSummary;
  'heap statistics': HeapStatistics;
  'heap classes': HeapClassRow[];
  /** `growth`: bytes, `totalSize - baseTotalSize`. `exceeded`: it is more than `--fail-on-growth` allows; the exit code is 3 then. */
  'heap compare': HeapComparison & { growth: number; exceeded: boolean };
  /** `retainingPath`: the shortest way from the roots, outermost first; its last row holds the node. */
  'heap retainers': {
    node: HeapNodeRow; retainingPath: HeapRetainerRow[]; retainers: HeapRetainerRow[]; allocationStack: AllocationFrame[];
  };
  /**
   * With an object what it dominates immediately. Without one the tree, eight levels deep: of what retains 1 % of the heap or more,
   * with `--limit N` of the N nodes that retain most.
   */
  'heap dominators': HeapDominatorNode | { node: HeapNodeRow; dominated: HeapNodeRow[] };
  'heap strings': DuplicatedStringRow[];
}
