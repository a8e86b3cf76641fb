/** `startProfiling`, `stopProfiling` and the profile that comes out. */
import * as fs from 'fs';
import * as profiler from 'rs-profiler';
import type {
  CpuProfile,
  CpuProfileNode,
  ExportStream,
  Header,
  InspectorCpuProfile,
  LineTick,
  NodesCpuProfile,
  NodesCpuProfileNode,
  TreeCpuProfile,
} from 'rs-profiler';
import { typeOf } from './type-of.js';

profiler.startProfiling();
profiler.startProfiling('name');
profiler.startProfiling('name', false);
profiler.startProfiling('name', true, 1);
profiler.startProfiling(undefined, undefined, 0);
profiler.startProfiling(true);
profiler.startProfiling(true, undefined, 1);
// @ts-expect-error the mode is 0 or 1
profiler.startProfiling('name', true, 2);
// @ts-expect-error recsamples is a boolean
profiler.startProfiling('name', 'yes');
// @ts-expect-error a name is a string
profiler.startProfiling(5);

// Without a name a profile comes or an error is thrown; with one, nothing may be found.
const profile = profiler.stopProfiling();
typeOf(profile).is<CpuProfile>();
typeOf(profiler.stopProfiling('')).is<CpuProfile>();
typeOf(profiler.stopProfiling(undefined)).is<CpuProfile>();
typeOf(profiler.stopProfiling('name')).is<CpuProfile | undefined>();
declare const name: string | undefined;
typeOf(profiler.stopProfiling(name)).is<CpuProfile | undefined>();
// @ts-expect-error undefined for an unknown name
profiler.stopProfiling('name').export();
// @ts-expect-error a TypeError
profiler.stopProfiling(null);

typeOf(profile.typeId).is<'CPU'>();
typeOf(profile.uid).is<string>();
typeOf(profile.title).is<string>();
typeOf(profile.startTime).is<number>();
typeOf(profile.endTime).is<number>();
typeOf(profile.samples).is<number[]>();
typeOf(profile.timestamps).is<number[]>();
typeOf(profile.getHeader()).is<Header<string>>();
typeOf(profile.delete()).is<void>();
const { delete: forget } = profile;
forget();
// @ts-expect-error times are numbers
profile.startTime.getTime();

typeOf(profile.head).is<CpuProfileNode>();
typeOf(profile.head.callUID).is<number>();
typeOf(profile.head.columnNumber).is<number>();
typeOf(profile.head.scriptId).is<number>();
typeOf(profile.head.children).is<CpuProfileNode[]>();
const { lineTicks } = profile.head;
if (lineTicks) typeOf(lineTicks).is<LineTick[]>();

// Generate type 1.
profiler.setGenerateType(1);
// @ts-expect-error 0 or 1
profiler.setGenerateType(2);
if (profile.nodes && profile.timeDeltas) {
  typeOf(profile.nodes).is<NodesCpuProfileNode[]>();
  typeOf(profile.timeDeltas).is<number[]>();
}
const withNodes = profile as NodesCpuProfile;
for (const node of withNodes.nodes) {
  typeOf(node.children).is<number[]>();
  typeOf(node.callFrame.bailoutReason).is<string>();
}
// @ts-expect-error the tree is not there
withNodes.head;
const tree: TreeCpuProfile = profile;
tree.head.children.pop();

// Receivers of export, with and without a format.
const file = fs.createWriteStream('app.cpuprofile');
typeOf(profile.export()).is<ExportStream>();
typeOf(profile.export(file)).is<fs.WriteStream>();
profile.export().pipe(file).on('finish', profile.delete);
profile.export((error, text) => {
  if (error) typeOf(text).is<undefined>();
  else typeOf(text).is<string>();
});
typeOf(profile.export({ format: 'tree' })).is<ExportStream>();
// @ts-expect-error options without a format are no receiver either
profile.export({});
typeOf(profile.export({ format: 'nodes' }, file)).is<fs.WriteStream>();
typeOf(
  profile.export({ format: 'inspector' }, (error, text) => {
    if (!error) JSON.parse(text) as InspectorCpuProfile;
  }),
).is<void>();
// @ts-expect-error no such format
profile.export({ format: 'flat' });
// @ts-expect-error the options come first
profile.export(file, { format: 'tree' });
// @ts-expect-error not a receiver
profile.export('app.cpuprofile');

profiler.setSamplingInterval();
profiler.setSamplingInterval(100);
// @ts-expect-error a number of microseconds
profiler.setSamplingInterval('1ms');
profiler.setProfilesCleanupLimit(10);
// @ts-expect-error the limit is required
profiler.setProfilesCleanupLimit();
typeOf(profiler.collectSample()).is<void>();
typeOf(profiler.warmUp()).is<void>();
typeOf(profiler.coolDown()).is<void>();

typeOf(profiler.getProfile('0')).is<CpuProfile | undefined>();
typeOf(profiler.findProfile(0)).is<CpuProfile | undefined>();
profiler.profiles.slice().forEach((each) => each.delete());
profiler.deleteAllProfiles();
