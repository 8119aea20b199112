// Package host joins the engine and the loop: one isolate, one loop, one OS thread are a Runtime. It is the single door
// through which Go calls JavaScript (callback.go) and the place where work leaves the thread and comes back (work.go).
//
// All state of a runtime hangs on its Runtime value, so that many live in one process: worker threads are exactly that.
package host

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"

	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
)

// Version is hob's own.
const Version = "0.1.0"

// Natives is the table of Go functions that one folder's JavaScript sees as `native`.
type Natives map[string]v8.Func

// Module is the Go half of a builtin folder. Natives is called before there is an isolate: it may make loop handles and
// register OnClose, and leaves JavaScript values for later.
type Module struct {
	Folder  string
	Natives func(rt *Runtime) Natives
}

// Registry is what package builtin offers: the host knows no builtin by name but "boot".
type Registry struct {
	Source  func(id string) (src string, ok bool) // the file of an id, embedded: memory that never goes away
	Sources func() []string                       // all of them, in a fixed order
	Modules []Module                              // in a fixed order
	Public  []string                              // ids that user code may require
}

// Options make a Runtime. The zero value of a field means what the field says.
type Options struct {
	Registry *Registry

	ExecPath string            // process.execPath
	ExecArgv []string          // process.execArgv
	Argv     []string          // process.argv behind execPath
	Env      map[string]string // nil: the process's own environment, read and written through
	Stdin    io.Reader         // nil: the process's descriptors 0, 1, 2
	Stdout   io.Writer
	Stderr   io.Writer
	FS       FS // what modules are read from; nil: the operating system

	Embedded bool // true in a Go program's own process: process.exit ends the runtime, not the process

	MaxHeapBytes   uint64    // limit of V8's old generation; 0: DefaultMaxHeap()
	MaxBufferBytes uint64    // limit of what ArrayBuffers hold; 0: none
	Workers        int       // size of the pool; 0: UV_THREADPOOL_SIZE or 4
	Snapshot       *Snapshot // start-up snapshot made from the same builtins; nil: compile them as they are required
	Creator        bool      // the runtime only makes a snapshot

	EnvFlags []string // options that NODE_OPTIONS may hold, for process.allowedNodeEnvironmentFlags

	Flags map[string]any // parsed command line options that builtins ask for: host flag name → bool, string or []string
}

// ErrExited is returned by the door when process.exit has been called: nothing runs any more.
var ErrExited = errors.New("the runtime has exited")

// A Runtime is one JavaScript program's world. It belongs to the locked OS thread that made it; only what says "any
// goroutine" may be called from elsewhere.
type Runtime struct {
	Isolate *v8.Isolate
	Loop    *loop.Loop
	Options Options

	boot     v8.Ref             // exports of builtin/boot
	entry    map[string]v8.Ref  // functions of boot that Go calls, by name
	natives  map[string]Natives // by folder
	numbered []numberedFolder   // folders whose natives exist in JavaScript, in the order of their numbers

	batch      []byte // encoded events since the last flush: tagArray, count, elements
	batchCount int
	spare      []byte   // the batch before this one, to be used again
	before     []func() // gather events before JavaScript is entered
	after      []func() // drain what JavaScript left
	inFlush    bool
	setClock   func() // tells JavaScript the loop's time

	mu       sync.Mutex // guards exited and exitCode, read by Interrupt
	exiting  bool
	exitCode int
	fatal    error // why the runtime can't go on, beside process.exit

	OnDone func(c *v8.Call) // set by package hob: see embed.go
	// OnTerminated is asked when JavaScript was terminated though the runtime is not exiting: true means that only the
	// call that ran was meant, and the runtime goes on.
	OnTerminated func() bool

	closers  []func() // run by Close, last first
	prepare  *loop.Prepare
	v8Timer  *loop.Timer
	closed   bool
	handlers map[string]any // values that modules leave for each other: see Shared

	milestones milestones
}

// New makes a runtime on the calling goroutine, which stays locked to its thread until Close.
func New(o Options) (*Runtime, error) {
	if o.Registry == nil {
		return nil, errors.New("host: no builtins registered")
	}
	var reached milestones
	reached.reach(RuntimeStart)
	runtime.LockOSThread()
	l, err := loop.New(loop.Options{Workers: o.Workers})
	if err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("host: making the event loop: %w", err)
	}
	heap := o.MaxHeapBytes
	if heap == 0 {
		heap = DefaultMaxHeap()
	}
	reached.reach(V8Start)
	rt := &Runtime{Loop: l, Options: o, entry: map[string]v8.Ref{}, natives: map[string]Natives{}, handlers: map[string]any{},
		milestones: reached}
	for _, m := range rt.hostModules() {
		rt.natives[m.Folder] = m.Natives(rt)
	}
	if o.Snapshot != nil && !o.Snapshot.fits(rt.natives) {
		rt.Options.Snapshot = nil
	}
	v8.StaticSources(o.Registry.Sources())
	vo := v8.Options{WakeFD: l.WakeFD(), MaxOldBytes: heap, MaxBuffers: o.MaxBufferBytes, Creator: o.Creator}
	if rt.Options.Snapshot != nil {
		vo.Snapshot = rt.Options.Snapshot.Blob
	}
	if rt.Isolate, err = v8.NewIsolate(vo); err != nil {
		l.Close()
		runtime.UnlockOSThread()
		return nil, err
	}
	rt.milestones.reach(EnvironmentReady)
	rt.setClock = func() {}
	rt.resetBatch()
	l.SetFlush(rt.flush)
	rt.prepare = loop.NewPrepare(l, rt.runV8Tasks)
	rt.prepare.Start()
	rt.prepare.Unref()
	rt.v8Timer = loop.NewTimer(l, func() {})
	if err := rt.start(); err != nil {
		rt.Close()
		return nil, err
	}
	rt.milestones.reach(BootstrapComplete)
	return rt, nil
}

