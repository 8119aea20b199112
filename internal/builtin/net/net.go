package net

import (
	"encoding/binary"
	"io"
	"math"
	"syscall"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Of is the runtime's sockets, shared by node:net, node:http and whoever else has streams.
func Of(rt *host.Runtime) *Hub {
	return host.Shared(rt, "net.Hub", func() *Hub {
		h := NewHub(rt.Loop)
		rt.OnClose(h.Close)
		return h
	})
}

const (
	// readBlock is how much one read may bring, as in Node.
	readBlock = 64 << 10
	// outboxSize bounds what JavaScript writes in a turn before it has to ask Go to drain.
	outboxSize = 256 << 10
	// A record of the outbox: the connection's id (float64), length (uint32), flags (uint32), the bytes, padding to 8.
	recordHead   = 16
	recordNotify = 1 // tell JavaScript when this has been written
)

// module is what JavaScript's sockets are for Go: it is their Consumer.
type module struct {
	rt        *host.Runtime
	hub       *Hub
	conns     map[uint64]*Conn
	listeners map[uint64]*Listener
	paths     map[uint64]string      // Unix sockets to unlink with their listener
	userBuf   map[uint64]*v8.Backing // memory that a socket with the onread option reads into
	notify    map[uint64]struct{}    // connections whose queued write JavaScript waits for
	restore   map[int]int            // descriptors whose flags are put back when the runtime ends
	block     []byte                 // what the next read goes to
	out       *v8.Backing            // the outbox: uint32 bytes used, padding to 16, records
	iov       [][]byte

	onConnection, onConnect, onRead, onReadInto, onEnd, onWritten, onShutdown, onClosed v8.Ref
}

// Natives is the table that the files of builtin/net see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{
		rt: rt, conns: map[uint64]*Conn{}, listeners: map[uint64]*Listener{}, paths: map[uint64]string{},
		userBuf: map[uint64]*v8.Backing{}, notify: map[uint64]struct{}{}, restore: map[int]int{},
	}
	return host.Natives{
		"setup":         m.setup,
		"flush":         func(c *v8.Call) { m.drainOutbox() },
		"openTcp":       m.openTCP,
		"openPipe":      m.openPipe,
		"openFd":        m.openFd,
		"bindTcp":       m.bindTCP,
		"connectTcp":    m.connectTCP,
		"connectPipe":   m.connectPipe,
		"listenTcp":     m.listenTCP,
		"listenPipe":    m.listenPipe,
		"listenFd":      m.listenFd,
		"closeListener": m.closeListener,
		"readStart":     func(c *v8.Call) { m.with(c, (*Conn).Resume) },
		"readStop":      func(c *v8.Call) { m.with(c, (*Conn).Pause) },
		"readInto":      m.readInto,
		"writeBuffer":   m.writeBuffer,
		"shutdown":      m.shutdown,
		"close":         m.close,
		"reset":         m.reset,
		"sockname":      m.sockname,
		"peername":      m.peername,
		"setNoDelay":    m.setNoDelay,
		"setKeepAlive":  m.setKeepAlive,
		"setBlocking":   m.setBlocking,
		"setRef":        m.setRef,
		"fdOf":          m.fdOf,
		"queued":        m.queued,
	}
}

// setup(outbox's users) → the outbox's memory. Called when the first socket is made.
func (m *module) setup(c *v8.Call) {
	m.hub = Of(m.rt)
	m.hub.js = m
	m.onConnection, m.onConnect, m.onRead, m.onReadInto = c.Ref(0), c.Ref(1), c.Ref(2), c.Ref(3)
	m.onEnd, m.onWritten, m.onShutdown, m.onClosed = c.Ref(4), c.Ref(5), c.Ref(6), c.Ref(7)
	ref, out := m.rt.Isolate.SharedBuffer(outboxSize)
	m.out = out
	m.rt.OnAfter(m.drainOutbox)
	m.rt.OnClose(m.closeAll)
	c.Return(v8.TakeRef(ref))
}

// closeAll ends with the runtime. The connections are closed by the hub.
func (m *module) closeAll() {
	for id, l := range m.listeners {
		l.Close(nil)
		if p := m.paths[id]; p != "" {
			unix.Unlink(p)
		}
	}
	for fd, flags := range m.restore {
		unix.FcntlInt(uintptr(fd), unix.F_SETFL, flags)
	}
	for _, b := range m.userBuf {
		b.Release()
	}
	m.out.Release()
	if m.block != nil {
		v8.FreeBytes(m.block)
		m.block = nil
	}
}

// Expose makes c known to JavaScript by its id: addresses, options, close.
func (h *Hub) Expose(c *Conn) {
	if h.js != nil && !c.Closed() {
		h.js.conns[c.id] = c
	}
}

