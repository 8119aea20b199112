package v8

// #include "engine.h"
// #include <stdlib.h>
import "C"

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

var (
	processInit sync.Once // V8 itself is one per process
	threads     int       // of V8's own; set before processInit
)

// SetThreads sets how many threads V8 starts for compilation and garbage collection: at most 16, and 0 is as many as suit
// the machine, up to 4. Before the first isolate.
func SetThreads(n int) { threads = min(max(n, 0), 16) }

// Init starts V8 for this process, once: later calls and their flags are ignored. flags are V8's own, separated by
// blanks. NewIsolate calls it with none.
func Init(flags string) {
	processInit.Do(func() {
		f := C.CString(flags)
		defer C.free(unsafe.Pointer(f))
		n := threads
		if n == 0 {
			n = min(max(runtime.NumCPU()-1, 1), 4)
		}
		C.hob_init(f, C.int(n))
	})
}

// TakeFlags sets those of a command line's options that are V8's, and returns the others. What has a value that the flag
// can't have is told on standard error by V8 and returned too. Before the first isolate.
func TakeFlags(options []string) (rest []string) {
	argv := unsafe.Slice((**C.char)(C.malloc(C.size_t(len(options)+2)*8)), len(options)+2)
	all := make([]*C.char, 0, len(options)+1)
	for i, o := range append([]string{""}, options...) {
		argv[i] = C.CString(o)
		all = append(all, argv[i])
	}
	argv[len(options)+1] = nil
	n := int(C.hob_take_flags(&argv[0], C.int(len(options)+1)))
	for _, p := range argv[1:n] {
		rest = append(rest, C.GoString(p))
	}
	for _, p := range all {
		C.free(unsafe.Pointer(p))
	}
	C.free(unsafe.Pointer(&argv[0]))
	return rest
}

var staticSources sync.Once // the texts are the process's

// StaticSources registers source texts that never go away (go:embed), once per process and before the first isolate:
// what is compiled of them is not copied, neither into the heap nor into a snapshot. They must be ASCII, which is not
// checked here (it would read megabytes that a start does not need; a test does). The order must be the same where a snapshot is made and where it is used.
func StaticSources(list []string) {
	staticSources.Do(func() {
		n := len(list)
		if n == 0 {
			return
		}
		ptrs := unsafe.Slice((**C.char)(C.malloc(C.size_t(n)*8)), n)
		lens := unsafe.Slice((*C.size_t)(C.malloc(C.size_t(n)*8)), n)
		k := 0
		for _, s := range list {
			ptrs[k], lens[k] = (*C.char)(unsafe.Pointer(unsafe.StringData(s))), C.size_t(len(s))
			k++
		}
		C.hob_static_sources(&ptrs[0], &lens[0], C.int(k))
		C.free(unsafe.Pointer(&ptrs[0]))
		C.free(unsafe.Pointer(&lens[0]))
	})
}

// GiveBackPages unmaps the pages of the program's own code and constants that its start has touched: clean pages of the
// file, which stay in the page cache and are mapped again where they are needed. About 0.1 ms. Not while a debugger is
// attached.
func GiveBackPages() { C.hob_give_back_pages() }

// Version is V8's, as "13.6.233.10".
func Version() string { return C.GoString(C.hob_v8_version()) }

// Options of an isolate. Zero values mean V8's defaults.
type Options struct {
	MaxOldBytes uint64 // limit of the old generation
	MaxBuffers  uint64 // limit of what ArrayBuffers hold; 0: none
	Snapshot    []byte // a blob from CreateSnapshot; must not be changed or freed while the isolate lives
	WakeFD      int    // eventfd written to when V8 wants RunTasks called; -1: none
	Creator     bool   // the isolate serves to make a snapshot
}

// Func is a Go function that JavaScript calls, on the isolate's thread.
type Func func(c *Call)