// start brings up the JavaScript side: builtin/boot, from the snapshot or from source.
func (rt *Runtime) start() error {
	o := &rt.Options
	if o.Snapshot != nil {
		// The functions in the snapshot call Go by number: the numbers are those of the order they were made in.
		rt.Isolate.Reserve([]v8.Func{rt.compileBuiltin})
		for _, f := range o.Snapshot.Folders {
			_, funcs := rt.number(f.Name)
			rt.Isolate.Reserve(funcs)
		}
		rt.boot = rt.Isolate.SnapshotBoot()
		if rt.boot == 0 {
			return errors.New("host: the snapshot holds no boot object")
		}
	} else if err := rt.bootFromSource(); err != nil {
		return err
	}
	for _, name := range []string{"dispatch", "uncaught", "init", "beforeExit", "exit", "runMain", "preload"} {
		r, err := rt.Isolate.Get(rt.boot, name)
		if err != nil || r.Kind != v8.KindFunction {
			return fmt.Errorf("host: boot offers no function %s", name)
		}
		rt.entry[name] = r.Ref
	}
	if o.Creator {
		return nil
	}
	err := rt.Isolate.CallVoid(rt.entry["init"])
	if !o.Embedded {
		v8.GiveBackPages() // the command: what follows is the program
	}
	return err
}

func (rt *Runtime) bootFromSource() error {
	compile := rt.Isolate.Function("compile", rt.compileBuiltin)
	defer rt.Isolate.Free(compile)
	native := rt.Isolate.Natives(rt.number("boot"))
	defer rt.Isolate.Free(native)
	engine := rt.Isolate.Engine()
	defer rt.Isolate.Free(engine)
	// One call compiles boot and runs it; from then on JavaScript compiles what it requires.
	run, err := rt.Isolate.Eval(`(compile, native, engine) => {
		const module = { exports: {} };
		compile('boot')(module.exports, undefined, module, native, engine);
		return module.exports;
	}`, "node:boot-start")
	if err != nil {
		return err
	}
	defer rt.Isolate.Free(run.Ref)
	r, err := rt.Isolate.Call(run.Ref, v8.RefValue(compile), v8.RefValue(native), v8.RefValue(engine))
	if err != nil {
		return fmt.Errorf("host: starting the builtins: %w", err)
	}
	rt.boot = r.Ref
	return nil
}

// numberedFolder is a folder and the number that its first native has among the isolate's functions.
type numberedFolder struct {
	name    string
	first   int
	natives []string
}

// number notes that the folder's natives get the next numbers, in the order returned.
func (rt *Runtime) number(folder string) (names []string, funcs []v8.Func) {
	names, funcs = sortedNatives(rt.natives[folder])
	rt.numbered = append(rt.numbered, numberedFolder{folder, rt.Isolate.Functions(), names})
	return names, funcs
}

// NativeName is the name of the native with a number, as "fs.open"; "" when the function is no builtin's.
func (rt *Runtime) NativeName(id int) string {
	for _, f := range rt.numbered {
		if i := id - f.first; i >= 0 && i < len(f.natives) {
			return f.name + "." + f.natives[i]
		}
	}
	return ""
}

func sortedNatives(n Natives) (names []string, funcs []v8.Func) {
	for k := range n {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		funcs = append(funcs, n[k])
	}
	return names, funcs
}

// Shared is a value that one module's Go half leaves for another's, by name, made at first use.
func Shared[T any](rt *Runtime, name string, make func() T) T {
	if v, ok := rt.handlers["shared:"+name]; ok {
		return v.(T)
	}
	v := make()
	rt.handlers["shared:"+name] = v
	return v
}

// OnClose registers what must be released with the runtime. Last registered runs first.
func (rt *Runtime) OnClose(f func()) { rt.closers = append(rt.closers, f) }

// OnBefore registers f to run before JavaScript is entered with a batch of events: f turns what it gathered into Emits.
func (rt *Runtime) OnBefore(f func()) { rt.before = append(rt.before, f) }

// OnAfter registers f to run after JavaScript has run: f drains what JavaScript left (an outbox).
func (rt *Runtime) OnAfter(f func()) { rt.after = append(rt.after, f) }

