// Package net is the Go half of node:net, and the sockets that node:http stands on too.
//
// # How to use a Conn (net.Socket and node:http both do)
//
// A Conn is one non-blocking stream (TCP, Unix socket, pipe or terminal) in the loop's epoll set. Everything happens on
// the loop's thread with raw system calls: a call that can't block needs no scheduler and no goroutine.
//
//	hub := net.Of(rt)                              // one per runtime
//	l, err := hub.Listen(fd, func(fd int) {        // fd: accepted, non-blocking, close-on-exec
//		c := new(myConn)                           // myConn embeds net.Conn: one allocation per connection
//		hub.Init(&c.Conn, fd, c)                   // c is the Consumer
//		c.Resume()                                 // a Conn starts paused
//	})
//
// The Consumer is told what can be done, and does it:
//
//   - OnReadable: call c.Read(buf) with memory of your choice, once (the poller is level-triggered: what is left makes
//     another OnReadable). n > 0: bytes. 0 and nil: nothing now. io.EOF: the peer has shut down its side; writing goes
//     on. Any other error ends reading. The buffer is the reader's: an idle Conn holds none.
//   - OnWritable: all that Write had to queue has been written. Not called for writes that fitted at once.
//   - OnError: what was queued could not be written, and has been dropped. Errors of a direct Write are its result.
//   - OnClose: in the closing phase after Close. The descriptor is gone already.
//
// c.Write(b) and c.Writev(bufs) write at once what the kernel takes and queue a copy of the rest. c.Queued() is the
// number of bytes not yet written (back-pressure). While there are some, and only then, the poller watches for room.
//
// c.Shutdown() sends the end after what is queued; c.Close() drops the queue and closes now; c.CloseSoon() closes when
// the queue is written; c.Reset() makes the peer see ECONNRESET. After Close a Conn reaches nobody: every method is safe
// and does nothing.
//
// c.ID() is never used twice in a runtime and fits a JavaScript number: records that cross the border name a connection
// by it, never by its descriptor, so a late answer to a closed connection can't reach the next one with the same number.
//
// hub.Expose(c) makes a Conn of another consumer known to node:net's JavaScript by its id, so that a net.Socket can be
// made of it when a program asks for one (require('net/handle').adopt(id)): it answers addresses, options, close; and
// when it is to have the bytes too (an Upgrade), hub.TakeOver(c) makes JavaScript the consumer.
package net

import (
	"io"
	"syscall"
	"unsafe"

	"github.com/hobjs/hob/internal/loop"
	"golang.org/x/sys/unix"
)

// Consumer is who a Conn belongs to. All methods are called on the loop's thread and must not call JavaScript.
type Consumer interface {
	OnReadable(c *Conn)
	OnWritable(c *Conn)
	OnError(c *Conn, err syscall.Errno)
	OnClose(c *Conn)
}

// Connector is a Consumer that connects: OnConnect tells how Connect ended, 0 or an error.
type Connector interface {
	OnConnect(c *Conn, err syscall.Errno)
}

// ShutdownWaiter is a Consumer that wants to know when Shutdown has sent the end.
type ShutdownWaiter interface {
	OnShutdown(c *Conn, err syscall.Errno)
}

// releaser is memory that a queued write holds: *v8.Backing.
type releaser interface{ Release() }

// Hub is one runtime's sockets.
type Hub struct {
	loop   *loop.Loop
	lastID uint64
	free   []*output // queues to be used again
	iovecs [maxIovecs]unix.Iovec
	spare  int  // a descriptor kept for the day when there are no more; -1: none
	conns  Conn // head of the ring of open connections
	js     *module
	syncs  []func() // what others have to write first
	stats  Stats
}

// Stats are system calls since NewHub, counted where they are made: tests assert how many a request costs.
type Stats struct {
	Reads, Writes, Accepts, Closes uint64
}

// Stats returns a copy of the counts.
func (h *Hub) Stats() Stats { return h.stats }

// NewHub makes the sockets of a loop.
func NewHub(l *loop.Loop) *Hub {
	h := &Hub{loop: l, spare: -1}
	h.conns.next, h.conns.prev = &h.conns, &h.conns
	return h
}

