package net

import (
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Making sockets: by address, by path, over a descriptor. Results are ids, errors are negative numbers as libuv's.

const (
	flagIPv6Only  = 1 // as UV_TCP_IPV6ONLY
	flagReusePort = 2 // as UV_TCP_REUSEPORT

	pipeReadableAll = 1
	pipeWritableAll = 2
)

func newSocket(family int) (int, error) {
	return unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
}

// sockaddr is an address and port for a socket of the family 4 or 6. The empty address is any.
func sockaddr(address string, port, family int) (unix.Sockaddr, error) {
	if address == "" {
		if family == 6 {
			return &unix.SockaddrInet6{Port: port}, nil
		}
		return &unix.SockaddrInet4{Port: port}, nil
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return nil, unix.EINVAL
	}
	if family == 6 {
		a := &unix.SockaddrInet6{Port: port, Addr: ip.As16()}
		if z := ip.Zone(); z != "" {
			a.ZoneId = zoneID(z)
		}
		return a, nil
	}
	if !ip.Unmap().Is4() {
		return nil, unix.EINVAL
	}
	return &unix.SockaddrInet4{Port: port, Addr: ip.Unmap().As4()}, nil
}

func zoneID(zone string) uint32 {
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index)
	}
	n, _ := strconv.Atoi(zone)
	return uint32(n)
}

func domain(family int) int {
	if family == 6 {
		return unix.AF_INET6
	}
	return unix.AF_INET
}

// openTcp(family) → id
func (m *module) openTCP(c *v8.Call) { m.open(c, domain(c.Int(0))) }

// openPipe() → id
func (m *module) openPipe(c *v8.Call) { m.open(c, unix.AF_UNIX) }

func (m *module) open(c *v8.Call, domain int) {
	fd, err := newSocket(domain)
	if err != nil {
		c.ReturnInt(negative(err))
		return
	}
	c.Return(v8.Int(m.add(fd).id))
}

// bindTcp(id, address, port, family, flags) → 0
func (m *module) bindTCP(c *v8.Call) {
	conn := m.conns[id(c, 0)]
	if conn == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	c.ReturnInt(negative(bindTCP(conn.Fd(), c.String(1), c.Int(2), c.Int(3), c.Int(4))))
}

func bindTCP(fd int, address string, port, family, flags int) error {
	to, err := sockaddr(address, port, family)
	if err != nil {
		return err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	if flags&flagReusePort != 0 {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
			return err
		}
	}
	if family == 6 {
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, flags&flagIPv6Only); err != nil {
			return err
		}
	}
	err = unix.Bind(fd, to)
	if err == unix.EAFNOSUPPORT {
		err = unix.EINVAL
	}
	return err
}

// connectTcp(id, address, port, family) → 0: onConnect follows
func (m *module) connectTCP(c *v8.Call) {
	conn := m.conns[id(c, 0)]
	if conn == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	to, err := sockaddr(c.String(1), c.Int(2), c.Int(3))
	if err == nil {
		err = conn.Connect(to)
	}
	if err == unix.ECONNREFUSED { // a refusal is always told later
		m.OnConnect(conn, unix.ECONNREFUSED)
		err = nil
	}
	c.ReturnInt(negative(err))
}

// connectPipe(id, path): onConnect follows, on errors too
func (m *module) connectPipe(c *v8.Call) {
	conn := m.conns[id(c, 0)]
	if conn == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	to, err := unixAddr(c.String(1))
	if err != nil {
		c.ReturnInt(negative(err))
		return
	}
	if err = conn.Connect(to); err != nil {
		m.OnConnect(conn, syscall.Errno(-negative(err)))
	}
	c.ReturnInt(0)
}

