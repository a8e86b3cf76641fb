// The one file that includes V8's headers. See shim.h for the contract; the functions stand in its order.
#include "shim.h"

#include <node.h>
#include <v8-platform.h>
#include <v8-profiler.h>
#include <v8-version.h>
#include <v8.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace {

// ---- What differs between V8 versions, all of it -------------------------------------------------------------------
// V8 10 (Node 18) has no HeapSnapshotOptions; the parameter that became hide_internals was treat_global_objects_as_roots.
#define RSP_HAS_SNAPSHOT_OPTIONS (V8_MAJOR_VERSION >= 11)

const v8::HeapSnapshot* TakeHeapSnapshot(v8::HeapProfiler* profiler, v8::ActivityControl* control, bool expose_internals,
                                         bool expose_numeric_values) {
#if RSP_HAS_SNAPSHOT_OPTIONS
  v8::HeapProfiler::HeapSnapshotOptions options;
  options.control = control;
  options.snapshot_mode = expose_internals ? v8::HeapProfiler::HeapSnapshotMode::kExposeInternals
                                           : v8::HeapProfiler::HeapSnapshotMode::kRegular;
  options.numerics_mode = expose_numeric_values ? v8::HeapProfiler::NumericsMode::kExposeNumericValues
                                                : v8::HeapProfiler::NumericsMode::kHideNumericValues;
  return profiler->TakeHeapSnapshot(options);
#else
  return profiler->TakeHeapSnapshot(control, nullptr, !expose_internals, expose_numeric_values);
#endif
}
// ---------------------------------------------------------------------------------------------------------------------

// The layouts that the addon relies on.
static_assert(sizeof(v8::SnapshotObjectId) == sizeof(uint32_t), "object ids are 32 bits");
static_assert(sizeof(v8::ProfilerId) == sizeof(uint32_t), "profiler ids are 32 bits");
static_assert(sizeof(v8::Local<v8::Value>) == sizeof(RspNapiValue), "a napi_value is a Local");
static_assert(static_cast<int>(v8::HeapGraphNode::kHidden) == 0 && static_cast<int>(v8::HeapGraphNode::kBigInt) == 13,
              "node types are numbered as in lib/compat/heap-graph.js");
static_assert(static_cast<int>(v8::HeapGraphEdge::kContextVariable) == 0 && static_cast<int>(v8::HeapGraphEdge::kWeak) == 6,
              "edge types are numbered as in lib/compat/heap-graph.js");
static_assert(static_cast<int>(v8::HeapGraphNode::kObject) == RSP_NODE_TYPE_OBJECT,
              "NODE_TYPE_OBJECT is numbered as in shim.h and table.rs");
static_assert(static_cast<int>(v8::CpuProfilingStatus::kStarted) == RSP_CPU_PROFILER_STARTED &&
                  static_cast<int>(v8::CpuProfilingStatus::kErrorTooManyProfilers) == RSP_CPU_PROFILER_TOO_MANY,
              "CPU_PROFILER_STARTED and _TOO_MANY are numbered as in shim.h and table.rs");

// Opaque handle <-> V8 class.
#define RSP_CAST(Handle, Class)                                                                          \
  [[maybe_unused]] inline Class* To(Handle* h) { return reinterpret_cast<Class*>(h); }                   \
  [[maybe_unused]] inline const Class* To(const Handle* h) { return reinterpret_cast<const Class*>(h); } \
  [[maybe_unused]] inline Handle* From(Class* c) { return reinterpret_cast<Handle*>(c); }                \
  [[maybe_unused]] inline const Handle* From(const Class* c) { return reinterpret_cast<const Handle*>(c); }
RSP_CAST(RspIsolate, v8::Isolate)
RSP_CAST(RspPlatform, v8::Platform)
RSP_CAST(RspHeapSnapshot, v8::HeapSnapshot)
RSP_CAST(RspHeapGraphNode, v8::HeapGraphNode)
RSP_CAST(RspHeapGraphEdge, v8::HeapGraphEdge)
RSP_CAST(RspCpuProfiler, v8::CpuProfiler)
RSP_CAST(RspCpuProfile, v8::CpuProfile)
RSP_CAST(RspCpuProfileNode, v8::CpuProfileNode)
RSP_CAST(RspAllocationProfile, v8::AllocationProfile)
RSP_CAST(RspAllocationNode, v8::AllocationProfile::Node)
#undef RSP_CAST