// Close closes all connections without telling their consumers, and what the hub holds itself. Listeners are closed by
// whoever made them.
func (h *Hub) Close() {
	for h.conns.next != &h.conns {
		c := h.conns.next
		c.consumer = nobody{}
		c.Close()
	}
	if h.spare >= 0 {
		unix.Close(h.spare)
		h.spare = -1
	}
}

// nobody consumes what is closed with its runtime.
type nobody struct{}

func (nobody) OnReadable(*Conn)             {}
func (nobody) OnWritable(*Conn)             {}
func (nobody) OnError(*Conn, syscall.Errno) {}
func (nobody) OnClose(*Conn)                {}

// Conn is one stream socket. It is small: there may be a million idle ones.
type Conn struct {
	poll     loop.Poll
	consumer Consumer
	hub      *Hub
	out      *output // nil unless something waits to be written
	id       uint64
	prev     *Conn // in the hub's ring, until closed
	next     *Conn
	state    connState
}

type connState uint16

const (
	reading    connState = 1 << iota // the consumer wants bytes
	ended                            // EOF or an error was read: no more reading
	connecting                       // Connect is under way
	shutting                         // Shutdown waits for the queue
	shut                             // our side has been shut down
	closeSoon                        // Close when the queue is written
	closed
	blocking // writes wait until everything is written: standard output
	kept     // the descriptor is not ours to close
	plain    // no socket: a pipe or a terminal, for read and write instead of recvfrom and sendto
)

const (
	maxIovecs = 64
	// Queued copies are gathered in blocks of this size.
	outputBlock = 16 << 10
)

// output is what could not be written at once.
type output struct {
	chunks []chunk
	size   int
}

type chunk struct {
	b    []byte
	hold releaser // whose memory it is; nil: a copy
}

// Init makes c a connection over fd, which must be non-blocking. It is paused.
func (h *Hub) Init(c *Conn, fd int, consumer Consumer) {
	h.lastID++
	*c = Conn{hub: h, consumer: consumer, id: h.lastID, next: &h.conns, prev: h.conns.prev}
	c.prev.next, h.conns.prev = c, c
	c.poll.Init(h.loop, fd, c.ready)
}

// New is Init for a Conn that lies in no larger struct.
func (h *Hub) New(fd int, consumer Consumer) *Conn {
	c := new(Conn)
	h.Init(c, fd, consumer)
	return c
}

// ID is the number of the connection: never used twice in a runtime.
func (c *Conn) ID() uint64 { return c.id }

// Fd is the descriptor, -1 once closed.
func (c *Conn) Fd() int {
	if c.state&closed != 0 {
		return -1
	}
	return c.poll.Fd()
}

// Hub is where the connection belongs.
func (c *Conn) Hub() *Hub { return c.hub }

// SetConsumer hands the connection to somebody else, from the next event on.
func (c *Conn) SetConsumer(to Consumer) { c.consumer = to }

// Closed reports whether Close has been called.
func (c *Conn) Closed() bool { return c.state&closed != 0 }

// Queued is the number of bytes not yet written.
func (c *Conn) Queued() int {
	if c.out == nil {
		return 0
	}
	return c.out.size
}

// Ref makes the connection keep the loop alive while it reads or writes, which is the default.
func (c *Conn) Ref() { c.poll.Ref() }

// Unref lets the loop end.
func (c *Conn) Unref() { c.poll.Unref() }

// Resume makes the consumer hear of bytes. No system call: the poller gathers changes.
func (c *Conn) Resume() {
	c.state |= reading
	c.watch()
}

// Pause keeps bytes in the kernel.
func (c *Conn) Pause() {
	c.state &^= reading
	c.watch()
}

// watch tells the poller what matters now.
func (c *Conn) watch() {
	if c.state&closed != 0 {
		return
	}
	var want loop.Events
	if c.state&(reading|ended|connecting) == reading {
		want |= loop.Readable
	}
	if c.out != nil || c.state&connecting != 0 {
		want |= loop.Writable
	}
	if err := c.poll.Start(want); err != nil {
		// Two of us on one descriptor: the program has closed it behind our back, and it was given out again.
		c.state |= ended
		c.dropOutput()
		c.consumer.OnError(c, unix.EEXIST)
	}
}

