// Natives on bytes and strings: what Buffer, TextEncoder and TextDecoder are made of. V8's own UTF-8 code works a
// character at a time; simdutf does 16 to 64 bytes, so everything that is not tiny goes there.
//
// A String::ValueView points into V8's heap: nothing that may collect (every V8 allocation) happens while one is alive.
#include <algorithm>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "bytes.h"
#include "simdutf_decl.h"

using namespace v8;

namespace {

struct ExternalOneByte : String::ExternalOneByteStringResource {
  ExternalOneByte(uint8_t* p, size_t n) : p_(p), n_(n) {}
  ~ExternalOneByte() override { free(p_); }
  const char* data() const override { return reinterpret_cast<const char*>(p_); }
  size_t length() const override { return n_; }
  uint8_t* p_;
  size_t n_;
};
struct ExternalTwoByte : String::ExternalStringResource {
  ExternalTwoByte(char16_t* p, size_t n) : p_(p), n_(n) {}
  ~ExternalTwoByte() override { free(p_); }
  const uint16_t* data() const override { return reinterpret_cast<const uint16_t*>(p_); }
  size_t length() const override { return n_; }
  char16_t* p_;
  size_t n_;
};

constexpr size_t kMaxString = static_cast<size_t>(String::kMaxLength);

const char16_t* Units(const String::ValueView& v) { return reinterpret_cast<const char16_t*>(v.data16()); }
const char* Chars(const String::ValueView& v) { return reinterpret_cast<const char*>(v.data8()); }

// Short texts are most of all: for them a loop of our own is quicker than the dispatch.
bool IsAscii(const char* p, size_t n) {
  if (n > 64) return simdutf::validate_ascii(p, n);
  uint64_t all = 0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t w;
    memcpy(&w, p + i, 8);
    all |= w;
  }
  for (; i < n; i++) all |= static_cast<uint8_t>(p[i]);
  return (all & 0x8080808080808080u) == 0;
}

}  // namespace

MaybeLocal<String> OneByteOwned(Isolate* iso, uint8_t* p, size_t n) {
  MaybeLocal<String> s;
  if (n <= kMaxString && n >= kExternalFrom) {
    auto* r = new ExternalOneByte(p, n);
    s = String::NewExternalOneByte(iso, r);
    if (s.IsEmpty()) delete r;
    return s;
  }
  if (n <= kMaxString) s = String::NewFromOneByte(iso, p, NewStringType::kNormal, static_cast<int>(n));
  free(p);
  return s;
}
MaybeLocal<String> TwoByteOwned(Isolate* iso, char16_t* p, size_t n) {
  MaybeLocal<String> s;
  if (n <= kMaxString && n * 2 >= kExternalFrom) {
    auto* r = new ExternalTwoByte(p, n);
    s = String::NewExternalTwoByte(iso, r);
    if (s.IsEmpty()) delete r;
    return s;
  }
  if (n <= kMaxString)
    s = String::NewFromTwoByte(iso, reinterpret_cast<uint16_t*>(p), NewStringType::kNormal, static_cast<int>(n));
  free(p);
  return s;
}
MaybeLocal<String> OneByteString(Isolate* iso, const uint8_t* p, size_t n) {
  if (n > kMaxString) return {};
  if (n < kExternalFrom) return String::NewFromOneByte(iso, p, NewStringType::kNormal, static_cast<int>(n));
  auto* copy = static_cast<uint8_t*>(malloc(n));
  if (!copy) return {};
  memcpy(copy, p, n);
  return OneByteOwned(iso, copy, n);
}
MaybeLocal<String> TwoByteString(Isolate* iso, const char16_t* p, size_t n) {
  if (n > kMaxString) return {};
  bool aligned = (reinterpret_cast<uintptr_t>(p) & 1) == 0;
  if (aligned && n * 2 < kExternalFrom)
    return String::NewFromTwoByte(iso, reinterpret_cast<const uint16_t*>(p), NewStringType::kNormal,
                                  static_cast<int>(n));
  auto* copy = static_cast<char16_t*>(malloc(n * 2 + 2));
  if (!copy) return {};
  memcpy(copy, p, n * 2);
  return TwoByteOwned(iso, copy, n);
}
MaybeLocal<String> Narrowest(Isolate* iso, char16_t* units, size_t n) {
  char16_t all = 0;
  for (size_t i = 0; i < n; i++) all |= units[i];
  if (all > 0xff) return TwoByteString(iso, units, n);
  auto* narrow = reinterpret_cast<uint8_t*>(units);
  for (size_t i = 0; i < n; i++) narrow[i] = static_cast<uint8_t>(units[i]);
  return OneByteString(iso, narrow, n);
}

