package v8

// #include "engine.h"
import "C"

import "unsafe"

// Backing is the memory of an ArrayBuffer that Go holds: it stays valid, also when JavaScript drops or detaches the
// buffer, until Release.
type Backing struct {
	Data []byte
	hold unsafe.Pointer
}

// Release gives the memory up. Any goroutine, once.
func (b *Backing) Release() {
	if b != nil && b.hold != nil {
		C.hob_backing_release(b.hold)
		b.hold, b.Data = nil, nil
	}
}

// AllocBytes is memory that can become a Buffer without a copy (Owned). Any goroutine. It is not garbage collected:
// hand it to Owned or to FreeBytes. nil when there is none left.
func AllocBytes(n int) []byte {
	p := C.hob_bytes_alloc(C.size_t(n), 0)
	if p == nil {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(p)), n)
}

// FreeBytes frees what AllocBytes gave, in its full capacity.
func FreeBytes(b []byte) {
	C.hob_bytes_free((*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(b))), C.size_t(cap(b)))
}

// Owned is a Buffer over b, which came from AllocBytes and may have been shortened: V8 frees it.
func Owned(b []byte) Value {
	return Value{tag: tagOwned, n: uint64(uintptr(unsafe.Pointer(unsafe.SliceData(b)))),
		list: []Value{{n: uint64(len(b))}, {n: uint64(cap(b))}}}
}

// SharedBuffer makes an ArrayBuffer of n zero bytes that Go and JavaScript both read and write: the reference names the
// ArrayBuffer, the Backing its memory.
func (iso *Isolate) SharedBuffer(n int) (Ref, *Backing) {
	iso.assertThread()
	var data *C.uint8_t
	var hold unsafe.Pointer
	r := C.hob_shared_buffer(iso.c, C.size_t(n), &data, &hold)
	return Ref(r), &Backing{Data: unsafe.Slice((*byte)(unsafe.Pointer(data)), n), hold: hold}
}
