// What the C++ files of the engine room share. Not seen by Go.
#pragma once
#if !__has_include(<v8.h>)
#error "V8's headers are not on the include path: run 'make' (or 'go generate ./internal/v8') once in this checkout"
#endif
#include <v8-fast-api-calls.h>
#include <v8.h>

#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine.h"

// A C++ native offered to builtin files as engine.<name>. Natives hold no state of their own, check every MaybeLocal and
// never abort on a wrong argument. Tables end with {nullptr, nullptr} and are listed in natives.cc.
struct NativeEntry {
  const char* name;
  v8::FunctionCallback fn;
  // What optimised code calls instead, without the frame of a call into the API, when the arguments have its types (a
  // number is a double, a string flat and of one byte a character).
  const v8::CFunction* fast = nullptr;
};
extern const NativeEntry kBytesNatives[] __attribute__((weak));    // native_bytes.cc
extern const NativeEntry kInspectNatives[] __attribute__((weak));  // native_inspect.cc
extern const NativeEntry kTurnNatives[];     // native_turn.cc
extern const NativeEntry kModuleNatives[];   // native_module.cc
extern const NativeEntry kCloneNatives[] __attribute__((weak));    // native_clone.cc
extern const NativeEntry kOutboxNatives[] __attribute__((weak));   // native_outbox.cc
extern const NativeEntry kContextNatives[] __attribute__((weak));  // native_context.cc
extern const NativeEntry kHeapNatives[] __attribute__((weak));     // native_heap.cc
extern const NativeEntry kFileNatives[];     // native_file.cc

class TaskQueue;  // platform.cc

// A persistent reference. context is the async context (continuation data) that was current when a callback was
// handed to Go; empty when undefined.
struct Ref {
  v8::Global<v8::Value> value;
  v8::Global<v8::Value> context;
  uint32_t next_free = 0;
};

// Everything one isolate owns. Reached from V8 through isolate data slot 0, from Go as hob_isolate*.
struct hob_isolate {
  v8::Isolate* iso = nullptr;
  uintptr_t go = 0;  // the pinned Go *Isolate
  v8::Global<v8::Context> context;
  std::unique_ptr<v8::SnapshotCreator> creator;
  v8::StartupData blob{};  // V8 keeps the pointer: it reads the blob again for each new context
  std::shared_ptr<TaskQueue> tasks;

  std::vector<Ref> refs;
  uint32_t free_ref = 0, live_refs = 0;

  // The last exception, until Go takes it.
  v8::Global<v8::Value> exception;
  v8::Global<v8::Message> message;
  bool terminated = false, heap_limit_hit = false;
  uint64_t max_buffer_bytes = 0, suspect_buffer_bytes = 0;
  bool counting_buffers = false;

  v8::Global<v8::Object> buffer_prototype;
  // JavaScript hooks set by engine.set*: empty until then.
  v8::Global<v8::Function> error_factory, promise_reject, import_dynamically, import_meta, prepare_stack;
  v8::Global<v8::Function> promise_hooks[4];  // by v8::PromiseHookType: init, resolve, before, after
  // Modules by the id that JavaScript knows them by (native_module.cc).
  std::vector<v8::Global<v8::Module>> modules;
  std::unordered_multimap<int, uint32_t> module_by_hash;
  std::unordered_map<uint32_t, std::vector<uint32_t>> module_links;
  std::unordered_map<uint32_t, v8::Global<v8::Function>> synthetic_steps;
  std::unordered_map<uint32_t, v8::Global<v8::Object>> module_sources;
  void* vm_modules = nullptr;  // node:vm's modules (native_module.cc)
  void (*vm_modules_free)(void*) = nullptr;
  // What native_outbox.cc keeps: bytes of answers gathered until Go drains them.
  void* outbox = nullptr;
  void (*outbox_free)(void*) = nullptr;
};

inline hob_isolate* StateOf(v8::Isolate* iso) { return static_cast<hob_isolate*>(iso->GetData(0)); }

// --- codec.cc
// Decodes the next value of an encoding (value.go) and moves p behind it. Two values come out of a callback reference.
class Decoder {
 public:
  Decoder(hob_isolate* st, v8::Local<v8::Context> cx, const uint8_t* p, const uint8_t* end)
      : st_(st), iso_(st->iso), cx_(cx), p_(p), end_(end) {}
  v8::Local<v8::Value> Next();
  bool done() const { return p_ >= end_; }

