/** The exported names, and the ways to import them that work in every kind of module. */
import * as namespace from 'rs-profiler';
import profiler from 'rs-profiler';
import { profiles, snapshots, takeSnapshot } from 'rs-profiler';
import type {
  CpuProfile,
  CpuProfileNode,
  DataReceiver,
  ExportStream,
  Header,
  Profile,
  SamplingHeapProfile,
  SamplingHeapProfileNode,
  Snapshot,
  SnapshotNode,
} from 'rs-profiler';
import type { Transform } from 'stream';
import { typeOf } from './type-of.js';

// The functions and registries of the module, no more and no fewer: the lists of the run-time tests.
type Compatible =
  | 'snapshots'
  | 'takeSnapshot'
  | 'deleteAllSnapshots'
  | 'startTrackingHeapObjects'
  | 'stopTrackingHeapObjects'
  | 'getHeapStats'
  | 'getObjectByHeapObjectId'
  | 'getHeapObjectId'
  | 'profiles'
  | 'setGenerateType'
  | 'setProfilesCleanupLimit'
  | 'startProfiling'
  | 'stopProfiling'
  | 'setSamplingInterval'
  | 'deleteAllProfiles'
  | 'collectSample'
  | 'startSamplingHeapProfiling'
  | 'stopSamplingHeapProfiling';
type Older = 'getSnapshot' | 'findSnapshot' | 'getProfile' | 'findProfile';
type Modern =
  | 'writeHeapSnapshot'
  | 'createHeapSnapshotStream'
  | 'captureCpuProfile'
  | 'captureSamplingHeapProfile'
  | 'openHeapSnapshot'
  | 'summarizeHeapSnapshot'
  | 'warmUp'
  | 'coolDown'
  | 'capabilities';
declare const key: keyof typeof namespace;
typeOf(key).is<Compatible | Older | Modern | 'default'>();

// By name, by namespace and by default, it is the same module.
typeOf(takeSnapshot).is<typeof namespace.takeSnapshot>();
typeOf(profiler.takeSnapshot).is<typeof namespace.takeSnapshot>();
typeOf(profiler.default.takeSnapshot).is<typeof namespace.takeSnapshot>();

// The registries are live and read-only.
typeOf(profiles).is<CpuProfile[]>();
const byUid: Snapshot | undefined = snapshots[takeSnapshot().uid];
byUid?.delete();
// @ts-expect-error they are getters without a setter
profiler.snapshots = {};
// @ts-expect-error they are getters without a setter
profiler.profiles = [];

// There are no classes at run time, so these names are types only.
// @ts-expect-error
namespace.Profile;
// @ts-expect-error
namespace.SamplingHeapProfile;
// @ts-expect-error
namespace.CpuProfile;
// @ts-expect-error
namespace.ExportStream;
// @ts-expect-error
namespace.Snapshot;
// @ts-expect-error
new profiler.CpuProfile();

declare const stream: ExportStream;
const transform: Transform = stream;
transform.pause();

// Each of the three can be used as a Profile, and exports as one.
declare const each: CpuProfile | Snapshot | SamplingHeapProfile;
const profile: Profile = each;
typeOf(profile.export()).is<ExportStream>();
typeOf(each.export()).is<ExportStream>();
each.export((error, text) => {
  if (!error) typeOf(text).is<string>();
});
declare const receiver: DataReceiver;
each.export(receiver);
each.export(stream).on('finish', () => undefined);

declare const header: Header;
typeOf(header.uid).is<string | number>();
declare const cpuNode: CpuProfileNode;
declare const samplingNode: SamplingHeapProfileNode;
declare const snapshotNode: SnapshotNode;
typeOf(cpuNode.children).is<CpuProfileNode[]>();
typeOf(samplingNode.children).is<SamplingHeapProfileNode[]>();
typeOf(snapshotNode.id).is<number>();
