// Memory of ArrayBuffers. V8's own allocator for its sandbox costs 0.7 µs for 1 KB and 100 µs for 64 KB, zeroed or not,
// and gives pages back at every free. This one stands in front of it: blocks of a size class are kept when they are freed.
//
// Any thread may call it (V8 frees on its background threads). The lists of free blocks live outside the sandbox, so
// nothing that JavaScript can write steers an allocation.
#include <cstring>
#include <mutex>

#include "natives.h"

using namespace v8;

namespace {

constexpr size_t kLargest = 8 << 20;      // larger blocks go to V8's allocator at once
constexpr size_t kCarved = 8 << 10;       // blocks up to this size are cut from slabs and never given back
constexpr size_t kSlab = 256 << 10;
constexpr size_t kKeepLarge = 64u << 20;  // of larger ones so much is kept: what V8 lets pile up between two collections
constexpr int kClasses = 73;

struct SizeClass {
  int index;
  size_t size;
};

// Steps of 16 up to 128, then four steps to each doubling: at most a fifth is wasted.
SizeClass ClassOf(size_t n) {
  if (n <= 128) {
    int i = n ? static_cast<int>((n + 15) / 16) : 1;
    return {i - 1, static_cast<size_t>(i) * 16};
  }
  int shift = 63 - __builtin_clzll(n - 1);
  size_t base = size_t{1} << shift, step = base / 4, i = (n - 1 - base) / step;
  return {8 + (shift - 7) * 4 + static_cast<int>(i), base + (i + 1) * step};
}

class CachingAllocator : public ArrayBuffer::Allocator {
 public:
  explicit CachingAllocator(ArrayBuffer::Allocator* inner) : inner_(inner) {}

  void* Allocate(size_t n) override {
    if (n > kLargest) return inner_->Allocate(n);
    void* p = Take(n);
    if (p) memset(p, 0, n);
    return p;
  }
  void* AllocateUninitialized(size_t n) override {
    return n > kLargest ? inner_->AllocateUninitialized(n) : Take(n);
  }
  void Free(void* p, size_t n) override {
    if (!p) return;
    if (n > kLargest) return inner_->Free(p, n);
    SizeClass c = ClassOf(n);
    if (c.size > kCarved && kept_.fetch_add(c.size, std::memory_order_relaxed) > kKeepLarge) {
      kept_.fetch_sub(c.size, std::memory_order_relaxed);
      return inner_->Free(p, c.size);
    }
    Bin& bin = bins_[c.index];
    std::lock_guard<std::mutex> lock(bin.mutex);
    bin.free.push_back(p);
  }
  size_t MaxAllocationSize() const override { return inner_->MaxAllocationSize(); }
  PageAllocator* GetPageAllocator() override { return inner_->GetPageAllocator(); }

 private:
  struct Bin {
    std::mutex mutex;
    std::vector<void*> free;
  };

  void* Take(size_t n) {
    SizeClass c = ClassOf(n);
    Bin& bin = bins_[c.index];
    std::lock_guard<std::mutex> lock(bin.mutex);
    if (bin.free.empty()) {
      if (c.size > kCarved) return inner_->AllocateUninitialized(c.size);
      auto* slab = static_cast<char*>(inner_->AllocateUninitialized(kSlab));
      if (!slab) return nullptr;
      for (size_t at = kSlab / c.size * c.size; at >= c.size; at -= c.size) bin.free.push_back(slab + at - c.size);
    }
    void* p = bin.free.back();
    bin.free.pop_back();
    if (c.size > kCarved) kept_.fetch_sub(c.size, std::memory_order_relaxed);
    return p;
  }

  ArrayBuffer::Allocator* inner_;
  std::atomic<size_t> kept_{0};
  Bin bins_[kClasses];
};

}  // namespace

// One for the process, never ended.
ArrayBuffer::Allocator* NewAllocator() { return new CachingAllocator(ArrayBuffer::Allocator::NewDefaultAllocator()); }
