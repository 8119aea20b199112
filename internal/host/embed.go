package host

import (
	"errors"

	"github.com/hobjs/hob/internal/v8"
)

// Embedding: package hob drives a runtime from other goroutines through these. builtin/embed is the JavaScript side.

// embedNatives has the one function through which JavaScript reports the end of a call that Go began.
func embedNatives(rt *Runtime) Natives {
	return Natives{
		"done": func(c *v8.Call) { // done(id, ok, value, an error's description)
			if rt.OnDone != nil {
				rt.OnDone(c)
			}
		},
	}
}

// EmbedFunction is a function that builtin/embed exports, by name.
func (rt *Runtime) EmbedFunction(name string) (v8.Ref, error) {
	if r, ok := rt.entry["embed:"+name]; ok {
		return r, nil
	}
	req, err := rt.Isolate.Get(rt.boot, "require")
	if err != nil {
		return 0, err
	}
	defer rt.Isolate.Free(req.Ref)
	mod, err := rt.Isolate.Call(req.Ref, v8.String("embed"))
	if err != nil {
		return 0, err
	}
	defer rt.Isolate.Free(mod.Ref)
	f, err := rt.Isolate.Get(mod.Ref, name)
	if err != nil {
		return 0, err
	}
	rt.entry["embed:"+name] = f.Ref
	return f.Ref, nil
}

// EnterCall is Enter for a call whose exception belongs to the caller, not to 'uncaughtException'. Ticks and microtasks
// run after it, by the door's rules.
func (rt *Runtime) EnterCall(fn v8.Ref, args ...v8.Value) error {
	if rt.Exiting() {
		return ErrExited
	}
	rt.setClock()
	err := rt.Isolate.CallVoid(fn, args...)
	if x := (*v8.Exception)(nil); errors.As(err, &x) && x.Terminated() {
		rt.runAfter()
	} else {
		rt.Tick()
	}
	return err
}

// Turn runs the loop until Stop or Interrupt: for a runtime that waits for calls from other goroutines.
func (rt *Runtime) Turn() {
	rt.flush()
	rt.Loop.Run()
}

// EmitExit emits 'exit', for an embedding program that is done with the runtime. If it has terminated JavaScript for that,
// this was not the runtime's failure.
func (rt *Runtime) EmitExit() {
	rt.Isolate.CancelTerminate()
	rt.mu.Lock()
	if errors.Is(rt.fatal, v8.ErrTerminated) {
		rt.exiting, rt.exitCode, rt.fatal = false, 0, nil
	}
	rt.mu.Unlock()
	if !rt.Exiting() {
		rt.enter(rt.entry["exit"], nil, 0)
		rt.flush()
	}
}
