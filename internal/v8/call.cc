// References, calls in both directions, exceptions.
#include <cstring>

#include "natives.h"

using namespace v8;

extern "C" void hobGoCall(uintptr_t go, int32_t id, int32_t argc, hob_value* args, void** slots, hob_value* ret);

// ---- references

uint32_t NewRef(hob_isolate* st, Local<Value> v, bool with_context) {
  uint32_t id = st->free_ref;
  if (id) {
    st->free_ref = st->refs[id].next_free;
  } else {
    id = static_cast<uint32_t>(st->refs.size());
    st->refs.emplace_back();
  }
  Ref& r = st->refs[id];
  r.value.Reset(st->iso, v);
  if (with_context) {
    Local<Value> data = st->iso->GetContinuationPreservedEmbedderData();
    if (!data->IsUndefined()) r.context.Reset(st->iso, data);
  }
  st->live_refs++;
  return id;
}
Local<Value> RefValue(hob_isolate* st, uint32_t id) {
  if (id == 0 || id >= st->refs.size() || st->refs[id].value.IsEmpty()) return Undefined(st->iso);
  return st->refs[id].value.Get(st->iso);
}
void FreeRef(hob_isolate* st, uint32_t id) {
  if (id == 0 || id >= st->refs.size() || st->refs[id].value.IsEmpty()) return;
  Ref& r = st->refs[id];
  r.value.Reset();
  r.context.Reset();
  r.next_free = st->free_ref;
  st->free_ref = id;
  st->live_refs--;
}
static Local<Value> FromSlot(void* slot) { return *reinterpret_cast<Local<Value>*>(&slot); }
static void* ToSlot(Local<Value> v) { return *reinterpret_cast<void**>(&v); }

extern "C" uint32_t hob_ref_slot(hob_isolate* st, void* slot, int with_context) {
  return NewRef(st, FromSlot(slot), with_context);
}
extern "C" void hob_ref_free(hob_isolate* st, uint32_t id) { FreeRef(st, id); }
extern "C" uint32_t hob_ref_count(hob_isolate* st) { return st->live_refs; }

// ---- JavaScript calls Go

void Trampoline(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  hob_isolate* st = StateOf(iso);
  constexpr int kInline = 12;
  hob_value inline_args[kInline];
  void* inline_slots[kInline];
  int argc = info.Length();
  std::vector<hob_value> many;
  std::vector<void*> many_slots;
  hob_value* args = inline_args;
  void** slots = inline_slots;
  if (argc > kInline) {
    many.resize(argc);
    many_slots.resize(argc);
    args = many.data();
    slots = many_slots.data();
  }
  Scratch scratch;
  for (int i = 0; i < argc; i++) {
    Local<Value> v = info[i];
    slots[i] = ToSlot(v);
    Describe(iso, v, &args[i], &scratch);
  }
  hob_value ret;
  ret.kind = HOB_UNDEFINED;
  hobGoCall(st->go, info.Data().As<Int32>()->Value(), argc, args, slots, &ret);
  auto out = info.GetReturnValue();
  switch (ret.kind) {
    case HOB_UNDEFINED: return;
    case HOB_NULL: out.SetNull(); return;
    case HOB_FALSE: out.Set(false); return;
    case HOB_TRUE: out.Set(true); return;
    case HOB_INT: out.Set(static_cast<double>(ret.i64)); return;
    case HOB_DOUBLE: out.Set(ret.num); return;
    case HOB_SLOT:
      if (ret.ptr) out.Set(FromSlot(ret.ptr));
      return;  // without one an exception is pending
    case HOB_REF: out.Set(RefValue(st, static_cast<uint32_t>(ret.i64))); return;
    case HOB_ENCODED:
    case HOB_THROW: {
      auto* p = static_cast<const uint8_t*>(ret.ptr);
      Local<Value> v = Decoder(st, iso->GetCurrentContext(), p, p + ret.len).Next();
      if (ret.kind == HOB_THROW)
        iso->ThrowException(v);
      else
        out.Set(v);
      return;
    }
    default: return;
  }
}

static Local<Function> MakeFunction(hob_isolate* st, Local<Context> cx, int id) {
  Local<Function> f;
  if (!Function::New(cx, Trampoline, Integer::New(st->iso, id), 0, ConstructorBehavior::kThrow).ToLocal(&f)) return f;
  return f;
}

extern "C" uint32_t hob_natives(hob_isolate* st, const char* const* names, int n, int first_id) {
  HandleScope hs(st->iso);
  Local<Context> cx = st->context.Get(st->iso);
  Local<Object> o = Object::New(st->iso);
  for (int i = 0; i < n; i++) {
    Local<Function> f = MakeFunction(st, cx, first_id + i);
    if (f.IsEmpty()) continue;
    Local<String> name = Symbolic(st->iso, names[i]);
    f->SetName(name);
    (void)o->CreateDataProperty(cx, name, f);
  }
  return NewRef(st, o, false);
}
extern "C" uint32_t hob_function(hob_isolate* st, const char* name, int id) {
  HandleScope hs(st->iso);
  Local<Function> f = MakeFunction(st, st->context.Get(st->iso), id);
  if (f.IsEmpty()) return 0;
  f->SetName(Symbolic(st->iso, name));
  return NewRef(st, f, false);
}

