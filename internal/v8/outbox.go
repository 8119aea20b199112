package v8

// #include "engine.h"
import "C"

import "unsafe"

// maxOutbox is how large the outbox's memory may stay.
const maxOutbox = 8 << 20

// Outbox is what JavaScript has gathered with engine.respond since OutboxReset: records of slot, seq, flags and size (four
// int32), the bytes, and padding to 8. Valid until JavaScript runs again. It is asked for after everything that runs, so it
// looks into memory that it shares with C++.
func (iso *Isolate) Outbox() []byte {
	iso.assertThread()
	if iso.outbox == nil {
		iso.outbox = C.hob_outbox_of(iso.c)
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(iso.outbox.data)), int(iso.outbox.size))
}

// OutboxReset empties the outbox.
func (iso *Isolate) OutboxReset() {
	if iso.outbox.cap > maxOutbox {
		C.hob_outbox_drop(iso.c)
		return
	}
	iso.outbox.size = 0
}

// HTTPHeads makes the strings of the heads among n records of 16 integers (internal/http1), whose bytes lie in slab: a
// reference to an array with one element per record.
func (iso *Isolate) HTTPHeads(records []int32, n int, slab []byte) Ref {
	iso.assertThread()
	iso.crossOut++
	return Ref(C.hob_http_heads(iso.c, (*C.int32_t)(unsafe.Pointer(unsafe.SliceData(records))), C.int(n),
		(*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(slab)))))
}
