package v8

import (
	"bytes"
	"compress/gzip"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
)

// defaults are the parameters that node:zlib uses when it is told nothing.
func defaults(mode ZlibMode) ZlibParams {
	return ZlibParams{Mode: mode, Level: -1, WindowBits: 15, MemLevel: 8}
}

// run sends all of in through z with output pieces of the given size.
func run(z *Zlib, flush int, in []byte, piece int) (out []byte, err error) {
	buf := make([]byte, piece)
	for {
		read, wrote, ended, err := z.Write(flush, in, buf)
		out, in = append(out, buf[:wrote]...), in[read:]
		if err != nil || ended || wrote < piece {
			return out, err
		}
	}
}

func open(t testing.TB, p ZlibParams) *Zlib {
	t.Helper()
	z, err := NewZlib(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(z.Close)
	return z
}

func sampleText(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"hob ", "loop ", "ring ", "fire ", "kettle ", "steam\n"}
	var b bytes.Buffer
	for b.Len() < n {
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.Bytes()[:n]
}

func TestZlibRoundTripsInEveryFormat(t *testing.T) {
	text := sampleText(100_000)
	for _, pair := range [][2]ZlibMode{{Deflate, Inflate}, {Gzip, Gunzip}, {DeflateRaw, InflateRaw}, {Gzip, Unzip}, {Deflate, Unzip}} {
		for _, piece := range []int{1, 64, 16384, 1 << 20} {
			packed, err := run(open(t, defaults(pair[0])), ZFinish, text, piece)
			if err != nil || len(packed) > len(text)/3 {
				t.Fatalf("%v: %d bytes, %v", pair, len(packed), err)
			}
			plain, err := run(open(t, defaults(pair[1])), ZFinish, packed, piece)
			if err != nil || !bytes.Equal(plain, text) {
				t.Errorf("%v in pieces of %d: %d bytes back, %v", pair, piece, len(plain), err)
			}
		}
	}
}

func TestZlibWritesWhatGoReads(t *testing.T) {
	text := sampleText(50_000)
	packed, err := run(open(t, defaults(Gzip)), ZFinish, text, 4096)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(r); err != nil || !bytes.Equal(plain, text) {
		t.Errorf("%d bytes, %v", len(plain), err)
	}
}

func TestZlibGunzipReadsAllMembers(t *testing.T) {
	var file []byte
	for _, s := range []string{"abc", "def"} {
		b, _ := run(open(t, defaults(Gzip)), ZFinish, []byte(s), 100)
		file = append(file, b...)
	}
	file = append(file, 0, 0, 0)
	for _, mode := range []ZlibMode{Gunzip, Unzip} {
		if out, err := run(open(t, defaults(mode)), ZFinish, file, 100); string(out) != "abcdef" || err != nil {
			t.Errorf("mode %d: %q, %v", mode, out, err)
		}
	}
}

func TestZlibErrors(t *testing.T) {
	packed, _ := run(open(t, defaults(Deflate)), ZFinish, sampleText(1000), 4096)
	withDict := defaults(Deflate)
	withDict.Dictionary = []byte("kettle")
	dicted, _ := run(open(t, withDict), ZFinish, []byte("kettle kettle"), 100)
	badDict := defaults(Inflate)
	badDict.Dictionary = []byte("spoon")
	for _, c := range []struct {
		p    ZlibParams
		in   []byte
		code int
		msg  string
	}{
		{defaults(Inflate), []byte("not zlib"), -3, "incorrect header check"},
		{defaults(Gunzip), packed, -3, "incorrect header check"},
		{defaults(Inflate), packed[:len(packed)-8], -5, "unexpected end of file"},
		{defaults(Inflate), nil, -5, "unexpected end of file"},
		{defaults(Inflate), dicted, 2, "Missing dictionary"},
		{badDict, dicted, 2, "Bad dictionary"},
	} {
		_, err := run(open(t, c.p), ZFinish, c.in, 4096)
		var z *ZlibError
		if !errors.As(err, &z) || z.Code != c.code || z.Message != c.msg {
			t.Errorf("got %v, want %d %s", err, c.code, c.msg)
		}
	}
}

func TestZlibDictionaryResetAndParams(t *testing.T) {
	p := defaults(Deflate)
	p.Dictionary = []byte("the kettle is on the hob")
	z := open(t, p)
	text := []byte("the kettle is on the hob, the kettle is on the hob")
	first, _ := run(z, ZFinish, text, 100)
	if err := z.Reset(); err != nil {
		t.Fatal(err)
	}
	second, _ := run(z, ZFinish, text, 100)
	if !bytes.Equal(first, second) {
		t.Error("after Reset the same text packs differently")
	}
	p.Mode = Inflate
	if out, err := run(open(t, p), ZFinish, first, 100); !bytes.Equal(out, text) || err != nil {
		t.Errorf("%q, %v", out, err)
	}

	z = open(t, defaults(Deflate))
	packed, _ := run(z, ZSyncFlush, text, 1000)
	if err := z.SetParams(0, 0); err != nil {
		t.Fatal(err)
	}
	rest, _ := run(z, ZFinish, text, 1000)
	if !bytes.Contains(rest, text) {
		t.Error("level 0 did not store the text as it is")
	}
	if out, err := run(open(t, defaults(Inflate)), ZFinish, append(packed, rest...), 1000); len(out) != 2*len(text) || err != nil {
		t.Errorf("%q, %v", out, err)
	}
}

func TestZlibOnManyGoroutines(t *testing.T) {
	text := sampleText(200_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			z, err := NewZlib(defaults(Gzip))
			if err != nil {
				t.Error(err)
				return
			}
			defer z.Close()
			packed, _ := run(z, ZFinish, text, 16384)
			u, _ := NewZlib(defaults(Gunzip))
			defer u.Close()
			if plain, err := run(u, ZFinish, packed, 16384); err != nil || !bytes.Equal(plain, text) {
				t.Errorf("%d bytes, %v", len(plain), err)
			}
		})
	}
	wg.Wait()
}

func TestCRC32(t *testing.T) {
	text := sampleText(5000)
	if got, want := CRC32(CRC32(0, text[:77]), text[77:]), crc32.ChecksumIEEE(text); got != want {
		t.Errorf("got %08x, want %08x", got, want)
	}
	if got := CRC32(7, nil); got != 7 {
		t.Errorf("nothing changed it to %d", got)
	}
}

func BenchmarkZlibGzip100KB(b *testing.B) {
	text, out := sampleText(100_000), make([]byte, 200_000)
	z := open(b, defaults(Gzip))
	for b.Loop() {
		z.Write(ZFinish, text, out)
		z.Reset()
	}
	b.SetBytes(int64(len(text)))
}