// ---- Go calls JavaScript

void KeepException(hob_isolate* st, TryCatch* tc) {
  st->terminated = tc->HasTerminated() || !tc->HasCaught() || !tc->CanContinue();
  st->exception.Reset(st->iso, tc->Exception());
  st->message.Reset(st->iso, tc->Message());
  if (st->terminated) st->exception.Reset();
}

extern "C" int hob_call(hob_isolate* st, uint32_t fn, const uint8_t* enc, size_t len, int argc, int want,
                        hob_value* result) {
  Isolate* iso = st->iso;
  HandleScope hs(iso);
  Local<Context> cx = iso->InContext() ? iso->GetCurrentContext() : st->context.Get(iso);
  TryCatch tc(iso);
  constexpr int kInline = 10;
  Local<Value> inline_args[kInline];
  LocalVector<Value> many(iso);
  Local<Value>* args = inline_args;
  Decoder d(st, cx, enc, enc + len);
  if (argc > kInline) {
    many.reserve(argc);
    for (int i = 0; i < argc; i++) many.push_back(d.Next());
    args = many.data();
  } else {
    for (int i = 0; i < argc; i++) args[i] = d.Next();
  }
  Local<Value> f = RefValue(st, fn), out;
  if (!f->IsFunction()) {
    iso->ThrowException(Exception::TypeError(Symbolic(iso, "not a function")));
    KeepException(st, &tc);
    return 1;
  }
  if (!f.As<Function>()->Call(cx, Undefined(iso), argc, args).ToLocal(&out)) {
    KeepException(st, &tc);
    return 1;
  }
  if (want) DescribeResult(st, out, result);
  return 0;
}

extern "C" int hob_eval(hob_isolate* st, const char* src, size_t len, const char* name, hob_value* result) {
  Isolate* iso = st->iso;
  HandleScope hs(iso);
  Local<Context> cx = st->context.Get(iso);
  TryCatch tc(iso);
  ScriptOrigin origin(Utf8(iso, name, strlen(name)));
  ScriptCompiler::Source source(Utf8(iso, src, len), origin);
  Local<Script> s;
  Local<Value> out;
  if (!ScriptCompiler::Compile(cx, &source).ToLocal(&s) || !s->Run(cx).ToLocal(&out)) {
    KeepException(st, &tc);
    return 1;
  }
  DescribeResult(st, out, result);
  return 0;
}

extern "C" int hob_get(hob_isolate* st, uint32_t object, const char* key, size_t len, hob_value* result) {
  Isolate* iso = st->iso;
  HandleScope hs(iso);
  Local<Context> cx = st->context.Get(iso);
  TryCatch tc(iso);
  Local<Value> o = object ? RefValue(st, object) : cx->Global().As<Value>(), out;
  Local<Object> obj;
  if (!o->ToObject(cx).ToLocal(&obj) || !obj->Get(cx, Utf8(iso, key, len)).ToLocal(&out)) {
    KeepException(st, &tc);
    return 1;
  }
  DescribeResult(st, out, result);
  return 0;
}

extern "C" int hob_set(hob_isolate* st, uint32_t object, const char* key, size_t keylen, const uint8_t* enc, size_t len) {
  Isolate* iso = st->iso;
  HandleScope hs(iso);
  Local<Context> cx = st->context.Get(iso);
  TryCatch tc(iso);
  Local<Value> o = object ? RefValue(st, object) : cx->Global().As<Value>();
  Local<Object> obj;
  Local<Value> v = Decoder(st, cx, enc, enc + len).Next();
  if (!o->ToObject(cx).ToLocal(&obj) || obj->Set(cx, Utf8(iso, key, keylen), v).IsNothing()) {
    KeepException(st, &tc);
    return 1;
  }
  return 0;
}

static void Keep(Isolate* iso, Local<Value> v, hob_value* out) {
  out->kind = HOB_UNDEFINED;
  if (!v.IsEmpty() && v->IsString()) Describe(iso, v, out, nullptr);
}

