// V8's platform: worker threads are V8's default ones; tasks that V8 wants run on an isolate's own thread are queued
// per isolate and run by its loop, which is woken through its eventfd. (V8's default runner would need polling.)
#include <fcntl.h>
#include <libplatform/libplatform.h>
#include <link.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>

#include "natives.h"

using namespace v8;

ArrayBuffer::Allocator* NewAllocator();  // allocator.cc

// The foreground tasks of one isolate. Posted from any thread, run on the isolate's.
class TaskQueue : public TaskRunner {
 public:
  explicit TaskQueue(int wake_fd) : wake_fd_(wake_fd) {}
  bool IdleTasksEnabled() override { return false; }
  bool NonNestableTasksEnabled() const override { return true; }
  bool NonNestableDelayedTasksEnabled() const override { return true; }

  int Run(Isolate* iso) {
    int ran = 0;
    for (;;) {
      std::unique_ptr<Task> task;
      {
        std::lock_guard<std::mutex> l(mu_);
        double now = Now();
        while (!delayed_.empty() && delayed_.begin()->first <= now) {
          due_.push_back(std::move(delayed_.begin()->second));
          delayed_.erase(delayed_.begin());
        }
        if (due_.empty()) return ran;
        task = std::move(due_.front());
        due_.pop_front();
      }
      HandleScope hs(iso);
      task->Run();
      ran++;
    }
  }
  bool HasDue() {
    std::lock_guard<std::mutex> l(mu_);
    return !due_.empty();
  }
  double NextDelay() {
    std::lock_guard<std::mutex> l(mu_);
    if (!due_.empty()) return 0;
    if (delayed_.empty()) return -1;
    double d = delayed_.begin()->first - Now();
    return d > 0 ? d : 0;
  }
  // The isolate goes away: no task may touch it any more.
  void Close() {
    std::deque<std::unique_ptr<Task>> due;
    std::multimap<double, std::unique_ptr<Task>> delayed;
    std::lock_guard<std::mutex> l(mu_);
    closed_ = true;
    due.swap(due_);
    delayed.swap(delayed_);
  }

 protected:
  void PostTaskImpl(std::unique_ptr<Task> task, const SourceLocation&) override { Post(std::move(task)); }
  void PostNonNestableTaskImpl(std::unique_ptr<Task> task, const SourceLocation&) override { Post(std::move(task)); }
  void PostDelayedTaskImpl(std::unique_ptr<Task> task, double delay, const SourceLocation&) override {
    std::lock_guard<std::mutex> l(mu_);
    if (!closed_) delayed_.emplace(Now() + delay, std::move(task));
  }
  void PostNonNestableDelayedTaskImpl(std::unique_ptr<Task> task, double delay, const SourceLocation& at) override {
    PostDelayedTaskImpl(std::move(task), delay, at);
  }

 private:
  void Post(std::unique_ptr<Task> task) {
    std::lock_guard<std::mutex> l(mu_);
    if (closed_) return;
    due_.push_back(std::move(task));
    // What the isolate's own thread posts, it will look for before it waits.
    if (due_.size() == 1 && wake_fd_ >= 0 && !pthread_equal(owner_, pthread_self())) {
      uint64_t one = 1;
      ssize_t ignored = write(wake_fd_, &one, sizeof one);
      (void)ignored;
    }
  }
  static double Now() { return ThePlatform()->MonotonicallyIncreasingTime(); }
  std::mutex mu_;
  std::deque<std::unique_ptr<Task>> due_;
  std::multimap<double, std::unique_ptr<Task>> delayed_;
  int wake_fd_;
  pthread_t owner_ = pthread_self();  // made on the isolate's thread
  bool closed_ = false;
};

namespace {

class HobPlatform : public Platform {
 public:
  explicit HobPlatform(int threads) : base_(platform::NewDefaultPlatform(threads)) {}

  void Bind(Isolate* iso, std::shared_ptr<TaskQueue> q) {
    std::lock_guard<std::mutex> l(mu_);
    queues_[iso] = std::move(q);
  }
  // After the isolate is gone its address may already belong to a new one: only its own queue is unbound.
  void Unbind(Isolate* iso, TaskQueue* q) {
    std::lock_guard<std::mutex> l(mu_);
    auto it = queues_.find(iso);
    if (it != queues_.end() && it->second.get() == q) queues_.erase(it);
  }
  int worker_tasks() const { return worker_tasks_.load(std::memory_order_acquire); }

  PageAllocator* GetPageAllocator() override { return base_->GetPageAllocator(); }
  ThreadIsolatedAllocator* GetThreadIsolatedAllocator() override { return base_->GetThreadIsolatedAllocator(); }
  void OnCriticalMemoryPressure() override { base_->OnCriticalMemoryPressure(); }
  int NumberOfWorkerThreads() override { return base_->NumberOfWorkerThreads(); }
  std::shared_ptr<TaskRunner> GetForegroundTaskRunner(Isolate* iso, TaskPriority) override {
    std::lock_guard<std::mutex> l(mu_);
    auto it = queues_.find(iso);
    if (it != queues_.end()) return it->second;
    // V8 asks while Isolate::New still runs, before we know the pointer: the queue being bound is passed by thread.
    return pending_;
  }
  bool IdleTasksEnabled(Isolate*) override { return false; }
  double MonotonicallyIncreasingTime() override { return base_->MonotonicallyIncreasingTime(); }
  double CurrentClockTimeMillis() override { return base_->CurrentClockTimeMillis(); }
  TracingController* GetTracingController() override { return base_->GetTracingController(); }

