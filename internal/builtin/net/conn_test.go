package net

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/hobjs/hob/internal/loop"
	"golang.org/x/sys/unix"
)

// probe is a Consumer that notes what it is told. None of these tests needs JavaScript.
type probe struct {
	got                                []byte
	end                                error
	readable, writable, closed, shutOK int
	writeErr, connectErr               syscall.Errno
	connected                          bool
	onReadable                         func(c *Conn)
	buf                                [64 << 10]byte
}

func (p *probe) OnReadable(c *Conn) {
	p.readable++
	if p.onReadable != nil {
		p.onReadable(c)
		return
	}
	n, err := c.Read(p.buf[:])
	p.got = append(p.got, p.buf[:n]...)
	if err != nil {
		p.end = err
	}
}
func (p *probe) OnWritable(*Conn)                      { p.writable++ }
func (p *probe) OnError(_ *Conn, err syscall.Errno)    { p.writeErr = err }
func (p *probe) OnClose(*Conn)                         { p.closed++ }
func (p *probe) OnConnect(_ *Conn, err syscall.Errno)  { p.connected, p.connectErr = true, err }
func (p *probe) OnShutdown(_ *Conn, err syscall.Errno) { p.shutOK++ }

type world struct {
	t    *testing.T
	loop *loop.Loop
	hub  *Hub
}

func newWorld(t *testing.T) *world {
	l, err := loop.New(loop.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t, l, NewHub(l)}
	t.Cleanup(func() {
		w.hub.Close()
		for i := 0; l.Close() != nil; i++ {
			if i > 100 {
				t.Error("the loop stays busy: a handle or request leaked")
				return
			}
			l.RunOnce(false)
		}
	})
	return w
}

// until turns the loop until what is so.
func (w *world) until(what string, so func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); {
		if time.Now().After(deadline) {
			w.t.Fatalf("never: %s", what)
		}
		w.loop.RunOnce(false)
		runtime.Gosched()
	}
}

func (w *world) turns(n int) {
	for range n {
		w.loop.RunOnce(false)
	}
}

// pair is a Conn and the blocking other end of its connection.
func (w *world) pair(p *probe) (*Conn, *net.TCPConn) {
	w.t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	defer ln.Close()
	fd, err := newSocket(unix.AF_INET)
	if err != nil {
		w.t.Fatal(err)
	}
	// What a test calls large fits no buffer, however the system is tuned.
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 256<<10)
	c := w.hub.New(fd, p)
	if err := c.Connect(&unix.SockaddrInet4{Port: ln.Addr().(*net.TCPAddr).Port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		w.t.Fatal(err)
	}
	other, err := ln.Accept()
	if err != nil {
		w.t.Fatal(err)
	}
	other.(*net.TCPConn).SetReadBuffer(256 << 10)
	w.until("connected", func() bool { return p.connected })
	if p.connectErr != 0 {
		w.t.Fatal(p.connectErr)
	}
	w.t.Cleanup(func() { other.Close() })
	return c, other.(*net.TCPConn)
}

func openFiles(t *testing.T) int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(list)
}

func TestEcho(t *testing.T) {
	w := newWorld(t)
	p := &probe{}
	c, other := w.pair(p)
	c.Resume()
	other.Write([]byte("hello"))
	w.until("read", func() bool { return string(p.got) == "hello" })
	if err := c.Write([]byte("back")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4)
	io.ReadFull(other, b)
	if string(b) != "back" || p.writable != 0 {
		t.Fatalf("%q, %d drains of a write that fitted", b, p.writable)
	}
}

func TestPauseLeavesBytesInTheKernel(t *testing.T) {
	w := newWorld(t)
	p := &probe{}
	c, other := w.pair(p)
	other.Write([]byte("x"))
	w.turns(20)
	if p.readable != 0 {
		t.Fatal("a new Conn reads")
	}
	c.Resume()
	w.until("read", func() bool { return len(p.got) == 1 })
	c.Pause()
	other.Write([]byte("y"))
	w.turns(20)
	if len(p.got) != 1 {
		t.Fatal("a paused Conn reads")
	}
}

