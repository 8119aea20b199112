// Isolates: made, ended, interrupted, measured. One isolate, one thread.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "natives.h"

using namespace v8;

void CloseTasks(TaskQueue*);  // platform.cc
extern "C" void hobGoInterrupt(uintptr_t go, uint64_t id);

namespace {

void HeapLimitHit(hob_isolate* st) {
  st->heap_limit_hit = true;
  st->iso->TerminateExecution();
}

// Reached the heap limit: stop the script. Until it looks whether it is to stop it may still want any one thing, the
// largest of which is an array of numbers of 1 GB: if V8 can't give it that, it ends the process.
size_t OnNearHeapLimit(void* data, size_t current, size_t initial) {
  HeapLimitHit(static_cast<hob_isolate*>(data));
  return current + (size_t{3} << 29);
}

uint64_t BufferBytes(Isolate* iso) {
  HeapStatistics h;
  iso->GetHeapStatistics(&h);
  return h.external_memory();
}

// V8 collects more often as ArrayBuffers grow, but has no limit for them. After a collection the unused ones are still to
// be swept: when there seem to be too many, a second one that sweeps at once tells what is really in use. The next look
// comes when half of the limit has been allocated since.
void CountBuffers(Isolate* iso, void* data) {
  auto* st = static_cast<hob_isolate*>(data);
  iso->LowMemoryNotification();
  uint64_t used = BufferBytes(iso);
  if (used > st->max_buffer_bytes) HeapLimitHit(st);
  st->suspect_buffer_bytes = std::max(st->max_buffer_bytes, used + st->max_buffer_bytes / 2);
  st->counting_buffers = false;
}
void AfterCollection(Isolate* iso, GCType, GCCallbackFlags, void* data) {
  auto* st = static_cast<hob_isolate*>(data);
  if (st->counting_buffers || BufferBytes(iso) <= st->suspect_buffer_bytes) return;
  st->counting_buffers = true;
  iso->RequestInterrupt(CountBuffers, st);
}

struct Interrupt {
  hob_isolate* st;
  uint64_t id;
};
void OnInterrupt(Isolate*, void* data) {
  auto* in = static_cast<Interrupt*>(data);
  hobGoInterrupt(in->st->go, in->id);
  delete in;
}

void Hooks(Isolate* iso) {
  iso->SetMicrotasksPolicy(MicrotasksPolicy::kExplicit);
  iso->SetPromiseRejectCallback(OnPromiseReject);
  iso->SetHostImportModuleDynamicallyCallback(OnImportDynamically);
  iso->SetHostImportModuleWithPhaseDynamicallyCallback(OnImportInPhase);
  iso->SetHostInitializeImportMetaObjectCallback(OnImportMeta);
  iso->SetCaptureStackTraceForUncaughtExceptions(false);
}

}  // namespace

extern "C" hob_isolate* hob_isolate_new(uintptr_t go, const hob_isolate_options* o) {
  auto* st = new hob_isolate();
  st->go = go;
  st->refs.emplace_back();  // reference 0 is none
  st->tasks = NewTaskQueue(o->wake_fd);
  st->blob = {reinterpret_cast<const char*>(o->snapshot), static_cast<int>(o->snapshot_len)};
  if (o->creator) {
    st->iso = Isolate::Allocate();
    BindTaskQueue(st->iso, st->tasks);
    Isolate::CreateParams p;
    p.array_buffer_allocator = SharedAllocator();
    p.external_references = ExternalReferences();
    st->creator = std::make_unique<SnapshotCreator>(st->iso, p);
  } else {
    Isolate::CreateParams p;
    p.array_buffer_allocator = SharedAllocator();
    p.external_references = ExternalReferences();
    if (o->snapshot) p.snapshot_blob = &st->blob;
    if (o->max_old_bytes) p.constraints.set_max_old_generation_size_in_bytes(o->max_old_bytes);
    st->iso = Isolate::Allocate();
    BindTaskQueue(st->iso, st->tasks);
    Isolate::Initialize(st->iso, p);
    st->iso->Enter();
  }
  Isolate* iso = st->iso;
  iso->SetData(0, st);
  Hooks(iso);
  if (!o->creator) iso->AddNearHeapLimitCallback(OnNearHeapLimit, st);
  if (o->max_buffer_bytes) {
    st->max_buffer_bytes = st->suspect_buffer_bytes = o->max_buffer_bytes;
    iso->AddGCEpilogueCallback(AfterCollection, st, kGCTypeMarkSweepCompact);
  }
  HandleScope hs(iso);
  Local<Context> cx;
  if (o->creator || !o->snapshot) {
    cx = Context::New(iso);
  } else if (!Context::FromSnapshot(iso, 0).ToLocal(&cx)) {
    return nullptr;
  }
  if (cx.IsEmpty()) return nullptr;
  st->context.Reset(iso, cx);
  static std::atomic_flag first = ATOMIC_FLAG_INIT;  // of the process
  if (!first.test_and_set()) GiveBackStartupPages();
  cx->Enter();  // one thread, one main context: entered once instead of at each call
  return st;
}

