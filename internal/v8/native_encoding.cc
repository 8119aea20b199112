// The encodings beyond UTF-8 and UTF-16: ICU's converters (they follow the WHATWG tables), Buffer's transcode, atob and
// btoa, and domain names (UTS 46).
#include <algorithm>
#include <string>
#include <vector>

#include "bytes.h"
#include "icu_decl.h"
#include "simdutf_decl.h"

using namespace v8;

namespace {

std::string Utf8Of(Isolate* iso, Local<Value> v) {
  std::string out;
  if (!v->IsString()) return out;
  String::ValueView s(iso, v.As<String>());
  if (s.is_one_byte()) {
    out.resize(size_t{s.length()} * 2);
    out.resize(simdutf::convert_latin1_to_utf8(reinterpret_cast<const char*>(s.data8()), s.length(), out.data()));
    return out;
  }
  auto* units = reinterpret_cast<const char16_t*>(s.data16());
  out.resize(Utf8Length(units, s.length()));
  size_t read, written;
  EncodeUtf8(units, s.length(), out.data(), out.size(), &read, &written);
  return out;
}

}  // namespace

// (encoding, bytes, fatal, flush = true, pending?): the text; undefined for an unknown encoding, null for malformed
// bytes when fatal. Without flush the bytes of an unfinished character at the end are left out, and pending[0] tells how
// many: the caller puts them before the next chunk. So no converter outlives the call, and there is nothing to free.
void IcuDecode(const Info& info) {
  Isolate* iso = info.GetIsolate();
  std::string name = Utf8Of(iso, info[0]);
  Source b(info[1]);
  bool fatal = info[2]->IsTrue(), flush = !info[3]->IsFalse();
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open_74(name.c_str(), &status), ucnv_close_74);
  if (status > U_ZERO_ERROR || !converter) return;
  if (fatal) ucnv_setToUCallBack_74(converter.get(), UCNV_TO_U_CALLBACK_STOP_74, nullptr, nullptr, nullptr, &status);
  const char* in = b.chars();
  const char* in_end = in + b.size();
  std::vector<char16_t> out(b.size() + 16);
  size_t n = 0;
  for (;;) {
    char16_t* to = out.data() + n;
    status = U_ZERO_ERROR;
    ucnv_toUnicode_74(converter.get(), &to, out.data() + out.size(), &in, in_end, nullptr, flush, &status);
    n = static_cast<size_t>(to - out.data());
    if (status != U_BUFFER_OVERFLOW_ERROR) break;
    out.resize(out.size() * 2);
  }
  if (status > U_ZERO_ERROR) {
    info.GetReturnValue().SetNull();
    return;
  }
  if (!flush) {
    status = U_ZERO_ERROR;
    int32_t count = ucnv_toUCountPending_74(converter.get(), &status);
    Target pending(info[4]);
    uint32_t left = count > 0 ? static_cast<uint32_t>(count) : 0;
    if (pending.size() >= sizeof(left)) memcpy(pending.data(), &left, sizeof(left));
  }
  Return(info, Narrowest(iso, out.data(), n));
}

namespace {

enum class Form { kNone, kUtf8, kUtf16, kLatin1, kAscii };
Form FormOf(const std::string& s) {
  if (s == "utf8") return Form::kUtf8;
  if (s == "utf16le") return Form::kUtf16;
  if (s == "latin1") return Form::kLatin1;
  if (s == "ascii") return Form::kAscii;
  return Form::kNone;
}

// Malformed input becomes U+FFFD.
std::u16string Decode(Form form, const Source& b) {
  std::u16string out;
  if (form == Form::kUtf16) {
    out.resize(b.size() / 2);
    memcpy(out.data(), b.data(), out.size() * 2);
  } else if (form != Form::kUtf8) {
    out.resize(b.size());
    for (size_t i = 0; i < b.size(); i++)
      out[i] = form == Form::kAscii && b.data()[i] > 0x7f ? u'\ufffd' : char16_t{b.data()[i]};
  } else {
    const char* p = b.chars();
    size_t n = b.size();
    out.resize(n + 32);
    simdutf::result r = simdutf::convert_utf8_to_utf16le_with_errors(p, n, out.data());
    size_t w = r.count;
    if (r.error) {
      UErrorCode status = U_ZERO_ERROR;
      UConverter* c = ucnv_open_74("UTF-8", &status);
      char16_t* to = out.data();
      if (c) ucnv_toUnicode_74(c, &to, out.data() + out.size(), &p, p + n, nullptr, 1, &status);
      if (c) ucnv_close_74(c);
      w = static_cast<size_t>(to - out.data());
    }
    out.resize(w);
  }
  return out;
}

}  // namespace

