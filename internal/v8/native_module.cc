// Natives for source text: functions with CommonJS parameters, ES modules, synthetic modules, dynamic import.
// JavaScript (builtin/module) decides what to load and in which order; a module is known to it by a small number that
// is an index into hob_isolate::modules and lives as long as the isolate, as modules do.
#include "natives.h"

using namespace v8;
using Info = FunctionCallbackInfo<Value>;

namespace {
struct VmModules;

hob_isolate* State(const Info& info) { return StateOf(info.GetIsolate()); }

int Int(const Info& info, int i) { return info[i]->IsInt32() ? info[i].As<Int32>()->Value() : 0; }

// Modules of node:vm can be collected: they are known by an object with the Module in internal field 0, and in field 1
// the array of what they are linked to, and in field 2 the global object of their context. The table leads from a Module back to its object, and holds neither.
constexpr int kVmFields = 3;
struct VmEntry {
  Global<Object> object;
  VmModules* table;
  int hash;
};
struct VmModules {
  std::unordered_multimap<int, VmEntry*> by_hash;
  ~VmModules() {
    for (auto& e : by_hash) delete e.second;
  }
};
VmModules* VmTable(hob_isolate* st) {
  if (!st->vm_modules) {
    st->vm_modules = new VmModules();
    st->vm_modules_free = [](void* p) { delete static_cast<VmModules*>(p); };
  }
  return static_cast<VmModules*>(st->vm_modules);
}
Local<Object> VmObject(hob_isolate* st, Local<Module> m) {
  if (!st->vm_modules) return {};
  auto range = VmTable(st)->by_hash.equal_range(m->GetIdentityHash());
  for (auto it = range.first; it != range.second; ++it) {
    if (it->second->object.IsEmpty()) continue;
    Local<Object> o = it->second->object.Get(st->iso);
    if (o->GetInternalField(0).As<Module>() == m) return o;
  }
  return {};
}
void VmGone(const WeakCallbackInfo<VmEntry>& info) {
  VmEntry* e = info.GetParameter();
  auto range = e->table->by_hash.equal_range(e->hash);
  for (auto it = range.first; it != range.second; ++it) {
    if (it->second != e) continue;
    e->table->by_hash.erase(it);
    break;
  }
  e->object.Reset();
  delete e;
}
MaybeLocal<Object> VmWrap(hob_isolate* st, Local<Context> cx, Local<Module> m, Local<Object> global) {
  Local<ObjectTemplate> t = ObjectTemplate::New(st->iso);
  t->SetInternalFieldCount(kVmFields);
  Local<Object> o;
  if (!t->NewInstance(cx).ToLocal(&o)) return {};
  o->SetInternalField(0, m);
  o->SetInternalField(1, Undefined(st->iso));
  o->SetInternalField(2, global);
  VmModules* table = VmTable(st);
  auto* e = new VmEntry{Global<Object>(st->iso, o), table, m->GetIdentityHash()};
  e->object.SetWeak(e, VmGone, WeakCallbackType::kParameter);
  table->by_hash.emplace(e->hash, e);
  return o;
}

Local<Module> ModuleOf(const Info& info, Local<Value> v) {
  hob_isolate* st = State(info);
  if (v->IsObject() && v.As<Object>()->InternalFieldCount() == kVmFields)
    return v.As<Object>()->GetInternalField(0).As<Module>();
  if (!v->IsUint32() || v.As<Uint32>()->Value() >= st->modules.size()) return {};
  return st->modules[v.As<Uint32>()->Value()].Get(info.GetIsolate());
}

uint32_t Keep(hob_isolate* st, Local<Module> m) {
  uint32_t id = static_cast<uint32_t>(st->modules.size());
  st->modules.emplace_back(st->iso, m);
  st->module_by_hash.emplace(m->GetIdentityHash(), id);
  return id;
}

bool FindId(hob_isolate* st, Local<Module> m, uint32_t* id) {
  auto range = st->module_by_hash.equal_range(m->GetIdentityHash());
  for (auto it = range.first; it != range.second; ++it) {
    if (st->modules[it->second] == m) {
      *id = it->second;
      return true;
    }
  }
  return false;
}

// What import() inside this source hands back to the JavaScript hook: any primitive, usually a number.
Local<PrimitiveArray> HostOptions(Isolate* iso, Local<Value> id) {
  Local<PrimitiveArray> a = PrimitiveArray::New(iso, 1);
  a->Set(iso, 0, id->IsNumber() || id->IsSymbol() || id->IsString() ? id.As<Primitive>() : Undefined(iso));
  return a;
}

ScriptCompiler::CachedData* Cached(Local<Value> v) {
  if (!v->IsArrayBufferView()) return nullptr;
  auto view = v.As<ArrayBufferView>();
  size_t n = view->ByteLength();
  auto* copy = new uint8_t[n];
  view->CopyContents(copy, n);
  return new ScriptCompiler::CachedData(copy, static_cast<int>(n), ScriptCompiler::CachedData::BufferOwned);
}

void Throw(Isolate* iso, const char* message) { iso->ThrowException(Exception::Error(Symbolic(iso, message))); }

// compileFunction(source, filename, lineOffset, columnOffset, cachedData, params, hostId) → function. A refused cache
// is ignored: the result only compiles slower. `function.length` etc. as V8 makes them.
void CompileFunction(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  if (!info[0]->IsString()) return Throw(iso, "source must be a string");
  LocalVector<String> params(iso);
  if (info[5]->IsArray()) {
    Local<Array> a = info[5].As<Array>();
    for (uint32_t i = 0; i < a->Length(); i++) {
      Local<Value> v;
      if (!a->Get(cx, i).ToLocal(&v) || !v->IsString()) return Throw(iso, "parameter must be a string");
      params.push_back(v.As<String>());
    }
  }
  ScriptOrigin origin(info[1], Int(info, 2), Int(info, 3), false, -1, Local<Value>(), false, false, false,
                      HostOptions(iso, info[6]));
  auto* cached = Cached(info[4]);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached);
  Local<Function> f;
  if (!ScriptCompiler::CompileFunction(cx, &source, params.size(), params.data(), 0, nullptr,
                                       cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
           .ToLocal(&f))
    return;
  info.GetReturnValue().Set(f);
}

// sourceMapURL(function) → the //# sourceMappingURL of its script, or undefined.
void SourceMapURL(const Info& info) {
  if (!info[0]->IsFunction()) return;
  info.GetReturnValue().Set(info[0].As<Function>()->GetScriptOrigin().SourceMapUrl());
}

void CodeCache(const Info& info) {
  if (!info[0]->IsFunction()) return;
  std::unique_ptr<ScriptCompiler::CachedData> d(ScriptCompiler::CreateCodeCacheForFunction(info[0].As<Function>()));
  if (!d) return;
  auto store =
      ArrayBuffer::NewBackingStore(info.GetIsolate(), d->length, BackingStoreInitializationMode::kUninitialized);
  memcpy(store->Data(), d->data, d->length);
  info.GetReturnValue().Set(NewBuffer(info.GetIsolate(), std::move(store)));
}

// moduleCompile(source, url, lineOffset, columnOffset, hostId, cachedData) → id
void ModuleCompile(const Info& info) {
  Isolate* iso = info.GetIsolate();
  if (!info[0]->IsString()) return Throw(iso, "source must be a string");
  ScriptOrigin origin(info[1], Int(info, 2), Int(info, 3), true, -1, Local<Value>(), false, false, true,
                      HostOptions(iso, info[4]));
  auto* cached = Cached(info[5]);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached);
  Local<Module> m;
  if (!ScriptCompiler::CompileModule(iso, &source,
                                     cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
           .ToLocal(&m))
    return;
  info.GetReturnValue().Set(Keep(State(info), m));
}

Local<Object> Attributes(Isolate* iso, Local<Context> cx, Local<FixedArray> a, int step) {
  Local<Object> o = Object::New(iso, Null(iso), nullptr, nullptr, 0);
  for (int i = 0; i + 1 < a->Length(); i += step)
    (void)o->CreateDataProperty(cx, a->Get(cx, i).As<String>(), a->Get(cx, i + 1).As<Value>());
  return o;
}

// moduleRequests(id) → [specifier, attributes, source phase, line] for each, flat; lines from 1.
void ModuleRequests(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  Local<Module> m = ModuleOf(info, info[0]);
  if (m.IsEmpty()) return;
  Local<FixedArray> reqs = m->GetModuleRequests();
  LocalVector<Value> out(iso);
  for (int i = 0; i < reqs->Length(); i++) {
    Local<ModuleRequest> r = reqs->Get(cx, i).As<ModuleRequest>();
    Location at = m->SourceOffsetToLocation(r->GetSourceOffset());
    out.push_back(r->GetSpecifier());
    out.push_back(Attributes(iso, cx, r->GetImportAttributes(), 3));
    out.push_back(Boolean::New(iso, r->GetPhase() == ModuleImportPhase::kSource));
    out.push_back(Integer::New(iso, at.GetLineNumber() + 1));
  }
  info.GetReturnValue().Set(Array::New(iso, out.data(), out.size()));
}

// moduleLink(id, [id of each request, in order]); the same with objects for node:vm.
void ModuleLink(const Info& info) {
  Local<Context> cx = info.GetIsolate()->GetCurrentContext();
  if (info[0]->IsObject() && info[0].As<Object>()->InternalFieldCount() == kVmFields && info[1]->IsArray()) {
    info[0].As<Object>()->SetInternalField(1, info[1]);
    return;
  }
  if (!info[0]->IsUint32() || !info[1]->IsArray()) return;
  auto& links = State(info)->module_links[info[0].As<Uint32>()->Value()];
  links.clear();
  Local<Array> a = info[1].As<Array>();
  for (uint32_t i = 0; i < a->Length(); i++) {
    Local<Value> v;
    if (!a->Get(cx, i).ToLocal(&v) || !v->IsUint32()) return;
    links.push_back(v.As<Uint32>()->Value());
  }
}

bool SameAttributes(Local<Context> cx, Local<FixedArray> a, Local<FixedArray> b) {
  if (a->Length() != b->Length()) return false;
  for (int i = 0; i < a->Length(); i++)
    if (i % 3 != 2 && !a->Get(cx, i).As<Value>()->StrictEquals(b->Get(cx, i).As<Value>())) return false;
  return true;
}

MaybeLocal<Module> Resolve(Local<Context> cx, Local<String> specifier, Local<FixedArray> attributes, Local<Module> referrer) {
  Isolate* iso = Isolate::GetCurrent();
  hob_isolate* st = StateOf(iso);
  uint32_t id;
  if (FindId(st, referrer, &id)) {
    auto links = st->module_links.find(id);
    Local<FixedArray> reqs = referrer->GetModuleRequests();
    for (int i = 0; links != st->module_links.end() && i < reqs->Length(); i++) {
      Local<ModuleRequest> r = reqs->Get(cx, i).As<ModuleRequest>();
      if (static_cast<size_t>(i) < links->second.size() && r->GetSpecifier()->StringEquals(specifier) &&
          SameAttributes(cx, r->GetImportAttributes(), attributes))
        return st->modules[links->second[i]].Get(iso);
    }
  }
  Local<Object> o = VmObject(st, referrer);
  if (!o.IsEmpty() && o->GetInternalField(1).As<Value>()->IsArray()) {
    Local<Array> links = o->GetInternalField(1).As<Value>().As<Array>();
    Local<FixedArray> reqs = referrer->GetModuleRequests();
    for (int i = 0; i < reqs->Length(); i++) {
      Local<ModuleRequest> r = reqs->Get(cx, i).As<ModuleRequest>();
      Local<Value> v;
      if (!r->GetSpecifier()->StringEquals(specifier) || !SameAttributes(cx, r->GetImportAttributes(), attributes)) continue;
      if (links->Get(cx, i).ToLocal(&v) && v->IsObject() && v.As<Object>()->InternalFieldCount() == kVmFields)
        return v.As<Object>()->GetInternalField(0).As<Module>();
    }
  }
  iso->ThrowException(Exception::Error(Symbolic(iso, "request for a module that was not linked")));
  return {};
}

// What `import source x from` gives: the object that moduleSetSource left for the module.
MaybeLocal<Object> ResolveSource(Local<Context> cx, Local<String> specifier, Local<FixedArray> attributes, Local<Module> referrer) {
  Isolate* iso = Isolate::GetCurrent();
  hob_isolate* st = StateOf(iso);
  uint32_t id;
  if (FindId(st, referrer, &id)) {
    auto links = st->module_links.find(id);
    Local<FixedArray> reqs = referrer->GetModuleRequests();
    for (int i = 0; links != st->module_links.end() && i < reqs->Length(); i++) {
      Local<ModuleRequest> r = reqs->Get(cx, i).As<ModuleRequest>();
      if (r->GetPhase() != ModuleImportPhase::kSource || static_cast<size_t>(i) >= links->second.size() ||
          !r->GetSpecifier()->StringEquals(specifier))
        continue;
      auto source = st->module_sources.find(links->second[i]);
      if (source != st->module_sources.end()) return source->second.Get(iso);
    }
  }
  String::Utf8Value name(iso, specifier);
  std::string s = "Source phase import object is not defined for module '" + std::string(*name ? *name : "") + "'";
  iso->ThrowException(Exception::SyntaxError(Symbolic(iso, s.c_str())));
  return {};
}

// moduleSetSource(id, object)
void ModuleSetSource(const Info& info) {
  if (info[0]->IsUint32() && info[1]->IsObject())
    State(info)->module_sources[info[0].As<Uint32>()->Value()].Reset(info.GetIsolate(), info[1].As<Object>());
}

Local<Context> ContextOfModule(const Info& info) {
  Local<Context> cx = info.GetIsolate()->GetCurrentContext();
  if (info[0]->IsObject() && info[0].As<Object>()->InternalFieldCount() == kVmFields) {
    Local<Context> own;
    if (info[0].As<Object>()->GetInternalField(2).As<Value>().As<Object>()->GetCreationContext(info.GetIsolate()).ToLocal(&own))
      return own;
  }
  return cx;
}
void ModuleInstantiate(const Info& info) {
  Local<Module> m = ModuleOf(info, info[0]);
  if (m.IsEmpty()) return Throw(info.GetIsolate(), "no such module");
  Local<Context> cx = ContextOfModule(info);
  Context::Scope scope(cx);
  if (m->InstantiateModule(cx, Resolve, ResolveSource).IsNothing()) return;
}
// → the promise of evaluation
void ModuleEvaluate(const Info& info) {
  Local<Module> m = ModuleOf(info, info[0]);
  Local<Value> out;
  if (m.IsEmpty()) return Throw(info.GetIsolate(), "no such module");
  if (m->GetStatus() < Module::kInstantiated) return Throw(info.GetIsolate(), "module is not instantiated");
  if (m->GetStatus() == Module::kEvaluating) return Throw(info.GetIsolate(), "module is being evaluated");
  Local<Context> cx = ContextOfModule(info);
  Context::Scope scope(cx);
  if (m->Evaluate(cx).ToLocal(&out)) info.GetReturnValue().Set(out);
}
// 0 uninstantiated, 1 instantiating, 2 instantiated, 3 evaluating, 4 evaluated, 5 errored
void ModuleStatus(const Info& info) {
  Local<Module> m = ModuleOf(info, info[0]);
  if (!m.IsEmpty()) info.GetReturnValue().Set(static_cast<int>(m->GetStatus()));
}
void ModuleNamespace(const Info& info) {
  Local<Module> m = ModuleOf(info, info[0]);
  if (m.IsEmpty() || m->GetStatus() < Module::kInstantiated) return Throw(info.GetIsolate(), "module is not instantiated");
  info.GetReturnValue().Set(m->GetModuleNamespace());
}
void ModuleError(const Info& info) {
  Local<Module> m = ModuleOf(info, info[0]);
  if (!m.IsEmpty() && m->GetStatus() == Module::kErrored) info.GetReturnValue().Set(m->GetException());
}
// Whether the graph below holds a top-level await. Instantiated modules only.
void ModuleIsGraphAsync(const Info& info) {
  Local<Module> m = ModuleOf(info, info[0]);
  if (!m.IsEmpty() && m->GetStatus() >= Module::kInstantiated) info.GetReturnValue().Set(m->IsGraphAsync());
}
void ModuleHasTopLevelAwait(const Info& info) {
  Local<Module> m = ModuleOf(info, info[0]);
  if (!m.IsEmpty() && m->IsSourceTextModule()) info.GetReturnValue().Set(m->HasTopLevelAwait());
}
// [message, line, source line] of each top-level await that never settled, for the warning at exit.
void ModuleStalled(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  Local<Module> m = ModuleOf(info, info[0]);
  LocalVector<Value> out(iso);
  if (!m.IsEmpty() && m->GetStatus() >= Module::kEvaluated) {
    auto stalled = m->GetStalledTopLevelAwaitMessages(iso);
    for (size_t i = 0; i < stalled.second.size(); i++) {
      Local<Message> msg = stalled.second[i];
      Local<String> line;
      if (!msg->GetSourceLine(cx).ToLocal(&line)) line = String::Empty(iso);
      Local<Value> one[] = {msg->GetScriptResourceName(), Integer::New(iso, msg->GetLineNumber(cx).FromMaybe(0)), line,
                            Integer::New(iso, msg->GetStartColumn(cx).FromMaybe(0))};
      out.push_back(Array::New(iso, one, 4));
    }
  }
  info.GetReturnValue().Set(Array::New(iso, out.data(), out.size()));
}

MaybeLocal<Value> RunSyntheticSteps(Local<Context> cx, Local<Module> m) {
  Isolate* iso = Isolate::GetCurrent();
  hob_isolate* st = StateOf(iso);
  uint32_t id;
  if (FindId(st, m, &id)) {
    auto it = st->synthetic_steps.find(id);
    if (it != st->synthetic_steps.end()) {
      Local<Function> f = it->second.Get(iso);
      Local<Value> arg = Integer::New(iso, id), out;
      if (!f->Call(cx, Undefined(iso), 1, &arg).ToLocal(&out)) return {};
      st->synthetic_steps.erase(id);
    }
  } else if (Local<Object> o = VmObject(st, m); !o.IsEmpty()) {
    Local<Value> f = o->GetInternalField(1).As<Value>(), arg = o, out;
    if (f->IsFunction() && !f.As<Function>()->Call(cx, Undefined(iso), 1, &arg).ToLocal(&out)) return {};
  }
  Local<Promise::Resolver> r;
  if (!Promise::Resolver::New(cx).ToLocal(&r) || r->Resolve(cx, Undefined(iso)).IsNothing()) return {};
  return r->GetPromise();
}

// moduleSynthetic(url, [export names], evaluate(id)) → id; evaluate sets the exports with moduleSetExport.
void ModuleSynthetic(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  if (!info[0]->IsString() || !info[1]->IsArray() || !info[2]->IsFunction()) return Throw(iso, "bad synthetic module");
  LocalVector<String> names(iso);
  Local<Array> a = info[1].As<Array>();
  for (uint32_t i = 0; i < a->Length(); i++) {
    Local<Value> v;
    if (!a->Get(cx, i).ToLocal(&v) || !v->IsString()) return Throw(iso, "export name must be a string");
    names.push_back(v.As<String>());
  }
  Local<Module> m = Module::CreateSyntheticModule(
      iso, info[0].As<String>(), MemorySpan<const Local<String>>(names.data(), names.size()), RunSyntheticSteps);
  hob_isolate* st = State(info);
  uint32_t id = Keep(st, m);
  st->synthetic_steps[id].Reset(iso, info[2].As<Function>());
  info.GetReturnValue().Set(id);
}

// vmModuleCompile(source, identifier, line, column, hostId, cachedData, context's global or undefined) →
// [object, cache rejected]
void VmModuleCompile(const Info& info) {
  Isolate* iso = info.GetIsolate();
  if (!info[0]->IsString()) return Throw(iso, "source must be a string");
  Local<Context> outer = iso->GetCurrentContext(), cx = outer;
  if (info[6]->IsObject() && !info[6].As<Object>()->GetCreationContext(iso).ToLocal(&cx)) cx = outer;
  ScriptOrigin origin(info[1], Int(info, 2), Int(info, 3), true, -1, Local<Value>(), false, false, true,
                      HostOptions(iso, info[4]));
  auto* cached = Cached(info[5]);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached);
  Local<Module> m;
  {
    Context::Scope scope(cx);
    if (!ScriptCompiler::CompileModule(iso, &source,
                                       cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
             .ToLocal(&m))
      return;
  }
  Local<Object> o;
  if (!VmWrap(State(info), outer, m, cx->Global()).ToLocal(&o)) return;
  Local<Value> out[] = {o, Boolean::New(iso, cached && source.GetCachedData()->rejected), m->GetUnboundModuleScript()->GetSourceMappingURL()};
  info.GetReturnValue().Set(Array::New(iso, out, 3));
}
// vmModuleSynthetic(identifier, [names], evaluate(object), context's global or undefined) → object
void VmModuleSynthetic(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> outer = iso->GetCurrentContext(), cx = outer;
  if (info[3]->IsObject() && !info[3].As<Object>()->GetCreationContext(iso).ToLocal(&cx)) cx = outer;
  if (!info[0]->IsString() || !info[1]->IsArray() || !info[2]->IsFunction()) return Throw(iso, "bad synthetic module");
  LocalVector<String> names(iso);
  Local<Array> a = info[1].As<Array>();
  for (uint32_t i = 0; i < a->Length(); i++) {
    Local<Value> v;
    if (!a->Get(outer, i).ToLocal(&v) || !v->IsString()) return Throw(iso, "export name must be a string");
    names.push_back(v.As<String>());
  }
  Local<Module> m;
  {
    Context::Scope scope(cx);
    m = Module::CreateSyntheticModule(iso, info[0].As<String>(),
                                      MemorySpan<const Local<String>>(names.data(), names.size()), RunSyntheticSteps);
  }
  Local<Object> o;
  if (!VmWrap(State(info), outer, m, cx->Global()).ToLocal(&o)) return;
  o->SetInternalField(1, info[2]);
  info.GetReturnValue().Set(o);
}
void ModuleSetExport(const Info& info) {
  Local<Module> m = ModuleOf(info, info[0]);
  if (m.IsEmpty() || !info[1]->IsString() || m->IsSourceTextModule()) return;
  if (m->SetSyntheticModuleExport(info.GetIsolate(), info[1].As<String>(), info[2]).IsNothing()) return;
}
void ModuleCodeCache(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Module> m = ModuleOf(info, info[0]);
  if (m.IsEmpty() || !m->IsSourceTextModule()) return;
  std::unique_ptr<ScriptCompiler::CachedData> d(ScriptCompiler::CreateCodeCache(m->GetUnboundModuleScript()));
  if (!d) return;
  auto store = ArrayBuffer::NewBackingStore(iso, d->length, BackingStoreInitializationMode::kUninitialized);
  memcpy(store->Data(), d->data, d->length);
  info.GetReturnValue().Set(NewBuffer(iso, std::move(store)));
}

// setImportHooks(dynamic(specifier, referrer, attributes, hostId, source phase) → promise, meta(id, meta))
void SetImportHooks(const Info& info) {
  hob_isolate* st = State(info);
  if (info[0]->IsFunction()) st->import_dynamically.Reset(info.GetIsolate(), info[0].As<Function>());
  if (info[1]->IsFunction()) st->import_meta.Reset(info.GetIsolate(), info[1].As<Function>());
}

}  // namespace

