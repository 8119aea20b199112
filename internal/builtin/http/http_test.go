package http_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hobjs/hob/internal/builtin"
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/http1"
)

// lines is a runtime's standard output, line by line.
type lines struct {
	out chan string
	buf string
}

func (l *lines) Write(b []byte) (int, error) {
	l.buf += string(b)
	for {
		line, rest, ok := strings.Cut(l.buf, "\n")
		if !ok {
			return len(b), nil
		}
		l.buf = rest
		l.out <- line
	}
}

// serve runs a program that prints its port and gives that port; the program is stopped with the test.
func serve(t *testing.T, program string) (rt *host.Runtime, port string) {
	t.Helper()
	rt, line := start(t, program)
	return rt, line()
}

// start runs a program and gives what waits for its next line of output.
func start(t *testing.T, program string) (rt *host.Runtime, line func() string) {
	t.Helper()
	out := &lines{out: make(chan string, 100)}
	started, ended := make(chan *host.Runtime, 1), make(chan struct{})
	go func() {
		defer close(ended)
		rt, err := host.New(host.Options{Registry: builtin.Registry(), Stdout: out, Embedded: true})
		if err != nil {
			t.Error(err)
			close(started)
			return
		}
		started <- rt
		rt.RunMain("eval", program)
		rt.Run()
		rt.Close()
	}()
	rt, ok := <-started
	if !ok {
		t.FailNow()
	}
	t.Cleanup(func() {
		rt.Post(func() { rt.Exit(0) })
		<-ended
	})
	return rt, func() string {
		t.Helper()
		select {
		case s := <-out.out:
			return s
		case <-time.After(time.Minute):
			t.Fatal("the program prints nothing")
			return ""
		}
	}
}

const hello = `const s = require('http').createServer((req, res) => res.end(req.url)).listen(0, '127.0.0.1',
	() => process.stdout.write(s.address().port + '\n'));`

// on runs f on the runtime's thread.
func on[T any](rt *host.Runtime, f func() T) T {
	c := make(chan T, 1)
	rt.Post(func() { c <- f() })
	return <-c
}

func read(t *testing.T, r *bufio.Reader, want string) {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	if string(body) != want {
		t.Fatalf("got %q, want %q", body, want)
	}
}

// A batch crosses the border a fixed number of times, however many requests it holds.
func TestCrossingsPerBatch(t *testing.T) {
	rt, port := serve(t, hello)
	c, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r := bufio.NewReader(c)
	const n = 50
	var batch strings.Builder
	for i := range n {
		fmt.Fprintf(&batch, "GET /%d HTTP/1.1\r\nHost: x\r\n\r\n", i)
	}
	round := func() {
		io.WriteString(c, batch.String())
		for i := range n {
			read(t, r, fmt.Sprintf("/%d", i))
		}
	}
	for range 20 {
		round()
	}
	type counts struct{ in, out uint64 }
	crossings := func() counts {
		return on(rt, func() counts { in, out := rt.Isolate.Crossings(); return counts{in, out} })
	}
	a := crossings()
	round()
	b := crossings()
	if in, out := b.in-a.in, b.out-a.out; in+out > 12 {
		t.Errorf("%d requests in one piece: %d crossings into JavaScript and %d out of it", n, in, out)
	}
}

