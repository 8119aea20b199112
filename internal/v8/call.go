package v8

// #include "engine.h"
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"math"
	"runtime/debug"
	"unsafe"
)

// cvalue mirrors hob_value of engine.h.
type cvalue struct {
	kind  uint32
	flags uint32
	len   uint64
	bits  uint64
}

func (v *cvalue) ptr() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&v.bits)) }
func (v *cvalue) num() float64        { return math.Float64frombits(v.bits) }

// A Call is one JavaScript call of a Go function: its arguments and its result. It is valid until the function returns
// and must not leave its goroutine. Arguments that are missing read as undefined; one of another type than asked for
// reads as the zero value: the JavaScript half has checked the types.
type Call struct {
	iso   *Isolate
	id    int32
	args  []cvalue
	slots []unsafe.Pointer
	ret   *cvalue
}

//export hobGoCall
func hobGoCall(p C.uintptr_t, id, argc C.int32_t, args *C.hob_value, slots *unsafe.Pointer, ret *C.hob_value) {
	iso := isolateOf(&p)
	iso.assertThread()
	iso.crossIn++
	if iso.depth == len(iso.calls) {
		iso.calls = append(iso.calls, &Call{iso: iso})
	}
	c := iso.calls[iso.depth]
	iso.depth++
	c.args = unsafe.Slice((*cvalue)(unsafe.Pointer(args)), int(argc))
	c.slots = unsafe.Slice(slots, int(argc))
	c.ret = (*cvalue)(unsafe.Pointer(ret))
	c.id = int32(id)
	defer iso.leave(c)
	iso.funcs[id](c)
}

// leave ends a call. A panic must not unwind through C++ frames: it ends the process here, with its stack.
func (iso *Isolate) leave(c *Call) {
	iso.depth--
	c.args, c.slots, c.ret = nil, nil, nil
	if r := recover(); r != nil {
		fatalPanic(r)
	}
}

func fatalPanic(r any) {
	msg := fmt.Sprintf("hob: a native function panicked: %v\n%s", r, debug.Stack())
	// The panic leaves on a goroutine without C++ frames below it.
	done := make(chan struct{})
	go func() { defer close(done); panic(msg) }()
	<-done
}

// Len is the number of arguments given.
func (c *Call) Len() int { return len(c.args) }

// Kind is the type of argument i.
func (c *Call) Kind(i int) Kind {
	if i >= len(c.args) {
		return KindUndefined
	}
	return Kind(c.args[i].kind)
}

// Is functions for the common questions.
func (c *Call) IsUndefined(i int) bool { return c.Kind(i) == KindUndefined }
func (c *Call) IsNullish(i int) bool   { return c.Kind(i) <= KindNull }
func (c *Call) IsFunction(i int) bool  { return c.Kind(i) == KindFunction }
func (c *Call) IsString(i int) bool    { return c.Kind(i) == KindString }
func (c *Call) IsBytes(i int) bool     { return c.Kind(i) == KindBytes }

// Int is argument i as an integer: numbers truncated (NaN is 0), booleans 0 and 1, BigInts modulo 2^64.
func (c *Call) Int(i int) int { return int(c.Int64(i)) }

// Int64 is as Int.
func (c *Call) Int64(i int) int64 {
	if i >= len(c.args) {
		return 0
	}
	switch v := &c.args[i]; Kind(v.kind) {
	case KindInt, KindBigInt:
		return int64(v.bits)
	case KindDouble:
		if f := v.num(); f == f && math.Abs(f) < 1<<63 {
			return int64(f)
		}
	case KindTrue:
		return 1
	}
	return 0
}

// Float is argument i as a number; NaN when it is none.
func (c *Call) Float(i int) float64 {
	if i < len(c.args) {
		switch v := &c.args[i]; Kind(v.kind) {
		case KindInt, KindBigInt:
			return float64(int64(v.bits))
		case KindDouble:
			return v.num()
		}
	}
	return math.NaN()
}

// Bool reports whether argument i is true.
func (c *Call) Bool(i int) bool { return c.Kind(i) == KindTrue }

// String is a copy of argument i as UTF-8; "" when it is no string.
func (c *Call) String(i int) string {
	if c.Kind(i) != KindString {
		return ""
	}
	v := &c.args[i]
	return string(unsafe.Slice((*byte)(v.ptr()), int(v.len)))
}

// TempString is String without the copy: valid until the function returns.
func (c *Call) TempString(i int) string {
	if c.Kind(i) != KindString {
		return ""
	}
	v := &c.args[i]
	return unsafe.String((*byte)(v.ptr()), int(v.len))
}

// Text is argument i's bytes, given as a string or as a Buffer (paths, for example), copied.
func (c *Call) Text(i int) string {
	if c.Kind(i) == KindBytes {
		return string(c.Bytes(i))
	}
	return c.String(i)
}

