package zlib

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/hobjs/hob/internal/v8"
)

// Brotli's modes and operations, as node:zlib numbers them.
const (
	brotliDecode  v8.ZlibMode = 8
	brotliEncode  v8.ZlibMode = 9
	brotliProcess             = 0
	brotliFinish              = 2
)

// newCodec makes the codec of a mode. Brotli's quality and window are in Level and WindowBits.
func newCodec(p v8.ZlibParams) (codec, error) {
	switch p.Mode {
	case brotliDecode:
		d := &brotliDecoder{}
		d.r = brotli.NewReader(&d.feed)
		return d, nil
	case brotliEncode:
		e := &brotliEncoder{}
		e.w = brotli.NewWriterOptions(&e.buf, brotli.WriterOptions{Quality: p.Level, LGWin: p.WindowBits})
		return e, nil
	}
	if p.Mode == zstdEncode || p.Mode == zstdDecode {
		return newZstd(p)
	}
	return v8.NewZlib(p)
}

// brotliEncoder gathers what the library's Writer gives until the caller has room for it.
type brotliEncoder struct {
	w        *brotli.Writer
	buf      bytes.Buffer
	draining bool // the last call filled its output: this one goes on with the same write
	finished bool
}

func (e *brotliEncoder) Write(flush int, in, out []byte) (read, wrote int, ended bool, err error) {
	if !e.draining && !e.finished {
		if _, err := e.w.Write(in); err != nil {
			return 0, 0, false, brotliFailure(-1, "Compression failed", "ERR_BROTLI_COMPRESSION_FAILED")
		}
		switch flush {
		case brotliProcess:
		case brotliFinish:
			e.finished = true
			err = e.w.Close()
		default:
			err = e.w.Flush()
		}
		if err != nil {
			return 0, 0, false, brotliFailure(-1, "Compression failed", "ERR_BROTLI_COMPRESSION_FAILED")
		}
	}
	wrote = copy(out, e.buf.Bytes())
	e.buf.Next(wrote)
	e.draining = wrote == len(out)
	return len(in), wrote, e.finished && e.buf.Len() == 0, nil
}

func (e *brotliEncoder) Reset() error {
	e.buf.Reset()
	e.w.Reset(&e.buf)
	e.draining, e.finished = false, false
	return nil
}

func (e *brotliEncoder) SetParams(int, int) error { return nil }
func (e *brotliEncoder) Close()                   {}

// feed is the input that there is: at its end the decoder is told that this is all, and goes on when there is more.
type feed struct{ data []byte }

func (f *feed) Read(p []byte) (int, error) {
	if len(f.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.data)
	f.data = f.data[n:]
	return n, nil
}

type brotliDecoder struct {
	r     *brotli.Reader
	feed  feed
	ended bool
}

func (d *brotliDecoder) Write(flush int, in, out []byte) (read, wrote int, ended bool, err error) {
	if d.ended {
		return 0, 0, true, nil
	}
	d.feed.data = in
	defer func() { d.feed.data = nil }()
	for wrote < len(out) && err == nil {
		var n int
		n, err = d.r.Read(out[wrote:])
		wrote += n
	}
	read = len(in) - len(d.feed.data)
	switch {
	case err == nil, errors.Is(err, io.ErrShortBuffer):
		return read, wrote, false, nil
	case errors.Is(err, io.EOF):
		d.ended = true
		return read, wrote, true, nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		if flush == brotliFinish {
			return read, wrote, false, &v8.ZlibError{Code: -5, Message: "unexpected end of file"}
		}
		return read, wrote, false, nil
	case err.Error() == "brotli: excessive input":
		d.ended = true
		return max(read-d.unused(), 0), wrote, true, nil
	}
	return read, wrote, false, decodeFailure(err)
}

// unused is how much of its input the decoder holds and has not used. The library keeps that to itself.
func (d *brotliDecoder) unused() int {
	r := reflect.ValueOf(d.r).Elem()
	n := r.FieldByName("in").Len()
	if f := r.FieldByName("buffer_length"); f.CanUint() {
		n += int(f.Uint())
	}
	return n
}

// decodeFailure names an error of the library: its type is an integer with the numbers that Brotli's C code has.
func decodeFailure(err error) error {
	v := reflect.ValueOf(err)
	if v.Kind() != reflect.Int {
		return err
	}
	code, kind := int(v.Int()), ""
	switch {
	case code >= -17:
		kind = "FORMAT_"
	case code <= -21 && code >= -30:
		kind = "ALLOC_"
	}
	return brotliFailure(code, "Decompression failed", "ERR__ERROR_"+kind+strings.TrimPrefix(err.Error(), "brotli: "))
}

func (d *brotliDecoder) Reset() error {
	d.ended = false
	return d.r.Reset(&d.feed)
}

func (d *brotliDecoder) SetParams(int, int) error { return nil }
func (d *brotliDecoder) Close()                   {}

// codedFailure is an error of a format that has codes of its own.
type codedFailure struct {
	number        int
	message, code string
}

func (e *codedFailure) Error() string { return e.message }

func (e *codedFailure) ErrorValue() v8.Value {
	return v8.ErrorValue(v8.KindError, "", e.message, v8.Object("errno", v8.Int(e.number), "code", v8.String(e.code)))
}

func brotliFailure(number int, message, code string) error {
	return &codedFailure{number, message, code}
}
