package v8

// #include "engine.h"
// #include <stdlib.h>
import "C"

import (
	"unsafe"
)

// A Ref names a JavaScript value that Go keeps alive: an index in the isolate's table of persistent handles. Its
// maker frees it; 0 is none.
type Ref uint32

// Free releases the reference. Freeing 0 or twice does nothing, but the number may by then name another value.
func (iso *Isolate) Free(r Ref) {
	if r != 0 {
		iso.assertThread()
		C.hob_ref_free(iso.c, C.uint32_t(r))
	}
}

// Result is what a call or an evaluation gave, as Go data. Objects come as a Ref that the receiver frees.
type Result struct {
	Kind Kind
	Num  float64 // Int and Double
	Str  string  // String
	Ref  Ref     // Object and Function
}

// Kind says what a JavaScript value is.
type Kind uint8

const (
	KindUndefined Kind = iota
	KindNull
	KindFalse
	KindTrue
	KindInt
	KindDouble
	KindString
	KindBigInt
	KindBytes
	KindObject
	KindFunction
	KindSymbol
)

func (iso *Isolate) takeResult(r *C.hob_value) Result {
	num := unsafe.Pointer(&r.anon0)
	switch r.kind {
	case C.HOB_INT:
		return Result{Kind: KindInt, Num: float64(*(*int64)(num))}
	case C.HOB_BIGINT:
		return Result{Kind: KindBigInt, Num: float64(*(*int64)(num))}
	case C.HOB_DOUBLE:
		return Result{Kind: KindDouble, Num: *(*float64)(num)}
	case C.HOB_STRING:
		p := *(*unsafe.Pointer)(num)
		s := C.GoStringN((*C.char)(p), C.int(r.len))
		C.hob_free(p)
		return Result{Kind: KindString, Str: s}
	case C.HOB_REF:
		k := KindObject
		if r.len == 1 {
			k = KindFunction
		}
		return Result{Kind: k, Ref: Ref(*(*int64)(num))}
	}
	return Result{Kind: Kind(r.kind)}
}

func bytesPtr(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(b))) }

func (iso *Isolate) encode(args []Value) {
	b := iso.args[:0]
	for i := range args {
		b = args[i].Append(b)
	}
	iso.args = b
}

// Call calls the function fn and returns its result. A thrown exception is an *Exception.
func (iso *Isolate) Call(fn Ref, args ...Value) (Result, error) {
	iso.assertThread()
	iso.encode(args)
	var r C.hob_value
	iso.crossOut++
	if C.hob_call(iso.c, C.uint32_t(fn), bytesPtr(iso.args), C.size_t(len(iso.args)), C.int(len(args)), 1, &r) != 0 {
		return Result{}, iso.takeException()
	}
	return iso.takeResult(&r), nil
}

// CallVoid is Call where nobody wants the result.
func (iso *Isolate) CallVoid(fn Ref, args ...Value) error {
	iso.encode(args)
	return iso.CallEncoded(fn, iso.args, len(args))
}

// CallEncoded is CallVoid with the n arguments encoded already (Value.Append).
func (iso *Isolate) CallEncoded(fn Ref, args []byte, n int) error {
	iso.assertThread()
	iso.crossOut++
	if C.hob_call(iso.c, C.uint32_t(fn), bytesPtr(args), C.size_t(len(args)), C.int(n), 0, nil) != 0 {
		return iso.takeException()
	}
	return nil
}

// Eval runs src as a classic script named name in the main context.
func (iso *Isolate) Eval(src, name string) (Result, error) {
	iso.assertThread()
	n := C.CString(name)
	defer C.free(unsafe.Pointer(n))
	var r C.hob_value
	iso.crossOut++
	if C.hob_eval(iso.c, (*C.char)(unsafe.Pointer(unsafe.StringData(src))), C.size_t(len(src)), n, &r) != 0 {
		return Result{}, iso.takeException()
	}
	return iso.takeResult(&r), nil
}

// Get reads a property of an object; of globalThis when object is 0.
func (iso *Isolate) Get(object Ref, key string) (Result, error) {
	iso.assertThread()
	var r C.hob_value
	if C.hob_get(iso.c, C.uint32_t(object), (*C.char)(unsafe.Pointer(unsafe.StringData(key))), C.size_t(len(key)), &r) != 0 {
		return Result{}, iso.takeException()
	}
	return iso.takeResult(&r), nil
}

// Set writes a property of an object; of globalThis when object is 0.
func (iso *Isolate) Set(object Ref, key string, v Value) error {
	iso.assertThread()
	iso.args = v.Append(iso.args[:0])
	if C.hob_set(iso.c, C.uint32_t(object), (*C.char)(unsafe.Pointer(unsafe.StringData(key))), C.size_t(len(key)),
		bytesPtr(iso.args), C.size_t(len(iso.args))) != 0 {
		return iso.takeException()
	}
	return nil
}

// Natives makes an object of Go functions for a builtin folder, in the order given.
func (iso *Isolate) Natives(names []string, funcs []Func) Ref {
	iso.assertThread()
	list := make([]*C.char, len(names)+1)
	for i, n := range names {
		list[i] = C.CString(n)
	}
	first := len(iso.funcs)
	iso.funcs = append(iso.funcs, funcs...)
	var pin **C.char = (**C.char)(C.malloc(C.size_t(len(list)) * C.size_t(unsafe.Sizeof(list[0]))))
	copy(unsafe.Slice(pin, len(list)), list)
	r := C.hob_natives(iso.c, pin, C.int(len(names)), C.int(first))
	for _, p := range list {
		C.free(unsafe.Pointer(p))
	}
	C.free(unsafe.Pointer(pin))
	return Ref(r)
}

// Reserve registers Go functions without making JavaScript functions for them: those are in the snapshot already, with
// the same numbers, because modules register in the same order always.
func (iso *Isolate) Reserve(funcs []Func) { iso.funcs = append(iso.funcs, funcs...) }

// Functions is how many Go functions JavaScript can call: the number that the next one gets.
func (iso *Isolate) Functions() int { return len(iso.funcs) }

// Function makes one JavaScript function of a Go function.
func (iso *Isolate) Function(name string, f Func) Ref {
	iso.assertThread()
	n := C.CString(name)
	defer C.free(unsafe.Pointer(n))
	iso.funcs = append(iso.funcs, f)
	return Ref(C.hob_function(iso.c, n, C.int(len(iso.funcs)-1)))
}

// Engine makes the object of C++ natives.
func (iso *Isolate) Engine() Ref { return Ref(C.hob_engine(iso.c)) }
