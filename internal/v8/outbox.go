package v8

// #include "engine.h"
import "C"

import "unsafe"

// Outbox is what JavaScript has gathered with engine.respond since OutboxReset: records of slot, seq, flags and size (four
// int32), the bytes, and padding to 8. Valid until JavaScript runs again.
func (iso *Isolate) Outbox() []byte {
	iso.assertThread()
	var data *C.uint8_t
	n := C.hob_outbox(iso.c, &data)
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(data)), int(n))
}

// OutboxReset empties the outbox.
func (iso *Isolate) OutboxReset() { C.hob_outbox_reset(iso.c) }

// HTTPHeads makes the strings of the heads among n records of 16 integers (internal/http1), whose bytes lie in slab: a
// reference to an array with one element per record.
func (iso *Isolate) HTTPHeads(records []int32, n int, slab []byte) Ref {
	iso.assertThread()
	return Ref(C.hob_http_heads(iso.c, (*C.int32_t)(unsafe.Pointer(unsafe.SliceData(records))), C.int(n),
		(*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(slab)))))
}