// (bytes, from, to), both one of utf8, utf16le, latin1, ascii. What the target cannot say becomes '?'.
void Transcode(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Form from = FormOf(Utf8Of(iso, info[1])), to = FormOf(Utf8Of(iso, info[2]));
  if (from == Form::kNone || to == Form::kNone) return;
  std::u16string text;
  {
    Source b(info[0]);
    if (!b.valid()) return;
    text = Decode(from, b);
  }
  size_t n = text.size();
  if (to == Form::kUtf16) n *= 2;
  if (to == Form::kUtf8) n = Utf8Length(text.data(), text.size());
  std::unique_ptr<BackingStore> store =
      ArrayBuffer::NewBackingStore(iso, n, BackingStoreInitializationMode::kUninitialized,
                                   BackingStoreOnFailureMode::kReturnNull);
  if (!store) return;
  auto* out = static_cast<uint8_t*>(store->Data());
  size_t length = n;
  if (to == Form::kUtf16) {
    if (n) memcpy(out, text.data(), n);
  } else if (to == Form::kUtf8) {
    size_t read;
    if (n) EncodeUtf8(text.data(), text.size(), reinterpret_cast<char*>(out), n, &read, &length);
  } else {
    char16_t limit = to == Form::kLatin1 ? 0xff : 0x7f;
    length = 0;
    for (size_t i = 0; i < text.size(); i++) {
      char16_t c = text[i];
      // A pair is one character.
      if ((c & 0xfc00) == 0xd800 && i + 1 < text.size() && (text[i + 1] & 0xfc00) == 0xdc00) i++;
      out[length++] = c <= limit ? static_cast<uint8_t>(c) : '?';
    }
  }
  Local<ArrayBuffer> buffer = ArrayBuffer::New(iso, std::move(store));
  info.GetReturnValue().Set(NewBuffer(iso, buffer, 0, length));
}

void Atob(const Info& info) {
  if (!info[0]->IsString()) return;
  Isolate* iso = info.GetIsolate();
  simdutf::result r;
  size_t written;
  std::unique_ptr<uint8_t, void (*)(void*)> out(nullptr, free);
  {
    String::ValueView s(iso, info[0].As<String>());
    size_t n = s.length();
    written = n / 4 * 3 + 3;
    out.reset(static_cast<uint8_t*>(malloc(written)));
    if (!out) return;
    auto* to = reinterpret_cast<char*>(out.get());
    r = s.is_one_byte() ? simdutf::base64_to_binary_safe(reinterpret_cast<const char*>(s.data8()), n, to, written,
                                                         simdutf::base64_default, simdutf::loose)
                        : simdutf::base64_to_binary_safe(reinterpret_cast<const char16_t*>(s.data16()), n, to, written,
                                                         simdutf::base64_default, simdutf::loose);
  }
  if (!r.error) return Return(info, OneByteOwned(iso, out.release(), written));
  info.GetReturnValue().Set(r.error == simdutf::INVALID_BASE64_CHARACTER ? -1
                            : r.error == simdutf::BASE64_INPUT_REMAINDER ? -2
                                                                         : -3);
}

