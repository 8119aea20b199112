package host

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"github.com/hobjs/hob/internal/v8"
)

// The single door from Go into JavaScript.
//
// Loop callbacks don't call JavaScript: they Emit. When a phase's callbacks have run (in the poll phase, after each
// batch of events) the loop calls flush, which enters JavaScript once with everything. boot.dispatch calls each target
// in turn and runs process.nextTick's queue and microtasks after each, as if each had come alone. An exception leaves
// dispatch; it is handed to 'uncaughtException', and dispatch is entered again to go on behind it.

func (rt *Runtime) resetBatch() {
	if rt.batch == nil {
		rt.batch = make([]byte, 0, 4096)
	}
	rt.batch = append(rt.batch[:0], v8.TagArray, 0, 0, 0, 0)
	rt.batchCount = 0
}

// Emit queues a call of target, a function that stays referenced, with args. The runtime's thread only.
func (rt *Runtime) Emit(target v8.Ref, args ...v8.Value) { rt.emit(v8.RefValue(target), args) }

// EmitOnce queues the one call of a callback that Call.Callback kept: the reference is freed, and the async context that
// was current when it was kept is current again during the call.
func (rt *Runtime) EmitOnce(callback v8.Ref, args ...v8.Value) {
	rt.emit(v8.TakeCallback(callback), args)
}

func (rt *Runtime) emit(target v8.Value, args []v8.Value) {
	b := target.Append(rt.batch)
	b = v8.Int(len(args)).Append(b)
	for i := range args {
		b = args[i].Append(b)
	}
	rt.batch = b
	rt.batchCount += 2 + len(args)
}

// flush enters JavaScript with the events gathered so far. Called by the loop; a callback that needs JavaScript to run
// before it goes on may call Flush.
func (rt *Runtime) flush() {
	if rt.inFlush {
		return
	}
	rt.inFlush = true
	defer func() { rt.inFlush = false }()
	// What `after` drains may at once make new events (a pipelined request behind an answer). The bound gives the
	// loop's other phases their turn.
	for range 8 {
		for _, f := range rt.before {
			f()
		}
		if rt.batchCount == 0 {
			rt.runAfter()
			if rt.batchCount == 0 {
				return
			}
			continue
		}
		if rt.Exiting() {
			rt.resetBatch()
			return
		}
		b, n := rt.batch, rt.batchCount
		binary.LittleEndian.PutUint32(b[1:], uint32(n))
		// JavaScript may emit while it runs (a native that fails at once): that goes to a fresh batch.
		rt.batch, rt.spare = rt.spare, nil
		rt.resetBatch()
		rt.enter(rt.entry["dispatch"], b, 1)
		rt.runAfter()
		if cap(b) <= 1<<20 {
			rt.spare = b
		}
	}
	if rt.batchCount > 0 {
		rt.Loop.Defer(func() {})
	}
}

// Flush does what the loop does after each batch of callbacks.
func (rt *Runtime) Flush() { rt.flush() }

func (rt *Runtime) runAfter() {
	for _, f := range rt.after {
		f()
	}
}

// Tick runs process.nextTick's queue and microtasks.
func (rt *Runtime) Tick() {
	rt.enter(rt.entry["dispatch"], v8.Undefined.Append(nil), 1)
	rt.runAfter()
}

// Enter calls fn now, with the door's rules for exceptions, ticks and microtasks: for phases that are themselves one
// call (timers, immediates) and for the embedding API. fn's result is dropped.
func (rt *Runtime) Enter(fn v8.Ref, args ...v8.Value) {
	var b []byte
	for i := range args {
		b = args[i].Append(b)
	}
	rt.enter(fn, b, len(args))
	rt.runAfter()
}

// enter calls fn and, after an exception that 'uncaughtException' took, dispatch until everything has run.
func (rt *Runtime) enter(fn v8.Ref, args []byte, n int) {
	if rt.Exiting() {
		return
	}
	rt.setClock()
	err := rt.Isolate.CallEncoded(fn, args, n)
	for err != nil {
		if !rt.Uncaught(err) {
			return
		}
		err = rt.Isolate.CallEncoded(rt.entry["dispatch"], v8.Undefined.Append(nil), 1)
	}
}

// Uncaught hands an exception that reached the door to the program ('uncaughtException'), and reports whether the
// program goes on. When nobody takes it, the error has been printed and the runtime is exiting.
func (rt *Runtime) Uncaught(err error) bool {
	var x *v8.Exception
	if !errors.As(err, &x) {
		rt.fail(err)
		return false
	}
	if x.Terminated() {
		if rt.Exiting() { // process.exit or Interrupt unwound it
			return false
		}
		if rt.OnTerminated != nil && !errors.Is(err, v8.ErrHeapLimit) && rt.OnTerminated() {
			return true
		}
		rt.fail(err)
		return false
	}
	where := v8.Object("file", v8.String(x.File), "line", v8.Int(x.Line), "column", v8.Int(x.Column),
		"endColumn", v8.Int(x.EndColumn), "source", v8.String(x.SourceLine))
	r, err2 := rt.Isolate.Call(rt.entry["uncaught"], v8.TakeRef(x.Value), where)
	if err2 != nil {
		if rt.Exiting() {
			return false
		}
		// The handler of last resort threw: print what can be printed and leave, as Node does with code 7.
		if rt.Options.Embedded {
			rt.fail(err2)
		} else {
			fmt.Fprintln(os.Stderr, err2)
			rt.Exit(7)
		}
		return false
	}
	return r.Kind == v8.KindTrue
}

// fail ends the runtime for a reason that is no exit code.
func (rt *Runtime) fail(err error) {
	rt.mu.Lock()
	if !rt.exiting {
		rt.exiting, rt.exitCode, rt.fatal = true, 1, err
		if errors.Is(err, v8.ErrHeapLimit) {
			rt.exitCode = 134
		}
	}
	rt.mu.Unlock()
	rt.Loop.Stop()
}

// Err is why the runtime could not go on, if it could not.
func (rt *Runtime) Err() error {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.fatal
}

// RunMain starts the program: kind says what text is (see boot.runMain).
func (rt *Runtime) RunMain(kind, text string) {
	// Timers of the main script count from here, not from before the builtins were loaded.
	rt.Loop.UpdateTime()
	rt.Enter(rt.entry["runMain"], v8.String(kind), v8.String(text))
}
