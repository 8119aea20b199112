package http_test

import (
	"bytes"
	"runtime"
	"strconv"
	"testing"

	"github.com/hobjs/hob/internal/builtin/net"
	"github.com/hobjs/hob/internal/host"
	"golang.org/x/sys/unix"
)

// What a request costs, in things that can be counted: they are the same on a busy machine and on an idle one.

// clients are connections to a server that are driven without allocating: raw blocking sockets, one buffer.
type clients struct {
	t       *testing.T
	fds     []int
	request []byte
	size    int // of an answer
	buf     [4096]byte
}

func dial(t *testing.T, port string, n int) *clients {
	t.Helper()
	p, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	c := &clients{t: t, request: []byte("GET /hello HTTP/1.1\r\nHost: localhost\r\nUser-Agent: test\r\n\r\n")}
	for range n {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fd) })
		if err := unix.Connect(fd, &unix.SockaddrInet4{Port: p, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			t.Fatal(err)
		}
		c.fds = append(c.fds, fd)
	}
	c.ask()
	k, err := unix.Read(c.fds[0], c.buf[:])
	if err != nil || !bytes.HasSuffix(c.buf[:k], []byte("\r\n\r\n/hello")) {
		t.Fatalf("%q, %v", c.buf[:max(k, 0)], err)
	}
	c.size = k
	for _, fd := range c.fds[1:] {
		c.await(fd)
	}
	return c
}

func (c *clients) ask() {
	for _, fd := range c.fds {
		if _, err := unix.Write(fd, c.request); err != nil {
			c.t.Fatal(err)
		}
	}
}

// arrived waits until all that was asked lies in the server's sockets: nothing is left to be acknowledged.
func (c *clients) arrived() {
	for _, fd := range c.fds {
		for {
			n, err := unix.IoctlGetInt(fd, unix.TIOCOUTQ)
			if err != nil {
				c.t.Fatal(err)
			}
			if n == 0 {
				break
			}
			runtime.Gosched()
		}
	}
}

func (c *clients) await(fd int) {
	for got := 0; got < c.size; {
		n, err := unix.Read(fd, c.buf[:])
		if err != nil || n == 0 {
			c.t.Fatal(n, err)
		}
		got += n
	}
}

// round is one request on each connection.
func (c *clients) round() {
	c.ask()
	for _, fd := range c.fds {
		c.await(fd)
	}
}

// counts is what a runtime has done so far.
type counts struct{ in, out, reads, writes, accepts, closes, polls uint64 }

func countsOf(rt *host.Runtime) counts {
	return on(rt, func() counts {
		s := net.Of(rt).Stats()
		in, out := rt.Isolate.Crossings()
		return counts{in, out, s.Reads, s.Writes, s.Accepts, s.Closes, rt.Loop.Stats().Calls}
	})
}

// since also takes off what a look at the counts costs itself: a message to the loop.
func (c counts) since(b counts) counts {
	return counts{c.in - b.in, c.out - b.out, c.reads - b.reads, c.writes - b.writes, c.accepts - b.accepts, c.closes - b.closes, c.polls - b.polls}
}

// Requests of 64 connections that are there together: one entry into JavaScript for all, a read and a write for each, and
// a few system calls that they share.
func TestCostOfABatch(t *testing.T) {
	rt, port := serve(t, hello)
	const n = 64
	c := dial(t, port, n)
	for range 50 {
		c.round()
	}
	var got counts
	for range 20 {
		// The loop stands still until all have asked.
		standing, gate := make(chan struct{}), make(chan struct{})
		before := countsOf(rt)
		rt.Post(func() { close(standing); <-gate })
		<-standing
		c.ask()
		c.arrived()
		close(gate)
		for _, fd := range c.fds {
			c.await(fd)
		}
		got = countsOf(rt).since(before)
		if got.reads != n || got.writes != n || got.accepts+got.closes != 0 {
			t.Fatalf("%d requests: %d reads, %d writes, %d accepts, %d closes", n, got.reads, got.writes, got.accepts, got.closes)
		}
		// Of these the two messages of the test take a part: each is a poll, and an entry.
		if got.in+got.out > 8 {
			t.Fatalf("%d requests: %d crossings into Go and %d into JavaScript", n, got.in, got.out)
		}
		if got.polls > 10 {
			t.Fatalf("%d requests: %d system calls of the poller", n, got.polls)
		}
	}
	t.Logf("%d requests at once: %+v", n, got)
}

// One connection that asks and waits, again and again: per request a read, a write, and looks at the poller, of which the
// last waits. Nothing changes at the poller. A signal can cut a wait short: a few more are nothing to worry about.
func TestSystemCallsPerRequest(t *testing.T) {
	rt, port := serve(t, hello)
	c := dial(t, port, 1)
	for range 50 {
		c.round()
	}
	const n = 1000
	before := countsOf(rt)
	for range n {
		c.round()
	}
	got := countsOf(rt).since(before)
	if got.reads != n || got.writes != n || got.accepts+got.closes != 0 {
		t.Errorf("%d requests: %d reads, %d writes, %d accepts, %d closes", n, got.reads, got.writes, got.accepts, got.closes)
	}
	if got.polls > 2*n+n/10 {
		t.Errorf("%d requests: %d system calls of the poller", n, got.polls)
	}
	t.Logf("%d requests one after another: %+v", n, got)
}

// Objects on Go's heap per request, in the steady state.
func TestAllocationsPerRequest(t *testing.T) {
	_, port := serve(t, hello)
	for _, test := range []struct {
		conns int
		most  float64
	}{{1, 0.05}, {64, 0.05}} {
		c := dial(t, port, test.conns)
		rounds := 6400 / test.conns
		for range rounds / 4 {
			c.round()
		}
		var a, b runtime.MemStats
		runtime.ReadMemStats(&a)
		for range rounds {
			c.round()
		}
		runtime.ReadMemStats(&b)
		per := float64(b.Mallocs-a.Mallocs) / float64(rounds*test.conns)
		t.Logf("%d connections: %.3f allocations, %.0f bytes per request", test.conns, per,
			float64(b.TotalAlloc-a.TotalAlloc)/float64(rounds*test.conns))
		if per > test.most {
			t.Errorf("%d connections: %.3f allocations per request", test.conns, per)
		}
	}
}
