// node:vm's contexts and scripts. A contextified object (the sandbox) and its context know each other inside V8's heap
// only: a private property of the sandbox leads to the context's global, and the context's embedder data to the sandbox.
// So the pair is collected like any other cycle; nothing here holds either of them.
#include "natives.h"

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

using namespace v8;
using Info = FunctionCallbackInfo<Value>;

namespace {

constexpr int kSandboxSlot = 2;  // embedder data of a context: its sandbox, undefined for a plain one
constexpr int kNoWasmSlot = 3;   // true: WebAssembly must not be compiled

Local<Private> ContextKey(Isolate* iso) {
  return Private::ForApi(iso, String::NewFromUtf8Literal(iso, "hob:vm:global", NewStringType::kInternalized));
}

void Throw(Isolate* iso, const char* message) { iso->ThrowException(Exception::Error(Symbolic(iso, message))); }

// The context that `object` stands for, empty when it is none.
Local<Context> ContextOf(Isolate* iso, Local<Value> object) {
  if (!object->IsObject()) return {};
  Local<Value> global;
  if (!object.As<Object>()->GetPrivate(iso->GetCurrentContext(), ContextKey(iso)).ToLocal(&global) || !global->IsObject())
    return {};
  Local<Context> cx;
  if (!global.As<Object>()->GetCreationContext(iso).ToLocal(&cx)) return {};
  return cx;
}

// ---- the global object of a contextified context

template <class T>
bool Behind(const PropertyCallbackInfo<T>& info, Local<Context>* cx, Local<Object>* box) {
  Isolate* iso = info.GetIsolate();
  if (!info.HolderV2()->GetCreationContext(iso).ToLocal(cx)) return false;
  if ((*cx)->GetNumberOfEmbedderDataFields() <= kSandboxSlot) return false;  // while the context is being made
  Local<Value> v = (*cx)->GetEmbedderData(kSandboxSlot);
  if (v.IsEmpty() || !v->IsObject()) return false;
  *box = v.As<Object>();
  return true;
}

Intercepted Read(Local<Name> p, const PropertyCallbackInfo<Value>& info) {
  Local<Context> cx;
  Local<Object> box;
  if (!Behind(info, &cx, &box)) return Intercepted::kNo;
  TryCatch tc(info.GetIsolate());
  Local<Value> v;
  if (!box->GetRealNamedProperty(cx, p).ToLocal(&v)) {
    if (!tc.HasCaught()) return Intercepted::kNo;  // not there: one of the language's own globals perhaps
    tc.ReThrow();
    return Intercepted::kYes;
  }
  if (v == box) v = cx->Global();
  info.GetReturnValue().Set(v);
  return Intercepted::kYes;
}

Intercepted Write(Local<Name> p, Local<Value> value, const PropertyCallbackInfo<void>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx;
  Local<Object> box;
  if (!Behind(info, &cx, &box)) return Intercepted::kNo;
  TryCatch tc(iso);
  tc.SetVerbose(false);
  Local<Object> global = cx->Global();
  PropertyAttribute on_box = None, on_global = None;
  bool in_box = box->GetRealNamedPropertyAttributes(cx, p).To(&on_box);
  bool in_global = !tc.HasCaught() && global->GetRealNamedPropertyAttributes(cx, p).To(&on_global);
  if (tc.HasCaught()) {
    tc.ReThrow();
    return Intercepted::kYes;
  }
  // NaN, undefined and their like stay what they are.
  if (!in_box && in_global && (on_global & ReadOnly)) return Intercepted::kNo;
  // `x = 1` in strict code where nobody declared x: V8 has the error. Functions come from declarations.
  bool by_name = info.This() != global;
  if (!in_box && !in_global && info.ShouldThrowOnError() && by_name && !value->IsFunction()) return Intercepted::kNo;
  if (in_box && (on_box & ReadOnly)) {
    bool accessor = false;
    Local<Value> d;
    if (box->GetOwnPropertyDescriptor(cx, p).ToLocal(&d) && d->IsObject()) {
      Local<Value> set;
      accessor = d.As<Object>()->Get(cx, Symbolic(iso, "set")).ToLocal(&set) && set->IsFunction();
    }
    if (!accessor) {
      if (info.ShouldThrowOnError()) {
        String::Utf8Value name(iso, p);
        std::string s(*name ? *name : "");
        s = by_name ? "Cannot assign to read only property '" + s + "' of object '#<Object>'" : "Cannot redefine property: " + s;
        iso->ThrowException(Exception::TypeError(Symbolic(iso, s.c_str())));
        tc.ReThrow();
      }
      return Intercepted::kYes;
    }
  }
  if (box->Set(cx, p, value).IsNothing()) {
    tc.ReThrow();
    return Intercepted::kYes;
  }
  // V8 keeps the value on the global, too, where `var` makes it permanent; not where an accessor has taken it.
  Local<Value> d, get, set;
  if (!in_box || !box->GetOwnPropertyDescriptor(cx, p).ToLocal(&d) || !d->IsObject()) return Intercepted::kNo;
  if (!d.As<Object>()->Get(cx, Symbolic(iso, "get")).ToLocal(&get) || !d.As<Object>()->Get(cx, Symbolic(iso, "set")).ToLocal(&set))
    return Intercepted::kNo;
  return get->IsFunction() || set->IsFunction() ? Intercepted::kYes : Intercepted::kNo;
}

Intercepted Query(Local<Name> p, const PropertyCallbackInfo<Integer>& info) {
  Local<Context> cx;
  Local<Object> box;
  if (!Behind(info, &cx, &box)) return Intercepted::kNo;
  TryCatch tc(info.GetIsolate());
  PropertyAttribute a;
  if (!box->GetRealNamedPropertyAttributes(cx, p).To(&a)) {
    if (!tc.HasCaught()) return Intercepted::kNo;
    tc.ReThrow();
    return Intercepted::kYes;
  }
  info.GetReturnValue().Set(static_cast<int32_t>(a));
  return Intercepted::kYes;
}

Intercepted Describe(Local<Name> p, const PropertyCallbackInfo<Value>& info) {
  Local<Context> cx;
  Local<Object> box;
  if (!Behind(info, &cx, &box)) return Intercepted::kNo;
  TryCatch tc(info.GetIsolate());
  Local<Value> d;
  if (box->HasOwnProperty(cx, p).FromMaybe(false) && box->GetOwnPropertyDescriptor(cx, p).ToLocal(&d) && d->IsObject()) {
    info.GetReturnValue().Set(d);
    return Intercepted::kYes;
  }
  if (!tc.HasCaught()) return Intercepted::kNo;
  tc.ReThrow();
  return Intercepted::kYes;
}

Intercepted Define(Local<Name> p, const PropertyDescriptor& d, const PropertyCallbackInfo<void>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx;
  Local<Object> box;
  if (!Behind(info, &cx, &box)) return Intercepted::kNo;
  TryCatch tc(iso);
  PropertyAttribute a;
  constexpr int fixed = ReadOnly | DontDelete;
  if (cx->Global()->GetRealNamedPropertyAttributes(cx, p).To(&a) && (a & fixed) == fixed &&
      !box->HasOwnProperty(cx, p).FromMaybe(false))
    return Intercepted::kNo;
  auto define = [&](PropertyDescriptor* out) {
    if (d.has_enumerable()) out->set_enumerable(d.enumerable());
    if (d.has_configurable()) out->set_configurable(d.configurable());
    return box->DefineProperty(cx, p, *out).FromMaybe(false);
  };
  bool ok;
  if (d.has_get() || d.has_set()) {
    PropertyDescriptor out(d.has_get() ? d.get() : Undefined(iso).As<Value>(),
                           d.has_set() ? d.set() : Undefined(iso).As<Value>());
    ok = define(&out);
  } else {
    Local<Value> value = d.has_value() ? d.value() : Undefined(iso).As<Value>();
    if (d.has_writable()) {
      PropertyDescriptor out(value, d.writable());
      ok = define(&out);
    } else if (d.has_value()) {
      PropertyDescriptor out(value);
      ok = define(&out);
    } else {
      PropertyDescriptor out;
      ok = define(&out);
    }
  }
  if (tc.HasCaught()) {
    tc.ReThrow();
  } else if (!ok && info.ShouldThrowOnError()) {
    String::Utf8Value name(iso, p);
    std::string s = "Cannot redefine property: " + std::string(*name ? *name : "");
    iso->ThrowException(Exception::TypeError(Symbolic(iso, s.c_str())));
    tc.ReThrow();
  }
  return Intercepted::kYes;
}

Intercepted Delete(Local<Name> p, const PropertyCallbackInfo<Boolean>& info) {
  Local<Context> cx;
  Local<Object> box;
  if (!Behind(info, &cx, &box)) return Intercepted::kNo;
  bool gone = false;
  if (box->Delete(cx, p).To(&gone) && gone) return Intercepted::kNo;  // and from the global itself, where it may be too
  info.GetReturnValue().Set(false);
  return Intercepted::kYes;
}

void Names(const PropertyCallbackInfo<Array>& info, IndexFilter indices, bool only_indices) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx;
  Local<Object> box;
  if (!Behind(info, &cx, &box)) return;
  Local<Array> all;
  if (!box->GetPropertyNames(cx, KeyCollectionMode::kOwnOnly, ALL_PROPERTIES, indices).ToLocal(&all)) return;
  if (only_indices) {
    LocalVector<Value> out(iso);
    for (uint32_t i = 0; i < all->Length(); i++) {
      Local<Value> v;
      if (all->Get(cx, i).ToLocal(&v) && v->IsUint32()) out.push_back(v);
    }
    all = Array::New(iso, out.data(), out.size());
  }
  info.GetReturnValue().Set(all);
}
void AllNames(const PropertyCallbackInfo<Array>& info) { Names(info, IndexFilter::kSkipIndices, false); }
void AllIndices(const PropertyCallbackInfo<Array>& info) { Names(info, IndexFilter::kIncludeIndices, true); }

