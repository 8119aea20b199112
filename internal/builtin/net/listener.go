package net

import (
	"syscall"

	"github.com/hobjs/hob/internal/loop"
	"golang.org/x/sys/unix"
)

// maxAccepts is how many connections one readiness takes: the others wait one poll, and those accepted are served first.
const maxAccepts = 256

// Listener accepts connections of a listening socket and gives each descriptor to a function.
type Listener struct {
	poll   loop.Poll
	hub    *Hub
	accept func(fd int)
	failed func(err syscall.Errno)
	id     uint64
	timer  *loop.Timer // runs while there are no descriptors; nil until then
	closed bool
}

// Listen accepts from fd, which listens and is non-blocking. accept owns the descriptors it gets: non-blocking and
// close-on-exec. Socket options set on fd (TCP_NODELAY, SO_KEEPALIVE …) are inherited by them: no call per connection.
func (h *Hub) Listen(fd int, accept func(fd int)) (*Listener, error) {
	h.lastID++
	l := &Listener{hub: h, accept: accept, id: h.lastID}
	l.poll.Init(h.loop, fd, l.ready)
	if err := l.poll.Start(loop.Readable); err != nil {
		return nil, err
	}
	if h.spare < 0 {
		h.keepSpare()
	}
	return l, nil
}

// ID is the number of the listener, from the same counter as the connections'.
func (l *Listener) ID() uint64 { return l.id }

// Fd is the descriptor, -1 once closed.
func (l *Listener) Fd() int {
	if l.closed {
		return -1
	}
	return l.poll.Fd()
}

// Ref makes the listener keep the loop alive, which is the default.
func (l *Listener) Ref() {
	l.poll.Ref()
	if l.timer != nil {
		l.timer.Ref()
	}
}

// Unref lets the loop end.
func (l *Listener) Unref() {
	l.poll.Unref()
	if l.timer != nil {
		l.timer.Unref()
	}
}

// OnFailed sets who is told when accepting fails for another reason than a connection that has gone already.
func (l *Listener) OnFailed(f func(err syscall.Errno)) { l.failed = f }

// SetAccept gives the descriptors to another function from now on, and returns the one they went to.
func (l *Listener) SetAccept(f func(fd int)) (was func(fd int)) {
	was, l.accept = l.accept, f
	return was
}

// Close stops listening and closes the descriptor; done, if any, runs in the closing phase.
func (l *Listener) Close(done func()) {
	if l.closed {
		return
	}
	fd := l.poll.Fd()
	l.closed = true
	if l.timer != nil {
		l.timer.Close(nil)
	}
	l.poll.Close(done)
	unix.Close(fd)
}

func (l *Listener) ready(loop.Events) {
	for range maxAccepts {
		if l.closed {
			return
		}
		l.hub.stats.Accepts++
		fd, _, errno := syscall.RawSyscall6(unix.SYS_ACCEPT4, uintptr(l.poll.Fd()), 0, 0, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0, 0)
		switch errno {
		case 0:
			l.accept(int(fd))
		case unix.EAGAIN:
			return
		case unix.EINTR, unix.ECONNABORTED, unix.EPERM, unix.EPROTO:
		case unix.EMFILE, unix.ENFILE: // said before the kernel looks whether anybody waits
			switch l.hub.refuseOne(l.poll.Fd()) {
			case refused:
			case nobodyWaits:
				return
			case noSpare:
				l.rest()
				return
			}
		default:
			l.fail(errno)
			return
		}
	}
}

func (l *Listener) fail(errno syscall.Errno) {
	if l.failed != nil {
		l.failed(errno)
	}
}

// pause is for how long a listener that can't even refuse does nothing.
const pause = 50 // ms

// rest keeps a connection that can neither be accepted nor refused from keeping the poller awake.
func (l *Listener) rest() {
	l.poll.Stop()
	if l.timer == nil {
		l.timer = loop.NewTimer(l.hub.loop, func() {
			if !l.closed {
				l.poll.Start(loop.Readable)
			}
		})
	}
	l.timer.Start(pause, 0)
	if l.poll.HasRef() {
		l.timer.Ref()
	} else {
		l.timer.Unref()
	}
}

type refusal int

const (
	refused     refusal = iota // or there is a descriptor again
	nobodyWaits                // there was nothing to accept
	noSpare
)

// refuseOne gets rid of a connection when there are no descriptors left: the spare one is given up for it for a moment.
// Left in the queue, it would keep the poller awake for ever.
func (h *Hub) refuseOne(listener int) refusal {
	if h.spare < 0 {
		if h.keepSpare(); h.spare < 0 {
			return noSpare
		}
	}
	unix.Close(h.spare)
	h.spare = -1
	h.stats.Accepts++
	fd, _, errno := syscall.RawSyscall6(unix.SYS_ACCEPT4, uintptr(listener), 0, 0, unix.SOCK_CLOEXEC, 0, 0)
	if errno == 0 {
		unix.Close(int(fd))
	}
	h.keepSpare()
	switch errno {
	case unix.EMFILE, unix.ENFILE: // another thread was quicker
		return noSpare
	case unix.EAGAIN:
		return nobodyWaits
	}
	return refused
}

func (h *Hub) keepSpare() {
	fd, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		h.spare = fd
	}
}