// A napi_value is the address of a handle slot, which is what a Local holds: the one place where the two meet.
v8::Local<v8::Value> LocalFrom(RspNapiValue value) {
  v8::Local<v8::Value> local;
  memcpy(static_cast<void*>(&local), &value, sizeof(value));
  return local;
}
RspNapiValue NapiFrom(v8::Local<v8::Value> local) {
  RspNapiValue value;
  memcpy(&value, static_cast<void*>(&local), sizeof(value));
  return value;
}

void SinkString(v8::Isolate* isolate, v8::Local<v8::Value> value, RspStringSink sink, void* ctx) {
  if (value.IsEmpty()) return;
  v8::String::Utf8Value text(isolate, value);
  if (*text != nullptr) sink(ctx, *text, static_cast<size_t>(text.length()));
}

class Progress final : public v8::ActivityControl {
 public:
  Progress(RspProgress progress, void* ctx) : progress_(progress), ctx_(ctx) {}
  ControlOption ReportProgressValue(uint32_t done, uint32_t total) override {
    return progress_(ctx_, done, total) ? kContinue : kAbort;
  }

 private:
  RspProgress progress_;
  void* ctx_;
};

class TextStream final : public v8::OutputStream {
 public:
  TextStream(int chunk_size, RspWrite write, void* ctx) : chunk_size_(chunk_size), write_(write), ctx_(ctx) {}
  int GetChunkSize() override { return chunk_size_; }
  void EndOfStream() override {}
  WriteResult WriteAsciiChunk(char* data, int size) override {
    return write_(ctx_, data, static_cast<size_t>(size)) ? kContinue : kAbort;
  }

 private:
  int chunk_size_;
  RspWrite write_;
  void* ctx_;
};

class StatsStream final : public v8::OutputStream {
 public:
  StatsStream(RspHeapStats stats, void* ctx) : stats_(stats), ctx_(ctx) {}
  void EndOfStream() override {}
  WriteResult WriteAsciiChunk(char*, int) override { return kAbort; }
  WriteResult WriteHeapStatsChunk(v8::HeapStatsUpdate* data, int count) override {
    std::vector<RspHeapStatsUpdate> updates;
    updates.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; i++) updates.push_back({data[i].index, data[i].count, data[i].size});
    return stats_(ctx_, updates.data(), updates.size()) ? kContinue : kAbort;
  }

 private:
  RspHeapStats stats_;
  void* ctx_;
};

class WorkerTask final : public v8::Task {
 public:
  WorkerTask(void (*run)(void*), void (*drop)(void*), void* ctx) : run_(run), drop_(drop), ctx_(ctx) {}
  ~WorkerTask() override { drop_(ctx_); }
  void Run() override { run_(ctx_); }

 private:
  void (*run_)(void*);
  void (*drop_)(void*);
  void* ctx_;
};

RspIsolate* Isolate_TryGetCurrent() { return From(v8::Isolate::TryGetCurrent()); }

void Node_AtExit(RspIsolate* isolate, void (*hook)(void*), void* ctx) {
  v8::HandleScope scope(To(isolate));
  node::Environment* env = node::GetCurrentEnvironment(To(isolate)->GetCurrentContext());
  if (env != nullptr) node::AtExit(env, hook, ctx);
}

void Isolate_RequestInterrupt(RspIsolate* isolate, RspInterrupt interrupt, void* ctx) {
  // The two types differ in the name of the isolate's class only.
  To(isolate)->RequestInterrupt(reinterpret_cast<v8::InterruptCallback>(interrupt), ctx);
}

void Isolate_AddNearHeapLimitCallback(RspIsolate* isolate, RspNearHeapLimit callback, void* ctx) {
  To(isolate)->AddNearHeapLimitCallback(callback, ctx);
}