Local<Name> Index(Isolate* iso, uint32_t i) { return Uint32::NewFromUnsigned(iso, i)->ToString(iso->GetCurrentContext()).ToLocalChecked(); }

Intercepted ReadIndex(uint32_t i, const PropertyCallbackInfo<Value>& info) { return Read(Index(info.GetIsolate(), i), info); }
Intercepted WriteIndex(uint32_t i, Local<Value> v, const PropertyCallbackInfo<void>& info) {
  return Write(Index(info.GetIsolate(), i), v, info);
}
Intercepted QueryIndex(uint32_t i, const PropertyCallbackInfo<Integer>& info) { return Query(Index(info.GetIsolate(), i), info); }
Intercepted DeleteIndex(uint32_t i, const PropertyCallbackInfo<Boolean>& info) { return Delete(Index(info.GetIsolate(), i), info); }
Intercepted DefineIndex(uint32_t i, const PropertyDescriptor& d, const PropertyCallbackInfo<void>& info) {
  return Define(Index(info.GetIsolate(), i), d, info);
}
Intercepted DescribeIndex(uint32_t i, const PropertyCallbackInfo<Value>& info) { return Describe(Index(info.GetIsolate(), i), info); }

bool AllowWasm(Local<Context> cx, Local<String>) {
  if (cx->GetNumberOfEmbedderDataFields() <= kNoWasmSlot) return true;
  Local<Value> v = cx->GetEmbedderData(kNoWasmSlot);
  return v.IsEmpty() || !v->IsTrue();
}

