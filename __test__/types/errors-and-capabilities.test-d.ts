/** Error codes, and what `capabilities()` says. */
import { capabilities } from 'rs-profiler';
import type {
  RsProfilerAbortError, RsProfilerError, RsProfilerErrorCode, RsProfilerForkError, RsProfilerSnapshotError,
} from 'rs-profiler';
import { typeOf } from './type-of.js';

declare const error: RsProfilerError;
const plain: Error = error;
plain.message.trim();
typeOf(error.code).is<RsProfilerErrorCode>();
switch (error.code) {
  case 'ERR_RS_PROFILER_NOT_RUNNING':
  case 'ERR_RS_PROFILER_BUSY':
  case 'ERR_RS_PROFILER_INVALID_ARGUMENT':
  case 'ERR_RS_PROFILER_DELETED':
  case 'ERR_RS_PROFILER_INVALID_SNAPSHOT':
  case 'ERR_RS_PROFILER_TRUNCATED_SNAPSHOT':
  case 'ERR_RS_PROFILER_INDEX_NOT_WRITTEN':
  case 'ERR_RS_PROFILER_OUT_OF_RANGE':
  case 'ERR_RS_PROFILER_TOO_MANY_PROFILES':
  case 'ERR_RS_PROFILER_STRING_TOO_LONG':
  case 'ERR_RS_PROFILER_UNSUPPORTED_NODE':
  case 'ERR_RS_PROFILER_NATIVE_MISSING':
  case 'ERR_RS_PROFILER_WALK_FAILED':
  case 'ERR_RS_PROFILER_FORK_FAILED':
  case 'ERR_RS_PROFILER_NO_MEMORY':
  case 'ERR_RS_PROFILER_TRACKING_STARTED':
  case 'ERR_RS_PROFILER_NO_THREAD':
  case 'ERR_RS_PROFILER_CLOSED':
  case 'ERR_RS_PROFILER_ABORTED':
  case 'ERR_RS_PROFILER_IO':
  case 'ERR_RS_PROFILER_INTERNAL':
    break;
  default:
    typeOf(error.code).is<never>();
}
// @ts-expect-error no such code
if (error.code === 'ERR_RS_PROFILER_UNKNOWN') plain.stack;

declare const unforked: RsProfilerForkError;
typeOf(unforked.phase).is<'fork' | 'start' | 'walk' | 'write'>();
typeOf(unforked.reason).is<string>();

declare const damaged: RsProfilerSnapshotError;
typeOf([damaged.section, damaged.offset]).is<(string | number)[]>();

declare const aborted: RsProfilerAbortError;
typeOf(aborted.name).is<'AbortError'>();
typeOf(aborted.code).is<'ABORT_ERR'>();

const here = capabilities();
typeOf([here.node, here.abi, here.v8, here.arch]).is<string[]>();
typeOf(here.platform).is<NodeJS.Platform>();
typeOf(here.libc).is<'glibc' | 'musl' | null>();
if (here.addon.loaded) typeOf(here.addon.path).is<string>();
else typeOf(here.addon.reason).is<string>();
if (here.capture.available) typeOf(here.capture.shim).is<string>();
else typeOf(here.capture.reason).is<string>();
for (const kind of [here.isolation.inline, here.isolation.fork, here.analysis]) {
  if (!kind.available) typeOf(kind.reason).is<string>();
}
for (const kind of Object.values(here.engines)) {
  if (kind.engine !== 'native') typeOf(kind.reason).is<string>();
}
