package hob

import (
	"context"
	"fmt"

	"github.com/hobjs/hob/internal/v8"
)

func (r *Runtime) embed(ctx context.Context, name string, args ...v8.Value) (Value, error) {
	return r.begin(ctx, func(id int) error {
		f, err := r.rt.EmbedFunction(name)
		if err != nil {
			return err
		}
		return r.rt.EnterCall(f, append([]v8.Value{v8.Int(id)}, args...)...)
	})
}

// Eval runs source as a script and returns the value of its last expression; a promise is awaited. What it declares stays
// for later calls. When ctx ends first, JavaScript is stopped, also in an endless loop, and the runtime stays of use.
// Stack traces call the script "eval.js".
func (r *Runtime) Eval(ctx context.Context, source string) (Value, error) {
	return r.embed(ctx, "evaluate", v8.String(source), v8.String("eval.js"))
}

// Import loads a module (a path such as "./app.mjs", a package, "node:fs") as import() in the working directory would,
// and returns its namespace.
func (r *Runtime) Import(ctx context.Context, specifier string) (Value, error) {
	return r.embed(ctx, "importModule", v8.String(specifier))
}

// Require loads a module as require() in the working directory would, and returns its exports.
func (r *Runtime) Require(ctx context.Context, specifier string) (Value, error) {
	return r.embed(ctx, "requireModule", v8.String(specifier))
}

// Call calls the global function name, or one in a global object ("app.handle"), and awaits what it returns.
func (r *Runtime) Call(ctx context.Context, name string, args ...any) (Value, error) {
	f, err := r.Eval(ctx, "("+name+")")
	if err != nil {
		return Value{}, err
	}
	defer f.Free()
	if f.kind != Function {
		return Value{}, fmt.Errorf("hob: %s is not a function but %s", name, f.kind)
	}
	return f.Call(ctx, args...)
}

// HeapUsed is the number of bytes in use in the JavaScript heap, and its limit, in bytes too. The memory of Buffers is not
// in it. It waits for JavaScript that runs.
func (r *Runtime) HeapUsed(ctx context.Context) (used, limit uint64, err error) {
	ch := make(chan v8.HeapStatistics, 1)
	if !r.rt.Post(func() { ch <- r.rt.Isolate.HeapStatistics() }) {
		return 0, 0, ErrClosed
	}
	select {
	case s := <-ch:
		return s.UsedHeapSize, s.HeapSizeLimit, nil
	case <-r.done:
		return 0, 0, ErrClosed
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	}
}