void Isolate_LowMemoryNotification(RspIsolate* isolate) { To(isolate)->LowMemoryNotification(); }

int32_t StackTrace_CurrentStackTrace(RspIsolate* isolate, RspStringSink sink, void* script_name, void* function_name) {
  v8::HandleScope scope(To(isolate));
  v8::Local<v8::StackTrace> trace = v8::StackTrace::CurrentStackTrace(To(isolate), 1);
  if (trace->GetFrameCount() == 0) return 0;
  v8::Local<v8::StackFrame> frame = trace->GetFrame(To(isolate), 0);
  SinkString(To(isolate), frame->GetScriptName(), sink, script_name);
  SinkString(To(isolate), frame->GetFunctionName(), sink, function_name);
  return 1;
}

RspPlatform* Node_GetPlatform(RspIsolate* isolate) {
  v8::HandleScope scope(To(isolate));
  node::Environment* env = node::GetCurrentEnvironment(To(isolate)->GetCurrentContext());
  return env == nullptr ? nullptr : From(static_cast<v8::Platform*>(node::GetMultiIsolatePlatform(env)));
}

int32_t Platform_NumberOfWorkerThreads(RspPlatform* platform) { return To(platform)->NumberOfWorkerThreads(); }

void Platform_CallOnWorkerThread(RspPlatform* platform, void (*run)(void*), void (*drop)(void*), void* ctx) {
  To(platform)->CallOnWorkerThread(std::make_unique<WorkerTask>(run, drop, ctx));
}

RspHeapSnapshot* HeapProfiler_TakeHeapSnapshot(RspIsolate* isolate, int32_t expose_internals, int32_t expose_numeric_values,
                                               RspProgress progress, void* ctx) {
  v8::HandleScope scope(To(isolate));
  Progress control(progress, ctx);
  return const_cast<RspHeapSnapshot*>(
      From(TakeHeapSnapshot(To(isolate)->GetHeapProfiler(), &control, expose_internals != 0, expose_numeric_values != 0)));
}

void HeapProfiler_StartTrackingHeapObjects(RspIsolate* isolate, int32_t track_allocations) {
  To(isolate)->GetHeapProfiler()->StartTrackingHeapObjects(track_allocations != 0);
}

void HeapProfiler_StopTrackingHeapObjects(RspIsolate* isolate) {
  To(isolate)->GetHeapProfiler()->StopTrackingHeapObjects();
}

uint32_t HeapProfiler_GetHeapStats(RspIsolate* isolate, RspHeapStats stats, void* ctx) {
  StatsStream stream(stats, ctx);
  return To(isolate)->GetHeapProfiler()->GetHeapStats(&stream);
}

uint32_t HeapProfiler_GetObjectId(RspIsolate* isolate, RspNapiValue value) {
  return To(isolate)->GetHeapProfiler()->GetObjectId(LocalFrom(value));
}

RspNapiValue HeapProfiler_FindObjectById(RspIsolate* isolate, uint32_t id, int32_t* visible) {
  v8::Local<v8::Value> value = To(isolate)->GetHeapProfiler()->FindObjectById(id);
  *visible = 0;
  if (value.IsEmpty()) return nullptr;
  *visible = value->IsObject() || value->IsNumber() || value->IsString() || value->IsSymbol() || value->IsBoolean() ||
             value->IsBigInt();
  return NapiFrom(value);
}

int32_t HeapProfiler_StartSamplingHeapProfiler(RspIsolate* isolate, uint64_t interval_bytes, int32_t stack_depth) {
  return To(isolate)->GetHeapProfiler()->StartSamplingHeapProfiler(interval_bytes, stack_depth);
}

void HeapProfiler_StopSamplingHeapProfiler(RspIsolate* isolate) {
  To(isolate)->GetHeapProfiler()->StopSamplingHeapProfiler();
}

RspAllocationProfile* HeapProfiler_GetAllocationProfile(RspIsolate* isolate) {
  return From(To(isolate)->GetHeapProfiler()->GetAllocationProfile());
}