extern "C" void hob_isolate_dispose(hob_isolate* st) {
  Isolate* iso = st->iso;
  if (!st->creator) {
    HandleScope hs(iso);
    st->context.Get(iso)->Exit();
  }
  st->exception.Reset();
  st->message.Reset();
  st->refs.clear();
  st->buffer_prototype.Reset();
  st->error_factory.Reset();
  st->promise_reject.Reset();
  for (auto& hook : st->promise_hooks) hook.Reset();
  st->import_dynamically.Reset();
  st->import_meta.Reset();
  st->prepare_stack.Reset();
  st->modules.clear();
  st->synthetic_steps.clear();
  st->module_sources.clear();
  if (st->outbox_free) st->outbox_free(st->outbox);
  if (st->vm_modules_free) st->vm_modules_free(st->vm_modules);
  st->context.Reset();
  CloseTasks(st->tasks.get());
  if (st->creator) {
    st->creator.reset();  // exits and disposes the isolate
  } else {
    iso->Exit();
    iso->Dispose();
  }
  UnbindTaskQueue(iso, st->tasks.get());
  delete st;
}

extern "C" void hob_terminate(hob_isolate* st) { st->iso->TerminateExecution(); }
extern "C" void hob_cancel_terminate(hob_isolate* st) { st->iso->CancelTerminateExecution(); }
extern "C" void hob_request_interrupt(hob_isolate* st, uint64_t id) {
  st->iso->RequestInterrupt(OnInterrupt, new Interrupt{st, id});
}
// Go's os.Setenv changes Go's copy of the environment and, with cgo, the C library's; tz is set here again so that
// V8's own look at it can't miss it.
extern "C" void hob_time_zone_changed(hob_isolate* st, const char* tz) {
  if (*tz)
    setenv("TZ", tz, 1);
  else
    unsetenv("TZ");
  tzset();
  st->iso->DateTimeConfigurationChangeNotification(Isolate::TimeZoneDetection::kRedetect);
}

extern "C" void hob_heap_statistics(hob_isolate* st, hob_heap_stats* o) {
  HeapStatistics h;
  st->iso->GetHeapStatistics(&h);
  *o = {h.total_heap_size(), h.total_heap_size_executable(), h.total_physical_size(), h.total_available_size(),
        h.used_heap_size(), h.heap_size_limit(), h.malloced_memory(), h.peak_malloced_memory(),
        static_cast<uint64_t>(h.does_zap_garbage()), h.number_of_native_contexts(), h.number_of_detached_contexts(),
        h.total_global_handles_size(), h.used_global_handles_size(), h.external_memory()};
}

extern "C" size_t hob_current_stack(hob_isolate* st, char* out, size_t cap, int frames) {
  HandleScope hs(st->iso);
  Local<StackTrace> trace = StackTrace::CurrentStackTrace(st->iso, frames);
  std::string s;
  for (int i = 0; i < trace->GetFrameCount(); i++) {
    Local<StackFrame> f = trace->GetFrame(st->iso, i);
    String::Utf8Value fn(st->iso, f->GetFunctionName()), file(st->iso, f->GetScriptNameOrSourceURL());
    s += std::string(*fn ? *fn : "") + " " + (*file ? *file : "") + ":" + std::to_string(f->GetLineNumber()) + ":" +
         std::to_string(f->GetColumn()) + "\n";
  }
  size_t n = s.size() < cap ? s.size() : cap;
  memcpy(out, s.data(), n);
  return n;
}

extern "C" int hob_run_tasks(hob_isolate* st) { return RunTasks(st->tasks.get(), st->iso); }
extern "C" int hob_tasks_pending(hob_isolate* st) { return TasksPending(st->tasks.get()); }
extern "C" double hob_next_task_delay(hob_isolate* st) { return NextTaskDelay(st->tasks.get()); }

extern "C" uint8_t* hob_snapshot_create(hob_isolate* st, uint32_t boot, size_t* len) {
  {
    HandleScope hs(st->iso);
    Local<Context> cx = st->context.Get(st->iso);
    st->creator->AddData(cx, RefValue(st, boot));
    if (!st->buffer_prototype.IsEmpty()) st->creator->AddData(cx, st->buffer_prototype.Get(st->iso));
    // node:vm's contexts are made from the default one, which is bare.
    st->creator->SetDefaultContext(Context::New(st->iso));
    st->creator->AddContext(cx);
    cx->Exit();
  }
  // A blob holds no handles of ours.
  st->exception.Reset();
  st->message.Reset();
  st->refs.clear();
  st->buffer_prototype.Reset();
  st->error_factory.Reset();
  st->promise_reject.Reset();
  for (auto& hook : st->promise_hooks) hook.Reset();
  st->import_dynamically.Reset();
  st->import_meta.Reset();
  st->prepare_stack.Reset();
  st->context.Reset();
  StartupData d = st->creator->CreateBlob(SnapshotCreator::FunctionCodeHandling::kKeep);
  if (!d.data) return nullptr;
  auto* out = static_cast<uint8_t*>(malloc(d.raw_size));
  memcpy(out, d.data, d.raw_size);
  *len = d.raw_size;
  delete[] d.data;
  return out;
}

extern "C" uint32_t hob_snapshot_boot(hob_isolate* st) {
  HandleScope hs(st->iso);
  Local<Context> cx = st->context.Get(st->iso);
  Local<Value> boot, proto;
  if (!cx->GetDataFromSnapshotOnce<Value>(0).ToLocal(&boot)) return 0;
  if (cx->GetDataFromSnapshotOnce<Value>(1).ToLocal(&proto) && proto->IsObject())
    st->buffer_prototype.Reset(st->iso, proto.As<Object>());
  return NewRef(st, boot, false);
}