func TestHalfClose(t *testing.T) {
	w := newWorld(t)
	p := &probe{}
	c, other := w.pair(p)
	c.Resume()
	other.CloseWrite()
	w.until("end", func() bool { return p.end == io.EOF })
	before := p.readable
	w.turns(20)
	if p.readable != before {
		t.Fatal("the end is told again and again")
	}
	if err := c.Write([]byte("late")); err != nil {
		t.Fatal("our side is open still:", err)
	}
	c.Shutdown()
	if got, _ := io.ReadAll(other); string(got) != "late" || p.shutOK != 1 {
		t.Fatalf("%q, %d shutdowns", got, p.shutOK)
	}
	if err := c.Write([]byte("x")); err != unix.EPIPE {
		t.Fatal("write after shutdown:", err)
	}
}

func TestBackpressure(t *testing.T) {
	w := newWorld(t)
	p := &probe{}
	c, other := w.pair(p)
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	half := len(data) / 2
	if err := c.Write(data[:half]); err != nil {
		t.Fatal(err)
	}
	if err := c.Writev([][]byte{data[half : half+10], nil, data[half+10:]}); err != nil {
		t.Fatal(err)
	}
	if c.Queued() == 0 {
		t.Fatal("nothing queued")
	}
	c.Shutdown()
	done := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(other)
		done <- b
	}()
	w.until("drained", func() bool { return c.Queued() == 0 })
	w.until("shut", func() bool { return p.shutOK == 1 })
	if got := <-done; !bytes.Equal(got, data) || p.writable != 1 {
		t.Fatalf("%d of %d bytes, %d drains", len(got), len(data), p.writable)
	}
}

type held struct{ released int }

func (h *held) Release() { h.released++ }

func TestHeldMemoryIsReleasedOnce(t *testing.T) {
	w := newWorld(t)
	c, _ := w.pair(&probe{})
	empty, large := &held{}, &held{}
	c.queue(nil, empty)
	if empty.released != 1 {
		t.Fatal("nothing to write, and its memory is held")
	}
	c.queue(make([]byte, 16<<20), large)
	if large.released != 0 {
		t.Fatal("released while queued")
	}
	c.Close()
	if large.released != 1 {
		t.Fatalf("released %d times by Close", large.released)
	}
}

func TestReset(t *testing.T) {
	w := newWorld(t)
	p := &probe{}
	c, other := w.pair(p)
	c.Resume()
	other.SetLinger(0)
	other.Close()
	w.until("reset", func() bool { return p.end != nil })
	if p.end != unix.ECONNRESET {
		t.Fatal(p.end)
	}
	c.Close()

	p = &probe{}
	c, other = w.pair(p)
	c.Reset()
	if _, err := other.Read(make([]byte, 1)); !errors.Is(err, unix.ECONNRESET) {
		t.Fatal(err)
	}
}

func TestWriteErrorLater(t *testing.T) {
	w := newWorld(t)
	p := &probe{}
	c, other := w.pair(p)
	c.Write(make([]byte, 16<<20))
	other.SetLinger(0)
	other.Close()
	w.until("error", func() bool { return p.writeErr != 0 })
	if c.Queued() != 0 {
		t.Fatal("what failed stays queued")
	}
}

func TestNothingReachesAnybodyAfterClose(t *testing.T) {
	w := newWorld(t)
	p := &probe{}
	c, other := w.pair(p)
	c.Resume()
	fd, id := c.Fd(), c.ID()
	c.Close()
	// The next connection gets the same descriptor.
	q := &probe{}
	d, second := w.pair(q)
	if d.ID() == id {
		t.Fatal("an id was used twice")
	}
	if d.Fd() != fd {
		t.Skipf("descriptor %d instead of %d", d.Fd(), fd)
	}
	if err := c.Write([]byte("late")); err == nil {
		t.Fatal("a closed connection takes bytes")
	}
	c.Shutdown()
	c.Resume()
	c.Reset()
	c.Close()
	if n, err := c.Read(make([]byte, 8)); n != 0 || err != io.EOF {
		t.Fatal(n, err)
	}
	w.turns(5)
	second.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := second.Read(make([]byte, 8)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("a closed connection's bytes reached the next:", n, err)
	}
	if p.closed != 1 {
		t.Fatalf("OnClose %d times", p.closed)
	}
	other.Close()
}

func TestCloseWithinOnReadable(t *testing.T) {
	w := newWorld(t)
	p := &probe{}
	c, other := w.pair(p)
	p.onReadable = func(c *Conn) { c.Close() }
	c.Write(make([]byte, 16<<20)) // so that writability is reported in the same event
	c.Resume()
	other.Write([]byte("x"))
	w.until("closed", func() bool { return p.closed == 1 })
	if p.readable != 1 || p.writable != 0 {
		t.Fatal(p.readable, p.writable)
	}
}

