package v8

// #cgo noescape hob_zlib_write
// #cgo nocallback hob_zlib_write
// #cgo noescape hob_crc32
// #cgo nocallback hob_crc32
// #include "zlib.h"
import "C"

import "unsafe"

// Chromium's zlib comes with V8's libraries. It is reached from here because this is the package with cgo; it needs no
// isolate.

// ZlibMode says which format a Zlib reads or writes. The numbers are node:zlib's.
type ZlibMode int

const (
	Deflate    ZlibMode = C.HOB_DEFLATE
	Inflate    ZlibMode = C.HOB_INFLATE
	Gzip       ZlibMode = C.HOB_GZIP
	Gunzip     ZlibMode = C.HOB_GUNZIP
	DeflateRaw ZlibMode = C.HOB_DEFLATERAW
	InflateRaw ZlibMode = C.HOB_INFLATERAW
	Unzip      ZlibMode = C.HOB_UNZIP // gzip or zlib, whichever the data is
)

// How much of what was written has to come out: zlib's numbers.
const (
	ZSyncFlush = 2
	ZFinish    = 4
	ZStreamEnd = 1
)

// ZlibParams are what a Zlib is made with.
type ZlibParams struct {
	Mode       ZlibMode
	Level      int // -1: default
	WindowBits int // 0 with an inflating mode: what the stream says
	MemLevel   int
	Strategy   int
	Dictionary []byte
}

// ZlibError is an error of zlib with its number.
type ZlibError struct {
	Code    int
	Message string
}

func (e *ZlibError) Error() string { return e.Message }

// Zlib is one stream, compressing or decompressing. Any goroutine, one at a time; Close frees it.
type Zlib struct{ c *C.hob_zlib }

// NewZlib makes a stream.
func NewZlib(p ZlibParams) (*Zlib, error) {
	var code C.int
	c := C.hob_zlib_new(C.int(p.Mode), C.int(p.Level), C.int(p.WindowBits), C.int(p.MemLevel), C.int(p.Strategy),
		bytesPtr(p.Dictionary), C.size_t(len(p.Dictionary)), &code)
	if c == nil {
		msg := "Init error"
		if len(p.Dictionary) > 0 {
			msg = "Failed to set dictionary"
		}
		return nil, &ZlibError{int(code), msg}
	}
	return &Zlib{c}, nil
}

// Write takes in and fills out as far as either goes. When out comes back full there may be more: call again with the
// rest of in. ended says that the compressed stream is complete; what in holds beyond it is not read.
func (z *Zlib) Write(flush int, in, out []byte) (read, wrote int, ended bool, err error) {
	r := C.hob_zlib_write(z.c, C.int(flush), (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(in))), C.size_t(len(in)),
		(*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(out))), C.size_t(len(out)))
	if r.message != nil {
		err = &ZlibError{int(r.code), C.GoString(r.message)}
	}
	return int(r.read), int(r.wrote), r.code == ZStreamEnd, err
}

// Reset begins a new stream with the same parameters.
func (z *Zlib) Reset() error {
	if code := C.hob_zlib_reset(z.c); code != 0 {
		return &ZlibError{int(code), "Failed to reset stream"}
	}
	return nil
}

// SetParams changes level and strategy of a compressing stream that has been flushed.
func (z *Zlib) SetParams(level, strategy int) error {
	if code := C.hob_zlib_params(z.c, C.int(level), C.int(strategy)); code != 0 {
		return &ZlibError{int(code), "Failed to set parameters"}
	}
	return nil
}

// Close frees the stream.
func (z *Zlib) Close() {
	if z.c != nil {
		C.hob_zlib_free(z.c)
		z.c = nil
	}
}

// CRC32 continues the checksum crc with data.
func CRC32(crc uint32, data []byte) uint32 {
	return uint32(C.hob_crc32(C.uint32_t(crc), (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(data))), C.size_t(len(data))))
}