void Btoa(const Info& info) {
  if (!info[0]->IsString()) return;
  Isolate* iso = info.GetIsolate();
  auto s = info[0].As<String>();
  if (!s->ContainsOnlyOneByte()) return info.GetReturnValue().Set(-1);
  std::unique_ptr<uint8_t, void (*)(void*)> out(nullptr, free);
  size_t n;
  {
    String::ValueView v(iso, s);
    n = simdutf::base64_length_from_binary(v.length(), simdutf::base64_default);
    out.reset(static_cast<uint8_t*>(malloc(n ? n : 1)));
    if (!out) return;
    auto* to = reinterpret_cast<char*>(out.get());
    if (v.is_one_byte()) {
      auto* from = reinterpret_cast<const char*>(v.data8());
      (void)simdutf::binary_to_base64(from, v.length(), to, simdutf::base64_default);
    } else {
      Room<char, 1024> narrow(v.length());
      if (!narrow.ok()) return;
      for (uint32_t i = 0; i < v.length(); i++) narrow.data()[i] = static_cast<char>(v.data16()[i]);
      (void)simdutf::binary_to_base64(narrow.data(), v.length(), to, simdutf::base64_default);
    }
  }
  Return(info, OneByteOwned(iso, out.release(), n));
}

namespace {

// UTS 46 options and error bits, as in ICU's documentation.
constexpr uint32_t kUseStd3 = 2, kCheckBidi = 4, kCheckContextJ = 8, kNonTransitionalToAscii = 0x10,
                   kNonTransitionalToUnicode = 0x20;
constexpr uint32_t kEmptyLabel = 1, kLabelTooLong = 2, kNameTooLong = 4, kLeadingHyphen = 8, kTrailingHyphen = 0x10,
                   kHyphen34 = 0x20;

using Processor = int32_t (*)(const UIDNA*, const char*, int32_t, char*, int32_t, UIDNAInfo*, UErrorCode*);

// False when ICU itself failed. *errors keeps the bits that `ignored` does not name.
bool Idna(const std::string& name, uint32_t options, Processor process, uint32_t ignored, std::string* out,
          uint32_t* errors) {
  UErrorCode status = U_ZERO_ERROR;
  UIDNA* idna = uidna_openUTS46_74(options, &status);
  if (!idna || status > U_ZERO_ERROR) return false;
  UIDNAInfo result{sizeof(UIDNAInfo), 0, 0, 0, {0, 0}};
  out->resize(name.size() * 2 + 64);
  int32_t n = process(idna, name.data(), static_cast<int32_t>(name.size()), out->data(),
                      static_cast<int32_t>(out->size()), &result, &status);
  if (status == U_BUFFER_OVERFLOW_ERROR) {
    status = U_ZERO_ERROR;
    out->resize(static_cast<size_t>(n));
    result = UIDNAInfo{sizeof(UIDNAInfo), 0, 0, 0, {0, 0}};
    n = process(idna, name.data(), static_cast<int32_t>(name.size()), out->data(), n, &result, &status);
  }
  uidna_close_74(idna);
  if (status > U_ZERO_ERROR || n < 0) return false;
  out->resize(static_cast<size_t>(n));
  *errors = result.errors & ~ignored;
  return true;
}
void ReturnName(const Info& info, const std::string& s) {
  Local<String> out;
  auto n = static_cast<int>(s.size());
  if (String::NewFromUtf8(info.GetIsolate(), s.data(), NewStringType::kNormal, n).ToLocal(&out))
    info.GetReturnValue().Set(out);
}

}  // namespace

void DomainToASCII(const Info& info) {
  bool strict = info[1]->IsTrue();
  uint32_t ignored = kLeadingHyphen | kTrailingHyphen | kHyphen34;
  if (!strict) ignored |= kEmptyLabel | kLabelTooLong | kNameTooLong;
  std::string out;
  uint32_t errors = 0;
  if (!Idna(Utf8Of(info.GetIsolate(), info[0]),
            kCheckBidi | kCheckContextJ | kNonTransitionalToAscii | (strict ? kUseStd3 : 0), uidna_nameToASCII_UTF8_74,
            ignored, &out, &errors) ||
      errors)
    out.clear();
  ReturnName(info, out);
}

// Errors do not matter here: the standard shows what could be mapped.
void DomainToUnicode(const Info& info) {
  std::string out;
  uint32_t errors = 0;
  if (!Idna(Utf8Of(info.GetIsolate(), info[0]), kCheckBidi | kCheckContextJ | kNonTransitionalToUnicode,
            uidna_nameToUnicodeUTF8_74, 0, &out, &errors))
    out.clear();
  ReturnName(info, out);
}
