// Package zlib is the Go half of node:zlib: streams on the engine's own Chromium zlib, worked on by the pool.
//
// A write of a stream is one job, whatever number of output chunks it fills (up to a limit, which is the room that the
// stream's reader has): Node makes a job of each 16 KB.
package zlib

import (
	"errors"
	"fmt"
	"sync"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
)

// A codec is one stream of any format.
type codec interface {
	// Write takes in and fills out as far as either goes. A full out means that there may be more.
	Write(flush int, in, out []byte) (read, wrote int, ended bool, err error)
	Reset() error
	SetParams(level, strategy int) error
	Close()
}

// stream is a codec that JavaScript knows by a number.
type stream struct {
	codec
	params v8.ZlibParams // what it was made with, without dictionary
	own    bool          // not to be used for another stream: it has a dictionary, or other parameters by now
	busy   bool          // a job has it
	closed bool          // to be closed when the job is done
}

type module struct {
	rt      *host.Runtime
	streams map[int]*stream
	next    int
	spare   spares
}

// Natives is the table that zlib's JavaScript sees.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, streams: map[int]*stream{}}
	rt.OnClose(func() {
		for _, s := range m.streams {
			if !s.busy {
				s.Close()
			}
		}
		m.spare.closeAll()
	})
	return host.Natives{
		"open":    m.open,
		"write":   m.write,
		"reset":   m.reset,
		"params":  m.params,
		"close":   m.close,
		"oneShot": m.oneShot,
		"crc32":   crc32,
	}
}

// crc32(data, value)
func crc32(c *v8.Call) {
	c.ReturnFloat(float64(v8.CRC32(uint32(c.Int64(1)), c.Bytes(0))))
}

// paramsOf reads (mode, level, windowBits, memLevel, strategy, dictionary).
func paramsOf(c *v8.Call) v8.ZlibParams {
	return v8.ZlibParams{Mode: v8.ZlibMode(c.Int(0)), Level: c.Int(1), WindowBits: c.Int(2), MemLevel: c.Int(3),
		Strategy: c.Int(4), Dictionary: c.Bytes(5)}
}

// open(…params) → number
func (m *module) open(c *v8.Call) {
	p := paramsOf(c)
	z, err := m.spare.take(p)
	if err != nil {
		c.Throw(errorValue(err))
		return
	}
	m.next++
	s := &stream{codec: z, params: p, own: len(p.Dictionary) > 0}
	s.params.Dictionary = nil
	m.streams[m.next] = s
	c.ReturnInt(m.next)
}

func (m *module) reset(c *v8.Call) {
	if err := m.streams[c.Int(0)].Reset(); err != nil {
		c.Throw(errorValue(err))
	}
}

// params(id, level, strategy)
func (m *module) params(c *v8.Call) {
	s := m.streams[c.Int(0)]
	s.own = true
	if err := s.SetParams(c.Int(1), c.Int(2)); err != nil {
		c.Throw(errorValue(err))
	}
}

func (m *module) close(c *v8.Call) {
	id := c.Int(0)
	s := m.streams[id]
	if s == nil {
		return
	}
	delete(m.streams, id)
	if s.busy {
		s.closed = true
	} else {
		m.drop(s)
	}
}

// drop keeps the codec of a stream that is done for the next one: a server that compresses makes one for each answer.
func (m *module) drop(s *stream) {
	if _, deflates := s.codec.(*v8.Zlib); deflates && !s.own {
		m.spare.put(s.params, s.codec)
	} else {
		s.Close()
	}
}

// output is what one write gave.
type output struct {
	read, wrote int
	more        bool     // the last chunk is full: there may be more
	chunks      [][]byte // beyond the caller's: from v8.AllocBytes
	err         error
}

// write takes in, fills out and then up to limit-1 further chunks.
func (s *stream) write(flush int, in, out []byte, chunk, limit int) (o output) {
	var ended bool
	o.read, o.wrote, ended, o.err = s.Write(flush, in, out)
	if o.err != nil {
		o.wrote = 0
		return o
	}
	o.more = o.wrote == len(out) && !ended
	for o.more && len(o.chunks) < limit-1 {
		b := v8.AllocBytes(chunk)
		if b == nil {
			o.err = errNoMemory
			return o
		}
		read, wrote, ended, err := s.Write(flush, in[o.read:], b)
		o.read += read
		if err != nil {
			v8.FreeBytes(b)
			o.err = err
			return o
		}
		o.more = wrote == chunk && !ended
		if wrote == 0 {
			v8.FreeBytes(b)
			break
		}
		o.chunks = append(o.chunks, b[:wrote])
	}
	return o
}

