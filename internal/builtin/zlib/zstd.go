package zlib

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/hobjs/hob/internal/v8"
	"github.com/klauspost/compress/zstd"
)

// Zstandard's modes and operations, as node:zlib numbers them.
const (
	zstdEncode   v8.ZlibMode = 10
	zstdDecode   v8.ZlibMode = 11
	zstdContinue             = 0
	zstdEnd                  = 2
)

// newZstd makes a codec. Its parameters are in the places of the deflate family's: Level, WindowBits (0: by level),
// MemLevel (1: with a checksum), Strategy (the pledged size, -1: none).
func newZstd(p v8.ZlibParams) (codec, error) {
	dict := append([]byte(nil), p.Dictionary...)
	if p.Mode == zstdDecode {
		return &zstdDecoder{dict: dict}, nil
	}
	options := []zstd.EOption{zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(p.MemLevel == 1),
		zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(p.Level)), zstd.WithZeroFrames(true)}
	if p.WindowBits > 0 {
		options = append(options, zstd.WithWindowSize(1<<p.WindowBits))
	}
	if len(dict) > 0 {
		options = append(options, zstd.WithEncoderDictRaw(0, dict))
	}
	e := &zstdEncoder{pledged: p.Strategy}
	var err error
	e.w, err = zstd.NewWriter(&e.buf, options...)
	return e, err
}

type zstdEncoder struct {
	w        *zstd.Encoder
	buf      bytes.Buffer
	taken    int
	pledged  int
	draining bool // the last call filled its output: this one goes on with the same write
	finished bool
}

func (e *zstdEncoder) Write(flush int, in, out []byte) (read, wrote int, ended bool, err error) {
	if !e.draining && !e.finished {
		e.taken += len(in)
		if e.pledged >= 0 && (e.taken > e.pledged || flush == zstdEnd && e.taken != e.pledged) {
			return 0, 0, false, &codedFailure{72, "Src size is incorrect", "ZSTD_error_srcSize_wrong"}
		}
		_, err = e.w.Write(in)
		switch {
		case err != nil || flush == zstdContinue:
		case flush == zstdEnd:
			e.finished = true
			err = e.w.Close()
		default:
			err = e.w.Flush()
		}
		if err != nil {
			return 0, 0, false, &codedFailure{1, "Error (generic)", "ZSTD_error_GENERIC"}
		}
	}
	wrote = copy(out, e.buf.Bytes())
	e.buf.Next(wrote)
	e.draining = wrote == len(out)
	return len(in), wrote, e.finished && e.buf.Len() == 0, nil
}

func (e *zstdEncoder) Reset() error {
	e.buf.Reset()
	e.w.Reset(&e.buf)
	e.taken, e.draining, e.finished = 0, false, false
	return nil
}

func (e *zstdEncoder) SetParams(int, int) error { return nil }
func (e *zstdEncoder) Close()                   { e.w.Close() }

// zstdDecoder decodes one frame. The library's decoder pulls its input, so it runs on a goroutine of its own, which takes
// turns with Write: it is either waiting for input or waiting for its output to be taken.
type zstdDecoder struct {
	dict    []byte
	frame   frame
	events  chan zstdEvent
	input   chan []byte // closed: no more
	needs   bool        // the decoder waits for input
	pending []byte      // output that there was no room for
	held    []byte      // input that the decoder has not asked for yet
	ended   bool
	failure error
}

type zstdEvent struct {
	out []byte
	err error // io.EOF: the end
}

// source is the decoder's reader.
type source struct {
	events chan<- zstdEvent
	input  <-chan []byte
	data   []byte
	ended  bool
}

func (s *source) Read(p []byte) (int, error) {
	if len(s.data) == 0 {
		if s.ended {
			return 0, io.EOF
		}
		s.events <- zstdEvent{}
		var ok bool
		if s.data, ok = <-s.input; !ok {
			s.ended = true
			return 0, io.EOF
		}
	}
	n := copy(p, s.data)
	s.data = s.data[n:]
	return n, nil
}

func runDecoder(dict []byte, events chan<- zstdEvent, input <-chan []byte) {
	defer close(events)
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(1 << 31)}
	if len(dict) > 0 {
		options = append(options, zstd.WithDecoderDictRaw(0, dict))
	}
	r, err := zstd.NewReader(&source{events: events, input: input}, options...)
	if err != nil {
		events <- zstdEvent{err: err}
		return
	}
	defer r.Close()
	var bufs [2][32 << 10]byte
	for i := 0; ; i++ {
		b := bufs[i%2][:]
		n, err := r.Read(b)
		if n > 0 {
			events <- zstdEvent{out: b[:n]}
		}
		if err != nil {
			events <- zstdEvent{err: err}
			return
		}
	}
}

