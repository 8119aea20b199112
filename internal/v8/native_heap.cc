// node:v8: statistics of the heap, V8's flags, and serializers that JavaScript drives step by step.
#include "bytes.h"

#include <v8-profiler.h>

using namespace v8;

namespace {

void CachedDataVersionTag(const Info& info) { info.GetReturnValue().Set(ScriptCompiler::CachedDataVersionTag()); }
void IsOneByte(const Info& info) { info.GetReturnValue().Set(info[0]->IsString() && info[0].As<String>()->IsOneByte()); }

void SetFlags(const Info& info) {
  if (!info[0]->IsString()) return;
  String::Utf8Value s(info.GetIsolate(), info[0]);
  V8::SetFlagsFromString(*s, s.length());
}

void Set(Isolate* iso, Local<Object> o, const char* name, double v) {
  (void)o->CreateDataProperty(iso->GetCurrentContext(), Symbolic(iso, name), Number::New(iso, v));
}

// heapStatistics() → object in the shape of v8.getHeapStatistics
void GetHeapStatistics(const Info& info) {
  Isolate* iso = info.GetIsolate();
  HeapStatistics h;
  iso->GetHeapStatistics(&h);
  Local<Object> o = Object::New(iso);
  Set(iso, o, "total_heap_size", h.total_heap_size());
  Set(iso, o, "total_heap_size_executable", h.total_heap_size_executable());
  Set(iso, o, "total_physical_size", h.total_physical_size());
  Set(iso, o, "total_available_size", h.total_available_size());
  Set(iso, o, "used_heap_size", h.used_heap_size());
  Set(iso, o, "heap_size_limit", h.heap_size_limit());
  Set(iso, o, "malloced_memory", h.malloced_memory());
  Set(iso, o, "peak_malloced_memory", h.peak_malloced_memory());
  Set(iso, o, "does_zap_garbage", h.does_zap_garbage());
  Set(iso, o, "number_of_native_contexts", h.number_of_native_contexts());
  Set(iso, o, "number_of_detached_contexts", h.number_of_detached_contexts());
  Set(iso, o, "total_global_handles_size", h.total_global_handles_size());
  Set(iso, o, "used_global_handles_size", h.used_global_handles_size());
  Set(iso, o, "external_memory", h.external_memory());
  info.GetReturnValue().Set(o);
}

void GetHeapSpaceStatistics(const Info& info) {
  Isolate* iso = info.GetIsolate();
  LocalVector<Value> out(iso);
  for (size_t i = 0; i < iso->NumberOfHeapSpaces(); i++) {
    HeapSpaceStatistics h;
    if (!iso->GetHeapSpaceStatistics(&h, i)) continue;
    Local<Object> o = Object::New(iso);
    (void)o->CreateDataProperty(iso->GetCurrentContext(), Symbolic(iso, "space_name"), Symbolic(iso, h.space_name()));
    Set(iso, o, "space_size", h.space_size());
    Set(iso, o, "space_used_size", h.space_used_size());
    Set(iso, o, "space_available_size", h.space_available_size());
    Set(iso, o, "physical_space_size", h.physical_space_size());
    out.push_back(o);
  }
  info.GetReturnValue().Set(Array::New(iso, out.data(), out.size()));
}

void GetHeapCodeStatistics(const Info& info) {
  Isolate* iso = info.GetIsolate();
  HeapCodeStatistics h;
  Local<Object> o = Object::New(iso);
  iso->GetHeapCodeAndMetadataStatistics(&h);
  Set(iso, o, "code_and_metadata_size", h.code_and_metadata_size());
  Set(iso, o, "bytecode_and_metadata_size", h.bytecode_and_metadata_size());
  Set(iso, o, "external_script_source_size", h.external_script_source_size());
  Set(iso, o, "cpu_profiler_metadata_size", h.cpu_profiler_metadata_size());
  info.GetReturnValue().Set(o);
}

// queryObjects(prototype) → objects that have it in their prototype chain
void QueryObjects(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  if (!info[0]->IsObject()) return;
  class Inherits : public QueryObjectPredicate {
   public:
    Inherits(Local<Context> cx, Local<Object> proto) : cx_(cx), proto_(proto) {}
    bool Filter(Local<Object> o) override {
      Local<Value> p = o->GetPrototypeV2();
      for (int depth = 0; depth < 10000 && p->IsObject() && !p->IsProxy(); depth++) {
        if (p == proto_) return true;
        p = p.As<Object>()->GetPrototypeV2();
      }
      return false;
    }

   private:
    Local<Context> cx_;
    Local<Object> proto_;
  } inherits(cx, info[0].As<Object>());
  std::vector<Global<Object>> found;
  iso->GetHeapProfiler()->QueryObjects(cx, &inherits, &found);
  LocalVector<Value> out(iso);
  for (auto& g : found) out.push_back(g.Get(iso));
  info.GetReturnValue().Set(Array::New(iso, out.data(), out.size()));
}

// heapSnapshot(write(chunk)): the JSON of a heap snapshot in pieces.
void HeapSnapshotTo(const Info& info) {
  Isolate* iso = info.GetIsolate();
  if (!info[0]->IsFunction()) return;
  class Out : public OutputStream {
   public:
    Out(Isolate* iso, Local<Function> write) : iso_(iso), write_(write) {}
    void EndOfStream() override {}
    int GetChunkSize() override { return 65536; }
    WriteResult WriteAsciiChunk(char* data, int size) override {
      HandleScope hs(iso_);
      Local<Context> cx = iso_->GetCurrentContext();
      Local<Value> s, out;
      Local<String> text;
      if (!String::NewFromOneByte(iso_, reinterpret_cast<uint8_t*>(data), NewStringType::kNormal, size).ToLocal(&text))
        return kAbort;
      s = text;
      return write_->Call(cx, Undefined(iso_), 1, &s).ToLocal(&out) ? kContinue : kAbort;
    }

   private:
    Isolate* iso_;
    Local<Function> write_;
  } out(iso, info[0].As<Function>());
  const HeapSnapshot* snapshot = iso->GetHeapProfiler()->TakeHeapSnapshot();
  if (!snapshot) return;
  snapshot->Serialize(&out, HeapSnapshot::kJSON);
  const_cast<HeapSnapshot*>(snapshot)->Delete();
}

// ---- serializers. The JavaScript object (v8.Serializer, v8.Deserializer) holds a handle object: its internal field 0 is
// the C++ state, field 1 the JavaScript object, whose methods the delegate calls.

constexpr int kFields = 2;

Local<Object> Self(Isolate* iso, const Global<Object>& handle) {
  return handle.Get(iso)->GetInternalField(1).As<Value>().As<Object>();
}

// Calls self[name](arg) when it is a function.
bool CallMethod(Isolate* iso, Local<Object> self, const char* name, int argc, Local<Value>* argv, Local<Value>* out, bool* there) {
  Local<Context> cx = iso->GetCurrentContext();
  Local<Value> f;
  *there = false;
  if (!self->Get(cx, Symbolic(iso, name)).ToLocal(&f)) return false;
  if (!f->IsFunction()) return true;
  *there = true;
  return f.As<Function>()->Call(cx, self, argc, argv).ToLocal(out);
}

struct Out : ValueSerializer::Delegate {
  explicit Out(Isolate* iso) : iso(iso), s(iso, this) {}
  void ThrowDataCloneError(Local<String> message) override {
    Local<Value> make, e, arg = message;
    Local<Context> cx = iso->GetCurrentContext();
    Local<Object> self = Self(iso, handle);
    if (self->Get(cx, Symbolic(iso, "_getDataCloneError")).ToLocal(&make) && make->IsFunction()) {
      if (make.As<Function>()->Call(cx, self, 1, &arg).ToLocal(&e)) iso->ThrowException(e);
      return;
    }
    iso->ThrowException(Exception::Error(message));
  }
  Maybe<bool> WriteHostObject(Isolate*, Local<Object> o) override {
    Local<Value> arg = o, out;
    bool there;
    if (!CallMethod(iso, Self(iso, handle), "_writeHostObject", 1, &arg, &out, &there)) return Nothing<bool>();
    if (there) return Just(true);
    return ValueSerializer::Delegate::WriteHostObject(iso, o);
  }
  Maybe<uint32_t> GetSharedArrayBufferId(Isolate*, Local<SharedArrayBuffer> b) override {
    Local<Value> arg = b, out;
    bool there;
    if (!CallMethod(iso, Self(iso, handle), "_getSharedArrayBufferId", 1, &arg, &out, &there)) return Nothing<uint32_t>();
    if (there) return out->Uint32Value(iso->GetCurrentContext());
    return ValueSerializer::Delegate::GetSharedArrayBufferId(iso, b);
  }
  Isolate* iso;
  ValueSerializer s;
  Global<Object> handle;
};

struct In : ValueDeserializer::Delegate {
  In(Isolate* iso, const uint8_t* p, size_t n) : iso(iso), bytes(p, p + n), d(iso, bytes.data(), bytes.size(), this) {
    d.SetSupportsLegacyWireFormat(true);
  }
  MaybeLocal<Object> ReadHostObject(Isolate*) override {
    Isolate::AllowJavascriptExecutionScope allow(iso);
    Local<Value> out;
    bool there;
    if (!CallMethod(iso, Self(iso, handle), "_readHostObject", 0, nullptr, &out, &there)) return {};
    if (!there) return ValueDeserializer::Delegate::ReadHostObject(iso);
    if (!out->IsObject()) {
      iso->ThrowException(Exception::TypeError(Symbolic(iso, "readHostObject must return an object")));
      return {};
    }
    return out.As<Object>();
  }
  Isolate* iso;
  std::vector<uint8_t> bytes;
  ValueDeserializer d;
  Global<Object> handle;
};

template <class T>
void Gone(const WeakCallbackInfo<T>& info) {
  info.GetParameter()->handle.Reset();
  info.SetSecondPassCallback([](const WeakCallbackInfo<T>& later) { delete later.GetParameter(); });
}
template <class T>
void Wrap(const Info& info, T* state) {
  Isolate* iso = info.GetIsolate();
  Local<ObjectTemplate> t = ObjectTemplate::New(iso);
  t->SetInternalFieldCount(kFields);
  Local<Object> o;
  if (!t->NewInstance(iso->GetCurrentContext()).ToLocal(&o)) {
    delete state;
    return;
  }
  o->SetAlignedPointerInInternalField(0, state);
  o->SetInternalField(1, info[0]);
  state->handle.Reset(iso, o);
  state->handle.SetWeak(state, Gone<T>, WeakCallbackType::kParameter);
  info.GetReturnValue().Set(o);
}
template <class T>
T* Unwrap(const Info& info) {
  if (!info[0]->IsObject() || info[0].As<Object>()->InternalFieldCount() != kFields) return nullptr;
  return static_cast<T*>(info[0].As<Object>()->GetAlignedPointerFromInternalField(0));
}

void SerializerNew(const Info& info) {
  if (info[0]->IsObject()) Wrap(info, new Out(info.GetIsolate()));
}
// serializerStep(handle, what, a, b): 0 header, 1 value, 2 release, 3 transfer, 4 uint32, 5 uint64, 6 double, 7 raw bytes,
// 8 views are host objects
void SerializerStep(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  Out* o = Unwrap<Out>(info);
  if (!o || !info[1]->IsUint32()) return;
  uint32_t a = 0, b = 0;
  switch (info[1].As<Uint32>()->Value()) {
    case 0: o->s.WriteHeader(); return;
    case 1: {
      bool done;
      if (o->s.WriteValue(cx, info[2]).To(&done)) info.GetReturnValue().Set(done);
      return;
    }
    case 2: {
      auto [p, n] = o->s.Release();
      auto store = ArrayBuffer::NewBackingStore(iso, n, BackingStoreInitializationMode::kUninitialized);
      if (n) memcpy(store->Data(), p, n);
      free(p);
      info.GetReturnValue().Set(NewBuffer(iso, std::move(store)));
      return;
    }
    case 3:
      if (info[2]->Uint32Value(cx).To(&a) && info[3]->IsArrayBuffer()) o->s.TransferArrayBuffer(a, info[3].As<ArrayBuffer>());
      return;
    case 4:
      if (info[2]->Uint32Value(cx).To(&a)) o->s.WriteUint32(a);
      return;
    case 5:
      if (info[2]->Uint32Value(cx).To(&a) && info[3]->Uint32Value(cx).To(&b)) o->s.WriteUint64(static_cast<uint64_t>(a) << 32 | b);
      return;
    case 6: {
      double d;
      if (info[2]->NumberValue(cx).To(&d)) o->s.WriteDouble(d);
      return;
    }
    case 7: {
      Source bytes(info[2]);
      o->s.WriteRawBytes(bytes.data(), bytes.size());
      return;
    }
    case 8: o->s.SetTreatArrayBufferViewsAsHostObjects(info[2]->IsTrue()); return;
  }
}

// deserializerNew(self, bytes)
void DeserializerNew(const Info& info) {
  if (!info[0]->IsObject()) return;
  Source bytes(info[1]);
  Wrap(info, new In(info.GetIsolate(), bytes.data(), bytes.size()));
}
// deserializerStep(handle, what, a, b): 0 header, 1 value, 2 transfer, 3 wire format, 4 uint32, 5 uint64, 6 double,
// 7 raw bytes (their offset in the input). What can't be read is undefined.
void DeserializerStep(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  In* in = Unwrap<In>(info);
  if (!in || !info[1]->IsUint32()) return;
  uint32_t a = 0;
  switch (info[1].As<Uint32>()->Value()) {
    case 0: {
      bool ok;
      if (in->d.ReadHeader(cx).To(&ok)) info.GetReturnValue().Set(ok);
      return;
    }
    case 1: {
      Local<Value> v;
      if (in->d.ReadValue(cx).ToLocal(&v)) info.GetReturnValue().Set(v);
      return;
    }
    case 2:
      if (!info[2]->Uint32Value(cx).To(&a)) return;
      if (info[3]->IsArrayBuffer()) in->d.TransferArrayBuffer(a, info[3].As<ArrayBuffer>());
      if (info[3]->IsSharedArrayBuffer()) in->d.TransferSharedArrayBuffer(a, info[3].As<SharedArrayBuffer>());
      return;
    case 3: info.GetReturnValue().Set(in->d.GetWireFormatVersion()); return;
    case 4: {
      uint32_t v;
      if (in->d.ReadUint32(&v)) info.GetReturnValue().Set(v);
      return;
    }
    case 5: {
      uint64_t v;
      if (!in->d.ReadUint64(&v)) return;
      Local<Value> parts[] = {Integer::NewFromUnsigned(iso, static_cast<uint32_t>(v >> 32)),
                              Integer::NewFromUnsigned(iso, static_cast<uint32_t>(v))};
      info.GetReturnValue().Set(Array::New(iso, parts, 2));
      return;
    }
    case 6: {
      double v;
      if (in->d.ReadDouble(&v)) info.GetReturnValue().Set(v);
      return;
    }
    case 7: {
      const void* p;
      if (!in->d.ReadRawBytes(SizeArg(info, 2), &p)) return;
      ReturnSize(info, static_cast<const uint8_t*>(p) - in->bytes.data());
      return;
    }
  }
}

}  // namespace

const NativeEntry kHeapNatives[] = {
    {"cachedDataVersionTag", CachedDataVersionTag},
    {"isOneByteString", IsOneByte},
    {"setV8Flags", SetFlags},
    {"heapStatistics", GetHeapStatistics},
    {"heapSpaceStatistics", GetHeapSpaceStatistics},
    {"heapCodeStatistics", GetHeapCodeStatistics},
    {"heapSnapshot", HeapSnapshotTo},
    {"queryObjects", QueryObjects},
    {"serializerNew", SerializerNew},
    {"serializerStep", SerializerStep},
    {"deserializerNew", DeserializerNew},
    {"deserializerStep", DeserializerStep},
    {nullptr, nullptr},
};
