// Package hob runs JavaScript written for Node.js inside a Go program.
//
// A [Runtime] is one JavaScript world: its own V8 heap, event loop and OS thread. Its methods may be called from any
// goroutine; each call runs on the runtime's thread, and what it returns is awaited there, so that callers wait without
// blocking anybody else:
//
//	rt, err := hob.New(hob.Options{})
//	defer rt.Close()
//	v, err := rt.Eval(ctx, "fetchTotals('2024')")
//
// Go functions become JavaScript functions with [Runtime.Set]. One whose first parameter is a context.Context runs on a
// goroutine of its own and gives JavaScript a promise; any other runs on the runtime's thread and must not block.
//
// Arguments, globals and results of Go functions become JavaScript values: nil is null, booleans, strings and numbers are
// themselves, a []byte is a Buffer with a copy of it, a [Buffer] one without, a time.Time a Date, a [Value] what it stands
// for; maps, slices and structs are what encoding/json makes of them.
//
// A call fails with an [*Error] when JavaScript throws, or a promise is rejected; with the context's error when that ends
// first; and with [ErrClosed] or [ErrHeapLimit] when the runtime is over. For the last two ask errors.Is.
//
// Many runtimes may live in one process. They share nothing but V8's 4 GB address space for heaps. A heap that reaches
// its limit ([Options].MaxHeapBytes) is an error of the calls under way, [ErrHeapLimit], and the program goes on.
//
// [Program] runs a whole program, as the command hob does.
package hob
