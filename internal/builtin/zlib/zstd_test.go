package zlib

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/hobjs/hob/internal/v8"
	"github.com/klauspost/compress/zstd"
)

// run feeds in to a codec as a stream does: in pieces, with outputs of any size. It returns the output and how much of in
// was taken.
func run(c codec, r *rand.Rand, in []byte, maxIn, maxOut, end int) (out []byte, taken int, err error) {
	for {
		n := min(1+r.IntN(maxIn), len(in)-taken)
		flush := zstdContinue
		if taken+n == len(in) {
			flush = end
		}
		piece := in[taken : taken+n]
		for {
			room := make([]byte, 1+r.IntN(maxOut))
			read, wrote, ended, err := c.Write(flush, piece, room)
			if read < 0 || read > len(piece) || wrote < 0 || wrote > len(room) {
				return nil, 0, fmt.Errorf("read %d of %d, wrote %d of %d", read, len(piece), wrote, len(room))
			}
			out = append(out, room[:wrote]...)
			piece = piece[read:]
			taken += read
			if err != nil || ended {
				return out, taken, err
			}
			if wrote < len(room) {
				break
			}
		}
		if len(piece) > 0 {
			return out, taken, fmt.Errorf("%d bytes of input left with room for output", len(piece))
		}
		if taken == len(in) && flush == end {
			return out, taken, nil
		}
	}
}

func decoder(t testing.TB) codec {
	c, err := newZstd(v8.ZlibParams{Mode: zstdDecode})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// text is n bytes that compress somewhat, or not at all, or to nothing.
func text(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	switch r.IntN(3) {
	case 0:
		for i := range b {
			b[i] = "some words "[r.IntN(11)]
		}
	case 1:
		for i := range b {
			b[i] = byte(r.Uint32())
		}
	}
	return b
}

func TestZstdDecodesAnySplit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 150 {
		plain := text(r, r.IntN(1+i*i*4))
		var packed bytes.Buffer
		w, err := zstd.NewWriter(&packed, zstd.WithEncoderCRC(i%2 == 0), zstd.WithSingleSegment(i%3 == 0), zstd.WithZeroFrames(true),
			zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.EncoderLevel(1+i%3)))
		if err != nil {
			t.Fatal(err)
		}
		if i%5 == 0 { // the size stands in the head
			packed.Write(w.EncodeAll(plain, nil))
		} else {
			for p := plain; len(p) > 0; {
				n := min(1+r.IntN(100_000), len(p))
				w.Write(p[:n])
				if r.IntN(4) == 0 {
					w.Flush()
				}
				p = p[n:]
			}
			w.Close()
		}
		in := append(bytes.Clone(packed.Bytes()), "behind"...)
		c := decoder(t)
		out, taken, err := run(c, r, in, 1+r.IntN(5000), 1+r.IntN(70_000), zstdEnd)
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		if !bytes.Equal(out, plain) {
			t.Fatalf("case %d: %d bytes of output, want %d", i, len(out), len(plain))
		}
		if taken != packed.Len() {
			t.Fatalf("case %d: took %d bytes of a frame of %d", i, taken, packed.Len())
		}
		// The same codec takes another frame after a reset.
		if err := c.Reset(); err != nil {
			t.Fatal(err)
		}
		if out, _, err = run(c, r, in, len(in), 1<<20, zstdEnd); err != nil || !bytes.Equal(out, plain) {
			t.Fatalf("case %d, after a reset: %d bytes, %v", i, len(out), err)
		}
		c.Close()
	}
}

func TestZstdRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for i := range 100 {
		plain := text(r, r.IntN(1+i*i*20))
		c, err := newZstd(v8.ZlibParams{Mode: zstdEncode, Level: 1 + i%19, MemLevel: i % 2, Strategy: -1})
		if err != nil {
			t.Fatal(err)
		}
		packed, _, err := run(c, r, plain, 1+r.IntN(50_000), 1+r.IntN(5000), zstdEnd)
		c.Close()
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		d, err := zstd.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := io.ReadAll(d)
		d.Close()
		if err != nil || !bytes.Equal(theirs, plain) {
			t.Fatalf("case %d: the library reads %d bytes of %d, %v", i, len(theirs), len(plain), err)
		}
		u := decoder(t)
		ours, taken, err := run(u, r, packed, 1+r.IntN(3000), 1+r.IntN(50_000), zstdEnd)
		u.Close()
		if err != nil || taken != len(packed) || !bytes.Equal(ours, plain) {
			t.Fatalf("case %d: %d bytes of %d, %v", i, len(ours), len(plain), err)
		}
	}
}

// Input that ends too early is an error when the end was announced, and a wait for more when not.
func TestZstdCutOff(t *testing.T) {
	w, _ := zstd.NewWriter(nil)
	packed := w.EncodeAll(bytes.Repeat([]byte("hello "), 5000), nil)
	r := rand.New(rand.NewPCG(7, 8))
	for n := range len(packed) {
		c := decoder(t)
		if _, _, err := run(c, r, packed[:n], 10, 100, zstdContinue); err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		c.Close()
		c = decoder(t)
		if n > 0 {
			if _, _, err := run(c, r, packed[:n], 10, 100, zstdEnd); err == nil {
				t.Fatalf("%d bytes of %d are no error", n, len(packed))
			}
		}
		c.Close()
	}
}

// Whatever comes in, the decoder ends, and says what the library says of what it took.
func FuzzZstdDecode(f *testing.F) {
	w, _ := zstd.NewWriter(nil)
	f.Add(w.EncodeAll([]byte("hello hello hello hello"), nil), uint64(1))
	f.Add(w.EncodeAll(nil, nil), uint64(2))
	f.Add([]byte("\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00"), uint64(3))
	f.Add([]byte("\x28\xb5\x2f\xfd\x04\x00\x0b\x00\x00x\x00\x00\x00\x00"), uint64(4))
	f.Fuzz(func(t *testing.T, in []byte, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 0))
		c, err := newZstd(v8.ZlibParams{Mode: zstdDecode})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		out, taken, err := run(limited{c, new(int)}, r, in, 1+r.IntN(200), 1+r.IntN(5000), zstdEnd)
		if err != nil || len(in) == 0 {
			return
		}
		d, err := zstd.NewReader(bytes.NewReader(in[:taken]), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(1<<31))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		theirs, err := io.ReadAll(d)
		if err != nil || !bytes.Equal(out, theirs) {
			t.Fatalf("%d bytes, no error; the library: %d bytes, %v", len(out), len(theirs), err)
		}
	})
}

// limited gives up on what unpacks to very much.
type limited struct {
	codec
	total *int
}

func (l limited) Write(flush int, in, out []byte) (read, wrote int, ended bool, err error) {
	read, wrote, ended, err = l.codec.Write(flush, in, out)
	if *l.total += wrote; *l.total > 4<<20 && err == nil {
		err = io.ErrShortBuffer
	}
	return read, wrote, ended, err
}