void AllocationProfile_Delete(RspAllocationProfile* profile) { delete To(profile); }

const RspAllocationNode* AllocationProfile_GetRootNode(RspAllocationProfile* profile) {
  return From(To(profile)->GetRootNode());
}

size_t AllocationProfile_GetSamplesCount(RspAllocationProfile* profile) { return To(profile)->GetSamples().size(); }

void AllocationProfile_GetSample(RspAllocationProfile* profile, size_t index, RspAllocationSample* out) {
  const v8::AllocationProfile::Sample& sample = To(profile)->GetSamples()[index];
  *out = {sample.node_id, sample.count, sample.size, sample.sample_id};
}

void AllocationNode_GetInfo(const RspAllocationNode* node, RspAllocationNodeInfo* out) {
  const v8::AllocationProfile::Node* n = To(node);
  *out = {n->script_id, n->line_number, n->column_number, n->node_id, n->children.size(), n->allocations.size()};
}

void AllocationNode_GetName(RspIsolate* isolate, const RspAllocationNode* node, RspStringSink sink, void* ctx) {
  v8::HandleScope scope(To(isolate));
  SinkString(To(isolate), To(node)->name, sink, ctx);
}

void AllocationNode_GetScriptName(RspIsolate* isolate, const RspAllocationNode* node, RspStringSink sink, void* ctx) {
  v8::HandleScope scope(To(isolate));
  SinkString(To(isolate), To(node)->script_name, sink, ctx);
}

const RspAllocationNode* AllocationNode_GetChild(const RspAllocationNode* node, size_t index) {
  return From(To(node)->children[index]);
}

void AllocationNode_GetAllocation(const RspAllocationNode* node, size_t index, size_t* size, uint32_t* count) {
  const v8::AllocationProfile::Allocation& allocation = To(node)->allocations[index];
  *size = allocation.size;
  *count = allocation.count;
}

void HeapSnapshot_Delete(RspHeapSnapshot* snapshot) { To(snapshot)->Delete(); }

int32_t HeapSnapshot_GetNodesCount(const RspHeapSnapshot* snapshot) { return To(snapshot)->GetNodesCount(); }

uint32_t HeapSnapshot_GetMaxSnapshotJSObjectId(const RspHeapSnapshot* snapshot) {
  return To(snapshot)->GetMaxSnapshotJSObjectId();
}

const RspHeapGraphNode* HeapSnapshot_GetRoot(const RspHeapSnapshot* snapshot) { return From(To(snapshot)->GetRoot()); }

const RspHeapGraphNode* HeapSnapshot_GetNode(const RspHeapSnapshot* snapshot, int32_t index) {
  return From(To(snapshot)->GetNode(index));
}

const RspHeapGraphNode* HeapSnapshot_GetNodeById(const RspHeapSnapshot* snapshot, uint32_t id) {
  return From(To(snapshot)->GetNodeById(id));
}

void HeapSnapshot_Serialize(const RspHeapSnapshot* snapshot, int32_t chunk_size, RspWrite write, void* ctx) {
  TextStream stream(chunk_size, write, ctx);
  To(snapshot)->Serialize(&stream);
}

int32_t HeapGraphNode_GetType(const RspHeapGraphNode* node) { return static_cast<int32_t>(To(node)->GetType()); }

void HeapGraphNode_GetName(RspIsolate* isolate, const RspHeapGraphNode* node, RspStringSink sink, void* ctx) {
  v8::HandleScope scope(To(isolate));
  SinkString(To(isolate), To(node)->GetName(), sink, ctx);
}

uint32_t HeapGraphNode_GetId(const RspHeapGraphNode* node) { return To(node)->GetId(); }

size_t HeapGraphNode_GetShallowSize(const RspHeapGraphNode* node) { return To(node)->GetShallowSize(); }

int32_t HeapGraphNode_GetChildrenCount(const RspHeapGraphNode* node) { return To(node)->GetChildrenCount(); }

const RspHeapGraphEdge* HeapGraphNode_GetChild(const RspHeapGraphNode* node, int32_t index) {
  return From(To(node)->GetChild(index));
}

