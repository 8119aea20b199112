// The encoding in which Go hands values to V8 (written by value.go, same order of tags), and the flat description in
// which V8's values reach Go. Decoding trusts the encoder: both ends are ours and live in this folder.
#include <cstring>

#include "natives.h"

using namespace v8;

namespace {
enum Tag : uint8_t {
  kUndefined, kNull, kFalse, kTrue, kInt, kDouble, kLatin1, kUtf8, kBigInt, kBigUint, kArray, kObject, kBytes, kOwned,
  kRef, kRefTake, kCallbackTake, kSlot, kError, kFloat64s, kDate, kTransfer,
};

bool IsAscii(const uint8_t* p, size_t n) {
  uint64_t acc = 0, w;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    memcpy(&w, p + i, 8);
    acc |= w;
  }
  for (; i < n; i++) acc |= p[i];
  return !(acc & 0x8080808080808080ull);
}
}  // namespace

Local<String> Utf8(Isolate* iso, const char* s, size_t n) {
  Local<String> out;
  if (n > static_cast<size_t>(String::kMaxLength)) return String::Empty(iso);
  if (IsAscii(reinterpret_cast<const uint8_t*>(s), n)) {
    if (String::NewFromOneByte(iso, reinterpret_cast<const uint8_t*>(s), NewStringType::kNormal, static_cast<int>(n))
            .ToLocal(&out))
      return out;
  } else if (String::NewFromUtf8(iso, s, NewStringType::kNormal, static_cast<int>(n)).ToLocal(&out)) {
    return out;
  }
  return String::Empty(iso);
}

Local<String> Decoder::TakeString(bool latin1) {
  uint32_t n = Take<uint32_t>();
  const uint8_t* s = p_;
  p_ += n;
  if (!latin1) return Utf8(iso_, reinterpret_cast<const char*>(s), n);
  Local<String> out;
  if (!String::NewFromOneByte(iso_, s, NewStringType::kNormal, static_cast<int>(n)).ToLocal(&out)) return String::Empty(iso_);
  return out;
}

// kError: kind (0 Error, 1 TypeError, 2 RangeError, 3 SyntaxError), code, message, an object of further properties.
Local<Value> Decoder::Error() {
  uint8_t kind = Take<uint8_t>();
  Local<String> code = TakeString(false), message = TakeString(false);
  Local<Value> props = Next();
  Local<Function> make;
  if (!st_->error_factory.IsEmpty() && code->Length() > 0) {
    Local<Value> args[] = {Integer::New(iso_, kind), code, message, props};
    Local<Value> made;
    if (st_->error_factory.Get(iso_)->Call(cx_, Undefined(iso_), 4, args).ToLocal(&made)) return made;
    return Undefined(iso_);
  }
  Local<Value> err = kind == 1   ? Exception::TypeError(message)
                     : kind == 2 ? Exception::RangeError(message)
                     : kind == 3 ? Exception::SyntaxError(message)
                                 : Exception::Error(message);
  Local<Object> o = err.As<Object>();
  if (code->Length() > 0) (void)o->Set(cx_, Symbolic(iso_, "code"), code);
  Local<Array> names;
  if (props->IsObject() && props.As<Object>()->GetOwnPropertyNames(cx_).ToLocal(&names)) {
    for (uint32_t i = 0; i < names->Length(); i++) {
      Local<Value> k, v;
      if (names->Get(cx_, i).ToLocal(&k) && props.As<Object>()->Get(cx_, k).ToLocal(&v)) (void)o->Set(cx_, k, v);
    }
  }
  return err;
}