 private:
  template <class T>
  T Take() {
    T v{};
    if (p_ + sizeof(T) <= end_) __builtin_memcpy(&v, p_, sizeof(T));
    p_ += sizeof(T);
    return v;
  }
  v8::Local<v8::String> TakeString(bool latin1);
  v8::Local<v8::Value> Error();
  hob_isolate* st_;
  v8::Isolate* iso_;
  v8::Local<v8::Context> cx_;
  const uint8_t *p_, *end_;
};

// Bytes behind string arguments while a native runs: on the caller's stack, or malloc'ed when they are long.
class Scratch {
 public:
  ~Scratch() {
    for (void* p : heap_) free(p);
  }
  char* Take(size_t n) {
    if (used_ + n <= sizeof(inline_)) {
      char* p = inline_ + used_;
      used_ += n;
      return p;
    }
    char* p = static_cast<char*>(malloc(n ? n : 1));
    heap_.push_back(p);
    return p;
  }

 private:
  char inline_[2048];
  size_t used_ = 0;
  std::vector<void*> heap_;
};
// Describes v in *out; string bytes come from scratch.
void Describe(v8::Isolate*, v8::Local<v8::Value> v, hob_value* out, Scratch* scratch);
// The same for a result that outlives the call: strings malloc'ed, objects as a new reference.
void DescribeResult(hob_isolate*, v8::Local<v8::Value> v, hob_value* out);
v8::Local<v8::String> Utf8(v8::Isolate*, const char* s, size_t n);
inline v8::Local<v8::String> Symbolic(v8::Isolate* iso, const char* s) {
  return v8::String::NewFromUtf8(iso, s, v8::NewStringType::kInternalized).ToLocalChecked();
}

// --- call.cc
uint32_t NewRef(hob_isolate*, v8::Local<v8::Value>, bool with_context);
v8::Local<v8::Value> RefValue(hob_isolate*, uint32_t);
void FreeRef(hob_isolate*, uint32_t);
// Keeps what tc caught for hob_exception_take.
void KeepException(hob_isolate*, v8::TryCatch* tc);
void Trampoline(const v8::FunctionCallbackInfo<v8::Value>&);

// --- natives.cc
const intptr_t* ExternalReferences();
// The registered static source that begins at src, or null.
v8::String::ExternalOneByteStringResource* StaticSourceOf(const char* src);

// --- native_bytes.cc's allocations go through here too.
v8::ArrayBuffer::Allocator* SharedAllocator();
// A Buffer (a Uint8Array with Buffer.prototype once that is set) over `buffer`.
v8::Local<v8::Value> NewBuffer(v8::Isolate*, v8::Local<v8::ArrayBuffer> buffer, size_t offset, size_t length);
v8::Local<v8::Value> NewBuffer(v8::Isolate*, std::unique_ptr<v8::BackingStore> store);
void SetBufferPrototype(v8::Isolate*, v8::Local<v8::Object> proto);

// --- platform.cc
v8::Platform* ThePlatform();
std::shared_ptr<TaskQueue> NewTaskQueue(int wake_fd);
void BindTaskQueue(v8::Isolate*, std::shared_ptr<TaskQueue>);
void UnbindTaskQueue(v8::Isolate*, TaskQueue*);
int RunTasks(TaskQueue*, v8::Isolate*);
int TasksPending(TaskQueue*);
double NextTaskDelay(TaskQueue*);
// After each stage of a process's start: see platform.cc.
void GiveBackStartupPages();

// --- native_turn.cc / native_module.cc: callbacks registered on every isolate.
void OnPromiseReject(v8::PromiseRejectMessage);
v8::MaybeLocal<v8::Promise> OnImportDynamically(v8::Local<v8::Context>, v8::Local<v8::Data> host_defined_options,
                                                v8::Local<v8::Value> resource_name, v8::Local<v8::String> specifier,
                                                v8::Local<v8::FixedArray> attributes);
v8::MaybeLocal<v8::Promise> OnImportInPhase(v8::Local<v8::Context>, v8::Local<v8::Data> host_defined_options,
                                            v8::Local<v8::Value> resource_name, v8::Local<v8::String> specifier,
                                            v8::ModuleImportPhase, v8::Local<v8::FixedArray> attributes);
void OnImportMeta(v8::Local<v8::Context>, v8::Local<v8::Module>, v8::Local<v8::Object> meta);
v8::MaybeLocal<v8::Value> OnPrepareStackTrace(v8::Local<v8::Context>, v8::Local<v8::Value> error,
                                              v8::Local<v8::Array> sites);