func (d *zstdDecoder) Write(flush int, in, out []byte) (read, wrote int, ended bool, err error) {
	var feed []byte
	if !d.ended && d.failure == nil {
		read, err = d.frame.take(in)
		if err != nil {
			return 0, 0, false, err
		}
		feed = append(d.held, in[:read]...)
		d.held = nil
	}
	for {
		n := copy(out[wrote:], d.pending)
		d.pending = d.pending[n:]
		wrote += n
		if wrote == len(out) && len(out) > 0 {
			d.held = append(d.held, feed...)
			return read, wrote, d.ended && len(d.pending) == 0, nil
		}
		if d.ended {
			return read, wrote, true, nil
		}
		if d.failure != nil {
			return read, wrote, false, d.failure
		}
		if d.needs || d.events == nil {
			switch {
			case len(feed) > 0:
				if d.events == nil {
					d.events, d.input = make(chan zstdEvent), make(chan []byte)
					go runDecoder(d.dict, d.events, d.input)
					<-d.events // it asks for input
				}
				d.input <- feed
				feed, d.needs = nil, false
			case d.frame.complete():
				close(d.input)
				d.input, d.needs = nil, false
			case flush == zstdEnd:
				return read, wrote, false, &v8.ZlibError{Code: -5, Message: "unexpected end of file"}
			default:
				return read, wrote, false, nil
			}
		}
		switch e, ok := <-d.events; {
		case !ok || errors.Is(e.err, io.EOF):
			d.ended = true
		case e.err != nil:
			d.failure = &codedFailure{20, "Data corruption detected", "ZSTD_error_corruption_detected"}
			if errors.Is(e.err, zstd.ErrCRCMismatch) {
				d.failure = &codedFailure{22, "Restored data doesn't match checksum", "ZSTD_error_checksum_wrong"}
			}
		case e.out != nil:
			d.pending = e.out
		default:
			d.needs = true
		}
	}
}

func (d *zstdDecoder) Reset() error {
	d.Close()
	*d = zstdDecoder{dict: d.dict}
	return nil
}

func (d *zstdDecoder) SetParams(int, int) error { return nil }

// Close lets the goroutine run to its end: input that is missing is an error to it.
func (d *zstdDecoder) Close() {
	if d.events != nil {
		if d.input != nil {
			close(d.input)
		}
		events := d.events
		go func() {
			for range events {
			}
		}()
	}
	d.events, d.input = nil, nil
}

// frame follows the structure of a frame, to know where it ends: what is behind it is not the decoder's.
type frame struct {
	head     []byte // of the part under way: as many bytes as are here of it
	want     int    // bytes that the part's head has
	skip     int    // bytes of a block still to come
	part     int
	checksum bool
	last     bool
}

const (
	partMagic = iota
	partDescriptor
	partBlock
	partChecksum
	partDone
)

func (f *frame) complete() bool { return f.part == partDone }

var errPrefix = &codedFailure{10, "Unknown frame descriptor", "ZSTD_error_prefix_unknown"}

// take says how much of b belongs to the frame.
func (f *frame) take(b []byte) (n int, err error) {
	for n < len(b) && f.part != partDone {
		if f.skip > 0 {
			k := min(f.skip, len(b)-n)
			f.skip -= k
			n += k
			if f.skip == 0 {
				f.afterBlock()
			}
			continue
		}
		if f.want == 0 {
			f.want = 5 // magic number and descriptor
		}
		f.head = append(f.head, b[n])
		n++
		if f.part == partMagic && f.head[len(f.head)-1] != "\x28\xb5\x2f\xfd"[min(len(f.head)-1, 3)] && len(f.head) <= 4 {
			return 0, errPrefix
		}
		if len(f.head) == f.want {
			f.headDone()
		}
	}
	return n, nil
}

func (f *frame) headDone() {
	switch f.part {
	case partMagic:
		d := f.head[4]
		f.checksum = d&4 != 0
		single := d&0x20 != 0
		more := []int{0, 1, 2, 4}[d&3] + []int{0, 2, 4, 8}[d>>6]
		if !single {
			more++
		} else if d>>6 == 0 {
			more++
		}
		f.next(partDescriptor, more)
		if more == 0 {
			f.next(partBlock, 3)
		}
	case partDescriptor:
		f.next(partBlock, 3)
	case partBlock:
		h := binary.LittleEndian.Uint32(append(f.head, 0))
		f.last = h&1 != 0
		f.skip = int(h >> 3)
		if h>>1&3 == 1 { // one byte, repeated
			f.skip = 1
		}
		f.next(partBlock, 3)
		if f.skip == 0 {
			f.afterBlock()
		}
	case partChecksum:
		f.part = partDone
	}
}

func (f *frame) afterBlock() {
	if !f.last {
		return
	}
	if f.checksum {
		f.next(partChecksum, 4)
	} else {
		f.part = partDone
	}
}

func (f *frame) next(part, want int) { f.part, f.want, f.head = part, want, f.head[:0] }
