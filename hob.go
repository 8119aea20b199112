package hob

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/hobjs/hob/internal/builtin"
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

// Version is hob's own, as semver has it. process.version tells Node's.
const Version = host.Version

// ErrHeapLimit is wrapped by the error of a call in whose course the JavaScript heap reached its limit. The runtime is of
// no more use; the program is.
var ErrHeapLimit = v8.ErrHeapLimit

// ErrClosed is returned by calls on a runtime that was closed or has ended.
var ErrClosed = errors.New("hob: the runtime is closed")

// Options of a runtime. The zero value serves: the process's environment and standard streams, the operating system's
// files, Node's defaults.
type Options struct {
	Argv     []string          // process.argv behind the program's own name and, for a file, its path
	Env      map[string]string // process.env; nil: the process's own environment, written through
	Stdin    io.Reader         // nil: the process's
	Stdout   io.Writer         // nil: the process's
	Stderr   io.Writer         // nil: the process's
	FS       fs.FS             // what modules are loaded from, mounted at "/"; nil: the operating system's files
	ExecPath string            // process.execPath; "" is "hob"
	ExecArgv []string          // process.execArgv

	MaxHeapBytes   uint64 // limit of the JavaScript heap; 0: a quarter of the machine's memory, 3 GB at most
	MaxBufferBytes uint64 // limit of what Buffers and ArrayBuffers hold, which is not in the heap; 0: none
	Workers        int    // size of the worker pool; 0: UV_THREADPOOL_SIZE, or 4

	// Flags are command line options for the builtin modules: "--no-warnings" → true, "--title" → "x".
	Flags map[string]any
	// EnvFlags is what process.allowedNodeEnvironmentFlags holds.
	EnvFlags []string
}

func (o *Options) host(embedded bool) host.Options {
	h := host.Options{
		Registry: builtin.Registry(), Snapshot: builtin.Snapshot(),
		ExecPath: o.ExecPath, ExecArgv: o.ExecArgv, Argv: o.Argv, Env: o.Env, Stdin: o.Stdin, Stdout: o.Stdout, Stderr: o.Stderr,
		MaxHeapBytes: o.MaxHeapBytes, MaxBufferBytes: o.MaxBufferBytes, Workers: o.Workers, Flags: o.Flags,
		EnvFlags: o.EnvFlags, Embedded: embedded,
	}
	if h.ExecPath == "" {
		h.ExecPath = "hob"
	}
	if o.FS != nil {
		h.FS = mounted{o.FS}
	}
	return h
}

// A Runtime is one JavaScript world with a thread of its own. All methods are for any goroutine.
type Runtime struct {
	rt   *host.Runtime
	done chan struct{} // closed when the runtime's goroutine has ended

	mu      sync.Mutex // guards what follows
	pending map[int]*pendingCall
	nextID  int
	closed  bool
	turned  bool  // the loop has turned for the last time
	err     error // why the runtime ended
	current int   // the pending call whose JavaScript runs now, 0 none
	stopped int   // the pending call that was terminated because its context ended
}

type pendingCall struct {
	result chan outcome // one is sent
}

type outcome struct {
	v   Value
	err error
}

// New makes a runtime and starts its thread. Close frees it. No JavaScript of the caller's runs yet; an error says that the
// loop, the heap or the builtin modules could not be set up.
func New(o Options) (*Runtime, error) {
	r := &Runtime{done: make(chan struct{}), pending: map[int]*pendingCall{}}
	started := make(chan error)
	go r.run(o.host(true), started)
	if err := <-started; err != nil {
		return nil, err
	}
	return r, nil
}