int32_t HeapGraphEdge_GetType(const RspHeapGraphEdge* edge) { return static_cast<int32_t>(To(edge)->GetType()); }

int32_t HeapGraphEdge_GetName(RspIsolate* isolate, const RspHeapGraphEdge* edge, uint32_t* index, RspStringSink sink,
                              void* ctx) {
  v8::HandleScope scope(To(isolate));
  v8::Local<v8::Value> name = To(edge)->GetName();
  if (name->IsNumber()) {
    *index = static_cast<uint32_t>(name.As<v8::Number>()->Value());
    return 1;
  }
  SinkString(To(isolate), name, sink, ctx);
  return 0;
}

const RspHeapGraphNode* HeapGraphEdge_GetToNode(const RspHeapGraphEdge* edge) { return From(To(edge)->GetToNode()); }

RspCpuProfiler* CpuProfiler_New(RspIsolate* isolate, int32_t eager_logging) {
  v8::HandleScope scope(To(isolate));
  return From(v8::CpuProfiler::New(To(isolate), v8::kDebugNaming, eager_logging ? v8::kEagerLogging : v8::kLazyLogging));
}

void CpuProfiler_Dispose(RspCpuProfiler* profiler) { To(profiler)->Dispose(); }

void CpuProfiler_SetSamplingInterval(RspCpuProfiler* profiler, int32_t us) { To(profiler)->SetSamplingInterval(us); }

int32_t CpuProfiler_Start(RspIsolate* isolate, RspCpuProfiler* profiler, int32_t caller_line_numbers, uint32_t max_samples,
                          uint32_t* id) {
  v8::HandleScope scope(To(isolate));
  v8::CpuProfilingOptions options(caller_line_numbers ? v8::kCallerLineNumbers : v8::kLeafNodeLineNumbers, max_samples);
  v8::CpuProfilingResult result = To(profiler)->Start(std::move(options));
  *id = result.id;
  return static_cast<int32_t>(result.status);
}

RspCpuProfile* CpuProfiler_Stop(RspIsolate* isolate, RspCpuProfiler* profiler, uint32_t id) {
  v8::HandleScope scope(To(isolate));
  return From(To(profiler)->Stop(id));
}

void CpuProfiler_CollectSample(RspIsolate* isolate) { v8::CpuProfiler::CollectSample(To(isolate)); }

void CpuProfile_Delete(RspCpuProfile* profile) { To(profile)->Delete(); }

const RspCpuProfileNode* CpuProfile_GetTopDownRoot(const RspCpuProfile* profile) {
  return From(To(profile)->GetTopDownRoot());
}

int32_t CpuProfile_GetSamplesCount(const RspCpuProfile* profile) { return To(profile)->GetSamplesCount(); }

const RspCpuProfileNode* CpuProfile_GetSample(const RspCpuProfile* profile, int32_t index) {
  return From(To(profile)->GetSample(index));
}

int64_t CpuProfile_GetSampleTimestamp(const RspCpuProfile* profile, int32_t index) {
  return To(profile)->GetSampleTimestamp(index);
}

int64_t CpuProfile_GetStartTime(const RspCpuProfile* profile) { return To(profile)->GetStartTime(); }

int64_t CpuProfile_GetEndTime(const RspCpuProfile* profile) { return To(profile)->GetEndTime(); }

const char* CpuProfileNode_GetFunctionNameStr(const RspCpuProfileNode* node) { return To(node)->GetFunctionNameStr(); }

const char* CpuProfileNode_GetScriptResourceNameStr(const RspCpuProfileNode* node) {
  return To(node)->GetScriptResourceNameStr();
}

int32_t CpuProfileNode_GetScriptId(const RspCpuProfileNode* node) { return To(node)->GetScriptId(); }

int32_t CpuProfileNode_GetLineNumber(const RspCpuProfileNode* node) { return To(node)->GetLineNumber(); }

int32_t CpuProfileNode_GetColumnNumber(const RspCpuProfileNode* node) { return To(node)->GetColumnNumber(); }