// A microtask queue lives as long as its context.
struct OwnQueue {
  std::unique_ptr<MicrotaskQueue> queue;
  Global<Context> context;
};
void DropQueue(const WeakCallbackInfo<OwnQueue>& info) {
  info.GetParameter()->context.Reset();
  info.SetSecondPassCallback([](const WeakCallbackInfo<OwnQueue>& later) { delete later.GetParameter(); });
}

// contextMake(sandbox or undefined, allowStrings, allowWasm, ownQueue) → the context's global
void ContextMake(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> main = iso->GetCurrentContext();
  Local<ObjectTemplate> tmpl = ObjectTemplate::New(iso);
  bool contextify = info[0]->IsObject();
  if (contextify) {
    tmpl->SetHandler(NamedPropertyHandlerConfiguration(Read, Write, Query, Delete, AllNames, Define, Describe, Local<Value>(),
                                                       PropertyHandlerFlags::kHasNoSideEffect));
    tmpl->SetHandler(IndexedPropertyHandlerConfiguration(ReadIndex, WriteIndex, QueryIndex, DeleteIndex, AllIndices,
                                                         DefineIndex, DescribeIndex, Local<Value>(),
                                                         PropertyHandlerFlags::kHasNoSideEffect));
  }
  auto own = std::make_unique<OwnQueue>();
  if (info[3]->IsTrue()) own->queue = MicrotaskQueue::New(iso, MicrotasksPolicy::kExplicit);
  Local<Context> cx = Context::New(iso, nullptr, tmpl, {}, {}, own->queue.get());
  if (cx.IsEmpty()) return Throw(iso, "a context could not be created");
  cx->SetSecurityToken(main->GetSecurityToken());
  cx->SetEmbedderData(kSandboxSlot, contextify ? info[0] : Undefined(iso).As<Value>());
  cx->SetEmbedderData(kNoWasmSlot, Boolean::New(iso, info[2]->IsFalse()));
  cx->AllowCodeGenerationFromStrings(!info[1]->IsFalse());
  cx->SetErrorMessageForCodeGenerationFromStrings(
      Symbolic(iso, "Code generation from strings disallowed for this context"));
  if (info[2]->IsFalse()) iso->SetAllowWasmCodeGenerationCallback(AllowWasm);
  if (own->queue) {
    OwnQueue* q = own.release();
    q->context.Reset(iso, cx);
    q->context.SetWeak(q, DropQueue, WeakCallbackType::kParameter);
  }
  Local<Object> global = cx->Global();
  Local<Object> holder = contextify ? info[0].As<Object>() : global;
  if (holder->SetPrivate(main, ContextKey(iso), global).IsNothing()) return;
  info.GetReturnValue().Set(global);
}