MaybeLocal<Promise> OnImportDynamically(Local<Context> cx, Local<Data> options, Local<Value> referrer, Local<String> specifier,
                                        Local<FixedArray> attributes) {
  return OnImportInPhase(cx, options, referrer, specifier, ModuleImportPhase::kEvaluation, attributes);
}

MaybeLocal<Promise> OnImportInPhase(Local<Context> cx, Local<Data> options, Local<Value> referrer, Local<String> specifier,
                                    ModuleImportPhase phase, Local<FixedArray> attributes) {
  Isolate* iso = Isolate::GetCurrent();
  hob_isolate* st = StateOf(iso);
  Local<Promise::Resolver> resolver;
  if (!Promise::Resolver::New(cx).ToLocal(&resolver)) return {};
  if (st->import_dynamically.IsEmpty()) {
    (void)resolver->Reject(cx, Exception::TypeError(Symbolic(iso, "import() is not available here")));
    return resolver->GetPromise();
  }
  Local<Value> host = Undefined(iso);
  Local<PrimitiveArray> a = options.As<PrimitiveArray>();
  if (!options.IsEmpty() && options->IsFixedArray() && a->Length() == 1) host = a->Get(iso, 0);
  Local<Value> args[] = {specifier, referrer, Attributes(iso, cx, attributes, 2), host,
                         Boolean::New(iso, phase == ModuleImportPhase::kSource)},
               out;
  TryCatch tc(iso);
  if (!st->import_dynamically.Get(iso)->Call(cx, Undefined(iso), 5, args).ToLocal(&out)) {
    if (!tc.CanContinue()) return {};
    (void)resolver->Reject(cx, tc.Exception());
    return resolver->GetPromise();
  }
  if (out->IsPromise()) return out.As<Promise>();
  (void)resolver->Resolve(cx, out);
  return resolver->GetPromise();
}

