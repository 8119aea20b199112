/* Chromium's zlib, which is inside V8's static libraries with the prefix Cr_z_: what we call of it, declared here, and
 * the codec that zlib.cc makes of it for Go. No isolate is involved: any thread, one at a time for each codec. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hob_zlib hob_zlib;

/* The numbers of node:zlib's modes. */
enum {
  HOB_DEFLATE = 1,
  HOB_INFLATE = 2,
  HOB_GZIP = 3,
  HOB_GUNZIP = 4,
  HOB_DEFLATERAW = 5,
  HOB_INFLATERAW = 6,
  HOB_UNZIP = 7
};

typedef struct {
  size_t read, wrote;
  int code;            /* zlib's: 0, 1 at the end of the stream, negative or 2 for errors */
  const char* message; /* of an error: NULL when there is none; lives as long as the codec */
} hob_zlib_result;

/* NULL with *code set when zlib refuses the parameters. The dictionary is copied. */
hob_zlib* hob_zlib_new(int mode, int level, int window_bits, int mem_level, int strategy, const uint8_t* dict,
                       size_t dict_len, int* code);
hob_zlib_result hob_zlib_write(hob_zlib*, int flush, const uint8_t* in, size_t in_len, uint8_t* out, size_t out_len);
int hob_zlib_reset(hob_zlib*);
int hob_zlib_params(hob_zlib*, int level, int strategy);
void hob_zlib_free(hob_zlib*);
uint32_t hob_crc32(uint32_t crc, const uint8_t* data, size_t len);

#ifdef __cplusplus
}
#endif
