package loop

// The poller's contract with the system: epoll, level-triggered, with an eventfd
// for wake-ups in the same set. System calls that cannot block are raw: they
// take nothing from Go's scheduler and give nothing to it.

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	maxEvents    = 1024 // per call of epoll
	maxFullPolls = 48   // further calls in one phase while the array comes back full
	wakeEvent    = -1   // stands for the eventfd in an event
)

type event = unix.EpollEvent

type poller struct {
	fd      int
	wakeFd  int
	slots   []slot       // by descriptor
	dirty   []int32      // descriptors whose interest may have changed
	refused batch[*Poll] // those that the kernel would not have
	unfit   bool         // the epoll set holds registrations that nothing can remove
	calls   uint64       // epoll_pwait and epoll_ctl
	events  [maxEvents]event
}

func (p *poller) open() (err error) {
	if p.fd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	if p.wakeFd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err == nil {
		err = p.watchWake()
	}
	if err != nil {
		p.close()
	}
	return err
}

// watchWake registers the eventfd, edge-triggered: each write makes an event and
// nobody needs to read the counter, which lasts for 2^64 wake-ups.
func (p *poller) watchWake() error {
	return unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, p.wakeFd,
		&event{Events: unix.EPOLLIN | unix.EPOLLET, Fd: wakeEvent})
}

func (p *poller) close() error {
	err := unix.Close(p.fd)
	if p.wakeFd != 0 {
		if e := unix.Close(p.wakeFd); err == nil {
			err = e
		}
	}
	return err
}

// poll returns the events that are there, without waiting.
func (p *poller) poll() []event {
	p.calls++
	n, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.fd),
		uintptr(unsafe.Pointer(&p.events[0])), maxEvents, 0, 0, 0)
	if errno != 0 {
		n = 0
	}
	return p.events[:n]
}

// wait is poll with a timeout in milliseconds; -1 is for ever. It tells if a
// signal cut the wait short.
func (p *poller) wait(timeout int) (events []event, interrupted bool) {
	p.calls++
	n, _, errno := blockingSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.fd),
		uintptr(unsafe.Pointer(&p.events[0])), maxEvents, uintptr(timeout), 0, 0)
	if errno != 0 {
		return nil, errno == unix.EINTR
	}
	return p.events[:n], false
}

// control registers fd with the interest want, changes its registration, or
// ends it if want is 0. What the kernel knows can differ from what the slot
// says when the number was closed and opened again.
func (p *poller) control(fd int32, s *slot, want Events) error {
	ev := event{Events: want.epoll(), Fd: fd, Pad: int32(s.gen)}
	switch {
	case want == 0:
		return p.ctl(unix.EPOLL_CTL_DEL, fd, &ev)
	case s.known == 0:
		err := p.ctl(unix.EPOLL_CTL_ADD, fd, &ev)
		if err == unix.EEXIST {
			err = p.ctl(unix.EPOLL_CTL_MOD, fd, &ev)
		}
		return err
	default:
		err := p.ctl(unix.EPOLL_CTL_MOD, fd, &ev)
		if err == unix.ENOENT {
			err = p.ctl(unix.EPOLL_CTL_ADD, fd, &ev)
		}
		return err
	}
}

func (p *poller) ctl(op int, fd int32, ev *event) error {
	p.calls++
	_, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(p.fd), uintptr(op), uintptr(fd),
		uintptr(unsafe.Pointer(ev)), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// rebuild makes a new epoll set with the registrations that are wanted. It is
// the only way to be rid of one whose descriptor is closed while its file is not.
func (p *poller) rebuild() {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return // no descriptor to be had: live with the spurious events until there is
	}
	err = unix.Dup3(fd, p.fd, unix.O_CLOEXEC)
	unix.Close(fd)
	if err != nil {
		return
	}
	p.unfit = false
	if err := p.watchWake(); err != nil {
		panic("loop: epoll refuses the eventfd: " + err.Error())
	}
	for i := range p.slots {
		s := &p.slots[i]
		s.known, s.stale = 0, false
		if s.owner != nil {
			p.changed(int32(i))
		}
	}
}

// decode takes an event apart: descriptor, generation, what happened.
func (p *poller) decode(ev *event) (fd int32, gen uint32, got Events) {
	return ev.Fd, uint32(ev.Pad), eventsOf(ev.Events)
}

// Events has epoll's bits, but for EPOLLRDHUP, which would not fit a byte.
const (
	sameBits   = unix.EPOLLIN | unix.EPOLLPRI | unix.EPOLLOUT | unix.EPOLLERR | unix.EPOLLHUP
	rdhupShift = 8
)

func (e Events) epoll() uint32 {
	return uint32(e)&sameBits | uint32(e&Disconnect)<<rdhupShift
}

func eventsOf(bits uint32) Events {
	return Events(bits&sameBits) | Events(bits>>rdhupShift)&Disconnect
}

var one = [8]byte{0: 1} // an eventfd takes a 64-bit number in the machine's byte order; any but 0 will do

// writeWake wakes the loop that waits on the eventfd.
func writeWake(fd int) {
	syscall.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&one[0])), 8)
}
