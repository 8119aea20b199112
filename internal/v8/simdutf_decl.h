// The part of simdutf (inside V8's static libraries) that native_bytes.cc calls, declared by us: V8 ships no header.
// The values are simdutf's public ones; its functions choose the fastest kernel for the processor at run time.
#pragma once
#include <cstddef>
#include <cstdint>

namespace simdutf {

enum error_code : int {
  SUCCESS = 0,
  INVALID_BASE64_CHARACTER = 7,
  BASE64_INPUT_REMAINDER = 8,
};
struct result {
  error_code error;
  size_t count;
};
enum base64_options : uint64_t { base64_default = 0, base64_url = 1 };
enum last_chunk_handling_options : uint64_t { loose = 0 };

bool validate_ascii(const char*, size_t) noexcept;
bool validate_utf8(const char*, size_t) noexcept;
bool validate_utf16le(const char16_t*, size_t) noexcept;
result validate_ascii_with_errors(const char*, size_t) noexcept;

size_t utf8_length_from_latin1(const char*, size_t) noexcept;
size_t utf8_length_from_utf16le(const char16_t*, size_t) noexcept;
size_t utf16_length_from_utf8(const char*, size_t) noexcept;

size_t convert_latin1_to_utf8(const char*, size_t, char*) noexcept;
result convert_utf16le_to_utf8_with_errors(const char16_t*, size_t, char*) noexcept;
size_t convert_valid_utf16le_to_utf8(const char16_t*, size_t, char*) noexcept;
result convert_utf8_to_latin1_with_errors(const char*, size_t, char*) noexcept;
result convert_utf8_to_utf16le_with_errors(const char*, size_t, char16_t*) noexcept;

size_t base64_length_from_binary(size_t, base64_options) noexcept;
size_t binary_to_base64(const char*, size_t, char*, base64_options) noexcept;
size_t maximal_binary_length_from_base64(const char*, size_t) noexcept;
size_t maximal_binary_length_from_base64(const char16_t*, size_t) noexcept;
result base64_to_binary_safe(const char*, size_t, char*, size_t&, base64_options, last_chunk_handling_options) noexcept;
result base64_to_binary_safe(const char16_t*, size_t, char*, size_t&, base64_options,
                             last_chunk_handling_options) noexcept;

}  // namespace simdutf