namespace {

bool IsHigh(char16_t c) { return (c & 0xfc00) == 0xd800; }
bool IsLow(char16_t c) { return (c & 0xfc00) == 0xdc00; }

}  // namespace

// What malformed UTF-8 becomes is V8's business (one U+FFFD for each maximal broken part, as the standard says).
MaybeLocal<String> DecodeUtf8(Isolate* iso, const char* p, size_t n, bool fatal) {
  if (IsAscii(p, n)) return OneByteString(iso, reinterpret_cast<const uint8_t*>(p), n);
  constexpr size_t kSlack = 32;
  constexpr size_t kInline = 2048;
  // Nothing above U+00FF: straight to one byte a character.
  uint8_t top = 0;
  for (size_t i = 0; i < n; i++) top = std::max(top, static_cast<uint8_t>(p[i]));
  if (top <= 0xc3) {
    Room<uint8_t, 2 * kInline> room(n + kSlack);
    if (!room.ok()) return {};
    simdutf::result r = simdutf::convert_utf8_to_latin1_with_errors(p, n, reinterpret_cast<char*>(room.data()));
    if (!r.error && room.on_heap()) return OneByteOwned(iso, room.Release(), r.count);
    if (!r.error) return OneByteString(iso, room.data(), r.count);
  }
  size_t units = n <= kInline - kSlack ? n : simdutf::utf16_length_from_utf8(p, n);
  if (units > kMaxString) return {};
  Room<char16_t, kInline> room(units + kSlack);
  if (!room.ok()) return {};
  simdutf::result r = simdutf::convert_utf8_to_utf16le_with_errors(p, n, room.data());
  if (r.error) {
    if (fatal || n > 0x7fffffff) return {};
    return String::NewFromUtf8(iso, p, NewStringType::kNormal, static_cast<int>(n));
  }
  if (r.count * 2 >= kExternalFrom && room.on_heap()) {
    char16_t all = 0;
    for (size_t i = 0; i < r.count; i++) all |= room.data()[i];
    if (all > 0xff) return TwoByteOwned(iso, room.Release(), r.count);
  }
  return Narrowest(iso, room.data(), r.count);
}

size_t Utf8Length(const char16_t* s, size_t n) {
  if (simdutf::validate_utf16le(s, n)) return simdutf::utf8_length_from_utf16le(s, n);
  size_t len = 0;
  for (size_t i = 0; i < n; i++) {
    if (s[i] < 0x80) {
      len += 1;
    } else if (s[i] < 0x800) {
      len += 2;
    } else if (IsHigh(s[i]) && i + 1 < n && IsLow(s[i + 1])) {
      len += 4;
      i++;
    } else {
      len += 3;
    }
  }
  return len;
}

void EncodeUtf8(const char16_t* s, size_t n, char* out, size_t cap, size_t* read, size_t* written) {
  size_t i = 0, w = 0;
  while (i < n) {
    // As many units as fit for certain go to simdutf at once; the last few of a tight fit one by one.
    size_t k = std::min(n - i, (cap - w) / 3);
    if (k > 1 && i + k < n && IsHigh(s[i + k - 1])) k--;
    if (k >= 8) {
      simdutf::result r = simdutf::convert_utf16le_to_utf8_with_errors(s + i, k, out + w);
      if (!r.error) {
        w += r.count;
        i += k;
        continue;
      }
      w += simdutf::utf8_length_from_utf16le(s + i, r.count);
      i += r.count;
    }
    uint32_t c = s[i];
    size_t units = 1;
    if (IsHigh(s[i]) && i + 1 < n && IsLow(s[i + 1])) {
      c = 0x10000 + ((c - 0xd800) << 10) + (s[i + 1] - 0xdc00);
      units = 2;
    } else if ((c & 0xf800) == 0xd800) {
      c = 0xfffd;
    }
    size_t need = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (w + need > cap) break;
    if (need == 1) {
      out[w] = static_cast<char>(c);
    } else if (need == 2) {
      out[w] = static_cast<char>(0xc0 | c >> 6);
      out[w + 1] = static_cast<char>(0x80 | (c & 0x3f));
    } else if (need == 3) {
      out[w] = static_cast<char>(0xe0 | c >> 12);
      out[w + 1] = static_cast<char>(0x80 | (c >> 6 & 0x3f));
      out[w + 2] = static_cast<char>(0x80 | (c & 0x3f));
    } else {
      out[w] = static_cast<char>(0xf0 | c >> 18);
      out[w + 1] = static_cast<char>(0x80 | (c >> 12 & 0x3f));
      out[w + 2] = static_cast<char>(0x80 | (c >> 6 & 0x3f));
      out[w + 3] = static_cast<char>(0x80 | (c & 0x3f));
    }
    w += need;
    i += units;
  }
  *read = i;
  *written = w;
}

