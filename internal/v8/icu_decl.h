// The part of ICU 74 (inside V8's static libraries) that native_encoding.cc calls, declared by us: V8 ships no header.
// ICU's symbols end in its version; when V8 brings another one, the linker says so and the lines below change.
#pragma once
#include <cstdint>

extern "C" {

struct UConverter;
struct UIDNA;

typedef int UErrorCode;  // negative: a warning, 0: none, positive: failed
constexpr UErrorCode U_ZERO_ERROR = 0;
constexpr UErrorCode U_BUFFER_OVERFLOW_ERROR = 15;

struct UConverterToUnicodeArgs;
struct UConverterFromUnicodeArgs;
typedef void (*UConverterToUCallback)(const void* context, UConverterToUnicodeArgs*, const char* units, int32_t length,
                                      int reason, UErrorCode*);

UConverter* ucnv_open_74(const char* name, UErrorCode*);
void ucnv_close_74(UConverter*);
void ucnv_setToUCallBack_74(UConverter*, UConverterToUCallback, const void* context, UConverterToUCallback* old,
                            const void** old_context, UErrorCode*);
void ucnv_toUnicode_74(UConverter*, char16_t** target, const char16_t* target_limit, const char** source,
                       const char* source_limit, int32_t* offsets, int8_t flush, UErrorCode*);
int32_t ucnv_toUCountPending_74(const UConverter*, UErrorCode*);
int8_t ucnv_getMinCharSize_74(const UConverter*);
// Stops the conversion with an error instead of substituting U+FFFD.
void UCNV_TO_U_CALLBACK_STOP_74(const void*, UConverterToUnicodeArgs*, const char*, int32_t, int, UErrorCode*);

struct UIDNAInfo {
  int16_t size;
  int8_t transitional_different;
  int8_t reserved_byte;
  uint32_t errors;
  int32_t reserved[2];
};
UIDNA* uidna_openUTS46_74(uint32_t options, UErrorCode*);
void uidna_close_74(UIDNA*);
int32_t uidna_nameToASCII_UTF8_74(const UIDNA*, const char* name, int32_t length, char* dest, int32_t capacity,
                                  UIDNAInfo*, UErrorCode*);
int32_t uidna_nameToUnicodeUTF8_74(const UIDNA*, const char* name, int32_t length, char* dest, int32_t capacity,
                                   UIDNAInfo*, UErrorCode*);
}