// An Isolate is one V8 heap with one main context. It belongs to the locked OS thread that made it.
type Isolate struct {
	c     *C.hob_isolate
	pin   runtime.Pinner
	funcs []Func

	// WrapCallback, when there is one, makes what Callback keeps of argument i: another function, or 0 for the argument.
	WrapCallback func(c *Call, i int) Ref
	calls        []*Call // a free list: one in use per nesting of JavaScript → Go calls
	depth        int
	args         []byte // encoding buffer for calls to JavaScript
	ret          []byte // encoding buffer for results of Go functions: pinned, read by C++ after the function returned
	retPin       runtime.Pinner
	thread       threadID
	outbox       *C.hob_outbox // shared with C++: outbox.go

	crossIn, crossOut uint64 // JavaScript → Go, Go → JavaScript: read by tests and statistics

	mu         sync.Mutex // guards interrupts
	interrupts map[uint64]func(*Isolate)
	nextInt    uint64
	disposed   atomic.Bool
}

// NewIsolate makes an isolate on the calling goroutine's thread, which must stay locked to it until Dispose.
func NewIsolate(o Options) (*Isolate, error) {
	Init("")
	iso := &Isolate{thread: currentThread(), interrupts: map[uint64]func(*Isolate){}}
	iso.growRet(4096)
	iso.pin.Pin(iso)
	co := C.hob_isolate_options{
		max_old_bytes:    C.uint64_t(o.MaxOldBytes),
		max_buffer_bytes: C.uint64_t(o.MaxBuffers), wake_fd: C.int(o.WakeFD),
	}
	if o.Creator {
		co.creator = 1
	}
	if len(o.Snapshot) > 0 {
		// V8 reads the blob while it makes the isolate and when it makes contexts: it stays pinned as long.
		iso.pin.Pin(&o.Snapshot[0])
		co.snapshot = (*C.uint8_t)(unsafe.Pointer(&o.Snapshot[0]))
		co.snapshot_len = C.size_t(len(o.Snapshot))
	}
	iso.c = C.hob_isolate_new(C.uintptr_t(uintptr(unsafe.Pointer(iso))), &co)
	if iso.c == nil {
		iso.pin.Unpin()
		return nil, errors.New("v8: the isolate's context could not be made")
	}
	return iso, nil
}

func (iso *Isolate) growRet(n int) {
	iso.retPin.Unpin()
	iso.ret = make([]byte, 0, n)
	iso.retPin.Pin(unsafe.SliceData(iso.ret))
}

// Dispose frees the isolate and everything in it. References and functions made from it are void afterwards.
func (iso *Isolate) Dispose() {
	iso.assertThread()
	iso.mu.Lock()
	iso.disposed.Store(true)
	iso.mu.Unlock()
	C.hob_isolate_dispose(iso.c)
	iso.c = nil
	iso.pin.Unpin()
	iso.retPin.Unpin()
}

// Terminate makes JavaScript that runs now stop with an exception it can't catch. Any goroutine.
func (iso *Isolate) Terminate() {
	iso.mu.Lock()
	defer iso.mu.Unlock()
	if !iso.disposed.Load() {
		C.hob_terminate(iso.c)
	}
}

// CancelTerminate lets JavaScript run again after a termination has unwound. Any goroutine.
func (iso *Isolate) CancelTerminate() {
	iso.mu.Lock()
	defer iso.mu.Unlock()
	if !iso.disposed.Load() {
		C.hob_cancel_terminate(iso.c)
	}
}

// Interrupt runs f on the isolate's thread as soon as JavaScript that runs there reaches a safe point, also inside an
// endless loop; when no JavaScript runs, the next time it does. f may read the stack or terminate, but must not call
// JavaScript. Any goroutine.
func (iso *Isolate) Interrupt(f func(*Isolate)) {
	iso.mu.Lock()
	defer iso.mu.Unlock()
	if iso.disposed.Load() {
		return
	}
	iso.nextInt++
	iso.interrupts[iso.nextInt] = f
	C.hob_request_interrupt(iso.c, C.uint64_t(iso.nextInt))
}