  static thread_local std::shared_ptr<TaskQueue> pending_;

 protected:
  std::unique_ptr<JobHandle> CreateJobImpl(TaskPriority p, std::unique_ptr<JobTask> t, const SourceLocation& at) override {
    return base_->CreateJob(p, std::move(t), at);
  }
  void PostTaskOnWorkerThreadImpl(TaskPriority p, std::unique_ptr<Task> t, const SourceLocation& at) override {
    worker_tasks_.fetch_add(1, std::memory_order_acq_rel);
    base_->PostTaskOnWorkerThread(p, std::make_unique<Counted>(this, std::move(t)), at);
  }
  void PostDelayedTaskOnWorkerThreadImpl(TaskPriority p, std::unique_ptr<Task> t, double d, const SourceLocation& at) override {
    base_->PostDelayedTaskOnWorkerThread(p, std::move(t), d, at);
  }

 private:
  struct Counted : Task {
    Counted(HobPlatform* p, std::unique_ptr<Task> t) : p(p), t(std::move(t)) {}
    ~Counted() override {
      t.reset();
      p->worker_tasks_.fetch_sub(1, std::memory_order_acq_rel);
    }
    void Run() override { t->Run(); }
    HobPlatform* p;
    std::unique_ptr<Task> t;
  };
  std::unique_ptr<Platform> base_;
  std::mutex mu_;
  std::unordered_map<Isolate*, std::shared_ptr<TaskQueue>> queues_;
  std::atomic<int> worker_tasks_{0};
};
thread_local std::shared_ptr<TaskQueue> HobPlatform::pending_;

// V8's platform is the process's, as V8 itself is: made once, never torn down.
HobPlatform* the_platform;
ArrayBuffer::Allocator* the_allocator;

}  // namespace

Platform* ThePlatform() { return the_platform; }
ArrayBuffer::Allocator* SharedAllocator() { return the_allocator; }
std::shared_ptr<TaskQueue> NewTaskQueue(int wake_fd) {
  HobPlatform::pending_ = std::make_shared<TaskQueue>(wake_fd);
  return HobPlatform::pending_;
}
void BindTaskQueue(Isolate* iso, std::shared_ptr<TaskQueue> q) { the_platform->Bind(iso, std::move(q)); }
void UnbindTaskQueue(Isolate* iso, TaskQueue* q) { the_platform->Unbind(iso, q); }
int RunTasks(TaskQueue* q, Isolate* iso) { return q->Run(iso); }
int TasksPending(TaskQueue* q) { return q->HasDue() || the_platform->worker_tasks() > 0; }
double NextTaskDelay(TaskQueue* q) { return q->NextDelay(); }
void CloseTasks(TaskQueue* q) { q->Close(); }

// The code that starts Go and V8 runs once, and with the pages that the kernel maps around each fault it is 10 MB and more.
// Giving the mapping back costs nothing that lasts: the pages are the file's, clean and in the page cache, and what is
// needed again is faulted in again (about 0.3 ms in all). Not while a debugger is attached: it would lose its breakpoints.
static int GiveBack(dl_phdr_info* info, size_t, void*) {
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const auto& ph = info->dlpi_phdr[i];
    if (ph.p_type != PT_LOAD || (ph.p_flags & PF_W)) continue;  // code and constants: never written, so never lost
    uintptr_t page = 4095, from = (info->dlpi_addr + ph.p_vaddr + page) & ~page,
              to = (info->dlpi_addr + ph.p_vaddr + ph.p_memsz) & ~page;
    if (to > from) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  }
  return 1;  // the first entry is the program; the libraries' code stays
}
static bool DebuggerAttached() {
  char buf[2048];
  int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return true;
  ssize_t n = read(fd, buf, sizeof buf - 1);
  close(fd);
  buf[n > 0 ? n : 0] = 0;
  const char* t = strstr(buf, "TracerPid:\t");
  return !t || t[11] != '0';
}

static bool give_back;
void GiveBackStartupPages() {
  if (give_back) dl_iterate_phdr(GiveBack, nullptr);
}
extern "C" void hob_give_back_pages(void) { GiveBackStartupPages(); }

extern "C" void hob_init(const char* flags, int worker_threads) {
  give_back = !DebuggerAttached();
  GiveBackStartupPages();
  // Memory protection keys are a right of the thread that V8 was initialised on and of those it starts. Go's threads are
  // started by any thread, so an isolate made on another one would fault (SEGV_PKUERR).
  V8::SetFlagsFromString("--js-float16array --js-explicit-resource-management --js-source-phase-imports --no-freeze-flags-after-init --no-memory-protection-keys");
  V8::SetFlagsFromString(flags);
  the_platform = new HobPlatform(worker_threads);
  V8::InitializePlatform(the_platform);
  V8::Initialize();
  the_allocator = NewAllocator();
  GiveBackStartupPages();
}
extern "C" int hob_take_flags(char** argv, int argc) {
  V8::SetFlagsFromCommandLine(&argc, argv, true);
  return argc;
}
extern "C" const char* hob_v8_version(void) { return V8::GetVersion(); }
extern "C" uint8_t* hob_bytes_alloc(size_t n, int zero) {
  return static_cast<uint8_t*>(zero ? the_allocator->Allocate(n ? n : 1) : the_allocator->AllocateUninitialized(n ? n : 1));
}
extern "C" void hob_bytes_free(uint8_t* p, size_t n) { the_allocator->Free(p, n ? n : 1); }
extern "C" void hob_free(void* p) { free(p); }
extern "C" void hob_noop(void) {}