const char* CpuProfileNode_GetBailoutReason(const RspCpuProfileNode* node) { return To(node)->GetBailoutReason(); }

uint32_t CpuProfileNode_GetHitCount(const RspCpuProfileNode* node) { return To(node)->GetHitCount(); }

uint32_t CpuProfileNode_GetNodeId(const RspCpuProfileNode* node) { return To(node)->GetNodeId(); }

uint32_t CpuProfileNode_GetHitLineCount(const RspCpuProfileNode* node) { return To(node)->GetHitLineCount(); }

uint32_t CpuProfileNode_GetLineTicks(const RspCpuProfileNode* node, RspLineTick* out, uint32_t length) {
  uint32_t count = To(node)->GetHitLineCount();
  if (count == 0) return 0;
  v8::CpuProfileNode::LineTick few[16];
  std::vector<v8::CpuProfileNode::LineTick> many;
  v8::CpuProfileNode::LineTick* ticks = few;
  if (count > 16) {
    many.resize(count);
    ticks = many.data();
  }
  if (!To(node)->GetLineTicks(ticks, count)) return 0;
  count = std::min(count, length);
  for (uint32_t i = 0; i < count; i++) out[i] = {ticks[i].line, ticks[i].hit_count};
  return count;
}

int32_t CpuProfileNode_GetChildrenCount(const RspCpuProfileNode* node) { return To(node)->GetChildrenCount(); }

const RspCpuProfileNode* CpuProfileNode_GetChild(const RspCpuProfileNode* node, int32_t index) {
  return From(To(node)->GetChild(index));
}

#define RSP_TEXT_(x) #x
#define RSP_TEXT(x) RSP_TEXT_(x)