// run is the runtime's goroutine.
func (r *Runtime) run(o host.Options, started chan<- error) {
	defer close(r.done)
	rt, err := host.New(o)
	if err != nil {
		started <- err
		return
	}
	r.rt = rt
	rt.OnDone = r.onDone
	rt.OnTerminated = r.onTerminated
	start, err := rt.EmbedFunction("start")
	if err == nil {
		err = rt.EnterCall(start)
	}
	if err != nil {
		rt.Close()
		started <- err
		return
	}
	rt.Loop.AddRequest() // the loop waits for calls
	started <- nil
	rt.Turn()
	rt.Loop.DoneRequest()
	r.mu.Lock()
	wasClosed := r.closed
	r.closed, r.turned = true, true
	switch r.err = rt.Err(); {
	case r.err == nil && !wasClosed:
		r.err = fmt.Errorf("%w: process.exit was called, or an exception was not caught", ErrClosed)
	case r.err == nil, wasClosed && errors.Is(r.err, v8.ErrTerminated): // by Close
		r.err = ErrClosed
	}
	waiting := r.pending
	r.pending = nil
	r.mu.Unlock()
	for _, p := range waiting {
		p.result <- outcome{err: r.err}
	}
	if wasClosed {
		rt.EmitExit()
	}
	rt.Close()
}

// Close ends the runtime: JavaScript that runs is stopped, 'exit' is emitted, calls under way fail with ErrClosed. It waits
// until all is freed, so it is not for Go functions that run on the runtime's thread. The error is always nil; closing twice
// does nothing more.
func (r *Runtime) Close() error {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		// With the lock held that run takes before it emits 'exit': this must not stop it.
		r.rt.Loop.Interrupt()
		r.rt.Isolate.Terminate()
	}
	r.mu.Unlock()
	for asked := time.Now(); ; {
		select {
		case <-r.done:
			return nil
		case <-time.After(grace):
		}
		// What was stopped may have been what ran before something else that doesn't end, or a listener for 'exit' doesn't.
		r.mu.Lock()
		if !r.turned || time.Since(asked) > 20*grace {
			r.rt.Isolate.Terminate()
		}
		r.mu.Unlock()
	}
}

// begin runs start on the runtime's thread with a new call's number, and waits for the call's outcome or the end of ctx.
func (r *Runtime) begin(ctx context.Context, start func(id int) error) (Value, error) {
	if err := ctx.Err(); err != nil {
		return Value{}, err
	}
	p := &pendingCall{result: make(chan outcome, 1)}
	r.mu.Lock()
	if r.closed {
		err := r.err
		r.mu.Unlock()
		if err == nil {
			err = ErrClosed
		}
		return Value{}, err
	}
	r.nextID++
	id := r.nextID
	r.pending[id] = p
	r.mu.Unlock()
	posted := r.rt.Post(func() {
		r.mu.Lock()
		_, wanted := r.pending[id]
		wanted = wanted && !r.closed
		if wanted {
			r.current = id
		}
		r.mu.Unlock()
		if !wanted {
			return
		}
		err := start(id)
		r.mu.Lock()
		r.current = 0
		r.mu.Unlock()
		if err != nil && !errors.Is(err, host.ErrExited) { // of those that come too late run takes care
			r.finish(id, Value{}, r.goError(id, err))
		}
	})
	if !posted {
		return Value{}, ErrClosed
	}
	select {
	case o := <-p.result:
		return o.v, o.err
	case <-ctx.Done():
		r.cancel(id)
		select { // it may have ended at the same moment
		case o := <-p.result:
			if o.err == nil {
				return o.v, nil
			}
		default:
		}
		return Value{}, ctx.Err()
	}
}

// grace is how long what runs may be somebody else's before it is taken for the endless loop of a call that was given up.
const grace = 100 * time.Millisecond

// cancel gives a call up: its JavaScript is stopped if it runs right now. Behind an await it can't be told from that of
// other calls: then it is what does not come back to the loop for a while.
func (r *Runtime) cancel(id int) {
	go func() {
		back := make(chan struct{})
		posted := r.rt.Post(func() { // JavaScript has left: nothing is to be stopped any more
			r.mu.Lock()
			defer r.mu.Unlock()
			delete(r.pending, id)
			if r.stopped == id {
				r.stopped = 0
			}
			close(back)
		})
		if !posted {
			return
		}
		r.stop(id, id)
		for {
			select {
			case <-back:
				return
			case <-r.done:
				return
			case <-time.After(grace):
				r.stop(id, id)
				r.stop(id, 0)
			}
		}
	}()
}