// contextIs(value)
void ContextIs(const Info& info) { info.GetReturnValue().Set(!ContextOf(info.GetIsolate(), info[0]).IsEmpty()); }

// contextGlobal(sandbox) → the context's globalThis
void ContextGlobal(const Info& info) {
  Local<Context> cx = ContextOf(info.GetIsolate(), info[0]);
  if (!cx.IsEmpty()) info.GetReturnValue().Set(cx->Global());
}

// ---- scripts: an object with the UnboundScript in an internal field

Local<ObjectTemplate> HolderTemplate(Isolate* iso) {
  Local<ObjectTemplate> t = ObjectTemplate::New(iso);
  t->SetInternalFieldCount(1);
  return t;
}

int Int(const Info& info, int i) { return info[i]->IsNumber() ? static_cast<int>(info[i].As<Number>()->Value()) : 0; }

ScriptCompiler::CachedData* Cached(Local<Value> v) {
  if (!v->IsArrayBufferView()) return nullptr;
  auto view = v.As<ArrayBufferView>();
  size_t n = view->ByteLength();
  auto* copy = new uint8_t[n];
  view->CopyContents(copy, n);
  return new ScriptCompiler::CachedData(copy, static_cast<int>(n), ScriptCompiler::CachedData::BufferOwned);
}

Local<PrimitiveArray> HostOptions(Isolate* iso, Local<Value> id) {
  Local<PrimitiveArray> a = PrimitiveArray::New(iso, 1);
  a->Set(iso, 0, id->IsNumber() || id->IsSymbol() || id->IsString() ? id.As<Primitive>() : Undefined(iso));
  return a;
}

Local<Value> ToBuffer(Isolate* iso, ScriptCompiler::CachedData* d) {
  size_t n = d ? d->length : 0;
  auto store = ArrayBuffer::NewBackingStore(iso, n, BackingStoreInitializationMode::kUninitialized);
  if (n) memcpy(store->Data(), d->data, n);
  return NewBuffer(iso, std::move(store));
}