namespace {

void EncodeLatin1(const char* s, size_t n, char* out, size_t cap, size_t* read, size_t* written) {
  if (n <= cap && IsAscii(s, n)) {
    memcpy(out, s, n);
    *read = *written = n;
    return;
  }
  size_t i = 0, w = 0;
  for (;;) {
    size_t k = std::min(n - i, (cap - w) / 2);
    if (k < 8) break;
    w += simdutf::convert_latin1_to_utf8(s + i, k, out + w);
    i += k;
  }
  for (; i < n; i++) {
    auto c = static_cast<uint8_t>(s[i]);
    if (c < 0x80) {
      if (w + 1 > cap) break;
      out[w++] = static_cast<char>(c);
    } else {
      if (w + 2 > cap) break;
      out[w++] = static_cast<char>(0xc0 | c >> 6);
      out[w++] = static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  *read = i;
  *written = w;
}

void Encode(const String::ValueView& v, uint8_t* out, size_t cap, size_t* read, size_t* written) {
  if (v.is_one_byte())
    EncodeLatin1(Chars(v), v.length(), reinterpret_cast<char*>(out), cap, read, written);
  else
    EncodeUtf8(Units(v), v.length(), reinterpret_cast<char*>(out), cap, read, written);
}

size_t Utf8Length(const String::ValueView& v) {
  if (!v.is_one_byte()) return ::Utf8Length(Units(v), v.length());
  if (IsAscii(Chars(v), v.length())) return v.length();
  return simdutf::utf8_length_from_latin1(Chars(v), v.length());
}

// ---- memory

void AllocUnsafe(const Info& info) {
  Local<ArrayBuffer> b;
  size_t n = SizeArg(info, 0);
  if (n <= TypedArray::kMaxByteLength &&
      ArrayBuffer::MaybeNew(info.GetIsolate(), n, BackingStoreInitializationMode::kUninitialized).ToLocal(&b))
    info.GetReturnValue().Set(b);
}
void SetPrototype(const Info& info) {
  if (info[0]->IsObject()) SetBufferPrototype(info.GetIsolate(), info[0].As<Object>());
}

// ---- strings to bytes

void ByteLengthUtf8(const Info& info) {
  if (!info[0]->IsString()) return;
  size_t n;
  {
    String::ValueView v(info.GetIsolate(), info[0].As<String>());
    n = Utf8Length(v);
  }
  ReturnSize(info, n);
}
size_t Utf8Length(const FastOneByteString& s) {
  return IsAscii(s.data, s.length) ? s.length : simdutf::utf8_length_from_latin1(s.data, s.length);
}
double FastByteLengthUtf8(Local<Value>, const FastOneByteString& s) { return static_cast<double>(Utf8Length(s)); }
const CFunction fast_byte_length_utf8 = CFunction::Make(FastByteLengthUtf8);

void EncodeUtf8Native(const Info& info) {
  if (!info[0]->IsString()) return;
  Isolate* iso = info.GetIsolate();
  auto s = info[0].As<String>();
  size_t n, read, written;
  {
    String::ValueView v(iso, s);
    n = Utf8Length(v);
  }
  Local<ArrayBuffer> b;
  if (!ArrayBuffer::MaybeNew(iso, n, BackingStoreInitializationMode::kUninitialized).ToLocal(&b)) return;
  auto* out = static_cast<uint8_t*>(b->Data());
  if (n) {
    String::ValueView v(iso, s);
    Encode(v, out, n, &read, &written);
  }
  info.GetReturnValue().Set(Uint8Array::New(b, 0, n));
}
void EncodeInto(const Info& info) {
  if (!info[0]->IsString()) return;
  Target dest(info[1]), result(info[2]);
  if (result.size() < 8) return;
  size_t read = 0, written = 0;
  {
    String::ValueView v(info.GetIsolate(), info[0].As<String>());
    Encode(v, dest.data(), dest.size(), &read, &written);
  }
  uint32_t out[2] = {static_cast<uint32_t>(read), static_cast<uint32_t>(written)};
  memcpy(result.data(), out, sizeof(out));
}
void FastEncodeInto(Local<Value>, const FastOneByteString& s, Local<Value> dest, Local<Value> result,
                    FastApiCallbackOptions& options) {
  FastTarget to(dest), found(result);
  if (found.size() < 8) return;
  size_t read = 0, written = 0;
  EncodeLatin1(s.data, s.length, to.chars(), to.size(), &read, &written);
  uint32_t out[2] = {static_cast<uint32_t>(read), static_cast<uint32_t>(written)};
  memcpy(found.data(), out, sizeof(out));
  to.Flush(options.isolate);
  found.Flush(options.isolate);
}
const CFunction fast_encode_into = CFunction::Make(FastEncodeInto);

double FastUtf8Write(Local<Value>, Local<Value> b, const FastOneByteString& s, double offset, double max,
                     FastApiCallbackOptions& options) {
  FastTarget to(b, offset, max);
  size_t read = 0, written = 0;
  EncodeLatin1(s.data, s.length, to.chars(), to.size(), &read, &written);
  to.Flush(options.isolate);
  return static_cast<double>(written);
}
const CFunction fast_utf8_write = CFunction::Make(FastUtf8Write);

double FastLatin1Write(Local<Value>, Local<Value> b, const FastOneByteString& s, double offset, double max,
                     FastApiCallbackOptions& options) {
  FastTarget to(b, offset, max);
  size_t n = std::min<size_t>(s.length, to.size());
  memcpy(to.data(), s.data, n);
  to.Flush(options.isolate);
  return static_cast<double>(n);
}
const CFunction fast_latin1_write = CFunction::Make(FastLatin1Write);

void Utf8Write(const Info& info) {
  if (!info[1]->IsString()) return;
  Target dest(info[0]);
  dest.Narrow(info, 2);
  size_t read = 0, written = 0;
  {
    String::ValueView v(info.GetIsolate(), info[1].As<String>());
    Encode(v, dest.data(), dest.size(), &read, &written);
  }
  ReturnSize(info, written);
}
void Latin1Write(const Info& info) {
  if (!info[1]->IsString()) return;
  Target dest(info[0]);
  dest.Narrow(info, 2);
  size_t n;
  {
    String::ValueView v(info.GetIsolate(), info[1].As<String>());
    n = std::min<size_t>(v.length(), dest.size());
    if (v.is_one_byte()) {
      memcpy(dest.data(), v.data8(), n);
    } else {
      uint8_t* out = dest.data();
      const uint16_t* in = v.data16();
      for (size_t i = 0; i < n; i++) out[i] = static_cast<uint8_t>(in[i]);
    }
  }
  ReturnSize(info, n);
}
void Ucs2Write(const Info& info) {
  if (!info[1]->IsString()) return;
  Target dest(info[0]);
  dest.Narrow(info, 2);
  size_t n;
  {
    String::ValueView v(info.GetIsolate(), info[1].As<String>());
    n = std::min<size_t>(v.length(), dest.size() / 2);
    if (v.is_one_byte()) {
      uint8_t* out = dest.data();
      const uint8_t* in = v.data8();
      for (size_t i = 0; i < n; i++) {
        out[2 * i] = in[i];
        out[2 * i + 1] = 0;
      }
    } else {
      memcpy(dest.data(), v.data16(), n * 2);
    }
  }
  ReturnSize(info, n * 2);
}

// -1 for what is not a hexadecimal digit.
template <class C>
int HexValue(C c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
struct HexTable {
  int8_t v[256];
  constexpr HexTable() : v() {
    for (int i = 0; i < 256; i++) v[i] = -1;
    for (int i = 0; i < 10; i++) v['0' + i] = static_cast<int8_t>(i);
    for (int i = 0; i < 6; i++) v['a' + i] = v['A' + i] = static_cast<int8_t>(10 + i);
  }
};
constexpr HexTable kHex;

template <class C>
size_t DecodeHex(const C* in, size_t pairs, uint8_t* out) {
  for (size_t i = 0; i < pairs; i++) {
    if (sizeof(C) > 1 && ((in[2 * i] | in[2 * i + 1]) & ~0xff)) return i;
    int hi = kHex.v[static_cast<uint8_t>(in[2 * i])], lo = kHex.v[static_cast<uint8_t>(in[2 * i + 1])];
    if ((hi | lo) < 0) return i;
    out[i] = static_cast<uint8_t>(hi << 4 | lo);
  }
  return pairs;
}
void HexWrite(const Info& info) {
  if (!info[1]->IsString()) return;
  Target dest(info[0]);
  dest.Narrow(info, 2);
  size_t n;
  {
    String::ValueView v(info.GetIsolate(), info[1].As<String>());
    size_t pairs = std::min<size_t>(v.length() / 2, dest.size());
    n = v.is_one_byte() ? DecodeHex(v.data8(), pairs, dest.data()) : DecodeHex(v.data16(), pairs, dest.data());
  }
  ReturnSize(info, n);
}

struct Base64Table {
  int8_t v[256];
  constexpr Base64Table() : v() {
    for (int i = 0; i < 256; i++) v[i] = -1;
    for (int i = 0; i < 26; i++) {
      v['A' + i] = static_cast<int8_t>(i);
      v['a' + i] = static_cast<int8_t>(26 + i);
    }
    for (int i = 0; i < 10; i++) v['0' + i] = static_cast<int8_t>(52 + i);
    v['+'] = v['-'] = 62;
    v['/'] = v['_'] = 63;
  }
};
constexpr Base64Table kBase64;

// Both alphabets mixed, anything else skipped, the first '=' ends it.
template <class C>
size_t DecodeBase64Forgiving(const C* in, size_t n, uint8_t* out, size_t cap) {
  uint32_t bits = 0;
  int have = 0;
  size_t w = 0;
  for (size_t i = 0; i < n && w < cap; i++) {
    C c = in[i];
    if (c == '=') break;
    int value = sizeof(C) > 1 && c > 0xff ? -1 : kBase64.v[static_cast<uint8_t>(c)];
    if (value < 0) continue;
    bits = bits << 6 | static_cast<uint32_t>(value);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out[w++] = static_cast<uint8_t>(bits >> have);
    }
  }
  return w;
}
template <class C, class S>
size_t DecodeBase64(const C* in, const S* simd, size_t n, uint8_t* out, size_t cap) {
  // Well-formed text (nearly always) takes the fast decoder, in the alphabet of its first special character.
  if (n >= 16) {
    size_t written = cap;
    simdutf::result r = simdutf::base64_to_binary_safe(simd, n, reinterpret_cast<char*>(out), written,
                                                       simdutf::base64_default, simdutf::loose);
    if (!r.error) return written;
    if (r.error == simdutf::INVALID_BASE64_CHARACTER && r.count < n && (in[r.count] == '-' || in[r.count] == '_')) {
      written = cap;
      r = simdutf::base64_to_binary_safe(simd, n, reinterpret_cast<char*>(out), written, simdutf::base64_url,
                                         simdutf::loose);
      if (!r.error) return written;
    }
  }
  return DecodeBase64Forgiving(in, n, out, cap);
}
void Base64Write(const Info& info) {
  if (!info[1]->IsString()) return;
  Target dest(info[0]);
  dest.Narrow(info, 2);
  size_t n;
  {
    String::ValueView v(info.GetIsolate(), info[1].As<String>());
    n = v.is_one_byte() ? DecodeBase64(v.data8(), Chars(v), v.length(), dest.data(), dest.size())
                        : DecodeBase64(v.data16(), Units(v), v.length(), dest.data(), dest.size());
  }
  ReturnSize(info, n);
}

// ---- bytes to strings

void Utf8Slice(const Info& info) {
  Source b(info[0]);
  b.Slice(info, 1);
  Return(info, DecodeUtf8(info.GetIsolate(), b.chars(), b.size(), false));
}
void Utf8SliceFatal(const Info& info) {
  Source b(info[0]);
  b.Slice(info, 1);
  Return(info, DecodeUtf8(info.GetIsolate(), b.chars(), b.size(), true));
}
void Latin1Slice(const Info& info) {
  Source b(info[0]);
  b.Slice(info, 1);
  Return(info, OneByteString(info.GetIsolate(), b.data(), b.size()));
}
void AsciiSlice(const Info& info) {
  Source b(info[0]);
  b.Slice(info, 1);
  if (IsAscii(b.chars(), b.size())) return Return(info, OneByteString(info.GetIsolate(), b.data(), b.size()));
  if (b.size() > kMaxString) return;
  Room<uint8_t, 4096> room(b.size());
  if (!room.ok()) return;
  for (size_t i = 0; i < b.size(); i++) room.data()[i] = b.data()[i] & 0x7f;
  Return(info, OneByteString(info.GetIsolate(), room.data(), b.size()));
}
void Ucs2Slice(const Info& info) {
  Source b(info[0]);
  b.Slice(info, 1);
  Return(info, TwoByteString(info.GetIsolate(), reinterpret_cast<const char16_t*>(b.data()), b.size() / 2));
}
// One-byte text of known length that `write` makes.
template <class F>
void ReturnMade(const Info& info, size_t n, F write) {
  if (n > kMaxString) return;
  Room<uint8_t, 4096> room(n);
  if (!room.ok()) return;
  write(room.data());
  if (room.on_heap()) return Return(info, OneByteOwned(info.GetIsolate(), room.Release(), n));
  Return(info, OneByteString(info.GetIsolate(), room.data(), n));
}
void HexSlice(const Info& info) {
  Source b(info[0]);
  b.Slice(info, 1);
  ReturnMade(info, b.size() * 2, [&](uint8_t* out) {
    const uint8_t* in = b.data();
    size_t n = b.size(), i = 0;
#ifdef __SSE2__
    // Sixteen bytes become 32 digits at once: '0' + nibble, and 39 more from 'a' on.
    const __m128i low = _mm_set1_epi8(15), nine = _mm_set1_epi8(9), zero = _mm_set1_epi8('0'),
                  letter = _mm_set1_epi8(39);
    for (; i + 16 <= n; i += 16) {
      __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + i));
      __m128i hi = _mm_and_si128(_mm_srli_epi16(v, 4), low), lo = _mm_and_si128(v, low);
      hi = _mm_add_epi8(_mm_add_epi8(hi, zero), _mm_and_si128(_mm_cmpgt_epi8(hi, nine), letter));
      lo = _mm_add_epi8(_mm_add_epi8(lo, zero), _mm_and_si128(_mm_cmpgt_epi8(lo, nine), letter));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 2 * i), _mm_unpacklo_epi8(hi, lo));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 2 * i + 16), _mm_unpackhi_epi8(hi, lo));
    }
