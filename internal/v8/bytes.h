// How natives look into byte arguments and strings. Shared by native_bytes.cc and native_encoding.cc.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "natives.h"

using Info = v8::FunctionCallbackInfo<v8::Value>;

// A non-negative integer argument; anything else is `otherwise`. Doubles are truncated, negative ones are 0.
inline size_t SizeArg(const Info& info, int i, size_t otherwise = 0) {
  v8::Local<v8::Value> v = info[i];
  if (v->IsUint32()) return v.As<v8::Uint32>()->Value();
  if (!v->IsNumber()) return otherwise;
  double d = v.As<v8::Number>()->Value();
  if (!(d > 0)) return 0;
  return d >= 9007199254740991.0 ? size_t{9007199254740991} : static_cast<size_t>(d);
}

// The bytes of an ArrayBuffer, a SharedArrayBuffer or a view, to be read. Small arrays that live on V8's heap are
// copied, so nothing here makes V8 allocate a buffer for them.
class Source {
 public:
  explicit Source(v8::Local<v8::Value> v) {
    if (v->IsArrayBufferView()) {
      v8::MemorySpan<uint8_t> span =
          v.As<v8::ArrayBufferView>()->GetContents(v8::MemorySpan<uint8_t>(on_heap_, sizeof(on_heap_)));
      data_ = span.data();
      size_ = span.size();
    } else if (v->IsArrayBuffer()) {
      auto b = v.As<v8::ArrayBuffer>();
      data_ = static_cast<uint8_t*>(b->Data());
      size_ = b->ByteLength();
    } else if (v->IsSharedArrayBuffer()) {
      auto b = v.As<v8::SharedArrayBuffer>();
      data_ = static_cast<uint8_t*>(b->Data());
      size_ = b->ByteLength();
    } else {
      valid_ = false;
    }
    if (!data_) {
      data_ = on_heap_;
      size_ = 0;
    }
  }
  Source(const Source&) = delete;
  const uint8_t* data() const { return data_; }
  const char* chars() const { return reinterpret_cast<const char*>(data_); }
  size_t size() const { return size_; }
  bool valid() const { return valid_; }
  // Narrows to [start, end) of what arguments i and i + 1 say.
  void Slice(const Info& info, int i) {
    size_t end = std::min(SizeArg(info, i + 1, size_), size_);
    size_t start = std::min(SizeArg(info, i), end);
    data_ += start;
    size_ = end - start;
  }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  bool valid_ = true;
  uint8_t on_heap_[64];
};

// The same to be written: an array on V8's heap first gets a buffer of its own.
class Target {
 public:
  explicit Target(v8::Local<v8::Value> v) {
    if (v->IsArrayBufferView()) {
      auto view = v.As<v8::ArrayBufferView>();
      if (!view->HasBuffer()) (void)view->Buffer();
      v8::MemorySpan<uint8_t> span = view->GetContents(v8::MemorySpan<uint8_t>(none_, sizeof(none_)));
      data_ = span.data();
      size_ = span.size();
    } else if (v->IsArrayBuffer()) {
      auto b = v.As<v8::ArrayBuffer>();
      data_ = static_cast<uint8_t*>(b->Data());
      size_ = b->ByteLength();
    } else if (v->IsSharedArrayBuffer()) {
      auto b = v.As<v8::SharedArrayBuffer>();
      data_ = static_cast<uint8_t*>(b->Data());
      size_ = b->ByteLength();
    }
    if (!data_) {
      data_ = none_;
      size_ = 0;
    }
  }
  Target(const Target&) = delete;
  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  // Moves to the offset in argument i; the room left is cut to argument i + 1.
  void Narrow(const Info& info, int i) {
    size_t offset = std::min(SizeArg(info, i), size_);
    data_ += offset;
    size_ = std::min(SizeArg(info, i + 1, size_ - offset), size_ - offset);
  }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  uint8_t none_[64];
};