// has reports whether fd is a connection's.
func (h *Hub) has(fd int) bool {
	for c := h.conns.next; c != &h.conns; c = c.next {
		if c.poll.Fd() == fd {
			return true
		}
	}
	return false
}

func (c *Conn) ready(got loop.Events) {
	if c.state&connecting != 0 {
		c.finishConnect()
		return
	}
	if got&(loop.Readable|loop.Error|loop.Hangup) != 0 && c.state&(reading|ended) == reading {
		c.consumer.OnReadable(c)
	}
	if got&(loop.Writable|loop.Error|loop.Hangup) != 0 && c.out != nil && c.state&closed == 0 {
		c.drain()
	}
}

// Read reads what is there into b.
func (c *Conn) Read(b []byte) (int, error) {
	if c.state&(closed|ended) != 0 {
		return 0, io.EOF
	}
	for {
		n, errno := c.receive(b)
		switch {
		case errno == 0 && (n > 0 || len(b) == 0):
			return n, nil
		case errno == unix.ENOTSOCK && c.state&plain == 0:
			c.state |= plain
			continue
		case errno == unix.EAGAIN:
			return 0, nil
		case errno == unix.EINTR:
			continue
		}
		c.state |= ended
		c.watch()
		if errno == 0 {
			return 0, io.EOF
		}
		return 0, errno
	}
}

// receive and transmit are one system call. The sockets' own calls spare the kernel the way through the file layer.
func (c *Conn) receive(b []byte) (int, syscall.Errno) {
	p, n := uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b))
	c.hub.stats.Reads++
	if c.state&plain != 0 {
		r, _, errno := syscall.RawSyscall(unix.SYS_READ, uintptr(c.poll.Fd()), p, n)
		return int(r), errno
	}
	r, _, errno := syscall.RawSyscall6(unix.SYS_RECVFROM, uintptr(c.poll.Fd()), p, n, 0, 0, 0)
	return int(r), errno
}

func (c *Conn) transmit(b []byte) (int, syscall.Errno) {
	p, n := uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b))
	c.hub.stats.Writes++
	if c.state&plain == 0 {
		r, _, errno := syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(c.poll.Fd()), p, n, unix.MSG_NOSIGNAL, 0, 0)
		if errno != unix.ENOTSOCK {
			return int(r), errno
		}
		c.state |= plain
	}
	r, _, errno := syscall.RawSyscall(unix.SYS_WRITE, uintptr(c.poll.Fd()), p, n)
	return int(r), errno
}

// Write writes b: what the kernel takes at once, the rest from a copy.
func (c *Conn) Write(b []byte) error {
	if c.state&(closed|shut|shutting) != 0 {
		return unix.EPIPE
	}
	if c.out == nil && c.state&connecting == 0 {
		n, errno := c.send(b)
		if errno != 0 {
			return errno
		}
		if n == len(b) {
			return nil
		}
		b = b[n:]
	}
	c.queue(b, nil)
	c.watch()
	return nil
}

// Writev writes bufs one after another in one system call; the rest is copied.
func (c *Conn) Writev(bufs [][]byte) error {
	if c.state&(closed|shut|shutting) != 0 {
		return unix.EPIPE
	}
	for c.out == nil && c.state&connecting == 0 && len(bufs) > 0 {
		iov := c.hub.iovecs[:0]
		total := 0
		k := 0
		for ; k < len(bufs) && len(iov) < maxIovecs; k++ {
			if len(bufs[k]) > 0 {
				iov = appendIovec(iov, bufs[k])
				total += len(bufs[k])
			}
		}
		n, errno := c.sendv(iov)
		if errno != 0 {
			return errno
		}
		if n == total {
			bufs = bufs[k:]
			continue
		}
		for i := 0; i < len(bufs); i++ {
			if n < len(bufs[i]) {
				c.queue(bufs[i][n:], nil)
				n = 0
			} else {
				n -= len(bufs[i])
			}
		}
		bufs = nil
	}
	for _, b := range bufs {
		c.queue(b, nil)
	}
	c.watch()
	return nil
}

func release(h releaser) {
	if h != nil {
		h.Release()
	}
}

