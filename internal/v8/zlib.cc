// The deflate family: one codec for all seven modes of node:zlib over Chromium's zlib.
#include "zlib.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

extern "C" {
// zlib's own interface, version 1.3.
struct z_stream {
  const uint8_t* next_in;
  unsigned avail_in;
  unsigned long total_in;
  uint8_t* next_out;
  unsigned avail_out;
  unsigned long total_out;
  const char* msg;
  void* state;
  void* (*zalloc)(void*, unsigned, unsigned);
  void (*zfree)(void*, void*);
  void* opaque;
  int data_type;
  unsigned long adler;
  unsigned long reserved;
};
const char* Cr_z_zlibVersion();
int Cr_z_deflateInit2_(z_stream*, int level, int method, int window_bits, int mem_level, int strategy,
                       const char* version, int stream_size);
int Cr_z_deflate(z_stream*, int flush);
int Cr_z_deflateEnd(z_stream*);
int Cr_z_deflateReset(z_stream*);
int Cr_z_deflateParams(z_stream*, int level, int strategy);
int Cr_z_deflateSetDictionary(z_stream*, const uint8_t*, unsigned);
int Cr_z_inflateInit2_(z_stream*, int window_bits, const char* version, int stream_size);
int Cr_z_inflate(z_stream*, int flush);
int Cr_z_inflateEnd(z_stream*);
int Cr_z_inflateReset(z_stream*);
int Cr_z_inflateSetDictionary(z_stream*, const uint8_t*, unsigned);
unsigned long Cr_z_crc32_z(unsigned long, const uint8_t*, size_t);
}

namespace {
enum { kOk = 0, kStreamEnd = 1, kNeedDict = 2, kDataError = -3, kMemError = -4, kBufError = -5 };
enum { kNoFlush = 0, kFinish = 4 };
constexpr size_t kPiece = 1u << 30;  // zlib counts in 32 bits
}  // namespace

struct hob_zlib {
  z_stream z{};
  int mode, given_mode;  // HOB_UNZIP becomes what the data turns out to be
  int magic = 0;         // HOB_UNZIP: bytes of gzip's magic number seen
  uint8_t* dict = nullptr;
  size_t dict_len = 0;
  bool open = false;

  bool Deflates() const { return mode == HOB_DEFLATE || mode == HOB_GZIP || mode == HOB_DEFLATERAW; }

  // A raw stream has nothing that asks for its dictionary, and a compressor needs it before the first byte.
  int SetDictionary() {
    if (!dict) return kOk;
    if (mode == HOB_DEFLATE || mode == HOB_DEFLATERAW)
      return Cr_z_deflateSetDictionary(&z, dict, static_cast<unsigned>(dict_len));
    if (mode == HOB_INFLATERAW) return Cr_z_inflateSetDictionary(&z, dict, static_cast<unsigned>(dict_len));
    return kOk;
  }

  // zlib finds out by itself whether a stream is gzip; but only gzip has further members.
  void Detect() {
    for (unsigned i = 0; mode == HOB_UNZIP && i < z.avail_in && i < 2; i++) {
      if (z.next_in[i] != (magic == 0 ? 0x1f : 0x8b))
        mode = HOB_INFLATE;
      else if (++magic == 2)
        mode = HOB_GUNZIP;
    }
  }

  int Inflate(int flush) {
    Detect();
    int code = Cr_z_inflate(&z, flush);
    if (code == kNeedDict && dict && mode != HOB_INFLATERAW) {
      code = Cr_z_inflateSetDictionary(&z, dict, static_cast<unsigned>(dict_len));
      if (code == kOk)
        code = Cr_z_inflate(&z, flush);
      else if (code == kDataError)
        code = kNeedDict;
    }
    // The next member of a gzip file. Zeros are padding.
    while (code == kStreamEnd && mode == HOB_GUNZIP && z.avail_in > 0 && *z.next_in != 0) {
      Cr_z_inflateReset(&z);
      code = Cr_z_inflate(&z, flush);
    }
    return code;
  }