const RspTable kTable = {
    .header = {.table_version = RSP_TABLE_VERSION,
               .table_size = sizeof(RspTable),
               .node_module_version = NODE_MODULE_VERSION},
    .v8_version =
        RSP_TEXT(V8_MAJOR_VERSION) "." RSP_TEXT(V8_MINOR_VERSION) "." RSP_TEXT(V8_BUILD_NUMBER) "." RSP_TEXT(V8_PATCH_LEVEL),
    .Isolate_TryGetCurrent = Isolate_TryGetCurrent,
    .Node_AtExit = Node_AtExit,
    .Isolate_RequestInterrupt = Isolate_RequestInterrupt,
    .Isolate_AddNearHeapLimitCallback = Isolate_AddNearHeapLimitCallback,
    .Isolate_LowMemoryNotification = Isolate_LowMemoryNotification,
    .StackTrace_CurrentStackTrace = StackTrace_CurrentStackTrace,
    .Node_GetPlatform = Node_GetPlatform,
    .Platform_NumberOfWorkerThreads = Platform_NumberOfWorkerThreads,
    .Platform_CallOnWorkerThread = Platform_CallOnWorkerThread,
    .HeapProfiler_TakeHeapSnapshot = HeapProfiler_TakeHeapSnapshot,
    .HeapProfiler_StartTrackingHeapObjects = HeapProfiler_StartTrackingHeapObjects,
    .HeapProfiler_StopTrackingHeapObjects = HeapProfiler_StopTrackingHeapObjects,
    .HeapProfiler_GetHeapStats = HeapProfiler_GetHeapStats,
    .HeapProfiler_GetObjectId = HeapProfiler_GetObjectId,
    .HeapProfiler_FindObjectById = HeapProfiler_FindObjectById,
    .HeapProfiler_StartSamplingHeapProfiler = HeapProfiler_StartSamplingHeapProfiler,
    .HeapProfiler_StopSamplingHeapProfiler = HeapProfiler_StopSamplingHeapProfiler,
    .HeapProfiler_GetAllocationProfile = HeapProfiler_GetAllocationProfile,
    .AllocationProfile_Delete = AllocationProfile_Delete,
    .AllocationProfile_GetRootNode = AllocationProfile_GetRootNode,
    .AllocationProfile_GetSamplesCount = AllocationProfile_GetSamplesCount,
    .AllocationProfile_GetSample = AllocationProfile_GetSample,
    .AllocationNode_GetInfo = AllocationNode_GetInfo,
    .AllocationNode_GetName = AllocationNode_GetName,
    .AllocationNode_GetScriptName = AllocationNode_GetScriptName,
    .AllocationNode_GetChild = AllocationNode_GetChild,
    .AllocationNode_GetAllocation = AllocationNode_GetAllocation,
    .HeapSnapshot_Delete = HeapSnapshot_Delete,
    .HeapSnapshot_GetNodesCount = HeapSnapshot_GetNodesCount,
    .HeapSnapshot_GetMaxSnapshotJSObjectId = HeapSnapshot_GetMaxSnapshotJSObjectId,
    .HeapSnapshot_GetRoot = HeapSnapshot_GetRoot,
    .HeapSnapshot_GetNode = HeapSnapshot_GetNode,
    .HeapSnapshot_GetNodeById = HeapSnapshot_GetNodeById,
    .HeapSnapshot_Serialize = HeapSnapshot_Serialize,
    .HeapGraphNode_GetType = HeapGraphNode_GetType,
    .HeapGraphNode_GetName = HeapGraphNode_GetName,
    .HeapGraphNode_GetId = HeapGraphNode_GetId,
    .HeapGraphNode_GetShallowSize = HeapGraphNode_GetShallowSize,
    .HeapGraphNode_GetChildrenCount = HeapGraphNode_GetChildrenCount,
    .HeapGraphNode_GetChild = HeapGraphNode_GetChild,
    .HeapGraphEdge_GetType = HeapGraphEdge_GetType,
    .HeapGraphEdge_GetName = HeapGraphEdge_GetName,
    .HeapGraphEdge_GetToNode = HeapGraphEdge_GetToNode,
    .CpuProfiler_New = CpuProfiler_New,
    .CpuProfiler_Dispose = CpuProfiler_Dispose,
    .CpuProfiler_SetSamplingInterval = CpuProfiler_SetSamplingInterval,
    .CpuProfiler_Start = CpuProfiler_Start,
    .CpuProfiler_Stop = CpuProfiler_Stop,
    .CpuProfiler_CollectSample = CpuProfiler_CollectSample,
    .CpuProfile_Delete = CpuProfile_Delete,
    .CpuProfile_GetTopDownRoot = CpuProfile_GetTopDownRoot,
    .CpuProfile_GetSamplesCount = CpuProfile_GetSamplesCount,
    .CpuProfile_GetSample = CpuProfile_GetSample,
    .CpuProfile_GetSampleTimestamp = CpuProfile_GetSampleTimestamp,
    .CpuProfile_GetStartTime = CpuProfile_GetStartTime,
    .CpuProfile_GetEndTime = CpuProfile_GetEndTime,
    .CpuProfileNode_GetFunctionNameStr = CpuProfileNode_GetFunctionNameStr,
    .CpuProfileNode_GetScriptResourceNameStr = CpuProfileNode_GetScriptResourceNameStr,
    .CpuProfileNode_GetScriptId = CpuProfileNode_GetScriptId,
    .CpuProfileNode_GetLineNumber = CpuProfileNode_GetLineNumber,
    .CpuProfileNode_GetColumnNumber = CpuProfileNode_GetColumnNumber,
    .CpuProfileNode_GetBailoutReason = CpuProfileNode_GetBailoutReason,
    .CpuProfileNode_GetHitCount = CpuProfileNode_GetHitCount,
    .CpuProfileNode_GetNodeId = CpuProfileNode_GetNodeId,
    .CpuProfileNode_GetHitLineCount = CpuProfileNode_GetHitLineCount,
    .CpuProfileNode_GetLineTicks = CpuProfileNode_GetLineTicks,
    .CpuProfileNode_GetChildrenCount = CpuProfileNode_GetChildrenCount,
    .CpuProfileNode_GetChild = CpuProfileNode_GetChild,
};

}  // namespace

extern "C" __attribute__((visibility("default"))) const RspTable* rsp_v8_table(void) { return &kTable; }