// values are the arguments of the JavaScript callback: (error, read, wrote, more, chunks).
func (o *output) values() [5]v8.Value {
	v := [5]v8.Value{v8.Undefined, v8.Int(o.read), v8.Int(o.wrote), v8.Bool(o.more), v8.Undefined}
	if o.err != nil {
		v[0] = errorValue(o.err)
	}
	if len(o.chunks) > 0 {
		list := make([]v8.Value, len(o.chunks))
		for i, b := range o.chunks {
			list[i] = v8.Owned(b)
		}
		v[4] = v8.Array(list...)
	}
	return v
}

// write(id, flush, in, out, outOffset, chunkSize, limit, callback): without a callback it works here and returns the
// callback's arguments.
func (m *module) write(c *v8.Call) {
	s := m.streams[c.Int(0)]
	flush, offset, chunk, limit := c.Int(1), c.Int(4), c.Int(5), c.Int(6)
	callback := c.Callback(7)
	if callback == 0 {
		o := s.write(flush, c.Bytes(2), c.Bytes(3)[offset:], chunk, limit)
		v := o.values()
		c.Return(v8.Array(v[:]...))
		return
	}
	in, out := c.Backing(2), c.Backing(3)
	var o output
	s.busy = true
	m.rt.Loop.Submit(loop.LaneZlib, func() {
		o = s.write(flush, in.Data, out.Data[offset:], chunk, limit)
	}, func(bool) {
		in.Release()
		out.Release()
		s.busy = false
		if s.closed {
			m.drop(s)
		}
		if m.rt.Exiting() {
			for _, b := range o.chunks {
				v8.FreeBytes(b)
			}
			m.rt.Isolate.Free(callback)
			return
		}
		v := o.values()
		m.rt.EmitOnce(callback, v[:]...)
	})
}

// oneShot(…params, data, finishFlush, maxOutputLength, rejectGarbageAfterEnd, chunkSize, callback) → the whole output
func (m *module) oneShot(c *v8.Call) {
	p := paramsOf(c)
	j := job{flush: c.Int(7), most: c.Int(8), strict: c.Bool(9), chunk: c.Int(10), in: c.Bytes(6)}
	if !c.IsFunction(11) {
		out, err := m.whole(p, j)
		if err != nil {
			c.Throw(errorValue(err))
			return
		}
		c.Return(v8.Owned(out))
		return
	}
	p.Dictionary = append([]byte(nil), p.Dictionary...)
	in := c.Backing(6)
	j.in = in.Data
	m.rt.Async(loop.LaneZlib, c.Callback(11), func() (v8.Value, error) {
		defer in.Release()
		out, err := m.whole(p, j)
		if err != nil {
			return v8.Undefined, failure{err}
		}
		return v8.Owned(out), nil
	})
}

// job is one whole compression or decompression.
type job struct {
	in     []byte
	flush  int
	most   int // bytes of output
	chunk  int
	strict bool // bytes behind the end are an error
}

var (
	errNoMemory = &v8.ZlibError{Code: -4, Message: "Out of memory"}
	errJunk     = errors.New("junk")
)

type errTooLarge int

func (e errTooLarge) Error() string {
	return fmt.Sprintf("Cannot create a Buffer larger than %d bytes", int(e))
}

// whole runs a job on a codec of its own. The result comes from v8.AllocBytes.
func (m *module) whole(p v8.ZlibParams, j job) ([]byte, error) {
	z, err := m.spare.take(p)
	if err != nil {
		return nil, err
	}
	defer m.spare.put(p, z)
	out := v8.AllocBytes(firstSize(p.Mode, j))
	if out == nil {
		return nil, errNoMemory
	}
	used := 0
	for in := j.in; ; {
		read, wrote, ended, err := z.Write(j.flush, in, out[used:])
		in, used = in[read:], used+wrote
		switch {
		case err != nil:
		case used > j.most:
			err = errTooLarge(j.most)
		case (ended || used < len(out)) && len(in) > 0 && j.strict:
			err = errJunk
		}
		if err != nil {
			v8.FreeBytes(out)
			return nil, err
		}
		if ended || used < len(out) {
			return fitted(out, used)
		}
		if out, err = grown(out, used, 2*len(out)); err != nil {
			return nil, err
		}
	}
}