// Puts "file:line, source line, caret" in front of the stack of what tc caught.
void Decorate(Isolate* iso, Local<Context> cx, TryCatch* tc) {
  if (!tc->HasCaught() || tc->HasTerminated()) return;
  Local<Value> e = tc->Exception();
  Local<Message> m = tc->Message();
  if (!e->IsNativeError() || m.IsEmpty()) return;
  TryCatch inner(iso);
  Local<Private> done = Private::ForApi(iso, String::NewFromUtf8Literal(iso, "hob:decorated", NewStringType::kInternalized));
  if (e.As<Object>()->HasPrivate(cx, done).FromMaybe(true)) return;
  Local<Value> stack;
  Local<String> line;
  if (!e.As<Object>()->Get(cx, Symbolic(iso, "stack")).ToLocal(&stack) || !stack->IsString()) return;
  if (!m->GetSourceLine(cx).ToLocal(&line)) return;
  int number = m->GetLineNumber(cx).FromMaybe(0);
  int start = m->GetStartColumn(cx).FromMaybe(0), end = m->GetEndColumn(cx).FromMaybe(0);
  int skip = number == m->GetScriptOrigin().LineOffset() + 1 ? m->GetScriptOrigin().ColumnOffset() : 0;  // a first line's columns count from its offset
  if (start >= skip) start -= skip, end -= skip;
  String::Utf8Value name(iso, m->GetScriptResourceName()), text(iso, line), old(iso, stack);
  if (!*name || !*text || !*old || start < 0) return;
  std::string out = std::string(*name) + ":" + std::to_string(number) + "\n" + *text + "\n";
  for (int i = 0; i < start && i < static_cast<int>(text.length()); i++) out += (*text)[i] == '\t' ? '\t' : ' ';
  out.append(end > start ? end - start : 1, '^');
  out += "\n\n" + std::string(*old);
  if (e.As<Object>()->SetPrivate(cx, done, True(iso)).IsNothing() ||
      e.As<Object>()->Set(cx, Symbolic(iso, "stack"), Utf8(iso, out.data(), out.size())).IsNothing())
    return;
}

// scriptCompile(source, filename, line, column, cachedData, produce, hostId, context) →
// [script, cachedDataRejected or undefined, cachedData produced or undefined]
void ScriptCompile(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  if (!info[0]->IsString()) return Throw(iso, "source must be a string");
  Local<Context> in = ContextOf(iso, info[7]);
  if (in.IsEmpty()) in = cx;
  ScriptOrigin origin(info[1], Int(info, 2), Int(info, 3), true, -1, Local<Value>(), false, false, false,
                      HostOptions(iso, info[6]));
  auto* cached = Cached(info[4]);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached);
  Local<UnboundScript> script;
  {
    Context::Scope scope(in);
    TryCatch tc(iso);
    if (!ScriptCompiler::CompileUnboundScript(
             iso, &source, cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
             .ToLocal(&script)) {
      Decorate(iso, in, &tc);
      tc.ReThrow();
      return;
    }
  }
  Local<Object> o;
  if (!HolderTemplate(iso)->NewInstance(cx).ToLocal(&o)) return;
  o->SetInternalField(0, script);
  Local<Value> out[] = {o, Undefined(iso), Undefined(iso), script->GetSourceMappingURL()};
  if (cached) out[1] = Boolean::New(iso, source.GetCachedData()->rejected);
  if (info[5]->IsTrue()) {
    std::unique_ptr<ScriptCompiler::CachedData> d(ScriptCompiler::CreateCodeCache(script));
    if (d) out[2] = ToBuffer(iso, d.get());
  }
  info.GetReturnValue().Set(Array::New(iso, out, 4));
}

Local<UnboundScript> ScriptIn(Local<Value> v) {
  if (!v->IsObject() || v.As<Object>()->InternalFieldCount() != 1) return {};
  return v.As<Object>()->GetInternalField(0).As<UnboundScript>();
}

void ScriptCodeCache(const Info& info) {
  Local<UnboundScript> s = ScriptIn(info[0]);
  if (s.IsEmpty()) return;
  std::unique_ptr<ScriptCompiler::CachedData> d(ScriptCompiler::CreateCodeCache(s));
  info.GetReturnValue().Set(ToBuffer(info.GetIsolate(), d.get()));
}

// Terminates what runs longer than it may.
class Watchdog {
 public:
  Watchdog(Isolate* iso, int64_t ms) {
    thread_ = std::thread([this, iso, ms] {
      std::unique_lock<std::mutex> lock(mu_);
      if (!wake_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return done_; })) {
        fired_ = true;
        iso->TerminateExecution();
      }
    });
  }
  // Whether the time was up.
  bool End() {
    {
      std::lock_guard<std::mutex> lock(mu_);
      done_ = true;
    }
    wake_.notify_one();
    thread_.join();
    return fired_;
  }

 private:
  std::mutex mu_;
  std::condition_variable wake_;
  bool done_ = false, fired_ = false;
  std::thread thread_;
};

