package http1

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// recorder collects what a parser emits, with body pieces joined, in the form of testdata.
type recorder struct {
	b   Batch
	p   Parser
	cfg Config
	out []any
}

func newRecorder(cfg Config) *recorder {
	r := &recorder{cfg: cfg}
	if r.cfg.MaxHeaderSize == 0 {
		r.cfg.MaxHeaderSize = 16 << 10
	}
	r.b.Rec, r.b.Slab = make([]int32, 10<<10), make([]byte, 40<<10)
	r.b.Reset()
	r.p.Init(&r.cfg)
	return r
}

func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

func (r *recorder) headers(rec []int32, text []byte) []any {
	out := []any{}
	for i, t := 0, rec[FieldTable]; i < int(rec[FieldHeaders]); i, t = i+1, t+HeaderSize {
		h := r.b.Rec[t : t+HeaderSize]
		n, v := h[1], h[2]
		out = append(out, latin1(text[n:n+h[0]>>8]), latin1(text[v:v+h[3]]))
	}
	return out
}

func num(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (r *recorder) done() { r.out = append(r.out, []any{"done"}) }

func (r *recorder) drain(data []byte) {
	for i := 0; i < r.b.N; i++ {
		rec := r.b.Rec[i*RecordSize : (i+1)*RecordSize]
		mem := data
		if rec[FieldFlags]&FlagSlab != 0 {
			mem = r.b.Slab
		}
		text := func() []byte { return mem[rec[FieldOff] : rec[FieldOff]+rec[FieldLen]] }
		switch rec[FieldKind] {
		case KindHead:
			t := text()
			m, u, status, msg := float64(rec[FieldMethod]), latin1(t[rec[FieldURL]:rec[FieldURL]+rec[FieldURLLen]]), 0.0, ""
			if r.cfg.Response {
				m, u, status, msg = -1, "", m, u
			}
			if m == 34 { // llhttp's own numbers
				m = 46
			} else if m > methodPri {
				m--
			}
			up := r.p.cfg.Response && rec[FieldMethod] == 101 && r.p.saw&wantsUpgrade == 0
			r.out = append(r.out, []any{"head", float64(rec[FieldVersion] >> 4), float64(rec[FieldVersion] & 15), r.headers(rec, t), m, u,
				status, msg, num(rec[FieldFlags]&FlagUpgrade != 0 && !up), num(rec[FieldFlags]&FlagKeepAlive != 0)})
			if rec[FieldFlags]&(FlagBody) == 0 {
				r.done()
			}
		case KindBody:
			if last := len(r.out) - 1; last >= 0 && r.out[last].([]any)[0] == "body" {
				r.out[last].([]any)[1] = r.out[last].([]any)[1].(string) + latin1(text())
			} else {
				r.out = append(r.out, []any{"body", latin1(text())})
			}
			if rec[FieldFlags]&FlagLast != 0 {
				r.done()
			}
		case KindTrailers:
			r.out = append(r.out, []any{"trailers", r.headers(rec, text())})
		case KindComplete:
			r.done()
		case KindError:
			e := Errors[rec[FieldCode]]
			r.out = append(r.out, []any{"error", e.Code, e.Reason})
		}
	}
	r.b.Reset()
}

// run feeds input in pieces that end at cuts.
func (r *recorder) run(input []byte, cut func(i int) int) []any {
	for i := 0; i < len(input); {
		n := cut(i)
		piece := input[i : i+n]
		for len(piece) > 0 {
			used := r.p.Execute(&r.b, piece, 0)
			r.drain(piece)
			if r.p.Failed() {
				return r.out
			}
			if r.p.Waiting() {
				r.p.Continue(&r.b, Leave)
				r.drain(nil)
				if i+n-len(piece)+used < len(input) {
					r.out = append(r.out, []any{"rest", latin1(input[i+n-len(piece)+used:])})
				}
				return r.out
			}
			piece = piece[used:]
		}
		i += n
	}
	r.p.Finish(&r.b)
	r.drain(nil)
	return r.out
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

type sample struct {
	T, Lenient, Max int
	D               string
	Want            []any
}

func bytesOf(s string) []byte {
	var out []byte
	for _, c := range s {
		out = append(out, byte(c))
	}
	return out
}

func samples(t testing.TB) []sample {
	name := os.Getenv("HTTP1_SAMPLES")
	if name == "" {
		name = "testdata/node24.jsonl"
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []sample
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var s sample
		if err := json.Unmarshal(in.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		for _, e := range s.Want {
			if l := e.([]any); l[0] == "error" && len(l) > 3 {
				l[3] = nil
			}
		}
		out = append(out, s)
	}
	return out
}

func (s sample) config() Config {
	return Config{Response: s.T == 1, Lenient: s.Lenient == 1, MaxHeaderSize: s.Max}
}

// What Node.js 24.12 made of the same bytes (testdata), whole, byte by byte and in threes.
func TestAsNode(t *testing.T) {
	bad := 0
	for _, s := range samples(t) {
		input := bytesOf(s.D)
		for i, e := range s.Want {
			if l := e.([]any); l[0] == "error" {
				s.Want[i] = l[:3]
			}
		}
		want := text(s.Want)
		if want == "null" {
			want = "[]"
		}
		for _, step := range []int{len(input), 1, 3} {
			got := text(newRecorder(s.config()).run(input, func(i int) int { return min(step, len(input)-i) }))
			if got == "null" {
				got = "[]"
			}
			if got != want {
				bad++
				if bad < 40 {
					t.Errorf("step %d %+q %s\n got %s\nwant %s", step, input[:min(len(input), 200)], fmt.Sprint(s.config()), got, want)
				}
				break
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d samples differ", bad)
	}
}

// FuzzSplit: however the bytes are cut, the events are the same.
func FuzzSplit(f *testing.F) {
	for i, s := range samples(f) {
		if i%7 == 0 {
			f.Add(bytesOf(s.D), byte(s.T|s.Lenient<<1), uint64(i)*0x9e3779b97f4a7c15)
		}
	}
	f.Fuzz(func(t *testing.T, input []byte, mode byte, seed uint64) {
		if len(input) == 0 || len(input) > 4096 {
			return
		}
		cfg := Config{Response: mode&1 != 0, Lenient: mode&2 != 0, MaxHeaderSize: 512}
		whole := text(newRecorder(cfg).run(input, func(int) int { return len(input) }))
		bytewise := text(newRecorder(cfg).run(input, func(int) int { return 1 }))
		random := text(newRecorder(cfg).run(input, func(i int) int {
			seed = seed*6364136223846793005 + 1442695040888963407
			return min(1+int(seed>>59), len(input)-i)
		}))
		if whole != bytewise {
			t.Fatalf("whole    %s\nbytewise %s", whole, bytewise)
		}
		if whole != random {
			t.Fatalf("whole  %s\nrandom %s", whole, random)
		}
	})
}

func TestManyPieces(t *testing.T) {
	r := newRecorder(Config{})
	head := "POST /x HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("y", 9000) + "\r\nContent-Length: 20000\r\n\r\n"
	got := r.run([]byte(head+strings.Repeat("z", 20000)), func(i int) int { return min(5000, len(head)+20000-i) })
	if len(got) != 3 || len(got[1].([]any)[1].(string)) != 20000 {
		t.Fatal(len(got))
	}
}

func benchmarkParse(b *testing.B, request string) {
	cfg := Config{MaxHeaderSize: 16 << 10}
	var batch Batch
	batch.Rec, batch.Slab = make([]int32, 1<<18), make([]byte, 1<<20)
	batch.Reset()
	var p Parser
	p.Init(&cfg)
	data := []byte(request)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		if i&63 == 0 {
			batch.Reset()
		}
		p.Execute(&batch, data, 0)
	}
}

func BenchmarkHello(b *testing.B) {
	benchmarkParse(b, "GET / HTTP/1.1\r\nHost: 127.0.0.1:3411\r\n\r\n")
}

func BenchmarkBrowser(b *testing.B) {
	benchmarkParse(b, "GET /api/items?q=tea&page=2 HTTP/1.1\r\nHost: 127.0.0.1:3411\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.9\r\nConnection: keep-alive\r\nCookie: sid=0123456789abcdef; theme=dark\r\nX-Request-Id: 9f8e7d6c5b4a\r\n\r\n")
}

func BenchmarkChunked(b *testing.B) {
	benchmarkParse(b, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n")
}

// TestTrickle: a head that comes byte by byte costs each byte once, not all that came before it too.
func TestTrickle(t *testing.T) {
	for _, line := range []string{"a: b\r\n", "X-Long: " + strings.Repeat("y", 60000) + "\r\n"} {
		head := "GET / HTTP/1.1\r\n" + strings.Repeat(line, 240000/len(line)) + "\r\n"
		r := newRecorder(Config{MaxHeaderSize: 1 << 20, MaxHeaders: 50000})
		r.b.Rec, r.b.Slab = make([]int32, 1<<20), make([]byte, 1<<20)
		r.b.Reset()
		began := time.Now()
		got := r.run([]byte(head), func(int) int { return 1 })
		if len(got) != 2 || len(got[0].([]any)[3].([]any)) != 2*min(240000/len(line), mostHeaders) {
			t.Fatal(len(got), len(got[0].([]any)[3].([]any)))
		}
		if d := time.Since(began); d > 5*time.Second {
			t.Error(d)
		}
	}
}

// Numbers come round again after a billion messages: those still in use are left out.
func TestNextSeq(t *testing.T) {
	var b Batch
	b.Seq = 1<<30 - 2
	b.Owed = func(lo, hi int32) map[int32]bool {
		if lo != 0 || hi != seqStretch-1 {
			t.Error(lo, hi)
		}
		return map[int32]bool{1: true, 2: true}
	}
	if got := [3]int32{b.NextSeq(), b.NextSeq(), b.NextSeq()}; got != [3]int32{1<<30 - 1, 3, 4} {
		t.Error(got)
	}
}

func TestPreface(t *testing.T) {
	for _, s := range []string{"PRI * HTTP/2.0 \r\n", "PRI * HTTP/2.0\r\nX", "PRI * HTTP/2.0\r\n\r\nSM\r\nX"} {
		if got := text(newRecorder(Config{}).run([]byte(s), func(int) int { return 1 })); !strings.Contains(got, "Expected HTTP/2 Connection Preface") {
			t.Error(got)
		}
	}
}