// stop terminates what runs if the loop still owes call id a look and the call whose JavaScript runs is current (0: it is
// nobody's in particular).
func (r *Runtime) stop(id, current int) {
	still := func() bool {
		_, pending := r.pending[id]
		return pending && r.current == current && !r.closed
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !still() {
		return
	}
	r.rt.Isolate.Interrupt(func(iso *v8.Isolate) { // between two instructions of what runs
		r.mu.Lock()
		defer r.mu.Unlock()
		if still() {
			r.stopped = id
			iso.Terminate()
		}
	})
}

// onTerminated: JavaScript was stopped because a call's context ended. The runtime goes on.
func (r *Runtime) onTerminated() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped == 0 || r.closed {
		return false
	}
	r.stopped = 0
	r.rt.Isolate.CancelTerminate()
	return true
}

// finish ends a pending call.
func (r *Runtime) finish(id int, v Value, err error) {
	r.mu.Lock()
	p := r.pending[id]
	delete(r.pending, id)
	r.mu.Unlock()
	if p != nil {
		p.result <- outcome{v, err}
	} else if v.ref != 0 {
		r.rt.Isolate.Free(v.ref)
	}
}

// onDone is native done(id, ok, value, description) of builtin/embed.
func (r *Runtime) onDone(c *v8.Call) {
	id := c.Int(0)
	if c.Bool(1) {
		r.finish(id, r.valueOf(c, 2), nil)
		return
	}
	r.finish(id, Value{}, newError(c.String(3)))
}

// An Error is an exception that JavaScript threw, or the reason of a rejected promise. Of a thrown value that is no error
// only Text is set.
type Error struct {
	Text    string // the stack, whose first line is "Name: message"; a syntax error's begins with the place and its source line
	Name    string // "TypeError"
	Message string
	Code    string // "ERR_INVALID_ARG_TYPE", "ENOENT"; "" when there is none
}

func (e *Error) Error() string { return e.Text }

// newError reads what builtin/embed's describe wrote.
func newError(description string) *Error {
	e := new(Error)
	if json.Unmarshal([]byte(description), e) != nil {
		e.Text = description
	}
	return e
}

// goError turns what a call threw into the error its caller gets.
func (r *Runtime) goError(id int, err error) error {
	var x *v8.Exception
	if !errors.As(err, &x) {
		return err
	}
	if x.Terminated() {
		r.mu.Lock()
		if r.stopped == id && !r.closed {
			r.stopped = 0
			r.rt.Isolate.CancelTerminate()
		}
		r.mu.Unlock()
		if errors.Is(err, ErrHeapLimit) {
			r.rt.Interrupt(err)
		}
		r.mu.Lock()
		closed := r.closed
		r.mu.Unlock()
		if closed && !errors.Is(err, ErrHeapLimit) {
			return ErrClosed
		}
		return fmt.Errorf("hob: %w", x.Unwrap())
	}
	e := &Error{Text: x.Error()}
	if describe, err := r.rt.EmbedFunction("describe"); err == nil {
		if d, err := r.rt.Isolate.Call(describe, v8.TakeRef(x.Value)); err == nil {
			e = newError(d.Str)
		}
	} else {
		r.rt.Isolate.Free(x.Value)
	}
	if x.Stack != "" && x.File != "" && x.SourceLine != "" && x.Line > 0 && len(x.Stack) > 11 && x.Stack[:11] == "SyntaxError" {
		e.Text = fmt.Sprintf("%s:%d\n%s\n%*s^\n\n%s", x.File, x.Line, x.SourceLine, x.Column, "", x.Stack)
	}
	return e
}