// Bytes is the memory of argument i (an ArrayBuffer, a view, or a string's UTF-8), not copied: valid until the function
// returns.
func (c *Call) Bytes(i int) []byte {
	if i >= len(c.args) {
		return nil
	}
	v := &c.args[i]
	if k := Kind(v.kind); k != KindBytes && k != KindString || v.len == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(v.ptr()), int(v.len))
}

// Ref keeps argument i. The caller frees it.
func (c *Call) Ref(i int) Ref {
	if i >= len(c.args) {
		return 0
	}
	return Ref(C.hob_ref_slot(c.iso.c, c.slots[i], 0))
}

// Callback keeps argument i, a function, together with the async context of now, for one later call by the host. 0 when
// it is no function.
func (c *Call) Callback(i int) Ref {
	if !c.IsFunction(i) {
		return 0
	}
	if wrap := c.iso.WrapCallback; wrap != nil {
		if r := wrap(c, i); r != 0 {
			return r
		}
	}
	return Ref(C.hob_ref_slot(c.iso.c, c.slots[i], 1))
}

// ID is the number of the function that is called, in the order that functions were made in.
func (c *Call) ID() int { return int(c.id) }

// Arg is argument i as a value to be handed on in a call or result before this function returns.
func (c *Call) Arg(i int) Value {
	if i >= len(c.args) {
		return Undefined
	}
	return slotValue(uintptr(c.slots[i]))
}

// Backing holds the memory of argument i (an ArrayBuffer or view) for work on another goroutine. Release it there or
// anywhere. nil when the argument is none.
func (c *Call) Backing(i int) *Backing {
	if c.Kind(i) != KindBytes {
		return nil
	}
	var data *C.uint8_t
	var n C.size_t
	h := C.hob_backing_hold(c.iso.c, c.slots[i], &data, &n)
	if h == nil {
		return nil
	}
	b := &Backing{hold: h}
	if n > 0 {
		b.Data = unsafe.Slice((*byte)(unsafe.Pointer(data)), int(n))
	}
	return b
}

// Return sets the result.
func (c *Call) Return(v Value) {
	switch v.tag {
	case tagUndefined, tagNull, tagFalse, tagTrue:
		c.ret.kind = uint32(v.tag) // the kinds have the same numbers
	case tagInt:
		c.ret.kind, c.ret.bits = uint32(KindInt), uint64(int64(int32(v.n)))
	case tagDouble:
		c.ret.kind, c.ret.bits = uint32(KindDouble), v.n
	case tagRef:
		c.ret.kind, c.ret.bits = C.HOB_REF, v.n
	case tagSlot:
		c.ret.kind, c.ret.bits = C.HOB_SLOT, v.n
	default:
		c.setEncoded(C.HOB_ENCODED, v)
	}
}

func (c *Call) ReturnInt(i int) {
	c.ret.kind, c.ret.bits = uint32(KindInt), uint64(int64(i))
}
func (c *Call) ReturnBool(b bool) { c.Return(Bool(b)) }
func (c *Call) ReturnFloat(f float64) {
	c.ret.kind, c.ret.bits = uint32(KindDouble), math.Float64bits(f)
}
func (c *Call) ReturnString(s string) { c.setEncoded(C.HOB_ENCODED, String(s)) }

// Throw ends the call with v (an ErrorValue, normally) as the exception.
func (c *Call) Throw(v Value) { c.setEncoded(C.HOB_THROW, v) }

func (c *Call) setEncoded(kind uint32, v Value) {
	iso := c.iso
	b := v.Append(iso.ret[:0])
	if cap(b) != cap(iso.ret) { // grown: the new memory is pinned in its turn
		iso.retPin.Unpin()
		iso.retPin.Pin(unsafe.SliceData(b))
		iso.ret = b[:0]
	}
	c.ret.kind, c.ret.len = kind, uint64(len(b))
	*(*unsafe.Pointer)(unsafe.Pointer(&c.ret.bits)) = unsafe.Pointer(unsafe.SliceData(b))
}

// Compile compiles src as the body of a function with the parameters params (comma separated) and returns it as a
// value to be returned from this call. A source given to StaticSources is not copied. ok is false when an exception (a SyntaxError) is pending: return at once then.
func (c *Call) Compile(src, name, params string, cache []byte) (fn Value, rejected, ok bool) {
	cn, cp := C.CString(name), C.CString(params)
	defer C.free(unsafe.Pointer(cn))
	defer C.free(unsafe.Pointer(cp))
	var rej C.int
	slot := C.hob_compile_function(c.iso.c, (*C.char)(unsafe.Pointer(unsafe.StringData(src))), C.size_t(len(src)), cn, cp,
		bytesPtr(cache), C.size_t(len(cache)), &rej)
	if slot == nil {
		c.ret.kind, c.ret.bits = C.HOB_SLOT, 0
		return Undefined, false, false
	}
	return slotValue(uintptr(slot)), rej != 0, true
}
