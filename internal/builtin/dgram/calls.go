package dgram

import (
	"unsafe"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// What JavaScript asks of a socket. Results below 0 are errors, as libuv's numbers are.

// As UV_UDP_* are.
const (
	flagIPv6Only  = 1
	flagReuseAddr = 4
	flagReusePort = 8
)

// bind(id, address, port, flags) → 0
func (m *module) bind(c *v8.Call) {
	s := m.get(c)
	if s == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	c.ReturnInt(negative(s.bind(c.String(1), c.Int(2), c.Int(3))))
}

func (s *socket) bind(address string, port, flags int) error {
	to, toLen, err := parse(address, port, s.family)
	if err != nil {
		return err
	}
	if flags&flagIPv6Only != 0 && s.family != 6 {
		return unix.EINVAL
	}
	if err := s.ensure(); err != nil {
		return err
	}
	if flags&flagReuseAddr != 0 {
		if err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
			return err
		}
	}
	if flags&flagReusePort != 0 {
		if err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
			return err
		}
	}
	if flags&flagIPv6Only != 0 {
		if err := unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1); err != nil {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_BIND, uintptr(s.fd), uintptr(unsafe.Pointer(&to)), uintptr(toLen)); errno != 0 {
		if errno == unix.EAFNOSUPPORT {
			errno = unix.EINVAL
		}
		return errno
	}
	s.bound = true
	return nil
}

// bindAny gives a socket a port when it needs one.
func (s *socket) bindAny() error {
	if s.bound {
		return nil
	}
	return s.bind("", 0, 0)
}

// open(id, fd) → 0: takes a descriptor that is a UDP socket.
func (m *module) open(c *v8.Call) {
	s, fd := m.get(c), c.Int(1)
	if s == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err == nil && kind != unix.SOCK_DGRAM {
		err = unix.EINVAL
	}
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err == nil {
		s.adopt(fd)
		s.bound = true
		if _, err := unix.Getpeername(fd); err == nil {
			s.connected = true
		}
	}
	c.ReturnInt(negative(err))
}

// connect(id, address, port) → 0
func (m *module) connect(c *v8.Call) {
	s := m.get(c)
	if s == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	to, toLen, err := parse(c.String(1), c.Int(2), s.family)
	if err == nil {
		err = s.bindAny()
	}
	if err == nil {
		if _, _, errno := unix.Syscall(unix.SYS_CONNECT, uintptr(s.fd), uintptr(unsafe.Pointer(&to)), uintptr(toLen)); errno != 0 {
			err = errno
		}
	}
	s.connected = err == nil
	c.ReturnInt(negative(err))
}

// disconnect(id) → 0
func (m *module) disconnect(c *v8.Call) {
	s := m.get(c)
	if s == nil || s.fd < 0 {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	var to unix.RawSockaddrAny
	to.Addr.Family = unix.AF_UNSPEC
	_, _, errno := unix.Syscall(unix.SYS_CONNECT, uintptr(s.fd), uintptr(unsafe.Pointer(&to)), unix.SizeofSockaddrInet4)
	if errno != 0 && errno != unix.EAFNOSUPPORT {
		c.ReturnInt(-int(errno))
		return
	}
	s.connected = false
	c.ReturnInt(0)
}

// send(id, token, port, address, ...chunks) → bytes sent + 1, or 0 when it is queued: onSent follows with the token.
func (m *module) send(c *v8.Call) {
	s := m.get(c)
	if s == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	var to unix.RawSockaddrAny
	var toLen uint32
	if !s.connected {
		port := c.Int(2)
		if address := c.TempString(3); s.lastLen == 0 || address != s.lastAddress || port != s.lastPort {
			var err error
			address = c.String(3)
			if s.last, s.lastLen, err = parse(address, port, s.family); err != nil {
				c.ReturnInt(negative(err))
				return
			}
			s.lastAddress, s.lastPort = address, port
		}
		to, toLen = s.last, s.lastLen
	}
	if err := s.bindAny(); err != nil {
		c.ReturnInt(negative(err))
		return
	}
	var some [8][]byte
	chunks := some[:0]
	for i := 4; i < c.Len(); i++ {
		chunks = append(chunks, c.Bytes(i))
	}
	if len(s.queue) == 0 && !s.queueAlways {
		n, err := s.send(chunks, &to, toLen)
		if err == nil {
			c.ReturnInt(n + 1)
			return
		}
		if err != unix.EAGAIN {
			c.ReturnInt(negative(err))
			return
		}
	}
	var data []byte
	for _, chunk := range chunks {
		data = append(data, chunk...)
	}
	s.queue = append(s.queue, datagram{data: data, to: to, toLen: toLen, token: c.Int64(1)})
	c.ReturnInt(negative(s.watch()))
}

// bufferSize(id, size, receive) → the size, which a size of 0 only asks for
func (m *module) bufferSize(c *v8.Call) {
	s := m.get(c)
	if s == nil || s.fd < 0 {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	option := unix.SO_SNDBUF
	if c.Bool(2) {
		option = unix.SO_RCVBUF
	}
	if size := c.Int(1); size != 0 {
		c.ReturnInt(negative(unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, option, size)))
		return
	}
	size, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, option)
	if err != nil {
		size = negative(err)
	}
	c.ReturnInt(size)
}