// Run turns the loop until the program is done: nothing is alive, 'beforeExit' added nothing, and 'exit' has been
// emitted; or process.exit was called; or the runtime can't go on (err).
func (rt *Runtime) Run() (exitCode int, err error) {
	for {
		rt.flush()
		rt.milestones.reach(LoopStart)
		rt.Loop.Run()
		if rt.Exiting() {
			break
		}
		if rt.drainV8Tasks() {
			continue
		}
		rt.enter(rt.entry["beforeExit"], nil, 0)
		rt.flush()
		if rt.Exiting() {
			break
		}
		if !rt.Loop.Alive() {
			rt.milestones.reach(LoopExit)
			rt.enter(rt.entry["exit"], nil, 0)
			rt.flush()
			break
		}
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.exitCode, rt.fatal
}

// Exit stops the runtime with a code: JavaScript that runs now unwinds, the loop ends after this turn. The runtime's
// thread only.
func (rt *Runtime) Exit(code int) {
	rt.mu.Lock()
	if !rt.exiting {
		rt.exiting, rt.exitCode = true, code
	}
	rt.mu.Unlock()
	rt.Loop.Stop()
	rt.Isolate.Terminate()
}

// Interrupt makes Run return with err soon, also out of an endless loop in JavaScript. Any goroutine.
func (rt *Runtime) Interrupt(err error) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.closed {
		return
	}
	if !rt.exiting {
		rt.exiting, rt.fatal, rt.exitCode = true, err, 1
	}
	rt.Loop.Interrupt()
	rt.Isolate.Terminate()
}

// Exiting reports whether the runtime has been told to end.
func (rt *Runtime) Exiting() bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.exiting
}

// Post runs f on the runtime's thread in the loop's poll phase, and reports false when the loop is closed. It does not
// keep the loop alive. Any goroutine.
func (rt *Runtime) Post(f func()) bool { return rt.Loop.Post(f) }

// Close frees the runtime: its modules' handles, the loop, the isolate. The runtime's thread only, once Run is over.
func (rt *Runtime) Close() {
	rt.mu.Lock()
	rt.closed = true
	rt.mu.Unlock()
	for i := len(rt.closers) - 1; i >= 0; i-- {
		rt.closers[i]()
	}
	rt.closers = nil
	rt.prepare.Close(nil)
	rt.v8Timer.Close(nil)
	rt.closeLoop()
	rt.Isolate.Dispose()
	runtime.UnlockOSThread()
}

// patience is how long Close waits for work that is under way on other goroutines, in milliseconds.
const patience = 1000

// closeLoop waits for pool work under way, whose results nobody wants any more, and frees the loop. Work that may never
// end is left behind.
func (rt *Runtime) closeLoop() {
	l := rt.Loop
	l.SetFlush(nil)
	l.CancelWork()
	for _, w := range l.Watchers() { // what a module left open
		w.Close(nil)
	}
	l.UpdateTime()
	until := l.Now() + patience
	alarm := loop.NewTimer(l, func() {})
	for l.Close() != nil {
		alarm.Start(until-l.Now(), 0)
		alarm.Unref()
		l.RunOnce(true)
		alarm.Stop()
		if l.Now() >= until && l.Close() != nil {
			l.Abandon()
		}
	}
}

func (rt *Runtime) runV8Tasks() {
	if rt.Isolate.RunTasks() > 0 {
		rt.Tick()
	}
	if d := rt.Isolate.NextTaskDelay(); d >= 0 && !rt.v8Timer.IsActive() {
		rt.v8Timer.Start(int64(d*1000)+1, 0)
		rt.v8Timer.Unref()
	}
}

// drainV8Tasks reports whether V8 had work under way on its own threads (WebAssembly compilation) when the loop ran out
// of its own: the promises that wait for it must not be abandoned.
func (rt *Runtime) drainV8Tasks() bool {
	ran := 0
	for rt.Isolate.TasksPending() {
		n := rt.Isolate.RunTasks()
		ran += n
		if n == 0 {
			runtime.Gosched()
			yieldThread()
		}
	}
	if ran > 0 {
		rt.Tick()
	}
	return ran > 0 && rt.Loop.Alive()
}

// DefaultMaxHeap is the old generation's limit when none is asked for: a quarter of the machine's memory, at least
// 512 MB, at most 3 GB (all isolates of a process share V8's 4 GB pointer-compression cage).
func DefaultMaxHeap() uint64 {
	return min(max(totalMemory()/4, 512<<20), 3<<30)
}

func (rt *Runtime) environ() []string {
	if rt.Options.Env == nil {
		return os.Environ()
	}
	list := make([]string, 0, len(rt.Options.Env))
	for k, v := range rt.Options.Env {
		list = append(list, k+"="+v)
	}
	slices.Sort(list)
	return list
}

// Environ is the environment of this runtime as "KEY=value" lines.
func (rt *Runtime) Environ() []string { return rt.environ() }
