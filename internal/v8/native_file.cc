// The synchronous calls of node:fs that programs make often: a system call each, made where JavaScript is, without a
// crossing into Go. What fails is a negative errno; the JavaScript half makes the error of it. Everything else of fs, and
// all that runs in the pool, is Go.
//
// These block the thread: that is what the synchronous functions of fs are for.
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "bytes.h"

using namespace v8;

namespace {

// An error of a later step of a call that opens a file, too: told apart from those of open.
constexpr int kLater = 4096;
constexpr size_t kMaxFile = 0x7fffffff;

// A path argument, a string or bytes, as the kernel takes it. Null bytes were looked for by JavaScript.
class Path {
 public:
  Path(Isolate* iso, Local<Value> v) {
    size_t n = 0;
    if (v->IsString()) {
      Local<String> s = v.As<String>();
      // UTF-8 is never shorter than the string: what is longer need not be encoded.
      fits_ = static_cast<size_t>(s->Length()) < sizeof(text_) && (n = Write(iso, s)) != SIZE_MAX;
    } else {
      Source bytes(v);
      n = bytes.size();
      fits_ = n < sizeof(text_);
      if (fits_) memcpy(text_, bytes.data(), n);
    }
    text_[fits_ ? n : 0] = 0;
  }
  Path(const Path&) = delete;
  bool fits() const { return fits_; }
  const char* text() const { return text_; }

 private:
  size_t Write(Isolate* iso, Local<String> s) {
    if (s->IsOneByte()) {
      size_t n = s->Length();
      s->WriteOneByteV2(iso, 0, static_cast<uint32_t>(n), reinterpret_cast<uint8_t*>(text_));
      uint8_t all = 0;
      for (size_t i = 0; i < n; i++) all |= static_cast<uint8_t>(text_[i]);
      if (all < 0x80) return n;
    }
    size_t n = s->Utf8LengthV2(iso);
    if (n >= sizeof(text_)) return SIZE_MAX;
    return s->WriteUtf8V2(iso, text_, sizeof(text_), String::WriteFlags::kReplaceInvalidUtf8);
  }