  const char* Message(int code, int flush) const {
    switch (code) {
      case kOk:
      case kBufError:
        return z.avail_out != 0 && flush == kFinish ? "unexpected end of file" : nullptr;
      case kStreamEnd: return nullptr;
      case kNeedDict: return dict ? "Bad dictionary" : "Missing dictionary";
      default: return z.msg ? z.msg : "Zlib error";
    }
  }
};

extern "C" hob_zlib* hob_zlib_new(int mode, int level, int window_bits, int mem_level, int strategy,
                                  const uint8_t* dict, size_t dict_len, int* code) {
  auto* s = new hob_zlib;
  s->mode = s->given_mode = mode;
  if (dict_len > 0) {
    s->dict = static_cast<uint8_t*>(malloc(dict_len));
    s->dict_len = dict_len;
    memcpy(s->dict, dict, dict_len);
  }
  switch (mode) {
    case HOB_GZIP:
    case HOB_GUNZIP: window_bits += 16; break;
    case HOB_UNZIP: window_bits += 32; break;
    case HOB_DEFLATERAW: window_bits = window_bits == 8 ? -9 : -window_bits; break;
    case HOB_INFLATERAW: window_bits = -window_bits; break;
  }
  *code = s->Deflates() ? Cr_z_deflateInit2_(&s->z, level, 8, window_bits, mem_level, strategy, Cr_z_zlibVersion(),
                                             sizeof(z_stream))
                        : Cr_z_inflateInit2_(&s->z, window_bits, Cr_z_zlibVersion(), sizeof(z_stream));
  s->open = *code == kOk;
  if (s->open) *code = s->SetDictionary();
  if (*code == kOk) return s;
  hob_zlib_free(s);
  return nullptr;
}

extern "C" hob_zlib_result hob_zlib_write(hob_zlib* s, int flush, const uint8_t* in, size_t in_len, uint8_t* out,
                                          size_t out_len) {
  static const uint8_t nothing = 0;
  const uint8_t* start = in ? in : &nothing;
  const uint8_t* end = start + in_len;
  uint8_t* out_start = out;
  uint8_t* out_end = out + out_len;
  s->z.next_in = start;
  s->z.next_out = out;
  hob_zlib_result r{};
  for (;;) {
    s->z.avail_in = static_cast<unsigned>(std::min<size_t>(end - s->z.next_in, kPiece));
    s->z.avail_out = static_cast<unsigned>(std::min<size_t>(out_end - s->z.next_out, kPiece));
    bool last = s->z.next_in + s->z.avail_in == end;
    int now = last ? flush : kNoFlush;
    r.code = s->Deflates() ? Cr_z_deflate(&s->z, now) : s->Inflate(now);
    r.message = s->Message(r.code, now);
    bool full = s->z.avail_out == 0, drained = s->z.avail_in == 0;
    if (r.message || r.code == kStreamEnd) break;
    if (full && s->z.next_out != out_end) continue;
    if (!full && drained && !last) continue;
    break;
  }
  r.read = s->z.next_in - start;
  r.wrote = s->z.next_out - out_start;
  return r;
}

extern "C" int hob_zlib_reset(hob_zlib* s) {
  s->mode = s->given_mode;
  s->magic = 0;
  int code = s->Deflates() ? Cr_z_deflateReset(&s->z) : Cr_z_inflateReset(&s->z);
  return code == kOk ? s->SetDictionary() : code;
}

extern "C" int hob_zlib_params(hob_zlib* s, int level, int strategy) {
  if (!s->Deflates()) return kOk;
  uint8_t none;
  s->z.next_out = &none;
  s->z.avail_out = 0;
  s->z.next_in = nullptr;
  s->z.avail_in = 0;
  int code = Cr_z_deflateParams(&s->z, level, strategy);
  return code == kBufError ? kOk : code;
}

extern "C" void hob_zlib_free(hob_zlib* s) {
  if (s->open) s->Deflates() ? Cr_z_deflateEnd(&s->z) : Cr_z_inflateEnd(&s->z);
  free(s->dict);
  delete s;
}

extern "C" uint32_t hob_crc32(uint32_t crc, const uint8_t* data, size_t len) {
  return len == 0 ? crc : static_cast<uint32_t>(Cr_z_crc32_z(crc, data, len));
}
