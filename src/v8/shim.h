// The table of C functions between the Rust addon and V8.
//
// What: one C function per V8 call, named after the V8 path, so that one grep finds this header, shim.cc and table.rs.
// Why:  V8's C++ API is stable only as headers of one Node major. shim.cc is compiled once per Node ABI; the addon is not.
// Not:  no policy, no state, no allocation that outlives a call. Whoever calls decides.
//
// Rules that hold for all functions:
// - They are called on the isolate's own thread, unless their comment says "any thread".
// - Nothing is owned by the shim. Objects are freed by the matching *_Delete / *_Dispose, once.
// - Strings are UTF-8. `const char*` results live as long as the object they came from.
// - Callbacks must return normally: no unwinding, no longjmp.
// The order of the members is the order in table.rs and in kTable of shim.cc. Change all, and RSP_TABLE_VERSION; a test
// compares the three lists (shim-table.test.js).
#ifndef RS_PROFILER_SHIM_H_
#define RS_PROFILER_SHIM_H_

#include <stddef.h>
#include <stdint.h>

#define RSP_TABLE_VERSION 4u

// Numbers of V8 that the addon knows by name: the constants of table.rs, and shim.cc asserts that they are V8's.
#define RSP_NODE_TYPE_OBJECT 3        // HeapGraphNode_GetType
#define RSP_CPU_PROFILER_STARTED 0    // CpuProfiler_Start
#define RSP_CPU_PROFILER_TOO_MANY 2   // CpuProfiler_Start

