/** What `npx rs-profiler heap ... --json` prints. */
import type { CliAnswers, HeapClassRow, HeapComparison, HeapDominatorNode, HeapNodeRow } from 'rs-profiler';
import { typeOf } from './type-of.js';

declare const answers: CliAnswers;

typeOf(answers['heap classes']).is<HeapClassRow[]>();
typeOf(answers['heap compare'].rows).is<HeapComparison['rows']>();
typeOf(answers['heap compare'].exceeded).is<boolean>();
typeOf(answers['heap summary'].objects[0]!.way).is<string>();
typeOf(answers['heap summary --quick'].names[0]!.missed).is<number>();

const tree = answers['heap dominators'];
if ('children' in tree) typeOf(tree).is<HeapDominatorNode>();
else typeOf(tree.dominated).is<HeapNodeRow[]>();

// @ts-expect-error there is no such command
answers['heap nothing'];