// firstSize is how much memory to begin with: compressed data is rarely larger than its source, text rarely more than
// four times smaller.
func firstSize(mode v8.ZlibMode, j job) int {
	switch mode {
	case v8.Deflate, v8.Gzip, v8.DeflateRaw, brotliEncode, zstdEncode:
		return max(min(len(j.in)+len(j.in)>>10+64, 256<<10), 64)
	}
	return max(min(4*len(j.in), 1<<20), min(j.chunk, 16<<10))
}

// fitted is out[:used], moved when much would lie idle behind it.
func fitted(out []byte, used int) ([]byte, error) {
	if idle := len(out) - used; idle <= 512 || idle < len(out)/8 {
		return out[:used], nil
	}
	return grown(out, used, used)
}

func grown(out []byte, used, size int) ([]byte, error) {
	b := v8.AllocBytes(max(size, 1))
	if b != nil {
		copy(b, out[:used])
	}
	v8.FreeBytes(out)
	if b == nil {
		return nil, errNoMemory
	}
	return b[:size], nil
}

// spares keeps codecs for the next stream or job with the same parameters: making one of level 6 means clearing 256 KB.
type spares struct {
	mu   sync.Mutex
	list []spare
}

type spare struct {
	key   v8.ZlibParams // without dictionary
	codec codec
}

const maxSpares = 4

func (s *spares) take(p v8.ZlibParams) (codec, error) {
	if len(p.Dictionary) == 0 {
		s.mu.Lock()
		for i, e := range s.list {
			if e.key.Mode == p.Mode && e.key.Level == p.Level && e.key.WindowBits == p.WindowBits &&
				e.key.MemLevel == p.MemLevel && e.key.Strategy == p.Strategy {
				s.list = append(s.list[:i], s.list[i+1:]...)
				s.mu.Unlock()
				return e.codec, nil
			}
		}
		s.mu.Unlock()
	}
	return newCodec(p)
}

func (s *spares) put(p v8.ZlibParams, z codec) {
	if len(p.Dictionary) > 0 || findsWindow(p) || z.Reset() != nil {
		z.Close()
		return
	}
	p.Dictionary = nil
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == maxSpares {
		s.list[0].codec.Close()
		s.list = append(s.list[:0], s.list[1:]...)
	}
	s.list = append(s.list, spare{p, z})
}

// findsWindow tells a codec that takes its window's size from the data, and would not do so a second time.
func findsWindow(p v8.ZlibParams) bool {
	return p.WindowBits == 0 && (p.Mode == v8.Inflate || p.Mode == v8.Gunzip || p.Mode == v8.Unzip)
}

func (s *spares) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.list {
		e.codec.Close()
	}
	s.list = nil
}

var codeNames = map[int]string{0: "Z_OK", 1: "Z_STREAM_END", 2: "Z_NEED_DICT", -1: "Z_ERRNO", -2: "Z_STREAM_ERROR",
	-3: "Z_DATA_ERROR", -4: "Z_MEM_ERROR", -5: "Z_BUF_ERROR", -6: "Z_VERSION_ERROR"}

// errorValue is the Error object that JavaScript sees.
func errorValue(err error) v8.Value {
	var z *v8.ZlibError
	var coded *codedFailure
	var large errTooLarge
	switch {
	case errors.As(err, &z):
		return v8.ErrorValue(v8.KindError, "", z.Message,
			v8.Object("errno", v8.Int(z.Code), "code", v8.String(codeNames[z.Code])))
	case errors.As(err, &coded):
		return coded.ErrorValue()
	case errors.As(err, &large):
		return host.RangeError("ERR_BUFFER_TOO_LARGE", err.Error())
	case err == errJunk:
		return host.TypeError("ERR_TRAILING_JUNK_AFTER_STREAM_END",
			"Trailing junk found after the end of the compressed stream")
	}
	return host.ErrorValue(err)
}

// failure carries an error through the host's own way to report one.
type failure struct{ error }

func (f failure) ErrorValue() v8.Value { return errorValue(f.error) }
