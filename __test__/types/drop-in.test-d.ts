/** Code as users of v8-profiler-next have it, with the types that its typings made them write. */
import * as fs from 'fs';
import { Stream } from 'stream';
import * as v8Profiler from 'rs-profiler';
import type { CpuProfile, DataReceiver, Profile, SamplingHeapProfile, Snapshot } from 'rs-profiler';

export function record(title: string, seconds: number): Promise<string | undefined> {
  v8Profiler.setGenerateType(1);
  v8Profiler.startProfiling(title, true);
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      const profile: CpuProfile = v8Profiler.stopProfiling();
      profile.export((error: Error | undefined, result: string | undefined) => {
        if (error) reject(error);
        else resolve(result);
        profile.delete();
      });
    }, seconds * 1000);
  });
}

export function write(name?: string, control?: Function): void {
  const snapshot: Snapshot = name ? v8Profiler.takeSnapshot(name, control) : v8Profiler.takeSnapshot(control);
  const transform = snapshot.export();
  transform.pipe(fs.createWriteStream(`${name}.heapsnapshot`));
  transform.on('finish', snapshot.delete.bind(snapshot));
}

export function exportTo(profile: Profile, stream?: Stream): Stream {
  return profile.export(stream);
}

export function dump(snapshot: Snapshot, iterator: Function, callback: Function): void {
  snapshot.serialize(iterator, callback);
  v8Profiler.getHeapStats(iterator, callback);
  const deleted: Object = snapshot.delete();
  const difference: Object = snapshot.compare(v8Profiler.takeSnapshot(undefined, undefined));
  Object.keys(deleted).concat(Object.keys(difference));
}

export function sample(): SamplingHeapProfile {
  v8Profiler.startSamplingHeapProfiling(512 * 1024, 64);
  return v8Profiler.stopSamplingHeapProfiling();
}

export class Recorder {
  private readonly last: CpuProfile[] = [];
  constructor(private readonly receive: DataReceiver) {}
  stop(): void {
    this.last.push(v8Profiler.stopProfiling());
    for (const profile of this.last) profile.export(this.receive);
    const { typeId, uid, title } = this.last[0]!.getHeader();
    [typeId, uid, title].map((text: string) => text.length);
  }
}

/** Code as users of v8-profiler have it, with the types of `@types/v8-profiler`. Its `Profile` is `CpuProfile` here. */
export function withTypes(profiler: v8Profiler.Profiler, done: (error: Error, data: any) => void): void {
  const snapshot: v8Profiler.Snapshot = profiler.takeSnapshot('before');
  snapshot.export(done);
  snapshot.compare(profiler.takeSnapshot());
  profiler.startProfiling('work', true);
  const profile: v8Profiler.CpuProfile = profiler.stopProfiling();
  profile.export(done);
  profile.export().pipe(fs.createWriteStream(profile.getHeader().title));
  profile.delete();
  profiler.setSamplingInterval(500);
}
withTypes(v8Profiler, (error, data) => [error, data]);
declare const common: v8Profiler.Profile;
// @ts-expect-error as in v8-profiler-next's typings, it is what all captures have in common
common.delete();