// Listener is one of JavaScript's listeners, nil when there is none of that number.
func (h *Hub) Listener(id uint64) *Listener {
	if h.js == nil {
		return nil
	}
	return h.js.listeners[id]
}

// OnSync has f called before anything that must not overtake what another consumer's JavaScript has already written:
// f writes that.
func (h *Hub) OnSync(f func()) { h.syncs = append(h.syncs, f) }

// TellClosed is what the consumer of an exposed Conn calls in its OnClose: the socket hears of it.
func (h *Hub) TellClosed(c *Conn) {
	if h.js != nil && h.js.conns[c.id] == c {
		h.js.OnClose(c)
	}
}

// TakeOver makes JavaScript the consumer of c.
func (h *Hub) TakeOver(c *Conn) {
	if h.js != nil && !c.Closed() {
		h.js.conns[c.id] = c
		c.SetConsumer(h.js)
	}
}

// id is argument i as the number of a connection or listener.
func id(c *v8.Call, i int) uint64 { return uint64(c.Int64(i)) }

func (m *module) with(c *v8.Call, do func(*Conn)) {
	if conn := m.conns[id(c, 0)]; conn != nil {
		do(conn)
	}
}

// errno is what natives return for an error: negative, as libuv's numbers are.
func negative(err error) int {
	switch e := err.(type) {
	case nil:
		return 0
	case syscall.Errno:
		return -int(e)
	}
	return -int(unix.EINVAL)
}

func (m *module) add(fd int) *Conn {
	conn := m.hub.New(fd, m)
	m.conns[conn.id] = conn
	return conn
}

// --- what the connections tell

// OnReadable reads once and hands the bytes to JavaScript in memory of their own, however few they are.
func (m *module) OnReadable(c *Conn) {
	if user := m.userBuf[c.id]; user != nil {
		n, err := c.Read(user.Data)
		if n > 0 {
			m.rt.Emit(m.onReadInto, v8.Int(c.id), v8.Int(n))
		}
		m.ended(c, err)
		return
	}
	if m.block == nil {
		if m.block = v8.AllocBytes(readBlock); m.block == nil {
			m.ended(c, unix.ENOMEM)
			return
		}
	}
	n, err := c.Read(m.block)
	switch {
	case n > readBlock/2:
		// Most of the block: the block itself goes, there is no copy.
		m.rt.Emit(m.onRead, v8.Int(c.id), v8.Owned(m.block[:n]))
		m.block = nil
	case n > 4096:
		if b := v8.AllocBytes(n); b != nil {
			copy(b, m.block[:n])
			m.rt.Emit(m.onRead, v8.Int(c.id), v8.Owned(b))
			break
		}
		fallthrough
	case n > 0:
		m.rt.Emit(m.onRead, v8.Int(c.id), v8.Bytes(m.block[:n]))
	}
	m.ended(c, err)
}

func (m *module) ended(c *Conn, err error) {
	if err == io.EOF {
		m.rt.Emit(m.onEnd, v8.Int(c.id), v8.Int(0))
	} else if err != nil {
		m.rt.Emit(m.onEnd, v8.Int(c.id), v8.Int(negative(err)))
	}
}

// OnWritable follows the last byte of a queue.
func (m *module) OnWritable(c *Conn) { m.written(c, 0) }

// OnError is a write that failed later.
func (m *module) OnError(c *Conn, err syscall.Errno) { m.written(c, -int(err)) }

func (m *module) written(c *Conn, errno int) {
	if _, waits := m.notify[c.id]; waits {
		delete(m.notify, c.id)
		m.rt.Emit(m.onWritten, v8.Int(c.id), v8.Int(errno))
	}
}

// OnShutdown follows the end of our side.
func (m *module) OnShutdown(c *Conn, err syscall.Errno) {
	m.rt.Emit(m.onShutdown, v8.Int(c.id), v8.Int(-int(err)))
}

// OnConnect ends Connect.
func (m *module) OnConnect(c *Conn, err syscall.Errno) {
	m.rt.Emit(m.onConnect, v8.Int(c.id), v8.Int(-int(err)))
}

// OnClose is the last that is heard of a connection.
func (m *module) OnClose(c *Conn) {
	m.forget(c.id)
	m.rt.Emit(m.onClosed, v8.Int(c.id))
}

func (m *module) forget(id uint64) {
	delete(m.conns, id)
	delete(m.notify, id)
	if b := m.userBuf[id]; b != nil {
		b.Release()
		delete(m.userBuf, id)
	}
}

// --- what JavaScript writes

