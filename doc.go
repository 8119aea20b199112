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
// Many runtimes may live in one process. They share nothing but V8's 4 GB address space for heaps. A heap that reaches
// its limit ([Options].MaxHeapBytes) is an error of the calls under way, [ErrHeapLimit], and the program goes on.
//
// [Program] runs a whole program, as the command hob does.
package hob
