// structuredClone, and V8's serializer for it. Platform objects (Blob, DOMException …) are handed to JavaScript: objects
// whose prototype chain carries the symbol host.symbol are given to host.clone(object), whose result stands in for them.
#include "natives.h"

using namespace v8;
using Info = FunctionCallbackInfo<Value>;

namespace {

struct Clone : ValueSerializer::Delegate, ValueDeserializer::Delegate {
  Clone(Isolate* iso, Local<Context> cx, Local<Value> host) : iso(iso), cx(cx) {
    if (!host->IsObject()) return;
    Local<Value> v;
    if (host.As<Object>()->Get(cx, Symbolic(iso, "symbol")).ToLocal(&v) && v->IsSymbol()) symbol = v.As<Symbol>();
    if (host.As<Object>()->Get(cx, Symbolic(iso, "clone")).ToLocal(&v) && v->IsFunction()) clone = v.As<Function>();
    if (host.As<Object>()->Get(cx, Symbolic(iso, "error")).ToLocal(&v) && v->IsFunction()) error = v.As<Function>();
  }

  void ThrowDataCloneError(Local<String> message) override {
    Local<Value> arg = message, e;
    if (!error.IsEmpty() && error->Call(cx, Undefined(iso), 1, &arg).ToLocal(&e))
      iso->ThrowException(e);
    else
      iso->ThrowException(Exception::Error(message));
  }
  bool HasCustomHostObject(Isolate*) override { return !symbol.IsEmpty(); }
  Maybe<bool> IsHostObject(Isolate*, Local<Object> o) override {
    if (symbol.IsEmpty()) return Just(false);
    Local<Value> v;
    if (!o->Get(cx, symbol).ToLocal(&v)) return Nothing<bool>();
    return Just(!v->IsUndefined());
  }
  Maybe<bool> WriteHostObject(Isolate*, Local<Object> o) override {
    Local<Value> arg = o, out;
    if (clone.IsEmpty()) {
      ThrowDataCloneError(Symbolic(iso, "The object could not be cloned."));
      return Nothing<bool>();
    }
    if (!clone->Call(cx, Undefined(iso), 1, &arg).ToLocal(&out)) return Nothing<bool>();
    out_->WriteUint32(static_cast<uint32_t>(clones.size()));
    clones.emplace_back(iso, out);
    return Just(true);
  }
  Maybe<uint32_t> GetSharedArrayBufferId(Isolate*, Local<SharedArrayBuffer> b) override {
    for (uint32_t i = 0; i < shared.size(); i++)
      if (shared[i] == b) return Just(i);
    shared.emplace_back(iso, b);
    return Just(static_cast<uint32_t>(shared.size() - 1));
  }
  Maybe<uint32_t> GetWasmModuleTransferId(Isolate*, Local<WasmModuleObject> m) override {
    wasm.push_back(m->GetCompiledModule());
    return Just(static_cast<uint32_t>(wasm.size() - 1));
  }

  MaybeLocal<Object> ReadHostObject(Isolate*) override {
    uint32_t i;
    if (!in_->ReadUint32(&i) || i >= clones.size() || !clones[i].Get(iso)->IsObject()) {
      ThrowDataCloneError(Symbolic(iso, "The object could not be cloned."));
      return {};
    }
    return clones[i].Get(iso).As<Object>();
  }
  MaybeLocal<SharedArrayBuffer> GetSharedArrayBufferFromId(Isolate*, uint32_t i) override {
    if (i >= shared.size()) return {};
    return shared[i].Get(iso);
  }
  MaybeLocal<WasmModuleObject> GetWasmModuleFromId(Isolate*, uint32_t i) override {
    if (i >= wasm.size()) return {};
    return WasmModuleObject::FromCompiledModule(iso, wasm[i]);
  }

  Isolate* iso;
  Local<Context> cx;
  ValueSerializer* out_ = nullptr;
  ValueDeserializer* in_ = nullptr;
  Local<Symbol> symbol;
  Local<Function> clone, error;
  // Globals: the serializer calls from scopes of its own, whose handles end with them.
  std::vector<Global<SharedArrayBuffer>> shared;
  std::vector<Global<Value>> clones;
  std::vector<CompiledWasmModule> wasm;
};

// structuredClone(value, [ArrayBuffers to move], host) → the clone
void StructuredClone(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> cx = iso->GetCurrentContext();
  Clone d(iso, cx, info[2]);
  ValueSerializer out(iso, &d);
  d.out_ = &out;
  out.WriteHeader();
  std::vector<Local<ArrayBuffer>> moved;
  if (info[1]->IsArray()) {
    Local<Array> list = info[1].As<Array>();
    for (uint32_t i = 0; i < list->Length(); i++) {
      Local<Value> v;
      if (!list->Get(cx, i).ToLocal(&v)) return;
      if (!v->IsArrayBuffer()) continue;
      Local<ArrayBuffer> b = v.As<ArrayBuffer>();
      if (!b->IsDetachable() || b->WasDetached()) {
        d.ThrowDataCloneError(Symbolic(iso, b->WasDetached() ? "An ArrayBuffer is detached and could not be cloned."
                                                             : "An ArrayBuffer is not detachable and could not be cloned."));
        return;
      }
      out.TransferArrayBuffer(static_cast<uint32_t>(moved.size()), b);
      moved.push_back(b);
    }
  }
  if (out.WriteValue(cx, info[0]).IsNothing()) return;
  std::vector<std::shared_ptr<BackingStore>> stores;
  for (auto& b : moved) {
    stores.push_back(b->GetBackingStore());
    if (b->Detach(Local<Value>()).IsNothing()) return;
  }
  auto bytes = out.Release();
  ValueDeserializer in(iso, bytes.first, bytes.second, &d);
  d.in_ = &in;
  for (uint32_t i = 0; i < stores.size(); i++) in.TransferArrayBuffer(i, ArrayBuffer::New(iso, std::move(stores[i])));
  Local<Value> result;
  if (in.ReadHeader(cx).FromMaybe(false) && in.ReadValue(cx).ToLocal(&result)) info.GetReturnValue().Set(result);
  free(bytes.first);
}

}  // namespace

const NativeEntry kCloneNatives[] = {
    {"structuredClone", StructuredClone},
    {nullptr, nullptr},
};