// isolateOf turns what C++ was given at the isolate's making back into it: a pinned pointer, so the number is the address.
func isolateOf(p *C.uintptr_t) *Isolate { return *(**Isolate)(unsafe.Pointer(p)) }

//export hobGoInterrupt
func hobGoInterrupt(p C.uintptr_t, id C.uint64_t) {
	iso := isolateOf(&p)
	iso.mu.Lock()
	f := iso.interrupts[uint64(id)]
	delete(iso.interrupts, uint64(id))
	iso.mu.Unlock()
	if f != nil {
		f(iso)
	}
}

// CurrentStack describes up to n frames of the JavaScript that runs now, innermost first, a line each:
// "function file:line:column".
func (iso *Isolate) CurrentStack(n int) string {
	var buf [8192]byte
	got := C.hob_current_stack(iso.c, (*C.char)(unsafe.Pointer(&buf[0])), C.size_t(len(buf)), C.int(n))
	return string(buf[:got])
}

// RunTasks runs V8's own due tasks (WebAssembly compilation, Atomics.waitAsync, finalization) and returns how many.
func (iso *Isolate) RunTasks() int { return int(C.hob_run_tasks(iso.c)) }

// TasksPending reports whether V8 tasks are queued or worker tasks are under way in this process.
func (iso *Isolate) TasksPending() bool { return C.hob_tasks_pending(iso.c) != 0 }

// NextTaskDelay is the time in seconds until V8's next delayed task is due; negative when there is none.
func (iso *Isolate) NextTaskDelay() float64 { return float64(C.hob_next_task_delay(iso.c)) }

// TimeZoneChanged makes V8 read the time zone anew; tz is the new TZ, for the C library's functions that V8 uses.
func (iso *Isolate) TimeZoneChanged(tz string) {
	s := C.CString(tz)
	defer C.free(unsafe.Pointer(s))
	C.hob_time_zone_changed(iso.c, s)
}

// Crossings counts calls between the two languages since the isolate was made: JavaScript → Go, Go → JavaScript.
func (iso *Isolate) Crossings() (in, out uint64) { return iso.crossIn, iso.crossOut }

// HeapStatistics are V8's numbers, in bytes where they are sizes. See v8::HeapStatistics.
type HeapStatistics struct {
	TotalHeapSize, TotalHeapSizeExecutable, TotalPhysicalSize, TotalAvailableSize, UsedHeapSize, HeapSizeLimit,
	MallocedMemory, PeakMallocedMemory, DoesZapGarbage, NumberOfNativeContexts, NumberOfDetachedContexts,
	TotalGlobalHandlesSize, UsedGlobalHandlesSize, ExternalMemory uint64
}

// HeapStatistics reads the heap's figures.
func (iso *Isolate) HeapStatistics() HeapStatistics {
	var s C.hob_heap_stats
	C.hob_heap_statistics(iso.c, &s)
	return *(*HeapStatistics)(unsafe.Pointer(&s))
}

// Refs is the number of references alive: leak tests compare it.
func (iso *Isolate) Refs() int { return int(C.hob_ref_count(iso.c)) }

// CreateSnapshot ends a Creator isolate's life as a heap and returns its blob. boot is kept in it and comes back from
// SnapshotBoot. Only Dispose may follow.
func (iso *Isolate) CreateSnapshot(boot Ref) ([]byte, error) {
	var n C.size_t
	p := C.hob_snapshot_create(iso.c, C.uint32_t(boot), &n)
	if p == nil {
		return nil, errors.New("v8: the snapshot could not be made")
	}
	defer C.hob_free(unsafe.Pointer(p))
	return C.GoBytes(unsafe.Pointer(p), C.int(n)), nil
}

// SnapshotBoot is the object given to CreateSnapshot, in an isolate made from the blob; 0 in any other.
func (iso *Isolate) SnapshotBoot() Ref { return Ref(C.hob_snapshot_boot(iso.c)) }

func noop() { C.hob_noop() }

// NativesList names the C++ natives, in order: a snapshot refers to them by position.
func NativesList() string { return C.GoString(C.hob_natives_list()) }