// Runs body under a time limit (0: none). What stops it before its end becomes an exception made by why(the limit, or 0):
// without an answer the termination goes on, because it was not meant for this call.
template <class F>
void Limited(Isolate* iso, Local<Context> outer, int64_t ms, Local<Value> why, bool decorate, F body) {
  TryCatch tc(iso);
  bool late = false;
  if (ms > 0) {
    Watchdog dog(iso, ms);
    body();
    late = dog.End();
  } else {
    body();
  }
  if ((late || tc.HasTerminated()) && why->IsFunction()) {
    iso->CancelTerminateExecution();
    tc.Reset();
    Local<Value> arg = Number::New(iso, late ? static_cast<double>(ms) : 0), e;
    if (!why.As<Function>()->Call(outer, Undefined(iso), 1, &arg).ToLocal(&e)) {
      tc.ReThrow();
    } else if (e->IsUndefined()) {
      iso->TerminateExecution();
    } else {
      iso->ThrowException(e);
      tc.ReThrow();
    }
    return;
  }
  if (tc.HasCaught()) {
    if (decorate) Decorate(iso, outer, &tc);
    tc.ReThrow();
  }
}

// scriptRun(script, context or undefined, timeout in ms or 0, displayErrors, makeTimeoutError) → the completion value
void ScriptRun(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> outer = iso->GetCurrentContext();
  Local<UnboundScript> script = ScriptIn(info[0]);
  if (script.IsEmpty()) return Throw(iso, "no script");
  Local<Context> cx = outer;
  if (!info[1]->IsUndefined()) {
    cx = ContextOf(iso, info[1]);
    if (cx.IsEmpty()) return Throw(iso, "no context");
  }
  int64_t ms = info[2]->IsNumber() ? static_cast<int64_t>(info[2].As<Number>()->Value()) : 0;
  Local<Value> result;
  Limited(iso, outer, ms, info[4], info[3]->IsTrue(), [&] {
    Context::Scope scope(cx);
    if (!script->BindToCurrentContext()->Run(cx).ToLocal(&result)) return;
    MicrotaskQueue* own = cx->GetMicrotaskQueue();
    if (own && own != outer->GetMicrotaskQueue()) own->PerformCheckpoint(iso);
  });
  if (!result.IsEmpty()) info.GetReturnValue().Set(result);
}

// contextCheckpoint(context): runs the microtasks of a context with its own queue.
void ContextCheckpoint(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = ContextOf(iso, info[0]);
  if (cx.IsEmpty()) return;
  MicrotaskQueue* own = cx->GetMicrotaskQueue();
  if (own && own != iso->GetCurrentContext()->GetMicrotaskQueue()) own->PerformCheckpoint(iso);
}

// callLimited(fn, timeout, makeTimeoutError) → fn()
void CallLimited(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  if (!info[0]->IsFunction()) return;
  Local<Value> result;
  int64_t ms = info[1]->IsNumber() ? static_cast<int64_t>(info[1].As<Number>()->Value()) : 0;
  Limited(iso, cx, ms, info[2], false, [&] {
    if (!info[0].As<Function>()->Call(cx, Undefined(iso), 0, nullptr).ToLocal(&result)) result.Clear();
  });
  if (!result.IsEmpty()) info.GetReturnValue().Set(result);
}

