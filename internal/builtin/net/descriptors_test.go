package net

import (
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// When there are no descriptors left, who waits to be accepted is turned away; that is no error of the server's, and costs
// no time. It accepts again when there are some.
func TestNoDescriptorsLeft(t *testing.T) {
	for _, withSpare := range []bool{true, false} {
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
		accepted := 0
		l, err := w.hub.Listen(fd, func(fd int) { accepted++; unix.Close(fd) })
		if err != nil {
			t.Fatal(err)
		}
		l.OnFailed(func(err syscall.Errno) { t.Error(err) })
		for range 5 {
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
		}
		if !withSpare {
			unix.Close(w.hub.spare)
			w.hub.spare = -1
		}
		back := exhaust(t, w.hub.spare+1)
		began := w.hub.Stats().Accepts
		until := time.Now().Add(200 * time.Millisecond)
		for time.Now().Before(until) {
			w.loop.RunOnce(false)
		}
		tried := w.hub.Stats().Accepts - began
		back()
		if accepted != 0 || tried > 40 {
			t.Errorf("spare %v: %d accepted, %d tried", withSpare, accepted, tried)
		}
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		w.until("accepted", func() bool { return accepted > 0 })
		l.Close(nil)
	}
}

// exhaust makes every further descriptor fail until back is called; if n > 0, those below n exist.
func exhaust(t *testing.T, n int) (back func()) {
	t.Helper()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	low := limit
	low.Cur = uint64(max(n, 3)) // those that are open above it stay so
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	var fill []int
	for {
		fd, err := unix.Dup(0)
		if err != nil {
			break
		}
		fill = append(fill, fd)
	}
	return func() {
		for _, fd := range fill {
			unix.Close(fd)
		}
		unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
	}
}