// Two clients, one after the other on the same descriptor: an answer that comes late reaches nobody.
func TestLateAnswer(t *testing.T) {
	_, line := start(t, `let first;
	const s = require('http').createServer((req, res) => {
		if (req.url === '/late') {
			first = res;
			process.stdout.write('asked\n');
			res.on('close', () => process.stdout.write('left\n'));
			return;
		}
		if (first) { first.end('for the one who left'); first = null; }
		res.end('for you');
	}).listen(0, '127.0.0.1', () => process.stdout.write(s.address().port + '\n'));`)
	port := line()
	a, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(a, "GET /late HTTP/1.1\r\nHost: x\r\n\r\n")
	if s := line(); s != "asked" {
		t.Fatal(s)
	}
	a.(*net.TCPConn).SetLinger(0) // the server hears of it at once
	a.Close()
	if s := line(); s != "left" {
		t.Fatal(s)
	}
	b, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	r := bufio.NewReader(b)
	for range 2 {
		io.WriteString(b, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		read(t, r, "for you")
	}
}

// Answers keep the order of the requests, the refusal of a malformed one included.
func TestOrder(t *testing.T) {
	_, port := serve(t, `const s = require('http').createServer((req, res) => {
		if (req.url === '/slow') setTimeout(() => res.end('slow'), 50); else res.end('fast');
	}).listen(0, '127.0.0.1', () => process.stdout.write(s.address().port + '\n'));`)
	c, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /fast HTTP/1.1\r\nHost: x\r\n\r\nno request at all\r\n\r\n")
	r := bufio.NewReader(c)
	read(t, r, "slow")
	read(t, r, "fast")
	res, err := http.ReadResponse(r, nil)
	if err != nil || res.StatusCode != 400 {
		t.Fatal(res, err)
	}
	if _, err := r.ReadByte(); err != io.EOF {
		t.Fatal("the connection stays")
	}
}

// A client that has said all it will still gets its answer.
func TestHalfClose(t *testing.T) {
	_, port := serve(t, `const s = require('http').createServer((req, res) => setTimeout(() => res.end('late'), 50))
		.listen(0, '127.0.0.1', () => process.stdout.write(s.address().port + '\n'));`)
	c, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	c.(*net.TCPConn).CloseWrite()
	r := bufio.NewReader(c)
	read(t, r, "late")
	if _, err := r.ReadByte(); err != io.EOF {
		t.Fatal("the connection stays")
	}
}

// What JavaScript believes about names and methods is what the parser says.
func TestTables(t *testing.T) {
	for file, table := range map[string][]string{"http/fast": http1.Names[:], "http/tokens": http1.Methods[:]} {
		src, _ := builtin.Registry().Source(file)
		at := 0
		for _, name := range table {
			// In the same order, each behind the last.
			i := strings.Index(src[at:], "'"+name+"',")
			if i < 0 {
				i = strings.Index(src[at:], "'"+name+"'")
			}
			if i < 0 {
				t.Fatalf("%s.js does not have %q in its place", file, name)
			}
			at += i + len(name)
		}
	}
}

// A body that waits for 'drain' again and again arrives whole, with one chunk at most in memory.
func TestDrain(t *testing.T) {
	_, port := serve(t, `const s = require('http').createServer((req, res) => {
		const chunk = Buffer.alloc(65536, 'x');
		let n = 0;
		(function go() {
			while (n++ < 320) if (!res.write(chunk)) return res.once('drain', go);
			res.end();
		})();
	}).listen(0, '127.0.0.1', () => process.stdout.write(s.address().port + '\n'));`)
	client := http.Client{Timeout: 2 * time.Minute}
	res, err := client.Get("http://127.0.0.1:" + port)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if n, err := io.Copy(io.Discard, res.Body); n != 320*65536 || err != nil {
		t.Fatal(n, err)
	}
}

// What a response still holds is what the kernel has not taken: the bytes of this turn, head and framing included, and
// nothing of what went in turns before, however many there were.
func TestWritableLength(t *testing.T) {
	_, port := serve(t, `const s = require('http').createServer((req, res) => {
		const seen = [res.writableLength];
		res.flushHeaders();
		const head = res.writableLength;
		res.write('abc');
		seen.push(res.writableLength - head);
		let n = 0;
		const timer = setInterval(() => {
			if (n++ < 8) { seen.push(res.writableLength, res.write('x'.repeat(15000))); return; }
			clearInterval(timer);
			res.end(seen.join());
		}, 2);
	}).listen(0, '127.0.0.1', () => process.stdout.write(s.address().port + '\n'));`)
	res, err := http.Get("http://127.0.0.1:" + port)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	want := "0,8" + strings.Repeat(",0,true", 8)
	if got := strings.TrimLeft(strings.TrimPrefix(string(body), "abc"), "x"); err != nil || got != want {
		t.Fatal(got, err)
	}
}

// A limit that is set while the server listens holds for the connections that are there, too.
func TestLimitSetLater(t *testing.T) {
	_, port := serve(t, `const s = require('http').createServer((req, res) => { res.end('x'); s.maxConnections = 1; })
		.listen(0, '127.0.0.1', () => process.stdout.write(s.address().port + '\n'));`)
	for i := range 2 {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if _, err := c.Read(make([]byte, 1)); (err == nil) != (i == 0) {
			t.Fatal(i, err)
		}
	}
}
