// Package dgram is the Go half of node:dgram: UDP sockets that the loop watches, read and written on its own thread.
// What a socket has received when it is polled goes to JavaScript in one call.
package dgram

import (
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

const (
	// largest is what a datagram can hold at most.
	largest = 64 << 10
	// perPoll bounds what one socket may read before others have their turn.
	perPoll = 32
)

// module is a runtime's sockets.
type module struct {
	rt      *host.Runtime
	sockets map[uint64]*socket
	lastID  uint64
	buffer  []byte // what is read goes here first: most datagrams are small

	onMessages, onSent, onClosed, onFailed v8.Ref
}

// Natives is the table that the files of builtin/dgram see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, sockets: map[uint64]*socket{}}
	return host.Natives{
		"setup":               m.setup,
		"create":              m.create,
		"bind":                m.bind,
		"open":                m.open,
		"connect":             m.connect,
		"disconnect":          m.disconnect,
		"send":                m.send,
		"receive":             m.receive,
		"close":               m.close,
		"setRef":              m.setRef,
		"fdOf":                m.fdOf,
		"sockname":            func(c *v8.Call) { m.address(c, unix.Getsockname) },
		"peername":            func(c *v8.Call) { m.address(c, unix.Getpeername) },
		"setOption":           m.setOption,
		"setInterface":        m.setInterface,
		"setMembership":       m.setMembership,
		"setSourceMembership": m.setSourceMembership,
		"bufferSize":          m.bufferSize,
		"sendQueue":           m.sendQueue,
	}
}

// setup(onMessages, onSent, onClosed, onFailed). Called when the first socket is made.
func (m *module) setup(c *v8.Call) {
	m.onMessages, m.onSent, m.onClosed, m.onFailed = c.Ref(0), c.Ref(1), c.Ref(2), c.Ref(3)
	m.buffer = make([]byte, largest)
	m.rt.OnClose(func() {
		for _, s := range m.sockets {
			s.closeFd()
		}
	})
}

// create(family, queueAlways) → id. There is no descriptor before it is needed.
func (m *module) create(c *v8.Call) {
	m.lastID++
	m.sockets[m.lastID] = &socket{m: m, id: m.lastID, family: c.Int(0), queueAlways: c.Bool(1), fd: -1, refed: true}
	c.Return(v8.Int(m.lastID))
}

func (m *module) get(c *v8.Call) *socket { return m.sockets[uint64(c.Int64(0))] }

// close(id) → whether onClosed follows
func (m *module) close(c *v8.Call) {
	s := m.get(c)
	if s == nil {
		c.ReturnBool(false)
		return
	}
	delete(m.sockets, s.id)
	s.close()
	c.ReturnBool(true)
}

func (m *module) setRef(c *v8.Call) {
	if s := m.get(c); s != nil {
		s.refed = c.Bool(1)
		s.applyRef()
	}
}

func (m *module) fdOf(c *v8.Call) {
	fd := -1
	if s := m.get(c); s != nil {
		fd = s.fd
	}
	c.ReturnInt(fd)
}

// receive(id, on)
func (m *module) receive(c *v8.Call) {
	s := m.get(c)
	if s == nil || s.fd < 0 {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	s.receiving = c.Bool(1)
	c.ReturnInt(negative(s.watch()))
}

// sendQueue(id) → [bytes, datagrams] that wait for the kernel
func (m *module) sendQueue(c *v8.Call) {
	size, count := 0, 0
	if s := m.get(c); s != nil {
		for _, d := range s.queue {
			size += len(d.data)
		}
		count = len(s.queue)
	}
	c.Return(v8.Array(v8.Int(size), v8.Int(count)))
}

// negative is what natives return for an error: as libuv's numbers are.
func negative(err error) int {
	switch e := err.(type) {
	case nil:
		return 0
	case unix.Errno:
		return -int(e)
	default:
		return -int(unix.EINVAL)
	}
}
