/* V8 wants nothing mapped below 4 GB, where a pointer cut to 32 bits would lead, and tries it from each of the first 256
 * pages on. A program that is linked to a fixed address, as Go links them, lies there itself: all attempts fail, at two
 * system calls each, 9 % of the time of a start. They fail here instead. Position-independent programs get their guard. */
#define _LARGEFILE64_SOURCE
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>

/* The linker calls this for mmap64, as V8 names it (--wrap in cgo.go), and glibc's by the other name. */
void* __real_mmap64(void*, size_t, int, int, int, off64_t);

void* __wrap_mmap64(void* at, size_t n, int prot, int flags, int fd, off64_t offset) {
  const uintptr_t end = (uintptr_t)4 << 30, from = (uintptr_t)at;
  if (prot == PROT_NONE && !(flags & MAP_FIXED) && from && from < (1 << 20) && from + n == end &&
      (uintptr_t)&__wrap_mmap64 < end) {
    errno = EEXIST;
    return MAP_FAILED;
  }
  return __real_mmap64(at, n, prot, flags, fd, offset);
}
