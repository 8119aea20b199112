// Package tty is the Go half of node:tty: what a descriptor is, and the settings of terminals.
package tty

import (
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Natives is the table that the files of builtin/tty see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, saved: map[int]*unix.Termios{}}
	return host.Natives{
		"handleType":   m.handleType,
		"windowSize":   m.windowSize,
		"setRawMode":   m.setRawMode,
		"onWindowSize": m.onWindowSize,
	}
}

type module struct {
	rt     *host.Runtime
	saved  map[int]*unix.Termios // settings before setRawMode, by descriptor
	winch  *winch
	hooked bool
}

// handleType(fd) → 'TTY', 'FILE', 'PIPE', 'TCP', 'UDP' or 'UNKNOWN', in libuv's words.
func (m *module) handleType(c *v8.Call) { c.ReturnString(handleType(c.Int(0))) }

func handleType(fd int) string {
	if fd < 0 {
		return "UNKNOWN"
	}
	if _, err := unix.IoctlGetTermios(fd, unix.TCGETS); err == nil {
		return "TTY"
	}
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil {
		return "UNKNOWN"
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG, unix.S_IFCHR:
		return "FILE"
	case unix.S_IFIFO:
		return "PIPE"
	case unix.S_IFSOCK:
		return socketType(fd)
	}
	return "UNKNOWN"
}

func socketType(fd int) string {
	kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil {
		return "UNKNOWN"
	}
	domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	if err != nil {
		return "UNKNOWN"
	}
	switch {
	case domain == unix.AF_UNIX && kind == unix.SOCK_STREAM:
		return "PIPE"
	case domain != unix.AF_INET && domain != unix.AF_INET6:
		return "UNKNOWN"
	case kind == unix.SOCK_STREAM:
		return "TCP"
	case kind == unix.SOCK_DGRAM:
		return "UDP"
	}
	return "UNKNOWN"
}

// windowSize(fd) → [columns, rows], or a negative errno
func (m *module) windowSize(c *v8.Call) {
	size, err := unix.IoctlGetWinsize(c.Int(0), unix.TIOCGWINSZ)
	if err != nil {
		c.ReturnInt(-errno(err))
		return
	}
	c.Return(v8.Array(v8.Int(size.Col), v8.Int(size.Row)))
}

// setRawMode(fd, on) → 0 or a negative errno
func (m *module) setRawMode(c *v8.Call) {
	fd := c.Int(0)
	old := m.saved[fd]
	if old == nil {
		t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err != nil {
			c.ReturnInt(-errno(err))
			return
		}
		old = t
		m.saved[fd] = t
		if !m.hooked {
			m.hooked = true
			m.rt.OnClose(m.restore)
		}
	}
	t := *old
	if c.Bool(1) {
		t.Iflag &^= unix.BRKINT | unix.ICRNL | unix.INPCK | unix.ISTRIP | unix.IXON
		t.Oflag |= unix.ONLCR
		t.Cflag |= unix.CS8
		t.Lflag &^= unix.ECHO | unix.ICANON | unix.IEXTEN | unix.ISIG
		t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	}
	if err := unix.IoctlSetTermios(fd, unix.TCSETSW, &t); err != nil {
		c.ReturnInt(-errno(err))
		return
	}
	c.ReturnInt(0)
}

// restore puts terminals back as they were found.
func (m *module) restore() {
	for fd, t := range m.saved {
		unix.IoctlSetTermios(fd, unix.TCSETS, t)
	}
	clear(m.saved)
}

func errno(err error) int {
	if e, ok := err.(unix.Errno); ok {
		return int(e)
	}
	return int(unix.EINVAL)
}