// drainOutbox writes what JavaScript has appended since the last time: one system call per connection and run of
// records. It runs after JavaScript has, and before whatever must not overtake a write.
func (m *module) drainOutbox() {
	for _, f := range m.hub.syncs {
		f()
	}
	used := binary.LittleEndian.Uint32(m.out.Data)
	if used == 0 {
		return
	}
	binary.LittleEndian.PutUint32(m.out.Data, 0)
	records := m.out.Data[recordHead : recordHead+int(used)]
	for len(records) > 0 {
		connID := recordID(records)
		m.iov = m.iov[:0]
		notify := false
		for len(records) > 0 && recordID(records) == connID {
			n := int(binary.LittleEndian.Uint32(records[8:]))
			notify = notify || records[12]&recordNotify != 0
			m.iov = append(m.iov, records[recordHead:recordHead+n])
			records = records[recordHead+(n+7)&^7:]
		}
		conn := m.conns[connID]
		if conn == nil {
			continue
		}
		if err := conn.Writev(m.iov); err != nil {
			delete(m.notify, connID)
			if notify {
				m.rt.Emit(m.onWritten, v8.Int(connID), v8.Int(negative(err)))
			}
		} else if notify {
			if conn.Queued() == 0 {
				m.rt.Emit(m.onWritten, v8.Int(connID), v8.Int(0))
			} else {
				m.notify[connID] = struct{}{}
			}
		}
	}
}

func recordID(b []byte) uint64 {
	return uint64(math.Float64frombits(binary.LittleEndian.Uint64(b)))
}

// writeBuffer(id, bytes, last) writes what is too large for the outbox, from its own memory: 0 when it is written, 1
// when it will be (with last, onWritten tells when), or an error.
func (m *module) writeBuffer(c *v8.Call) {
	m.drainOutbox()
	conn := m.conns[id(c, 0)]
	if conn == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	b := c.Bytes(1)
	if conn.state&(closed|shut|shutting) != 0 {
		c.ReturnInt(-int(unix.EPIPE))
		return
	}
	done := 0
	if conn.out == nil && conn.state&connecting == 0 {
		n, errno := conn.send(b)
		if errno != 0 {
			c.ReturnInt(-int(errno))
			return
		}
		done = n
	}
	if done < len(b) {
		hold := c.Backing(1)
		if hold == nil { // not a view: a string's bytes
			conn.queue(b[done:], nil)
		} else {
			conn.queue(hold.Data[done:], hold)
		}
		conn.watch()
	}
	if conn.Queued() == 0 {
		c.ReturnInt(0)
		return
	}
	if c.Bool(2) {
		m.notify[conn.id] = struct{}{}
	}
	c.ReturnInt(1)
}

func (m *module) readInto(c *v8.Call) {
	connID := id(c, 0)
	if m.conns[connID] == nil {
		return
	}
	if b := m.userBuf[connID]; b != nil {
		b.Release()
		delete(m.userBuf, connID)
	}
	if b := c.Backing(1); b != nil {
		m.userBuf[connID] = b
	}
}

func (m *module) shutdown(c *v8.Call) {
	m.drainOutbox()
	conn := m.conns[id(c, 0)]
	if conn == nil {
		c.ReturnInt(-int(unix.ENOTCONN))
		return
	}
	if conn.state&(shut|shutting) != 0 {
		c.ReturnInt(-int(unix.ENOTCONN))
		return
	}
	conn.Shutdown()
	c.ReturnInt(0)
}

// close(id) → whether onClosed will follow.
func (m *module) close(c *v8.Call) {
	m.drainOutbox()
	conn := m.conns[id(c, 0)]
	if conn == nil || conn.Closed() {
		c.ReturnBool(false)
		return
	}
	conn.Close()
	c.ReturnBool(true)
}

func (m *module) reset(c *v8.Call) {
	m.drainOutbox()
	conn := m.conns[id(c, 0)]
	if conn == nil || conn.Closed() {
		c.ReturnInt(-int(unix.EINVAL))
		return
	}
	if conn.state&shutting != 0 {
		c.ReturnInt(-int(unix.EINVAL))
		return
	}
	conn.Reset()
	c.ReturnInt(0)
}

func (m *module) setRef(c *v8.Call) {
	on := c.Bool(1)
	if conn := m.conns[id(c, 0)]; conn != nil {
		if on {
			conn.Ref()
		} else {
			conn.Unref()
		}
	} else if l := m.listeners[id(c, 0)]; l != nil {
		if on {
			l.Ref()
		} else {
			l.Unref()
		}
	}
}

func (m *module) fdOf(c *v8.Call) {
	fd := -1
	if conn := m.conns[id(c, 0)]; conn != nil {
		fd = conn.Fd()
	} else if l := m.listeners[id(c, 0)]; l != nil {
		fd = l.Fd()
	}
	c.ReturnInt(fd)
}

func (m *module) queued(c *v8.Call) {
	n := 0
	if conn := m.conns[id(c, 0)]; conn != nil {
		n = conn.Queued()
	}
	c.ReturnInt(n)
}