// What the fast natives read and write. A small array on V8's heap is worked on in a copy, because the string beside it
// must not move; Flush, when the string is done with, brings the copy home.
class FastTarget {
 public:
  explicit FastTarget(v8::Local<v8::Value> v) {
    if (v->IsArrayBufferView()) {
      view_ = v.As<v8::ArrayBufferView>();
      v8::MemorySpan<uint8_t> span = view_->GetContents(v8::MemorySpan<uint8_t>(on_heap_, sizeof(on_heap_)));
      data_ = span.data();
      size_ = span.size();
    } else if (v->IsArrayBuffer()) {
      data_ = static_cast<uint8_t*>(v.As<v8::ArrayBuffer>()->Data());
      size_ = v.As<v8::ArrayBuffer>()->ByteLength();
    } else if (v->IsSharedArrayBuffer()) {
      data_ = static_cast<uint8_t*>(v.As<v8::SharedArrayBuffer>()->Data());
      size_ = v.As<v8::SharedArrayBuffer>()->ByteLength();
    }
    if (!data_) {
      data_ = on_heap_;
      size_ = 0;
    }
  }
  FastTarget(v8::Local<v8::Value> v, double offset, double max) : FastTarget(v) {
    offset_ = std::min(Size(offset), size_);
    size_ = std::min(Size(max), size_ - offset_);
  }
  FastTarget(const FastTarget&) = delete;
  static size_t Size(double d) { return d > 0 ? static_cast<size_t>(std::min(d, 9007199254740991.0)) : 0; }
  uint8_t* data() { return data_ + offset_; }
  char* chars() { return reinterpret_cast<char*>(data_ + offset_); }
  size_t size() const { return size_; }
  void Flush(v8::Isolate* iso) {
    if (data_ != on_heap_ || size_ == 0) return;
    v8::HandleScope scope(iso);
    auto* memory = static_cast<uint8_t*>(view_->Buffer()->Data());
    memcpy(memory + view_->ByteOffset() + offset_, data_ + offset_, size_);
  }

 private:
  v8::Local<v8::ArrayBufferView> view_;
  uint8_t* data_ = nullptr;
  size_t size_ = 0, offset_ = 0;
  uint8_t on_heap_[64];
};

// Memory for one conversion: on the stack when it is small.
template <class T, size_t kInline>
class Room {
 public:
  explicit Room(size_t n) {
    if (n > kInline) heap_ = data_ = static_cast<T*>(malloc(n * sizeof(T)));
  }
  ~Room() { free(heap_); }
  Room(const Room&) = delete;
  T* data() { return data_; }
  bool ok() const { return data_ != nullptr; }
  bool on_heap() const { return heap_ != nullptr; }
  // Gives the memory away; only when on_heap().
  T* Release() {
    T* p = heap_;
    heap_ = nullptr;
    return p;
  }

 private:
  T inline_[kInline];
  T* data_ = inline_;
  T* heap_ = nullptr;
};

// From this size on a string's characters stay outside V8's heap: no second copy, nothing for the collector to move.
constexpr size_t kExternalFrom = 1 << 20;

// Results are empty when the string would be too long (String::kMaxLength) or memory is short.
v8::MaybeLocal<v8::String> OneByteString(v8::Isolate*, const uint8_t*, size_t);
v8::MaybeLocal<v8::String> TwoByteString(v8::Isolate*, const char16_t*, size_t);
// The same for malloc'ed memory, which they take over.
v8::MaybeLocal<v8::String> OneByteOwned(v8::Isolate*, uint8_t*, size_t);
v8::MaybeLocal<v8::String> TwoByteOwned(v8::Isolate*, char16_t*, size_t);
// UTF-16 to the narrowest string; `units` is changed.
v8::MaybeLocal<v8::String> Narrowest(v8::Isolate*, char16_t* units, size_t n);

// Text of UTF-8 (native_bytes.cc); empty, too, when it is `fatal` that it is malformed.
v8::MaybeLocal<v8::String> DecodeUtf8(v8::Isolate*, const char*, size_t, bool fatal);

inline void Return(const Info& info, v8::MaybeLocal<v8::String> s) {
  v8::Local<v8::String> out;
  if (s.ToLocal(&out)) info.GetReturnValue().Set(out);
}
inline void ReturnSize(const Info& info, size_t n) {
  if (n <= 0x7fffffff)
    info.GetReturnValue().Set(static_cast<int32_t>(n));
  else
    info.GetReturnValue().Set(static_cast<double>(n));
}

// UTF-8 of UTF-16, lone surrogates as U+FFFD, never half a character.
size_t Utf8Length(const char16_t*, size_t);
void EncodeUtf8(const char16_t*, size_t n, char* out, size_t capacity, size_t* read, size_t* written);

// native_encoding.cc
void IcuDecode(const Info&);
void Transcode(const Info&);
void Atob(const Info&);
void Btoa(const Info&);
void DomainToASCII(const Info&);
void DomainToUnicode(const Info&);