extern "C" void hob_exception_take(hob_isolate* st, hob_exception* e) {
  Isolate* iso = st->iso;
  memset(e, 0, sizeof *e);
  e->terminated = st->terminated;
  e->heap_limit = st->heap_limit_hit;
  st->terminated = false;
  if (st->exception.IsEmpty()) return;
  HandleScope hs(iso);
  Local<Context> cx = st->context.Get(iso);
  TryCatch tc(iso);
  Local<Value> v = st->exception.Get(iso);
  st->exception.Reset();
  e->value = NewRef(st, v, false);
  if (!st->message.IsEmpty()) {
    Local<Message> m = st->message.Get(iso);
    st->message.Reset();
    Keep(iso, m->Get(), &e->message);
    Keep(iso, m->GetScriptResourceName(), &e->file);
    Local<String> line;
    if (m->GetSourceLine(cx).ToLocal(&line)) Keep(iso, line, &e->source_line);
    e->line = m->GetLineNumber(cx).FromMaybe(0);
    e->column = m->GetStartColumn(cx).FromMaybe(0);
    e->end_column = m->GetEndColumn(cx).FromMaybe(0);
  }
  // Error.stack may be an accessor of the user's: only the value of a native error is read here.
  Local<Value> stack;
  if (v->IsNativeError() && v.As<Object>()->Get(cx, Symbolic(iso, "stack")).ToLocal(&stack)) Keep(iso, stack, &e->stack);
}
extern "C" void hob_exception_free(hob_exception* e) {
  for (hob_value* v : {&e->message, &e->file, &e->source_line, &e->stack})
    if (v->kind == HOB_STRING) free(v->ptr);
}

// ---- functions from source

extern "C" void* hob_compile_function(hob_isolate* st, const char* src, size_t len, const char* name, const char* params, const uint8_t* cache, size_t cache_len, int* rejected) {
  Isolate* iso = st->iso;
  EscapableHandleScope hs(iso);
  Local<Context> cx = iso->GetCurrentContext();
  Local<String> text;
  if (String::ExternalOneByteStringResource* known = StaticSourceOf(src)) {
    if (!String::NewExternalOneByte(iso, known).ToLocal(&text)) return nullptr;
  } else {
    text = Utf8(iso, src, len);
  }
  LocalVector<String> names(iso);
  for (const char* p = params; *p;) {
    const char* q = p;
    while (*q && *q != ',') q++;
    Local<String> n;
    if (!String::NewFromUtf8(iso, p, NewStringType::kInternalized, static_cast<int>(q - p)).ToLocal(&n)) return nullptr;
    names.push_back(n);
    p = *q ? q + 1 : q;
  }
  ScriptOrigin origin(Utf8(iso, name, strlen(name)));
  auto* cached = cache ? new ScriptCompiler::CachedData(cache, static_cast<int>(cache_len)) : nullptr;
  ScriptCompiler::Source source(text, origin, cached);
  Local<Function> f;
  if (!ScriptCompiler::CompileFunction(cx, &source, names.size(), names.data(), 0, nullptr,
                                       cache ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
           .ToLocal(&f))
    return nullptr;
  *rejected = cached && cached->rejected;
  return ToSlot(hs.Escape(f));
}

// ---- byte memory

extern "C" void* hob_backing_hold(hob_isolate*, void* slot, uint8_t** data, size_t* len) {
  Local<Value> v = FromSlot(slot);
  std::shared_ptr<BackingStore> bs;
  size_t off = 0, n = 0;
  if (v->IsArrayBufferView()) {
    auto view = v.As<ArrayBufferView>();
    bs = view->Buffer()->GetBackingStore();
    off = view->ByteOffset();
    n = view->ByteLength();
  } else if (v->IsArrayBuffer()) {
    bs = v.As<ArrayBuffer>()->GetBackingStore();
    n = bs->ByteLength();
  } else if (v->IsSharedArrayBuffer()) {
    bs = v.As<SharedArrayBuffer>()->GetBackingStore();
    n = bs->ByteLength();
  } else {
    return nullptr;
  }
  *data = static_cast<uint8_t*>(bs->Data()) + off;
  *len = n;
  return new std::shared_ptr<BackingStore>(std::move(bs));
}
extern "C" void hob_backing_release(void* hold) { delete static_cast<std::shared_ptr<BackingStore>*>(hold); }

extern "C" uint32_t hob_shared_buffer(hob_isolate* st, size_t n, uint8_t** data, void** hold) {
  HandleScope hs(st->iso);
  std::shared_ptr<BackingStore> bs = ArrayBuffer::NewBackingStore(st->iso, n);
  *data = static_cast<uint8_t*>(bs->Data());
  *hold = new std::shared_ptr<BackingStore>(bs);
  return NewRef(st, ArrayBuffer::New(st->iso, std::move(bs)), false);
}

void SetBufferPrototype(Isolate* iso, Local<Object> proto) { StateOf(iso)->buffer_prototype.Reset(iso, proto); }
Local<Value> NewBuffer(Isolate* iso, Local<ArrayBuffer> buffer, size_t offset, size_t length) {
  hob_isolate* st = StateOf(iso);
  Local<Uint8Array> view = Uint8Array::New(buffer, offset, length);
  if (!st->buffer_prototype.IsEmpty())
    (void)view->SetPrototypeV2(iso->GetCurrentContext(), st->buffer_prototype.Get(iso));
  return view;
}
Local<Value> NewBuffer(Isolate* iso, std::unique_ptr<BackingStore> store) {
  size_t n = store->ByteLength();
  return NewBuffer(iso, ArrayBuffer::New(iso, std::move(store)), 0, n);
}