// send writes once. Taking nothing is 0, 0.
func (c *Conn) send(b []byte) (int, syscall.Errno) {
	done := 0
	for len(b) > 0 {
		n, errno := c.transmit(b)
		if errno == unix.EINTR {
			continue
		}
		if errno == unix.EAGAIN {
			if c.state&blocking == 0 {
				return done, 0
			}
			c.waitWritable()
			continue
		}
		if errno != 0 {
			return done, errno
		}
		done += n
		if c.state&blocking == 0 {
			break
		}
		b = b[n:]
	}
	return done, 0
}

func (c *Conn) sendv(iov []unix.Iovec) (int, syscall.Errno) {
	if len(iov) == 0 {
		return 0, 0
	}
	if len(iov) == 1 || c.state&blocking != 0 {
		done := 0
		for i := range iov {
			n, errno := c.send(unsafe.Slice(iov[i].Base, int(iov[i].Len)))
			done += n
			if errno != 0 || n < int(iov[i].Len) {
				return done, errno
			}
		}
		return done, 0
	}
	for {
		c.hub.stats.Writes++
		n, _, errno := syscall.RawSyscall(unix.SYS_WRITEV, uintptr(c.poll.Fd()), uintptr(unsafe.Pointer(&iov[0])), uintptr(len(iov)))
		switch errno {
		case 0:
			return int(n), 0
		case unix.EINTR:
		case unix.EAGAIN:
			return 0, 0
		default:
			return 0, errno
		}
	}
}

// waitWritable blocks the thread until there is room: only for standard output, which is synchronous.
func (c *Conn) waitWritable() {
	p := []unix.PollFd{{Fd: int32(c.poll.Fd()), Events: unix.POLLOUT}}
	unix.Poll(p, -1)
}

func appendIovec(iov []unix.Iovec, b []byte) []unix.Iovec {
	return append(iov, unix.Iovec{Base: unsafe.SliceData(b), Len: uint64(len(b))})
}

// queue keeps b for later: a copy, unless hold says whose it is.
func (c *Conn) queue(b []byte, hold releaser) {
	if len(b) == 0 {
		release(hold)
		return
	}
	o := c.out
	if o == nil {
		o = c.hub.takeOutput()
		c.out = o
		c.hub.loop.AddRequest() // pending output keeps the loop alive, as a request of libuv's does
	}
	o.size += len(b)
	if hold != nil {
		o.chunks = append(o.chunks, chunk{b, hold})
		return
	}
	if k := len(o.chunks) - 1; k >= 0 && o.chunks[k].hold == nil && cap(o.chunks[k].b)-len(o.chunks[k].b) >= len(b) {
		o.chunks[k].b = append(o.chunks[k].b, b...)
		return
	}
	o.chunks = append(o.chunks, chunk{append(make([]byte, 0, max(len(b), outputBlock)), b...), nil})
}

func (h *Hub) takeOutput() *output {
	if k := len(h.free); k > 0 {
		o := h.free[k-1]
		h.free = h.free[:k-1]
		return o
	}
	return new(output)
}

// dropOutput gives the queue back, written or not.
func (c *Conn) dropOutput() {
	o := c.out
	if o == nil {
		return
	}
	c.out = nil
	c.hub.loop.DoneRequest()
	for i := range o.chunks {
		release(o.chunks[i].hold)
		o.chunks[i] = chunk{}
	}
	o.chunks, o.size = o.chunks[:0], 0
	if len(c.hub.free) < 64 && cap(o.chunks) <= 256 {
		c.hub.free = append(c.hub.free, o)
	}
}

// drain writes what is queued, as far as the kernel takes it.
func (c *Conn) drain() {
	o := c.out
	for o.size > 0 {
		iov := c.hub.iovecs[:0]
		want := 0
		for i := 0; i < len(o.chunks) && len(iov) < maxIovecs; i++ {
			iov = appendIovec(iov, o.chunks[i].b)
			want += len(o.chunks[i].b)
		}
		n, errno := c.sendv(iov)
		if errno != 0 {
			c.dropOutput()
			wasShutting := c.state&shutting != 0
			c.state &^= shutting
			c.watch()
			c.consumer.OnError(c, errno)
			if wasShutting && c.state&closed == 0 {
				c.notifyShutdown(errno)
			}
			if c.state&closeSoon != 0 {
				c.Close()
			}
			return
		}
		short := n < want
		o.consume(n)
		if short {
			return
		}
	}
	c.dropOutput()
	c.watch()
	if c.state&shutting != 0 {
		c.consumer.OnWritable(c)
		c.sendEnd()
		return
	}
	if c.state&closeSoon != 0 {
		c.Close()
		return
	}
	c.consumer.OnWritable(c)
}