func TestPipe(t *testing.T) {
	w := newWorld(t)
	fds := make([]int, 2)
	if err := unix.Pipe2(fds, unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	p := &probe{}
	in, out := w.hub.New(fds[0], p), w.hub.New(fds[1], &probe{})
	in.Resume()
	data := bytes.Repeat([]byte("pipe"), 100_000)
	if err := out.Write(data[:4]); err != nil {
		t.Fatal(err)
	}
	if err := out.Writev([][]byte{data[4:8], data[8:]}); err != nil {
		t.Fatal(err)
	}
	w.until("read", func() bool { return len(p.got) == len(data) })
	if !bytes.Equal(p.got, data) {
		t.Fatal("other bytes")
	}
	out.Close()
	w.until("end", func() bool { return p.end == io.EOF })
	in.Close()
}

func TestConnectRefused(t *testing.T) {
	w := newWorld(t)
	// Bound, so that nobody else gets the port, but not listening.
	bound, err := newSocket(unix.AF_INET)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(bound)
	if err := bindTCP(bound, "127.0.0.1", 0, 4, 0); err != nil {
		t.Fatal(err)
	}
	sa, err := unix.Getsockname(bound)
	if err != nil {
		t.Fatal(err)
	}
	p := &probe{}
	fd, _ := newSocket(unix.AF_INET)
	c := w.hub.New(fd, p)
	err = c.Connect(sa)
	if err == nil {
		w.until("answered", func() bool { return p.connected })
		err = p.connectErr
	}
	if err != unix.ECONNREFUSED {
		t.Fatal(err)
	}
	c.Close()
}

func TestListenerAndDescriptors(t *testing.T) {
	w := newWorld(t)
	fd, err := newSocket(unix.AF_INET)
	if err != nil {
		t.Fatal(err)
	}
	if err := bindTCP(fd, "127.0.0.1", 0, 4, 0); err != nil {
		t.Fatal(err)
	}
	unix.Listen(fd, 128)
	sa, _ := unix.Getsockname(fd)
	address := (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: sa.(*unix.SockaddrInet4).Port}).String()
	var conns []*Conn
	l, err := w.hub.Listen(fd, func(fd int) { conns = append(conns, w.hub.New(fd, &probe{})) })
	if err != nil {
		t.Fatal(err)
	}
	before := openFiles(t)
	const many = 64
	var clients []net.Conn
	for range many {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		clients = append(clients, c)
		w.turns(1)
	}
	w.until("accepted", func() bool { return len(conns) == many })
	for i, c := range conns {
		clients[i].Close()
		c.Close()
	}
	w.turns(2)
	if after := openFiles(t); after != before {
		t.Fatalf("%d descriptors before, %d after", before, after)
	}
	l.Close(nil)
	w.turns(2)
	if _, err := net.Dial("tcp", address); err == nil {
		t.Fatal("a closed listener accepts")
	}
}

func TestUnreffedConnectionLetsTheLoopEnd(t *testing.T) {
	w := newWorld(t)
	c, _ := w.pair(&probe{})
	c.Resume()
	if !w.loop.Alive() {
		t.Fatal("a reading connection does not keep the loop alive")
	}
	c.Unref()
	if w.loop.Alive() {
		t.Fatal("an unref'd one does")
	}
	c.Write(make([]byte, 16<<20))
	if !w.loop.Alive() {
		t.Fatal("pending output does not")
	}
}

func TestIdleConnectionIsSmall(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { NewHub(nil).New(3, &probe{}) }); n > 5 {
		t.Fatalf("%v allocations", n)
	}
	if size := int(unsafe.Sizeof(Conn{})); size > 128 {
		t.Fatalf("a Conn is %d bytes", size)
	}
}

func BenchmarkEcho(b *testing.B) {
	l, err := loop.New(loop.Options{})
	if err != nil {
		b.Fatal(err)
	}
	h := NewHub(l)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		b.Fatal(err)
	}
	p := &probe{}
	p.onReadable = func(c *Conn) {
		n, _ := c.Read(p.buf[:])
		c.Write(p.buf[:n])
	}
	c := h.New(fds[0], p)
	c.Resume()
	msg := make([]byte, 64)
	b.ReportAllocs()
	for b.Loop() {
		unix.Write(fds[1], msg)
		l.RunOnce(true)
		unix.Read(fds[1], msg)
	}
	c.Close()
	unix.Close(fds[1])
}