// unixAddr is a path, or with a leading NUL the name of an abstract socket.
func unixAddr(path string) (unix.Sockaddr, error) {
	// sun_path has 108 bytes, one of them for the closing NUL of a path.
	if path == "" || len(path) > 107 && path[0] != 0 || len(path) > 108 {
		return nil, unix.EINVAL
	}
	if path[0] == 0 {
		path = "@" + path[1:] // how x/sys/unix spells abstract names
	}
	return &unix.SockaddrUnix{Name: path}, nil
}

// listenTcp(address, port, family, backlog, flags) → id
func (m *module) listenTCP(c *v8.Call) {
	fd, err := newSocket(domain(c.Int(2)))
	if err == nil {
		if err = bindTCP(fd, c.String(0), c.Int(1), c.Int(2), c.Int(4)); err == nil {
			err = unix.Listen(fd, c.Int(3))
		}
		if err != nil {
			unix.Close(fd)
		}
	}
	m.listenOn(c, fd, err, "")
}

// listenPipe(path, backlog, modes) → id
func (m *module) listenPipe(c *v8.Call) {
	path := c.String(0)
	addr, err := unixAddr(path)
	fd := -1
	if err == nil {
		if fd, err = newSocket(unix.AF_UNIX); err == nil {
			bound := false
			if err = unix.Bind(fd, addr); err == nil {
				bound = true
				if modes := c.Int(2); modes != 0 && path[0] != 0 {
					err = widen(path, modes)
				}
			} else if err == unix.ENOENT {
				err = unix.EACCES // what libuv makes of a missing folder
			}
			if err == nil {
				err = unix.Listen(fd, c.Int(1))
			}
			if err != nil {
				unix.Close(fd)
				if bound && path[0] != 0 {
					unix.Unlink(path)
				}
			}
		}
	}
	if path != "" && path[0] == 0 {
		path = ""
	}
	m.listenOn(c, fd, err, path)
}

// widen lets everybody on the machine read from or write to a Unix socket.
func widen(path string, modes int) error {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return err
	}
	mode := st.Mode & 0o777
	if modes&pipeReadableAll != 0 {
		mode |= 0o444
	}
	if modes&pipeWritableAll != 0 {
		mode |= 0o222
	}
	return unix.Chmod(path, mode)
}

// listenFd(fd, backlog) → id
func (m *module) listenFd(c *v8.Call) {
	fd := c.Int(0)
	err := unix.SetNonblock(fd, true)
	if err == nil {
		err = unix.Listen(fd, c.Int(1))
	}
	m.listenOn(c, fd, err, "")
}

func (m *module) listenOn(c *v8.Call, fd int, err error, path string) {
	if err != nil {
		c.ReturnInt(negative(err))
		return
	}
	var l *Listener
	l, err = m.hub.Listen(fd, func(fd int) {
		m.rt.Emit(m.onConnection, v8.Int(l.id), v8.Int(m.add(fd).id))
	})
	if err != nil {
		unix.Close(fd)
		c.ReturnInt(negative(err))
		return
	}
	l.OnFailed(func(err syscall.Errno) { m.rt.Emit(m.onConnection, v8.Int(l.id), v8.Int(-int(err))) })
	m.listeners[l.id] = l
	if path != "" {
		m.paths[l.id] = path
	}
	c.Return(v8.Int(l.id))
}

func (m *module) closeListener(c *v8.Call) {
	lid := id(c, 0)
	l := m.listeners[lid]
	if l == nil {
		c.ReturnBool(false)
		return
	}
	delete(m.listeners, lid)
	if p := m.paths[lid]; p != "" {
		delete(m.paths, lid)
		unix.Unlink(p)
	}
	l.Close(func() { m.rt.Emit(m.onClosed, v8.Int(lid)) })
	c.ReturnBool(true)
}