// consume drops n written bytes from the front.
func (o *output) consume(n int) {
	o.size -= n
	k := 0
	for n > 0 {
		ch := &o.chunks[k]
		if n < len(ch.b) {
			ch.b = ch.b[n:]
			break
		}
		n -= len(ch.b)
		release(ch.hold)
		k++
	}
	if k > 0 {
		rest := copy(o.chunks, o.chunks[k:])
		clear(o.chunks[rest:])
		o.chunks = o.chunks[:rest]
	}
}

// Shutdown ends our side once everything queued is written. Reading goes on.
func (c *Conn) Shutdown() {
	if c.state&(closed|shut|shutting) != 0 {
		return
	}
	c.state |= shutting
	if c.out == nil && c.state&connecting == 0 {
		c.sendEnd()
	}
}

func (c *Conn) sendEnd() {
	if c.state&closed != 0 {
		return
	}
	c.state = c.state&^shutting | shut
	_, _, errno := syscall.RawSyscall(unix.SYS_SHUTDOWN, uintptr(c.poll.Fd()), unix.SHUT_WR, 0)
	if errno == unix.ENOTSOCK {
		errno = 0 // a pipe ends when it is closed
	}
	c.notifyShutdown(errno)
	if c.state&closeSoon != 0 {
		c.Close()
	}
}

func (c *Conn) notifyShutdown(errno syscall.Errno) {
	if w, ok := c.consumer.(ShutdownWaiter); ok {
		w.OnShutdown(c, errno)
	}
}

// CloseSoon closes once everything queued is written.
func (c *Conn) CloseSoon() {
	if c.out == nil {
		c.Close()
		return
	}
	c.state |= closeSoon
}

// Close closes now. What is queued is dropped. OnClose follows in the closing phase.
func (c *Conn) Close() {
	if c.state&closed != 0 {
		return
	}
	c.dropOutput()
	if c.state&connecting != 0 {
		c.state &^= connecting
		c.hub.loop.DoneRequest()
	}
	fd := c.poll.Fd()
	c.state |= closed
	c.prev.next, c.next.prev = c.next, c.prev
	c.prev, c.next = nil, nil
	c.poll.Close(c.afterClose)
	if c.state&kept == 0 {
		c.hub.stats.Closes++
		syscall.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0)
	}
}

func (c *Conn) afterClose() { c.consumer.OnClose(c) }

// Reset is Close that makes the peer see a reset.
func (c *Conn) Reset() {
	if c.state&closed != 0 {
		return
	}
	unix.SetsockoptLinger(c.poll.Fd(), unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1, Linger: 0})
	c.Close()
}

// Connect starts to connect. Its end is told to the consumer, a Connector, unless it fails right here.
func (c *Conn) Connect(to unix.Sockaddr) error {
	for {
		err := unix.Connect(c.poll.Fd(), to)
		switch err {
		case unix.EINTR:
			continue
		case nil, unix.EINPROGRESS:
			// Connected at once (a Unix socket): the poller tells, so that the answer always comes later.
			c.state |= connecting
			c.hub.loop.AddRequest()
			c.watch()
			return nil
		}
		return err
	}
}

func (c *Conn) finishConnect() {
	v, err := unix.GetsockoptInt(c.poll.Fd(), unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && syscall.Errno(v) == unix.EINPROGRESS {
		return
	}
	errno := syscall.Errno(v)
	if e, ok := err.(syscall.Errno); ok {
		errno = e
	}
	c.state &^= connecting
	c.hub.loop.DoneRequest()
	if errno != 0 {
		c.dropOutput()
	}
	c.watch()
	c.consumer.(Connector).OnConnect(c, errno)
	if errno != 0 || c.state&closed != 0 {
		return
	}
	if c.out != nil {
		c.drain()
	} else if c.state&shutting != 0 {
		c.sendEnd()
	}
}