#ifdef __cplusplus
extern "C" {
#endif

typedef struct RspIsolate RspIsolate;                          // v8::Isolate
typedef struct RspPlatform RspPlatform;                        // v8::Platform, Node's
typedef struct RspHeapSnapshot RspHeapSnapshot;                // v8::HeapSnapshot
typedef struct RspHeapGraphNode RspHeapGraphNode;              // v8::HeapGraphNode
typedef struct RspHeapGraphEdge RspHeapGraphEdge;              // v8::HeapGraphEdge
typedef struct RspCpuProfiler RspCpuProfiler;                  // v8::CpuProfiler
typedef struct RspCpuProfile RspCpuProfile;                    // v8::CpuProfile
typedef struct RspCpuProfileNode RspCpuProfileNode;            // v8::CpuProfileNode
typedef struct RspAllocationProfile RspAllocationProfile;      // v8::AllocationProfile
typedef struct RspAllocationNode RspAllocationNode;            // v8::AllocationProfile::Node
typedef void* RspNapiValue;                                    // napi_value

typedef struct {
  int32_t line;   // 1-based
  uint32_t hits;
} RspLineTick;

typedef struct {
  uint32_t index;
  uint32_t count;
  uint32_t size;
} RspHeapStatsUpdate;

typedef struct {
  int32_t script_id;
  int32_t line;    // 1-based, 0 when unknown
  int32_t column;  // 1-based, 0 when unknown
  uint32_t node_id;
  size_t children;
  size_t allocations;
} RspAllocationNodeInfo;

typedef struct {
  uint32_t node_id;
  uint32_t count;
  size_t size;
  uint64_t sample_id;
} RspAllocationSample;

// What runs when JavaScript is interrupted.
typedef void (*RspInterrupt)(RspIsolate*, void* ctx);
// Is told the heap's limit, which is about to be reached, and the first one, in bytes; returns the new limit, not below it.
typedef size_t (*RspNearHeapLimit)(void* ctx, size_t current, size_t initial);
// Receives `len` bytes of UTF-8.
typedef void (*RspStringSink)(void* ctx, const char* data, size_t len);
// Receives a chunk of text; returns 1 to go on, 0 to stop.
typedef int32_t (*RspWrite)(void* ctx, const char* data, size_t len);
// Receives the progress of a walk; returns 1 to go on, 0 to abort.
typedef int32_t (*RspProgress)(void* ctx, uint32_t done, uint32_t total);
// Receives heap statistics; returns 1 to go on, 0 to stop.
typedef int32_t (*RspHeapStats)(void* ctx, const RspHeapStatsUpdate* updates, size_t count);

// The beginning of the table in every version: what is read before anything else of it.
typedef struct {
  uint32_t table_version;        // RSP_TABLE_VERSION
  uint32_t table_size;           // sizeof(RspTable)
  uint32_t node_module_version;  // NODE_MODULE_VERSION of the headers
} RspTableHeader;

typedef struct {
  RspTableHeader header;
  const char* v8_version;  // V8 version of the headers, "11.3.244.8"

  // The isolate of the calling thread, or null outside one.
  RspIsolate* (*Isolate_TryGetCurrent)(void);
  // Runs `hook` once, when Node next runs the hooks of the current environment's end: at process.exit(), when the environment
  // is freed, but also before a signal that the process sends to itself and does not listen to, whether that ends it or not.
  void (*Node_AtExit)(RspIsolate*, void (*hook)(void*), void* ctx);
  // Runs `interrupt` once, on the isolate's thread, when JavaScript runs there next. It must not run JavaScript.
  void (*Isolate_RequestInterrupt)(RspIsolate*, RspInterrupt interrupt, void* ctx);
  // `callback` runs in the middle of an allocation: it may not use V8. V8 ends the process when it has the callback already.
  void (*Isolate_AddNearHeapLimitCallback)(RspIsolate*, RspNearHeapLimit callback, void* ctx);
  // Collects all that can be collected.
  void (*Isolate_LowMemoryNotification)(RspIsolate*);
  // Script and name of the JavaScript function that runs, empty where there is none. Returns 0 when no function runs.
  int32_t (*StackTrace_CurrentStackTrace)(RspIsolate*, RspStringSink, void* script_name, void* function_name);

  // The platform of the current context's environment; it outlives every environment of the process. Null without one.
  RspPlatform* (*Node_GetPlatform)(RspIsolate*);
  // Any thread.
  int32_t (*Platform_NumberOfWorkerThreads)(RspPlatform*);
  // Any thread. `run` is called on one of the platform's worker threads, later, or never. `drop` is called once, after it.
  void (*Platform_CallOnWorkerThread)(RspPlatform*, void (*run)(void*), void (*drop)(void*), void* ctx);

  // Null when V8 aborted the walk. No JavaScript may run in `progress`.
  RspHeapSnapshot* (*HeapProfiler_TakeHeapSnapshot)(RspIsolate*, int32_t expose_internals, int32_t expose_numeric_values,
                                                    RspProgress progress, void* ctx);
  void (*HeapProfiler_StartTrackingHeapObjects)(RspIsolate*, int32_t track_allocations);
  void (*HeapProfiler_StopTrackingHeapObjects)(RspIsolate*);
  // Returns the last seen object id.
  uint32_t (*HeapProfiler_GetHeapStats)(RspIsolate*, RspHeapStats stats, void* ctx);
  // 0 for small integers and objects without a number.
  uint32_t (*HeapProfiler_GetObjectId)(RspIsolate*, RspNapiValue value);
  // Null when there is no such object. *visible tells whether JavaScript may see the value.
  RspNapiValue (*HeapProfiler_FindObjectById)(RspIsolate*, uint32_t id, int32_t* visible);
  // 1 when started, 0 when a sampling profiler is running in this isolate already.
  int32_t (*HeapProfiler_StartSamplingHeapProfiler)(RspIsolate*, uint64_t interval_bytes, int32_t stack_depth);
  void (*HeapProfiler_StopSamplingHeapProfiler)(RspIsolate*);
  // Null when no sampling profiler runs. Readable only until the calling N-API callback returns.
  RspAllocationProfile* (*HeapProfiler_GetAllocationProfile)(RspIsolate*);

  void (*AllocationProfile_Delete)(RspAllocationProfile*);
  const RspAllocationNode* (*AllocationProfile_GetRootNode)(RspAllocationProfile*);
  size_t (*AllocationProfile_GetSamplesCount)(RspAllocationProfile*);
  void (*AllocationProfile_GetSample)(RspAllocationProfile*, size_t index, RspAllocationSample* out);
  void (*AllocationNode_GetInfo)(const RspAllocationNode*, RspAllocationNodeInfo* out);
  void (*AllocationNode_GetName)(RspIsolate*, const RspAllocationNode*, RspStringSink, void* ctx);
  void (*AllocationNode_GetScriptName)(RspIsolate*, const RspAllocationNode*, RspStringSink, void* ctx);
  const RspAllocationNode* (*AllocationNode_GetChild)(const RspAllocationNode*, size_t index);
  void (*AllocationNode_GetAllocation)(const RspAllocationNode*, size_t index, size_t* size, uint32_t* count);

  void (*HeapSnapshot_Delete)(RspHeapSnapshot*);
  int32_t (*HeapSnapshot_GetNodesCount)(const RspHeapSnapshot*);
  uint32_t (*HeapSnapshot_GetMaxSnapshotJSObjectId)(const RspHeapSnapshot*);
  const RspHeapGraphNode* (*HeapSnapshot_GetRoot)(const RspHeapSnapshot*);
  // 0 <= index < GetNodesCount.
  const RspHeapGraphNode* (*HeapSnapshot_GetNode)(const RspHeapSnapshot*, int32_t index);
  // Null when unknown. Builds a lookup table in V8 at the first call.
  const RspHeapGraphNode* (*HeapSnapshot_GetNodeById)(const RspHeapSnapshot*, uint32_t id);
  // Any thread, while the snapshot lives and no heap object tracking is started, read or stopped.
  void (*HeapSnapshot_Serialize)(const RspHeapSnapshot*, int32_t chunk_size, RspWrite write, void* ctx);

  int32_t (*HeapGraphNode_GetType)(const RspHeapGraphNode*);
  void (*HeapGraphNode_GetName)(RspIsolate*, const RspHeapGraphNode*, RspStringSink, void* ctx);
  uint32_t (*HeapGraphNode_GetId)(const RspHeapGraphNode*);
  size_t (*HeapGraphNode_GetShallowSize)(const RspHeapGraphNode*);
  int32_t (*HeapGraphNode_GetChildrenCount)(const RspHeapGraphNode*);
  const RspHeapGraphEdge* (*HeapGraphNode_GetChild)(const RspHeapGraphNode*, int32_t index);
  int32_t (*HeapGraphEdge_GetType)(const RspHeapGraphEdge*);
  // Element and hidden edges have an index (returns 1 and fills *index); others a name (returns 0).
  int32_t (*HeapGraphEdge_GetName)(RspIsolate*, const RspHeapGraphEdge*, uint32_t* index, RspStringSink, void* ctx);
  const RspHeapGraphNode* (*HeapGraphEdge_GetToNode)(const RspHeapGraphEdge*);

  RspCpuProfiler* (*CpuProfiler_New)(RspIsolate*, int32_t eager_logging);
  // Frees the profiler and all profiles it still has. No profile may be running.
  void (*CpuProfiler_Dispose)(RspCpuProfiler*);
  // No profile may be running.
  void (*CpuProfiler_SetSamplingInterval)(RspCpuProfiler*, int32_t us);
  // RSP_CPU_PROFILER_STARTED, RSP_CPU_PROFILER_TOO_MANY or another number; *id identifies the profile for Stop.
  int32_t (*CpuProfiler_Start)(RspIsolate*, RspCpuProfiler*, int32_t caller_line_numbers, uint32_t max_samples,
                               uint32_t* id);
  // Null when the id is not running.
  RspCpuProfile* (*CpuProfiler_Stop)(RspIsolate*, RspCpuProfiler*, uint32_t id);
  void (*CpuProfiler_CollectSample)(RspIsolate*);

  void (*CpuProfile_Delete)(RspCpuProfile*);
  // From here on: any thread, while the profile lives.
  const RspCpuProfileNode* (*CpuProfile_GetTopDownRoot)(const RspCpuProfile*);
  int32_t (*CpuProfile_GetSamplesCount)(const RspCpuProfile*);
  const RspCpuProfileNode* (*CpuProfile_GetSample)(const RspCpuProfile*, int32_t index);
  int64_t (*CpuProfile_GetSampleTimestamp)(const RspCpuProfile*, int32_t index);
  int64_t (*CpuProfile_GetStartTime)(const RspCpuProfile*);
  int64_t (*CpuProfile_GetEndTime)(const RspCpuProfile*);
  const char* (*CpuProfileNode_GetFunctionNameStr)(const RspCpuProfileNode*);
  const char* (*CpuProfileNode_GetScriptResourceNameStr)(const RspCpuProfileNode*);
  int32_t (*CpuProfileNode_GetScriptId)(const RspCpuProfileNode*);
  int32_t (*CpuProfileNode_GetLineNumber)(const RspCpuProfileNode*);
  int32_t (*CpuProfileNode_GetColumnNumber)(const RspCpuProfileNode*);
  const char* (*CpuProfileNode_GetBailoutReason)(const RspCpuProfileNode*);
  uint32_t (*CpuProfileNode_GetHitCount)(const RspCpuProfileNode*);
  uint32_t (*CpuProfileNode_GetNodeId)(const RspCpuProfileNode*);
  uint32_t (*CpuProfileNode_GetHitLineCount)(const RspCpuProfileNode*);
  // Fills min(length, GetHitLineCount) ticks and returns how many.
  uint32_t (*CpuProfileNode_GetLineTicks)(const RspCpuProfileNode*, RspLineTick* out, uint32_t length);
  int32_t (*CpuProfileNode_GetChildrenCount)(const RspCpuProfileNode*);
  const RspCpuProfileNode* (*CpuProfileNode_GetChild)(const RspCpuProfileNode*, int32_t index);
} RspTable;

// The one exported symbol.
const RspTable* rsp_v8_table(void);

#ifdef __cplusplus
}
#endif

#endif  // RS_PROFILER_SHIM_H_