#endif
    for (; i < n; i++) {
      out[2 * i] = "0123456789abcdef"[in[i] >> 4];
      out[2 * i + 1] = "0123456789abcdef"[in[i] & 15];
    }
  });
}
void SliceBase64(const Info& info, simdutf::base64_options options) {
  Source b(info[0]);
  b.Slice(info, 1);
  ReturnMade(info, simdutf::base64_length_from_binary(b.size(), options), [&](uint8_t* out) {
    (void)simdutf::binary_to_base64(b.chars(), b.size(), reinterpret_cast<char*>(out), options);
  });
}
void Base64Slice(const Info& info) { SliceBase64(info, simdutf::base64_default); }
void Base64urlSlice(const Info& info) { SliceBase64(info, simdutf::base64_url); }
void Flatten(const Info& info) {
  if (!info[0]->IsString()) return;
  { String::ValueView flat(info.GetIsolate(), info[0].As<String>()); }
  info.GetReturnValue().Set(info[0]);
}

// ---- bytes to bytes

// (source, target, targetStart, sourceStart, n)
void Copy(const Info& info) {
  Source from(info[0]);
  Target to(info[1]);
  size_t at = std::min(SizeArg(info, 2), to.size()), start = std::min(SizeArg(info, 3), from.size());
  size_t n = std::min({SizeArg(info, 4), to.size() - at, from.size() - start});
  memmove(to.data() + at, from.data() + start, n);
}
int Order(const uint8_t* a, size_t an, const uint8_t* b, size_t bn) {
  int c = memcmp(a, b, std::min(an, bn));
  if (c == 0) return an < bn ? -1 : an > bn;
  return c < 0 ? -1 : 1;
}
void FastCopy(Local<Value>, Local<Value> source, Local<Value> target, double at, double start, double count,
              FastApiCallbackOptions& options) {
  FastTarget from(source, start, count), to(target, at, count);
  memmove(to.data(), from.data(), std::min(from.size(), to.size()));
  to.Flush(options.isolate);
}
const CFunction fast_copy = CFunction::Make(FastCopy);
int32_t FastCompare(Local<Value>, Local<Value> left, Local<Value> right) {
  FastTarget a(left), b(right);
  return Order(a.data(), a.size(), b.data(), b.size());
}
const CFunction fast_compare = CFunction::Make(FastCompare);
void Compare(const Info& info) {
  Source a(info[0]), b(info[1]);
  info.GetReturnValue().Set(Order(a.data(), a.size(), b.data(), b.size()));
}
// (a, aStart, aLength, b, bStart, bLength)
void CompareRange(const Info& info) {
  Source a(info[0]), b(info[3]);
  size_t as = std::min(SizeArg(info, 1), a.size()), bs = std::min(SizeArg(info, 4), b.size());
  size_t an = std::min(SizeArg(info, 2), a.size() - as), bn = std::min(SizeArg(info, 5), b.size() - bs);
  info.GetReturnValue().Set(Order(a.data() + as, an, b.data() + bs, bn));
}