Local<Value> Decoder::Next() {
  switch (static_cast<Tag>(Take<uint8_t>())) {
    case kUndefined: return Undefined(iso_);
    case kNull: return Null(iso_);
    case kFalse: return False(iso_);
    case kTrue: return True(iso_);
    case kInt: return Integer::New(iso_, Take<int32_t>());
    case kDouble: return Number::New(iso_, Take<double>());
    case kLatin1: return TakeString(true);
    case kUtf8: return TakeString(false);
    case kBigInt: return BigInt::New(iso_, Take<int64_t>());
    case kBigUint: return BigInt::NewFromUnsigned(iso_, Take<uint64_t>());
    case kArray: {
      uint32_t n = Take<uint32_t>();
      LocalVector<Value> v(iso_);
      v.reserve(n);
      for (uint32_t i = 0; i < n; i++) v.push_back(Next());
      return Array::New(iso_, v.data(), n);
    }
    case kObject: {
      uint32_t n = Take<uint32_t>();
      Local<Object> o = Object::New(iso_);
      for (uint32_t i = 0; i < n; i++) {
        uint32_t len = Take<uint32_t>();
        Local<String> key;
        if (!String::NewFromUtf8(iso_, reinterpret_cast<const char*>(p_), NewStringType::kInternalized, static_cast<int>(len))
                 .ToLocal(&key))
          key = String::Empty(iso_);
        p_ += len;
        (void)o->CreateDataProperty(cx_, key, Next());
      }
      return o;
    }
    case kBytes: {
      uint64_t n = Take<uint64_t>();
      auto store = ArrayBuffer::NewBackingStore(iso_, n, BackingStoreInitializationMode::kUninitialized);
      memcpy(store->Data(), p_, n);
      p_ += n;
      return NewBuffer(iso_, std::move(store));
    }
    case kOwned: {  // memory from hob_bytes_alloc: V8 frees it from now on. `cap` was allocated, `n` is used.
      auto* data = reinterpret_cast<uint8_t*>(Take<uint64_t>());
      uint64_t n = Take<uint64_t>(), cap = Take<uint64_t>();
      auto store = ArrayBuffer::NewBackingStore(
          data, n,
          [](void* p, size_t, void* cap) { SharedAllocator()->Free(p, reinterpret_cast<size_t>(cap)); },
          reinterpret_cast<void*>(cap ? cap : 1));
      return NewBuffer(iso_, std::move(store));
    }
    case kRef: return RefValue(st_, Take<uint32_t>());
    case kRefTake: {
      uint32_t id = Take<uint32_t>();
      Local<Value> v = RefValue(st_, id);
      FreeRef(st_, id);
      return v;
    }
    case kCallbackTake: {  // [function, async context]
      uint32_t id = Take<uint32_t>();
      Local<Value> pair[2] = {RefValue(st_, id), Undefined(iso_)};
      if (id < st_->refs.size() && !st_->refs[id].context.IsEmpty()) pair[1] = st_->refs[id].context.Get(iso_);
      FreeRef(st_, id);
      return Array::New(iso_, pair, 2);
    }
    case kSlot: {
      auto slot = reinterpret_cast<void*>(Take<uint64_t>());
      return *reinterpret_cast<Local<Value>*>(&slot);
    }
    case kError: return Error();
    case kFloat64s: {
      uint32_t n = Take<uint32_t>();
      auto store = ArrayBuffer::NewBackingStore(iso_, n * 8, BackingStoreInitializationMode::kUninitialized);
      memcpy(store->Data(), p_, n * 8);
      p_ += n * 8;
      return Float64Array::New(ArrayBuffer::New(iso_, std::move(store)), 0, n);
    }
    case kDate: {
      Local<Value> d;
      if (Date::New(cx_, Take<double>()).ToLocal(&d)) return d;
      return Undefined(iso_);
    }
    case kTransfer: {  // a held backing store (hob_backing_hold) as a new ArrayBuffer
      auto* hold = reinterpret_cast<std::shared_ptr<BackingStore>*>(Take<uint64_t>());
      Local<Value> v = ArrayBuffer::New(iso_, *hold);
      delete hold;
      return v;
    }
  }
  return Undefined(iso_);
}

static void DescribeString(Isolate* iso, Local<String> s, hob_value* out, Scratch* scratch) {
  out->kind = HOB_STRING;
  auto take = [&](size_t n) { return scratch ? scratch->Take(n) : static_cast<char*>(malloc(n ? n : 1)); };
  if (s->IsOneByte()) {
    String::ValueView view(iso, s);
    size_t n = view.length();
    if (view.is_one_byte() && IsAscii(view.data8(), n)) {
      char* p = take(n);
      memcpy(p, view.data8(), n);
      out->ptr = p;
      out->len = n;
      return;
    }
  }
  size_t n = s->Utf8LengthV2(iso);
  char* p = take(n);
  out->len = s->WriteUtf8V2(iso, p, n, String::WriteFlags::kReplaceInvalidUtf8);
  out->ptr = p;
}

// Null where there is nothing to point at.
static void DescribeBytes(Local<Value> v, hob_value* out) {
  out->kind = HOB_BYTES;
  if (v->IsArrayBufferView()) {
    auto view = v.As<ArrayBufferView>();
    out->len = view->ByteLength();
    out->ptr = out->len ? static_cast<uint8_t*>(view->Buffer()->Data()) + view->ByteOffset() : nullptr;
  } else if (v->IsSharedArrayBuffer()) {
    out->len = v.As<SharedArrayBuffer>()->ByteLength();
    out->ptr = v.As<SharedArrayBuffer>()->Data();
  } else {
    out->len = v.As<ArrayBuffer>()->ByteLength();
    out->ptr = v.As<ArrayBuffer>()->Data();
  }
}

void Describe(Isolate* iso, Local<Value> v, hob_value* out, Scratch* scratch) {
  out->flags = 0;
  out->len = 0;
  out->i64 = 0;
  if (v->IsInt32()) {
    out->kind = HOB_INT;
    out->i64 = v.As<Int32>()->Value();
  } else if (v->IsString()) {
    DescribeString(iso, v.As<String>(), out, scratch);
  } else if (v->IsNumber()) {
    out->kind = HOB_DOUBLE;
    out->num = v.As<Number>()->Value();
  } else if (v->IsUndefined()) {
    out->kind = HOB_UNDEFINED;
  } else if (v->IsNull()) {
    out->kind = HOB_NULL;
  } else if (v->IsBoolean()) {
    out->kind = v->IsTrue() ? HOB_TRUE : HOB_FALSE;
  } else if (v->IsArrayBufferView() || v->IsArrayBuffer() || v->IsSharedArrayBuffer()) {
    DescribeBytes(v, out);
    out->flags = 1;
  } else if (v->IsBigInt()) {
    out->kind = HOB_BIGINT;
    out->i64 = v.As<BigInt>()->Int64Value();
  } else {
    out->kind = v->IsFunction() ? HOB_FUNCTION : v->IsSymbol() ? HOB_SYMBOL : HOB_OBJECT;
  }
}

void DescribeResult(hob_isolate* st, Local<Value> v, hob_value* out) {
  Describe(st->iso, v, out, nullptr);
  if (out->kind >= HOB_BYTES && out->kind <= HOB_SYMBOL) {
    out->kind = HOB_REF;
    out->len = v->IsFunction() ? 1 : 0;
    out->i64 = NewRef(st, v, false);
  }
}
