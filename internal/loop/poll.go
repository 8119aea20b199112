package loop

import (
	"math"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Events is a set of things that can happen to a descriptor.
type Events uint8

const (
	Readable   Events = 1 << iota
	Priority          // out-of-band data, or a sysfs attribute changed
	Writable          // there is room to write
	Error             // reported whether asked for or not, like Hangup
	Hangup            // reading or writing tells more: see within
	Disconnect        // the peer has shut down its side

	interests = Readable | Writable | Disconnect | Priority
)

// String lists the events, for logs and tests.
func (e Events) String() string {
	var names []string
	for i, name := range [...]string{"readable", "priority", "writable", "error", "hangup", "disconnect"} {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "|")
}

// Poll watches one descriptor, level-triggered: it is called in each poll phase
// for as long as an event of its interest lasts. It neither owns nor reads the
// descriptor. Close the Poll first, the descriptor then; the number may be in
// use again at once, an event that was meant for the old one is dropped.
type Poll struct {
	Handle
	fn  func(Events)
	fd  int32
	gen uint32 // generation of the slot that it had last; 0 before the first Start
}

// NewPoll makes a watcher that is not started. fd should be non-blocking.
func NewPoll(l *Loop, fd int, fn func(Events)) *Poll {
	p := new(Poll)
	p.Init(l, fd, fn)
	return p
}

// Init is NewPoll for a Poll that lies in a larger struct.
func (p *Poll) Init(l *Loop, fd int, fn func(Events)) {
	*p = Poll{Handle: Handle{loop: l}, fn: fn, fd: int32(min(max(fd, -1), math.MaxInt32))}
}

// Kind is "poll".
func (p *Poll) Kind() string { return "poll" }

// Fd is the descriptor.
func (p *Poll) Fd() int { return int(p.fd) }

// Watches reports whether a watcher is active on the descriptor.
func (l *Loop) Watches(fd int) bool {
	return fd >= 0 && fd < len(l.poller.slots) && l.poller.slots[fd].owner != nil
}

// Start sets what to watch for; without any event it is Stop. It makes no system
// call: the next poll phase tells the kernel what has changed by then. It fails
// with EEXIST if another watcher is active on the descriptor. What the kernel
// refuses to watch (a regular file) is stopped and told Error in the poll phase.
func (p *Poll) Start(events Events) error {
	events &= interests
	if events == 0 {
		p.Stop()
		return nil
	}
	poller := &p.loop.poller
	if err := poller.grow(p.fd); err != nil {
		return err
	}
	s := &poller.slots[p.fd]
	if s.owner != nil && s.owner != p {
		return syscall.EEXIST
	}
	p.activate()
	s.own(p)
	s.want = events
	poller.changed(p.fd)
	return nil
}

// Stop ends watching. It takes effect at once, in the running batch too.
func (p *Poll) Stop() {
	if !p.IsActive() {
		return
	}
	p.deactivate()
	poller := &p.loop.poller
	s := &poller.slots[p.fd]
	s.owner, s.want = nil, 0
	poller.changed(p.fd)
}

// Close stops watching for good; fn, if any, runs in the closing phase. The
// kernel is told at once, as it could not be once the descriptor is closed: the
// open file may live on in another process.
func (p *Poll) Close(fn func()) {
	p.Stop()
	p.close(fn)
	if p.gen != 0 {
		p.loop.poller.forget(p.fd, p.gen)
	}
}

// slot is what the poller knows of one descriptor number, 16 bytes.
type slot struct {
	owner *Poll // the active watcher, or nil
	// gen counts the watchers that this number has had. The kernel hands it back
	// with each event, so one for an earlier watcher is recognised.
	gen   uint32
	want  Events // the owner's interest; 0 without one
	known Events // the interest that the kernel knows of; 0: not registered
	stale bool   // the kernel knows an older generation
	dirty bool   // listed in poller.dirty
}

// own makes p the watcher. One that comes back after Stop keeps its generation,
// so stopping and starting within a turn costs no system call.
func (s *slot) own(p *Poll) {
	s.owner = p
	if p.gen == 0 || p.gen != s.gen {
		s.gen++
		p.gen = s.gen
		s.stale = s.known != 0
	}
}

// grow makes room for fd in the table. It looks if there is such a descriptor: a
// number out of the blue must not make the table huge.
func (p *poller) grow(fd int32) error {
	if fd < 0 {
		return syscall.EBADF
	}
	missing := int(fd) + 1 - len(p.slots)
	if missing <= 0 {
		return nil
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
		return err
	}
	p.slots = append(p.slots, make([]slot, max(missing, len(p.slots)/2, 16))...)
	return nil
}

// changed notes that fd's interest may differ from what the kernel knows.
func (p *poller) changed(fd int32) {
	if s := &p.slots[fd]; !s.dirty {
		s.dirty = true
		p.dirty = append(p.dirty, fd)
	}
}

// apply tells the kernel what has changed since the last poll, if anything still
// differs from what it knows.
func (p *poller) apply() {
	if p.unfit {
		p.rebuild()
	}
	for _, fd := range p.dirty {
		s := &p.slots[fd]
		s.dirty = false
		if s.want == s.known && !s.stale {
			continue
		}
		err := p.control(fd, s, s.want)
		s.known, s.stale = s.want, false
		if err != nil && s.want != 0 {
			s.known = 0
			p.refused.add(s.owner)
		}
	}
	p.dirty = p.dirty[:0]
}

// forget unregisters fd, unless another watcher has it by now.
func (p *poller) forget(fd int32, gen uint32) {
	s := &p.slots[fd]
	if s.owner == nil && s.gen == gen && s.known != 0 {
		p.control(fd, s, 0)
		s.known = 0
	}
}

// dispatch calls the watchers of a batch of events and returns how many. Every
// look at the table is fresh: a callback may stop, close or start any watcher.
func (l *Loop) dispatch(events []event) int {
	p, ran := &l.poller, 0
	for i := range events {
		fd, gen, got := p.decode(&events[i])
		if fd == wakeEvent {
			continue
		}
		s := &p.slots[fd]
		if s.gen != gen || s.owner == nil {
			// Nobody's event. If nothing has changed here since the kernel was
			// told, it keeps a registration that should be gone: a descriptor was
			// closed before its watcher, while a copy of it is open elsewhere.
			p.unfit = p.unfit || !s.dirty
			continue
		}
		if got = got.within(s.want); got != 0 {
			ran++
			s.owner.fn(got)
		}
	}
	l.polled(ran)
	if p.refused.len() > 0 {
		ran += p.refused.run((*Poll).refuse)
	}
	return ran
}

// within is the part of the events that a watcher should hear of. An error or a
// hangup makes it readable and writable too, as far as it cares: whoever only
// looks at those finds out by the system call.
func (got Events) within(interest Events) Events {
	if got&(Error|Hangup) != 0 {
		got |= Readable | Writable
	}
	return got & (interest | Error | Hangup)
}

// refuse tells a watcher that the kernel would not have it.
func (p *Poll) refuse() {
	s := &p.loop.poller.slots[p.fd]
	if s.owner != p || s.known != 0 {
		return // stopped meanwhile
	}
	got := s.want&(Readable|Writable) | Error
	p.Stop()
	p.fn(got)
}