  char text_[PATH_MAX];
  bool fits_;
};

template <class F>
auto Retry(F call) {
  for (;;) {
    auto r = call();
    if (r != -1 || errno != EINTR) return r;
  }
}

int32_t IntArg(const Info& info, int i) {
  Local<Value> v = info[i];
  return v->IsInt32() ? v.As<Int32>()->Value() : v->IsNumber() ? static_cast<int32_t>(v.As<Number>()->Value()) : 0;
}

// A position in a file: negative where the descriptor stands.
int64_t PositionArg(const Info& info, int i) {
  Local<Value> v = info[i];
  if (v->IsInt32()) return v.As<Int32>()->Value();
  if (v->IsBigInt()) return v.As<BigInt>()->Int64Value();
  if (!v->IsNumber()) return -1;
  double d = v.As<Number>()->Value();
  return d >= -9.2e18 && d <= 9.2e18 ? static_cast<int64_t>(d) : -1;
}

void Answer(const Info& info, int64_t r) {
  if (r == -1) r = -errno;
  if (r >= INT32_MIN && r <= INT32_MAX)
    info.GetReturnValue().Set(static_cast<int32_t>(r));
  else
    info.GetReturnValue().Set(static_cast<double>(r));
}

int Open(const char* path, int flags, int mode) {
  return Retry([&] { return open(path, flags | O_CLOEXEC, mode); });
}

// fileExists(path)
void FileExists(const Info& info) {
  Path path(info.GetIsolate(), info[0]);
  info.GetReturnValue().Set(path.fits() && Retry([&] { return access(path.text(), F_OK); }) == 0);
}

// fileAccess(path, mode)
void FileAccess(const Info& info) {
  Path path(info.GetIsolate(), info[0]);
  if (!path.fits()) return Answer(info, -ENAMETOOLONG);
  Answer(info, Retry([&] { return access(path.text(), IntArg(info, 1)); }));
}

// fileStat(path or descriptor, kind, numbers): kind 0 follows a link, 1 does not, 2 is a descriptor. 18 doubles, in the
// order of stat.go.
void FileStat(const Info& info) {
  int kind = IntArg(info, 1);
  Target out(info[2]);
  if (out.size() < 18 * sizeof(double)) return Answer(info, -EINVAL);
  struct statx st;
  constexpr unsigned mask = STATX_BASIC_STATS | STATX_BTIME;
  int r;
  if (kind == 2) {
    r = Retry([&] { return statx(IntArg(info, 0), "", AT_EMPTY_PATH, mask, &st); });
  } else {
    Path path(info.GetIsolate(), info[0]);
    if (!path.fits()) return Answer(info, -ENAMETOOLONG);
    r = Retry([&] { return statx(AT_FDCWD, path.text(), kind == 1 ? AT_SYMLINK_NOFOLLOW : 0, mask, &st); });
  }
  if (r == 0) {
    const statx_timestamp* times[] = {&st.stx_atime, &st.stx_mtime, &st.stx_ctime, &st.stx_btime};
    double v[18] = {static_cast<double>(makedev(st.stx_dev_major, st.stx_dev_minor)),
                    static_cast<double>(st.stx_mode),
                    static_cast<double>(st.stx_nlink),
                    static_cast<double>(st.stx_uid),
                    static_cast<double>(st.stx_gid),
                    static_cast<double>(makedev(st.stx_rdev_major, st.stx_rdev_minor)),
                    static_cast<double>(st.stx_blksize),
                    static_cast<double>(st.stx_ino),
                    static_cast<double>(st.stx_size),
                    static_cast<double>(st.stx_blocks)};
    for (int i = 0; i < 4; i++) {
      v[10 + 2 * i] = static_cast<double>(times[i]->tv_sec);
      v[11 + 2 * i] = times[i]->tv_nsec;
    }
    memcpy(out.data(), v, sizeof v);
  }
  Answer(info, r);
}

// fileOpen(path, flags, mode)
void FileOpen(const Info& info) {
  Path path(info.GetIsolate(), info[0]);
  if (!path.fits()) return Answer(info, -ENAMETOOLONG);
  Answer(info, Open(path.text(), IntArg(info, 1), static_cast<int>(SizeArg(info, 2))));
}

// fileClose(descriptor): given back even when it was interrupted; trying again could close another's.
void FileClose(const Info& info) {
  int r = close(IntArg(info, 0));
  Answer(info, r == -1 && errno == EINTR ? 0 : r);
}

// fileRead(descriptor, view, offset, length, position)
void FileRead(const Info& info) {
  Target to(info[1]);
  to.Narrow(info, 2);
  int fd = IntArg(info, 0);
  int64_t at = PositionArg(info, 4);
  Answer(info, Retry([&] { return at < 0 ? read(fd, to.data(), to.size()) : pread(fd, to.data(), to.size(), at); }));
}

// fileWrite(descriptor, view or string, offset, length, position): a string whole.
void FileWrite(const Info& info) {
  int fd = IntArg(info, 0);
  int64_t at = PositionArg(info, 4);
  Scratch scratch;
  hob_value data;
  Describe(info.GetIsolate(), info[1], &data, &scratch);
  if (data.kind != HOB_STRING && data.kind != HOB_BYTES) return Answer(info, -EINVAL);
  auto* p = static_cast<const uint8_t*>(data.ptr);
  size_t n = data.len;
  if (data.kind == HOB_BYTES) {
    size_t off = std::min(SizeArg(info, 2), n);
    p += off;
    n = std::min(SizeArg(info, 3), n - off);
  }
  Answer(info, Retry([&] { return at < 0 ? write(fd, p, n) : pwrite(fd, p, n, at); }));
}

// fileWriteWhole(path, view or string, flags, mode): 0, an errno of open, or kLater below one of write.
void FileWriteWhole(const Info& info) {
  Path path(info.GetIsolate(), info[0]);
  if (!path.fits()) return Answer(info, -ENAMETOOLONG);
  Scratch scratch;
  hob_value data;
  Describe(info.GetIsolate(), info[1], &data, &scratch);
  if (data.kind != HOB_STRING && data.kind != HOB_BYTES) return Answer(info, -EINVAL);
  int fd = Open(path.text(), IntArg(info, 2), static_cast<int>(SizeArg(info, 3)));
  if (fd == -1) return Answer(info, -1);
  auto* p = static_cast<const uint8_t*>(data.ptr);
  size_t n = data.len;
  int64_t result = 0;
  while (n > 0) {
    ssize_t put = Retry([&] { return write(fd, p, n); });
    if (put == -1) {
      result = -errno - kLater;
      break;
    }
    p += put;
    n -= put;
  }
  close(fd);
  Answer(info, result);
}

// Reads to the end of the file or of the memory.
ssize_t ReadAll(int fd, uint8_t* p, size_t n) {
  size_t done = 0;
  while (done < n) {
    ssize_t got = Retry([&] { return read(fd, p + done, n - done); });
    if (got == -1) return -1;
    if (got == 0) break;
    done += got;
  }
  return static_cast<ssize_t>(done);
}

Local<Value> BufferOf(Isolate* iso, uint8_t* data, size_t n, size_t cap) {
  return NewBuffer(iso, ArrayBuffer::NewBackingStore(
                            data, n, [](void* p, size_t, void* cap) { SharedAllocator()->Free(p, reinterpret_cast<size_t>(cap)); },
                            reinterpret_cast<void*>(cap)));
}

// fileReadWhole(path, flags, asText): the content of a plain file, a Buffer or, when it is short, a string. A number
// otherwise: an errno of open; kLater below one of read; or, of what has no size or is too large, the open descriptor.
void FileReadWhole(const Info& info) {
  Isolate* iso = info.GetIsolate();
  Path path(iso, info[0]);
  if (!path.fits()) return Answer(info, -ENAMETOOLONG);
  int fd = Open(path.text(), IntArg(info, 1), 0666);
  if (fd == -1) return Answer(info, -1);
  struct stat st;
  if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size <= 0 || static_cast<size_t>(st.st_size) > kMaxFile)
    return Answer(info, fd);
  size_t size = static_cast<size_t>(st.st_size);
  bool text = info[2]->IsTrue() && size < kExternalFrom;
  Room<uint8_t, 8192> room(text ? size : 0);
  uint8_t* p = text ? room.data() : static_cast<uint8_t*>(SharedAllocator()->AllocateUninitialized(size));
  errno = ENOMEM;
  ssize_t got = p ? ReadAll(fd, p, size) : -1;
  int failure = errno;
  close(fd);
  if (got == -1) {
    if (p && !text) SharedAllocator()->Free(p, size);
    return Answer(info, -failure - kLater);
  }
  if (text)
    Return(info, DecodeUtf8(iso, reinterpret_cast<char*>(p), got, false));
  else
    info.GetReturnValue().Set(BufferOf(iso, p, got, size));
}

// fileRealPath(path): the resolved path; a negative errno; undefined when it is no UTF-8.
void FileRealPath(const Info& info) {
  Path path(info.GetIsolate(), info[0]);
  if (!path.fits()) return Answer(info, -ENAMETOOLONG);
  char resolved[PATH_MAX];
  if (!realpath(path.text(), resolved)) return Answer(info, -1);
  Return(info, DecodeUtf8(info.GetIsolate(), resolved, strlen(resolved), true));
}

}  // namespace

const NativeEntry kFileNatives[] = {
    {"fileExists", FileExists},
    {"fileAccess", FileAccess},
    {"fileStat", FileStat},
    {"fileOpen", FileOpen},
    {"fileClose", FileClose},
    {"fileRead", FileRead},
    {"fileWrite", FileWrite},
    {"fileReadWhole", FileReadWhole},
    {"fileWriteWhole", FileWriteWhole},
    {"fileRealPath", FileRealPath},
    {nullptr, nullptr},
};