// contextCompileFunction(source, filename, line, column, cachedData, produce, context, extensions, params, hostId) →
// [function, rejected, cachedData, sourceMapURL]
void ContextCompileFunction(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> outer = iso->GetCurrentContext();
  if (!info[0]->IsString()) return Throw(iso, "source must be a string");
  Local<Context> cx = ContextOf(iso, info[6]);
  if (cx.IsEmpty()) cx = outer;
  LocalVector<String> params(iso);
  LocalVector<Object> extensions(iso);
  for (int which : {8, 7}) {
    if (!info[which]->IsArray()) continue;
    Local<Array> a = info[which].As<Array>();
    for (uint32_t i = 0; i < a->Length(); i++) {
      Local<Value> v;
      if (!a->Get(outer, i).ToLocal(&v)) return;
      if (which == 8 && v->IsString()) params.push_back(v.As<String>());
      if (which == 7 && v->IsObject()) extensions.push_back(v.As<Object>());
    }
  }
  ScriptOrigin origin(info[1], Int(info, 2), Int(info, 3), true, -1, Local<Value>(), false, false, false,
                      HostOptions(iso, info[9]));
  auto* cached = Cached(info[4]);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached);
  Local<Function> f;
  TryCatch tc(iso);
  {
    Context::Scope scope(cx);
    if (!ScriptCompiler::CompileFunction(cx, &source, params.size(), params.data(), extensions.size(), extensions.data(),
                                         cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
             .ToLocal(&f)) {
      Decorate(iso, cx, &tc);
      tc.ReThrow();
      return;
    }
  }
  Local<Value> out[] = {f, Undefined(iso), Undefined(iso), f->GetScriptOrigin().SourceMapUrl()};
  if (cached) out[1] = Boolean::New(iso, source.GetCachedData()->rejected);
  if (info[5]->IsTrue()) {
    std::unique_ptr<ScriptCompiler::CachedData> d(ScriptCompiler::CreateCodeCacheForFunction(f));
    out[2] = ToBuffer(iso, d.get());
  }
  info.GetReturnValue().Set(Array::New(iso, out, 4));
}

// Hands V8's measurement to a promise: [total, low, high, [estimate, high] of the current context, the same of others].
class Measurement : public MeasureMemoryDelegate {
 public:
  Measurement(Isolate* iso, Local<Context> cx, Local<Promise::Resolver> resolver)
      : iso_(iso), context_(iso, cx), resolver_(iso, resolver) {}
  bool ShouldMeasure(Local<Context>) override { return true; }
  void MeasurementComplete(Result result) override {
    HandleScope hs(iso_);
    Local<Context> cx = context_.Get(iso_);
    Context::Scope scope(cx);
    size_t total = result.unattributed_size_in_bytes;
    LocalVector<Value> others(iso_);
    Local<Value> current = Undefined(iso_);
    for (size_t i = 0; i < result.contexts.size() && i < result.sizes_in_bytes.size(); i++) {
      size_t n = result.sizes_in_bytes[i];
      total += n;
      Local<Value> range[] = {Number::New(iso_, n), Number::New(iso_, n + result.unattributed_size_in_bytes)};
      if (result.contexts[i] == cx)
        current = Array::New(iso_, range, 2);
      else
        others.push_back(Array::New(iso_, range, 2));
    }
    if (current->IsUndefined()) {
      Local<Value> zero[] = {Number::New(iso_, 0), Number::New(iso_, 0)};
      current = Array::New(iso_, zero, 2);
    }
    Local<Value> out[] = {Number::New(iso_, total), Number::New(iso_, total - result.unattributed_size_in_bytes),
                          Number::New(iso_, total), current, Array::New(iso_, others.data(), others.size())};
    if (resolver_.Get(iso_)->Resolve(cx, Array::New(iso_, out, 5)).IsNothing()) return;
  }

 private:
  Isolate* iso_;
  Global<Context> context_;
  Global<Promise::Resolver> resolver_;
};

// measureMemory(detailed, eager) → promise
void MeasureMemory(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  Local<Promise::Resolver> resolver;
  if (!Promise::Resolver::New(cx).ToLocal(&resolver)) return;
  iso->MeasureMemory(std::make_unique<Measurement>(iso, cx, resolver),
                     info[1]->IsTrue() ? MeasureMemoryExecution::kEager : MeasureMemoryExecution::kDefault);
  info.GetReturnValue().Set(resolver->GetPromise());
}

}  // namespace

const NativeEntry kContextNatives[] = {
    {"contextMake", ContextMake},
    {"contextIs", ContextIs},
    {"contextGlobal", ContextGlobal},
    {"contextCheckpoint", ContextCheckpoint},
    {"contextCompileFunction", ContextCompileFunction},
    {"scriptCompile", ScriptCompile},
    {"scriptCodeCache", ScriptCodeCache},
    {"scriptRun", ScriptRun},
    {"callLimited", CallLimited},
    {"measureMemory", MeasureMemory},
    {nullptr, nullptr},
};