void OnImportMeta(Local<Context> cx, Local<Module> m, Local<Object> meta) {
  Isolate* iso = Isolate::GetCurrent();
  hob_isolate* st = StateOf(iso);
  uint32_t id;
  if (st->import_meta.IsEmpty()) return;
  Local<Value> args[] = {Undefined(iso), meta};
  if (FindId(st, m, &id)) {
    args[0] = Integer::New(iso, id);
  } else if (Local<Object> o = VmObject(st, m); !o.IsEmpty()) {
    args[0] = o;
  } else {
    return;
  }
  TryCatch tc(iso);
  (void)st->import_meta.Get(iso)->Call(cx, Undefined(iso), 2, args);
}

const NativeEntry kModuleNatives[] = {
    {"compileFunction", CompileFunction},
    {"sourceMapURL", SourceMapURL},
    {"codeCache", CodeCache},
    {"moduleCompile", ModuleCompile},
    {"moduleRequests", ModuleRequests},
    {"moduleLink", ModuleLink},
    {"moduleInstantiate", ModuleInstantiate},
    {"moduleEvaluate", ModuleEvaluate},
    {"moduleStatus", ModuleStatus},
    {"moduleNamespace", ModuleNamespace},
    {"moduleError", ModuleError},
    {"moduleIsGraphAsync", ModuleIsGraphAsync},
    {"moduleHasTopLevelAwait", ModuleHasTopLevelAwait},
    {"moduleStalled", ModuleStalled},
    {"moduleSynthetic", ModuleSynthetic},
    {"moduleSetExport", ModuleSetExport},
    {"moduleSetSource", ModuleSetSource},
    {"vmModuleCompile", VmModuleCompile},
    {"vmModuleSynthetic", VmModuleSynthetic},
    {"moduleCodeCache", ModuleCodeCache},
    {"setImportHooks", SetImportHooks},
    {nullptr, nullptr},
};
