/** The sub-path `rs-profiler/heapdump`. */
import * as heapdump from 'rs-profiler/heapdump';
import byDefault from 'rs-profiler/heapdump';
import { configure, writeSnapshot, type HeapdumpOptions, type WriteSnapshotCallback } from 'rs-profiler/heapdump';
import { typeOf } from './type-of.js';

declare const key: keyof typeof heapdump;
typeOf(key).is<'writeSnapshot' | 'configure' | 'default'>();

// By name, by namespace and by default, it is the same module.
typeOf(heapdump.writeSnapshot).is<typeof writeSnapshot>();
typeOf(byDefault.writeSnapshot).is<typeof writeSnapshot>();
typeOf(byDefault.configure).is<typeof configure>();

typeOf(writeSnapshot()).is<boolean>();
typeOf(writeSnapshot('app.heapsnapshot')).is<boolean>();
typeOf(writeSnapshot(null)).is<boolean>();
typeOf(
  writeSnapshot((error, filename) => {
    if (error) typeOf(filename).is<undefined>();
    else typeOf(filename).is<string>();
  }),
).is<boolean>();
writeSnapshot('app.heapsnapshot', (error: Error | null, filename: string | undefined) => [error, filename]);
writeSnapshot((error) => typeOf(error).is<Error | null>());
writeSnapshot('app.heapsnapshot', (error) => typeOf(error).is<Error | null>());
declare const callback: WriteSnapshotCallback;
writeSnapshot(undefined, callback);
// @ts-expect-error a callback is a function
writeSnapshot('app.heapsnapshot', true);
// @ts-expect-error the callback comes last
writeSnapshot(callback, 'app.heapsnapshot');
// @ts-expect-error a name is a string
writeSnapshot(5);

typeOf(configure({ signal: false })).is<void>();
const options: HeapdumpOptions = { dir: '/var/dumps', name: 'app-{pid}', isolation: 'inline' };
configure(options);
configure({});
// @ts-expect-error options are required
configure();
// @ts-expect-error signal is on or off
configure({ signal: 'SIGUSR1' });
// @ts-expect-error no such isolation
configure({ isolation: 'child' });
// @ts-expect-error no such option
configure({ directory: '/var/dumps' });