// Index of needle in hay, or -1.
double Find(const uint8_t* hay, size_t hn, const uint8_t* needle, size_t nn, size_t offset, bool forward, size_t step) {
  if (nn == 0 || nn > hn) return -1;
  size_t last = hn - nn;
  if (forward) {
    // Jumps between occurrences of the needle's first byte; where that byte is common, memmem is quicker.
    size_t tries = 0;
    for (size_t i = offset; i <= last;) {
      auto* p = static_cast<const uint8_t*>(tries < 64 || i > tries * 64 ? memchr(hay + i, needle[0], last - i + 1)
                                                                         : memmem(hay + i, hn - i, needle, nn));
      if (!p) return -1;
      size_t at = static_cast<size_t>(p - hay);
      if ((step < 2 || at % 2 == 0) && memcmp(p, needle, nn) == 0) return static_cast<double>(at);
      i = at + 1;
      tries++;
    }
    return -1;
  }
  for (size_t n = std::min(offset, last) + 1; n > 0;) {
    auto* p = static_cast<const uint8_t*>(memrchr(hay, needle[0], n));
    if (!p) return -1;
    size_t at = static_cast<size_t>(p - hay);
    if ((step < 2 || at % 2 == 0) && memcmp(p, needle, nn) == 0) return static_cast<double>(at);
    n = at;
  }
  return -1;
}
// (haystack, needle, offset, forward, step)
void IndexOf(const Info& info) {
  Source hay(info[0]), needle(info[1]);
  info.GetReturnValue().Set(Find(hay.data(), hay.size(), needle.data(), needle.size(), SizeArg(info, 2),
                                 info[3]->IsTrue(), SizeArg(info, 4, 1)));
}
// Encodings by number: 0 UTF-8, 1 latin1, 2 UTF-16.
size_t EncodeAs(const String::ValueView& v, size_t encoding, uint8_t* out, size_t cap) {
  size_t n = 0;
  if (encoding == 0) {
    size_t read;
    Encode(v, out, cap, &read, &n);
    return n;
  }
  for (uint32_t i = 0; i < v.length() && n + encoding <= cap; i++) {
    uint16_t c = v.is_one_byte() ? v.data8()[i] : v.data16()[i];
    out[n++] = static_cast<uint8_t>(c);
    if (encoding == 2) out[n++] = static_cast<uint8_t>(c >> 8);
  }
  return n;
}
// (haystack, string, offset, forward, encoding): 0 UTF-8, 1 latin1, 2 UTF-16
void IndexOfString(const Info& info) {
  if (!info[1]->IsString()) return info.GetReturnValue().Set(-1);
  Source hay(info[0]);
  size_t encoding = SizeArg(info, 4), nn = 0;
  double at = -1;
  {
    String::ValueView v(info.GetIsolate(), info[1].As<String>());
    size_t cap = encoding == 2 ? size_t{v.length()} * 2 : encoding == 1 ? v.length() : Utf8Length(v);
    // Longer than the haystack: no need to encode it.
    if (cap <= hay.size()) {
      Room<uint8_t, 1024> room(cap);
      if (room.ok()) {
        uint8_t* out = room.data();
        nn = EncodeAs(v, encoding, out, cap);
        at = Find(hay.data(), hay.size(), out, nn, SizeArg(info, 2), info[3]->IsTrue(), encoding == 2 ? 2 : 1);
      }
    }
  }
  info.GetReturnValue().Set(at);
}
void IndexOfByte(const Info& info) {
  Source hay(info[0]);
  auto byte = static_cast<uint8_t>(SizeArg(info, 1));
  info.GetReturnValue().Set(Find(hay.data(), hay.size(), &byte, 1, SizeArg(info, 2), info[3]->IsTrue(), 1));
}
double FastIndexOfByte(Local<Value>, Local<Value> b, double value, double offset, bool forward) {
  FastTarget hay(b);
  auto byte = static_cast<uint8_t>(static_cast<uint32_t>(value));
  return Find(hay.data(), hay.size(), &byte, 1, FastTarget::Size(offset), forward, 1);
}
const CFunction fast_index_of_byte = CFunction::Make(FastIndexOfByte);
// The first `have` bytes are there; the rest repeats them.
void Repeat(uint8_t* out, size_t n, size_t have) {
  if (have == 0 || have >= n) return;
  if (have == 1) {
    memset(out, out[0], n);
    return;
  }
  while (have < n) {
    size_t k = std::min(have, n - have);
    memcpy(out + have, out, k);
    have += k;
  }
}
// (b, pattern, start, end)
void Fill(const Info& info) {
  Target b(info[0]);
  Source pattern(info[1]);
  size_t end = std::min(SizeArg(info, 3, b.size()), b.size()), start = std::min(SizeArg(info, 2), end);
  size_t n = end - start, have = std::min(pattern.size(), n);
  uint8_t* out = b.data() + start;
  memmove(out, pattern.data(), have);
  Repeat(out, n, have);
}
// (b, string, start, end, encoding): the text's bytes again and again.
void FillString(const Info& info) {
  if (!info[1]->IsString()) return;
  Target b(info[0]);
  size_t end = std::min(SizeArg(info, 3, b.size()), b.size()), start = std::min(SizeArg(info, 2), end);
  size_t n = end - start, encoding = std::min(SizeArg(info, 4), size_t{2}), have = 0;
  uint8_t* out = b.data() + start;
  {
    String::ValueView v(info.GetIsolate(), info[1].As<String>());
    size_t cap = encoding == 2 ? size_t{v.length()} * 2 : encoding == 1 ? v.length() : Utf8Length(v);
    if (cap <= n) {
      have = EncodeAs(v, encoding, out, cap);
    } else {
      // Half a character at the end is written here, unlike everywhere else.
      Room<uint8_t, 1024> room(cap);
      if (!room.ok()) return;
      have = std::min(EncodeAs(v, encoding, room.data(), cap), n);
      memcpy(out, room.data(), have);
    }
  }
  Repeat(out, n, have);
}
template <class T, T (*swap)(T)>
void Swap(const Info& info) {
  Target b(info[0]);
  uint8_t* p = b.data();
  size_t n = b.size() / sizeof(T), i = 0;
#ifdef __SSE2__
  for (; i * sizeof(T) + 16 <= b.size(); i += 16 / sizeof(T)) {
    auto* at = reinterpret_cast<__m128i*>(p + i * sizeof(T));
    __m128i v = _mm_loadu_si128(at);
    v = _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));  // bytes in pairs, then the pairs
    if (sizeof(T) == 4) v = _mm_or_si128(_mm_slli_epi32(v, 16), _mm_srli_epi32(v, 16));
    if (sizeof(T) == 8) v = _mm_shufflehi_epi16(_mm_shufflelo_epi16(v, 0x1b), 0x1b);
    _mm_storeu_si128(at, v);
  }
