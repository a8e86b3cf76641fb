/** `takeSnapshot` and what it gives; the calls about heap objects. */
import * as fs from 'fs';
import type { Writable } from 'stream';
import { WritableStream } from 'stream/web';
import { promisify } from 'util';
import * as profiler from 'rs-profiler';
import type {
  ExportStream,
  Header,
  Snapshot,
  SnapshotEdge,
  SnapshotEdgeType,
  SnapshotNode,
  SnapshotNodeType,
} from 'rs-profiler';
import { typeOf } from './type-of.js';

const snapshot = profiler.takeSnapshot();
typeOf(snapshot).is<Snapshot>();
profiler.takeSnapshot('name');
profiler.takeSnapshot(null);
profiler.takeSnapshot((done, total) => typeOf([done, total]).is<number[]>());
profiler.takeSnapshot('name', (done, total) => done === total);
profiler.takeSnapshot(undefined, () => undefined);
// @ts-expect-error a name is a string
profiler.takeSnapshot(5);
// @ts-expect-error control is a function
profiler.takeSnapshot('name', true);

typeOf(snapshot.typeId).is<'HEAP'>();
typeOf(snapshot.uid).is<number>();
typeOf(snapshot.title).is<string>();
typeOf(snapshot.nodesCount).is<number>();
typeOf(snapshot.maxSnapshotJSObjectId).is<number>();
typeOf(snapshot.getHeader()).is<Header<number>>();
typeOf(snapshot.compare(profiler.takeSnapshot())).is<Record<string, number>>();
// @ts-expect-error the other snapshot is required
snapshot.compare();
snapshot.title = 'titles can be changed';

// The graph: children are edges.
typeOf(snapshot.root).is<SnapshotNode>();
typeOf(snapshot.getNode(0)).is<SnapshotNode>();
typeOf(snapshot.getNodeById(1)).is<SnapshotNode | undefined>();
typeOf(snapshot.root.children).is<SnapshotEdge[]>();
for (const edge of snapshot.root.children) {
  typeOf(edge.type).is<SnapshotEdgeType>();
  typeOf(edge.name).is<string | number>();
  typeOf(edge.from).is<SnapshotNode>();
  typeOf(edge.to.type).is<SnapshotNodeType>();
  typeOf(edge.to.shallowSize).is<number>();
  // @ts-expect-error an edge has no size
  edge.shallowSize;
  // @ts-expect-error no such type
  if (edge.type === 'element') break;
}
// @ts-expect-error the index is required
snapshot.getNode();
// @ts-expect-error the id is required
snapshot.getNodeById();

// Receivers of export: what is given is given back.
typeOf(snapshot.export()).is<ExportStream>();
const file = fs.createWriteStream('app.heapsnapshot');
typeOf(snapshot.export(file)).is<fs.WriteStream>();
snapshot.export().pipe(file).on('finish', snapshot.delete);
declare const perhaps: Writable | undefined;
typeOf(snapshot.export(perhaps)).is<Writable | ExportStream>();
const web = new WritableStream<Uint8Array>();
typeOf(snapshot.export(web)).is<WritableStream<Uint8Array>>();
declare const userland: {
  write(chunk: Uint8Array): boolean;
  end(): void;
  on(event: 'drain', listener: () => void): void;
};
snapshot.export(userland);
// @ts-expect-error not a receiver
snapshot.export('app.heapsnapshot');
// @ts-expect-error not a receiver
snapshot.export({});
// @ts-expect-error formats are for CPU profiles
snapshot.export({ format: 'inspector' });

typeOf(
  snapshot.export((error, text) => {
    if (error) {
      typeOf(error).is<Error>();
      typeOf(text).is<undefined>();
    } else {
      typeOf(error).is<null | undefined>();
      typeOf(text).is<string>();
    }
  }),
).is<void>();
snapshot.export((error: Error | null, text?: string) => [error, text]);
snapshot.export((error: Error | undefined, text: string | undefined) => [error, text]);
snapshot.export((error: Error, text: string) => [error, text]);
snapshot.export((error) => typeOf(error).is<Error | null | undefined>());
snapshot.export({ format: 'heapsnapshot' }, (error) => error);
// @ts-expect-error the text is a string
snapshot.export((error: Error | undefined, text: Buffer | undefined) => [error, text]);
const exported: Promise<string | undefined> = promisify(snapshot.export.bind(snapshot))();
exported.then(() => undefined);

snapshot.serialize(
  (chunk, length) => {
    typeOf(chunk).is<string>();
    typeOf(length).is<number>();
    return chunk.length === length;
  },
  () => undefined,
);
// @ts-expect-error the callback is required
snapshot.serialize(() => undefined);

// delete works without its object, again and again, and gives the registry.
const { delete: free } = snapshot;
free();
typeOf(snapshot.delete()).is<profiler.SnapshotRegistry>();
profiler.deleteAllSnapshots();
typeOf(profiler.getSnapshot(0)).is<Snapshot | undefined>();
typeOf(profiler.findSnapshot(snapshot.uid)).is<Snapshot | undefined>();
// @ts-expect-error a uid is required
profiler.findSnapshot();

// Heap objects.
profiler.startTrackingHeapObjects();
typeOf(profiler.getHeapStats()).is<number>();
profiler.getHeapStats((stats) => typeOf(stats).is<number[]>());
profiler.getHeapStats((stats) => stats.length, profiler.stopTrackingHeapObjects);
profiler.getHeapStats(undefined, () => undefined);
// @ts-expect-error functions or nothing
profiler.getHeapStats(true);
typeOf(profiler.getHeapObjectId()).is<undefined>();
typeOf(profiler.getHeapObjectId(undefined)).is<number>();
typeOf(profiler.getHeapObjectId('text')).is<number>();
const object: Object = profiler.getObjectByHeapObjectId(profiler.getHeapObjectId(snapshot));
profiler.getObjectByHeapObjectId('5');
object.toString();
// @ts-expect-error an id is required
profiler.getObjectByHeapObjectId();
