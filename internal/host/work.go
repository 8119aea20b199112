package host

import (
	"fmt"

	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
)

// Valuer is an error that knows its JavaScript error object.
type Valuer interface{ ErrorValue() v8.Value }

// ErrorValue is the JavaScript error object of a Go error.
func ErrorValue(err error) v8.Value {
	if v, ok := err.(Valuer); ok {
		return v.ErrorValue()
	}
	return v8.ErrorValue(v8.KindError, "", err.Error(), v8.Undefined)
}

// Do is one native that can block, in both its forms. When argument cb is a function, work runs on the pool in the
// given lane, and the function is called in the poll phase: (err), (null) or (null, result). Otherwise work runs here,
// and its result is returned or its error thrown. work must not touch c or the isolate.
func (rt *Runtime) Do(c *v8.Call, cb int, lane loop.Lane, work func() (v8.Value, error)) {
	callback := c.Callback(cb)
	if callback == 0 {
		v, err := work()
		if err != nil {
			c.Throw(ErrorValue(err))
			return
		}
		c.Return(v)
		return
	}
	rt.Async(lane, callback, work)
}

// Async runs work on the pool and then calls callback (from Call.Callback) as Do says.
func (rt *Runtime) Async(lane loop.Lane, callback v8.Ref, work func() (v8.Value, error)) *loop.Work {
	var v v8.Value
	var err error
	return rt.Loop.Submit(lane, func() { v, err = work() }, func(canceled bool) {
		switch {
		case rt.Exiting():
			rt.Isolate.Free(callback)
		case canceled:
			rt.EmitOnce(callback, ErrorValue(&Error{Code: "ECANCELED", Errno: 125, Message: "operation canceled"}))
		case err != nil:
			rt.EmitOnce(callback, ErrorValue(err))
		case v.IsUndefined():
			rt.EmitOnce(callback, v8.Null)
		default:
			rt.EmitOnce(callback, v8.Null, v)
		}
	})
}

// Go runs work on a goroutine of its own, not on the pool: for what waits long without using a processor (a child
// process, a handshake). It keeps the loop alive; callback is called as Do says.
func (rt *Runtime) Go(callback v8.Ref, work func() (v8.Value, error)) {
	rt.Loop.AddRequest()
	go func() {
		v, err := work()
		rt.Post(func() {
			rt.Loop.DoneRequest()
			switch {
			case rt.Exiting():
				rt.Isolate.Free(callback)
			case err != nil:
				rt.EmitOnce(callback, ErrorValue(err))
			default:
				rt.EmitOnce(callback, v8.Null, v)
			}
		})
	}()
}

// compileBuiltin(id) → the wrapper function of a builtin file.
func (rt *Runtime) compileBuiltin(c *v8.Call) {
	id := c.String(0)
	src, ok := rt.Options.Registry.Source(id)
	if !ok {
		c.Throw(v8.ErrorValue(v8.KindError, "", fmt.Sprintf("no builtin file %q", id), v8.Undefined))
		return
	}
	if fn, _, ok := c.Compile(src, "node:"+id, "exports,require,module,native,engine", nil); ok {
		c.Return(fn)
	}
}

// hostModules are boot's and embed's natives and then every registered folder's.
func (rt *Runtime) hostModules() []Module {
	return append([]Module{{Folder: "boot", Natives: bootNatives}, {Folder: "embed", Natives: embedNatives}}, rt.Options.Registry.Modules...)
}