#endif
  for (; i < n; i++) {
    T v;
    memcpy(&v, p + i * sizeof(T), sizeof(T));
    v = swap(v);
    memcpy(p + i * sizeof(T), &v, sizeof(T));
  }
}
uint16_t Swap16(uint16_t v) { return __builtin_bswap16(v); }
uint32_t Swap32(uint32_t v) { return __builtin_bswap32(v); }
uint64_t Swap64(uint64_t v) { return __builtin_bswap64(v); }
void IsAsciiNative(const Info& info) {
  Source b(info[0]);
  info.GetReturnValue().Set(b.valid() && IsAscii(b.chars(), b.size()));
}
void IsUtf8(const Info& info) {
  Source b(info[0]);
  info.GetReturnValue().Set(b.valid() && simdutf::validate_utf8(b.chars(), b.size()));
}

}  // namespace

const NativeEntry kBytesNatives[] = {
    {"allocUnsafe", AllocUnsafe},
    {"byteLengthUtf8", ByteLengthUtf8, &fast_byte_length_utf8},
    {"encodeUtf8", EncodeUtf8Native},
    {"encodeInto", EncodeInto, &fast_encode_into},
    {"utf8Slice", Utf8Slice},
    {"utf8SliceFatal", Utf8SliceFatal},
    {"latin1Slice", Latin1Slice},
    {"asciiSlice", AsciiSlice},
    {"ucs2Slice", Ucs2Slice},
    {"hexSlice", HexSlice},
    {"base64Slice", Base64Slice},
    {"base64urlSlice", Base64urlSlice},
    {"utf8Write", Utf8Write, &fast_utf8_write},
    {"latin1Write", Latin1Write, &fast_latin1_write},
    {"ucs2Write", Ucs2Write},
    {"hexWrite", HexWrite},
    {"base64Write", Base64Write},
    {"copy", Copy, &fast_copy},
    {"compare", Compare, &fast_compare},
    {"compareRange", CompareRange},
    {"indexOf", IndexOf},
    {"indexOfString", IndexOfString},
    {"indexOfByte", IndexOfByte, &fast_index_of_byte},
    {"fill", Fill},
    {"fillString", FillString},
    {"swap16", Swap<uint16_t, Swap16>},
    {"swap32", Swap<uint32_t, Swap32>},
    {"swap64", Swap<uint64_t, Swap64>},
    {"isAscii", IsAsciiNative},
    {"isUtf8", IsUtf8},
    {"atob", Atob},
    {"btoa", Btoa},
    {"icuDecode", IcuDecode},
    {"transcode", Transcode},
    {"domainToASCII", DomainToASCII},
    {"domainToUnicode", DomainToUnicode},
    {"setBufferPrototype", SetPrototype},
    {"flatten", Flatten},
    {nullptr, nullptr},
};
