// The outbox of node:http: answers gather here, framed, until Go writes them after the batch. And the other direction:
// the strings of a batch's request heads, made before JavaScript is entered.
//
// A record of the outbox is four int32 (slot, seq, flags, size), the bytes, and padding to 8. Everything hot JavaScript
// does for a plain answer is one call of respond().
#include <algorithm>

#include "bytes.h"
#include "natives.h"
#include "simdutf_decl.h"

using namespace v8;

namespace {

struct Outbox : hob_outbox {
  Outbox() : hob_outbox{} {}
  ~Outbox() { free(data); }
  uint8_t* Need(size_t n) {
    if (size + n > cap) {
      cap = std::max<size_t>(cap * 2 + n, 1 << 16);
      data = static_cast<uint8_t*>(realloc(data, cap));
    }
    return data + size;
  }
};

Outbox* BoxOf(hob_isolate* st) {
  if (!st->outbox) {
    st->outbox = new Outbox;
    st->outbox_free = [](void* p) { delete static_cast<Outbox*>(p); };
  }
  return static_cast<Outbox*>(st->outbox);
}

// How C++ frames a body. Keep in step with builtin/http/response.js.
enum Mode { kRaw = 0, kLength = 1, kChunk = 2, kLastChunk = 3, kNoMoreChunks = 4 };

size_t PutDecimal(uint8_t* at, size_t v) {
  uint8_t digits[20];
  size_t n = 0;
  do {
    digits[n++] = '0' + v % 10;
    v /= 10;
  } while (v);
  for (size_t i = 0; i < n; i++) at[i] = digits[n - 1 - i];
  return n;
}
size_t PutHex(uint8_t* at, size_t v) {
  uint8_t digits[16];
  size_t n = 0;
  do {
    digits[n++] = "0123456789abcdef"[v & 15];
    v >>= 4;
  } while (v);
  for (size_t i = 0; i < n; i++) at[i] = digits[n - 1 - i];
  return n;
}
inline uint8_t* Put(uint8_t* p, const char* s, size_t n) {
  memcpy(p, s, n);
  return p + n;
}

// Writes s as UTF-8; the caller has reserved 3 bytes per unit.
size_t PutUtf8(Isolate* iso, Local<String> s, uint8_t* at) {
  size_t n = s->Length();
  if (!s->IsOneByte()) return s->WriteUtf8V2(iso, reinterpret_cast<char*>(at), 3 * n, String::WriteFlags::kReplaceInvalidUtf8);
  s->WriteOneByteV2(iso, 0, n, at);
  if (simdutf::validate_ascii(reinterpret_cast<char*>(at), n)) return n;
  Room<char, 4096> copy(n);
  if (!copy.ok()) return n;
  memcpy(copy.data(), at, n);
  return simdutf::convert_latin1_to_utf8(copy.data(), n, reinterpret_cast<char*>(at));
}

// respond(slot, seq, head | null, body | null, mode, flags)
void Respond(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Outbox* box = BoxOf(StateOf(iso));
  auto number = [&](int i) { return info[i]->IsInt32() ? info[i].As<Int32>()->Value() : 0; };
  int mode = number(4);
  size_t head_n = 0, room = 0, bytes_n = 0;
  Local<String> head, text;
  Local<ArrayBufferView> view;
  if (info[2]->IsString()) {
    head = info[2].As<String>();
    head_n = head->Length();
  }
  if (info[3]->IsString()) {
    text = info[3].As<String>();
    room = 3 * static_cast<size_t>(text->Length());
  } else if (info[3]->IsArrayBufferView()) {
    view = info[3].As<ArrayBufferView>();
    bytes_n = room = view->ByteLength();
  }
  uint8_t* base = box->Need(16 + head_n + room + 96);
  uint8_t* p = base + 16;
  if (head_n) {
    head->WriteOneByteV2(iso, 0, head_n, p);
    p += head_n;
  }
  auto put_body = [&](uint8_t* at) -> size_t {
    if (!text.IsEmpty()) return PutUtf8(iso, text, at);
    if (bytes_n) view->CopyContents(at, bytes_n);
    return bytes_n;
  };
  switch (mode) {
    case kLength:
    case kChunk:
    case kLastChunk: {
      if (text.IsEmpty() && room >= 512) {  // bytes, whose number is known
        if (mode == kLength) {
          p = Put(p, "Content-Length: ", 16);
          p += PutDecimal(p, room);
          p = Put(p, "\r\n\r\n", 4);
          p += put_body(p);
        } else {
          p += PutHex(p, room);
          p = Put(p, "\r\n", 2);
          p += put_body(p);
          p = Put(p, "\r\n", 2);
        }
        if (mode == kLastChunk) p = Put(p, "0\r\n\r\n", 5);
        break;
      }
      // The body goes behind a gap that is large enough for its length, and moves up once that is written.
      uint8_t* body = p + 40;
      size_t n = room ? put_body(body) : 0;
      if (mode == kLength) {
        p = Put(p, "Content-Length: ", 16);
        p += PutDecimal(p, n);
        p = Put(p, "\r\n\r\n", 4);
      } else if (n) {
        p += PutHex(p, n);
        p = Put(p, "\r\n", 2);
      }
      if (n) memmove(p, body, n);
      p += n;
      if (mode != kLength && n) p = Put(p, "\r\n", 2);
      if (mode == kLastChunk) p = Put(p, "0\r\n\r\n", 5);
      break;
    }
    default:
      if (room) p += put_body(p);
      if (mode == kNoMoreChunks) p = Put(p, "0\r\n\r\n", 5);
  }
  int32_t record[4] = {number(0), number(1), number(5), static_cast<int32_t>(p - base - 16)};
  memcpy(base, record, 16);
  box->size += ((p - base) + 7) & ~size_t{7};
}

}  // namespace

extern "C" hob_outbox* hob_outbox_of(hob_isolate* st) { return BoxOf(st); }
// What a flood has made large is let go.
extern "C" void hob_outbox_drop(hob_isolate* st) {
  Outbox* box = BoxOf(st);
  free(box->data);
  *static_cast<hob_outbox*>(box) = {};
}

// Strings of the heads of a batch: an array with one element per record, undefined where it is none. A record is 16
// int32: [0] kind (1: a head), [4] offset and [5] length in the slab.
extern "C" uint32_t hob_http_heads(hob_isolate* st, const int32_t* records, int n, const uint8_t* slab) {
  Isolate* iso = st->iso;
  HandleScope hs(iso);
  Local<Context> cx = iso->InContext() ? iso->GetCurrentContext() : st->context.Get(iso);
  Context::Scope scope(cx);
  LocalVector<Value> heads(iso);
  heads.reserve(n);
  for (int i = 0; i < n; i++) {
    const int32_t* r = records + 16 * i;
    Local<String> s;
    if ((r[0] == 1 || r[0] == 3) && String::NewFromOneByte(iso, slab + r[4], NewStringType::kNormal, r[5]).ToLocal(&s))
      heads.push_back(s);
    else
      heads.push_back(Undefined(iso));
  }
  return NewRef(st, Array::New(iso, heads.data(), heads.size()), false);
}

const NativeEntry kOutboxNatives[] = {
    {"respond", Respond},
    {nullptr, nullptr},
};