// openFd(fd, reopen) → id. A terminal is opened anew when reopen is set, so that it doesn't become non-blocking for the
// other programs that have it too.
func (m *module) openFd(c *v8.Call) {
	fd := c.Int(0)
	if c.Bool(1) {
		if own, err := unix.Open("/proc/self/fd/"+strconv.Itoa(fd), unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err == nil {
			c.Return(v8.Int(m.add(own).id))
			return
		}
	}
	for _, other := range m.conns {
		if other.Fd() == fd { // process.stdin and a Socket of the program's own, say
			var err error
			if fd, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3); err != nil {
				c.ReturnInt(negative(err))
				return
			}
			break
		}
	}
	if m.rt.Loop.Watches(fd) || m.hub.has(fd) { // a listener's, a server's connection
		c.ReturnInt(-int(unix.EEXIST))
		return
	}
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil {
		c.ReturnInt(negative(err))
		return
	}
	if flags&unix.O_NONBLOCK == 0 {
		if fd <= 2 {
			m.restore[fd] = flags
		}
		if err := unix.SetNonblock(fd, true); err != nil {
			c.ReturnInt(negative(err))
			return
		}
	}
	conn := m.add(fd)
	if fd <= 2 {
		conn.state |= kept
	}
	c.Return(v8.Int(conn.id))
}

// setBlocking(id, on): writes are synchronous.
func (m *module) setBlocking(c *v8.Call) {
	if conn := m.conns[id(c, 0)]; conn != nil {
		if conn.state &^= blocking; c.Bool(1) {
			conn.state |= blocking
		}
	}
	c.ReturnInt(0)
}

func (m *module) sockname(c *v8.Call) { m.address(c, unix.Getsockname) }
func (m *module) peername(c *v8.Call) { m.address(c, unix.Getpeername) }

// address returns [address, family, port], or the path of a Unix socket, or an error.
func (m *module) address(c *v8.Call, get func(int) (unix.Sockaddr, error)) {
	fd := -1
	if conn := m.conns[id(c, 0)]; conn != nil {
		fd = conn.Fd()
	} else if l := m.listeners[id(c, 0)]; l != nil {
		fd = l.Fd()
	}
	sa, err := get(fd)
	if err != nil {
		c.ReturnInt(negative(err))
		return
	}
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		c.Return(v8.Array(v8.String(netip.AddrFrom4(a.Addr).String()), v8.String("IPv4"), v8.Int(a.Port)))
	case *unix.SockaddrInet6:
		ip := netip.AddrFrom16(a.Addr)
		if a.ZoneId != 0 && ip.IsLinkLocalUnicast() {
			if i, err := net.InterfaceByIndex(int(a.ZoneId)); err == nil {
				ip = ip.WithZone(i.Name)
			}
		}
		c.Return(v8.Array(v8.String(ip.String()), v8.String("IPv6"), v8.Int(a.Port)))
	case *unix.SockaddrUnix:
		name := a.Name
		if name != "" && name[0] == '@' {
			name = "\x00" + name[1:]
		}
		c.Return(v8.String(name))
	default:
		c.ReturnInt(-int(unix.EAFNOSUPPORT))
	}
}

func (m *module) setNoDelay(c *v8.Call) {
	m.option(c, func(fd int) error {
		return unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, oneIf(c.Bool(1)))
	})
}

// setKeepAlive(id, on, seconds)
func (m *module) setKeepAlive(c *v8.Call) {
	m.option(c, func(fd int) error {
		err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, oneIf(c.Bool(1)))
		if seconds := c.Int(2); err == nil && c.Bool(1) && seconds > 0 {
			// Ten probes a second apart, as libuv sets them.
			for opt, v := range map[int]int{unix.TCP_KEEPIDLE: seconds, unix.TCP_KEEPINTVL: 1, unix.TCP_KEEPCNT: 10} {
				if err == nil {
					err = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, opt, v)
				}
			}
		}
		return err
	})
}

func (m *module) option(c *v8.Call, set func(fd int) error) {
	conn := m.conns[id(c, 0)]
	if conn == nil {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	c.ReturnInt(negative(set(conn.Fd())))
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
