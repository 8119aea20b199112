package loop

import (
	"strings"
	"syscall"
)

// Events is a set of things that can happen to a descriptor.
type Events uint8

const (
	Readable   Events = 1 << iota
	Writable          // there is room to write
	Disconnect        // the peer has shut down its side
	Priority          // out-of-band data, or a sysfs attribute changed

	// Error and Hangup are reported whether asked for or not, together with
	// Readable and Writable as far as those were: reading or writing tells more.
	Error
	Hangup

	interests = Readable | Writable | Disconnect | Priority
)

// String lists the events, for logs and tests.
func (e Events) String() string {
	var names []string
	for i, name := range [...]string{"readable", "writable", "disconnect", "priority", "error", "hangup"} {
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
	fn       func(Events)
	fd       int32
	gen      uint32 // generation of its slot that it owns; 0 before the first Start
	interest Events
}

// NewPoll makes a watcher that is not started. fd should be non-blocking.
func NewPoll(l *Loop, fd int, fn func(Events)) *Poll {
	p := new(Poll)
	p.Init(l, fd, fn)
	return p
}

// Init is NewPoll for a Poll that lies in a larger struct.
func (p *Poll) Init(l *Loop, fd int, fn func(Events)) {
	*p = Poll{Handle: Handle{loop: l}, fn: fn, fd: int32(fd)}
}

// Fd is the descriptor.
func (p *Poll) Fd() int { return int(p.fd) }

// Interest is what Start was last called with; 0 when stopped.
func (p *Poll) Interest() Events { return p.interest }

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
	if p.fd < 0 {
		return syscall.EBADF
	}
	poller := &p.loop.poller
	s := poller.slot(p.fd)
	if s.owner != p {
		if s.owner != nil {
			return syscall.EEXIST
		}
		s.own(p)
	}
	p.activate()
	p.interest = events
	poller.changed(p.fd)
	return nil
}

// Stop ends watching. It takes effect at once, in the running batch too.
func (p *Poll) Stop() {
	if !p.IsActive() {
		return
	}
	p.deactivate()
	p.interest = 0
	poller := &p.loop.poller
	poller.slots[p.fd].owner = nil
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
	owner *Poll // the active watcher
	// gen counts the watchers that this number has had. The kernel hands it back
	// with each event, so one for an earlier watcher is recognised.
	gen   uint32
	known Events // interest the kernel knows of; 0: not registered
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

func (s *slot) interest() Events {
	if s.owner == nil {
		return 0
	}
	return s.owner.interest
}

// slot makes room for fd in the table.
func (p *poller) slot(fd int32) *slot {
	if n := int(fd) + 1; n > len(p.slots) {
		p.slots = append(p.slots, make([]slot, max(n-len(p.slots), len(p.slots)/2, 16))...)
	}
	return &p.slots[fd]
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
		want := s.interest()
		if want == s.known && !s.stale {
			continue
		}
		if err := p.control(fd, s, want); err != nil && want != 0 {
			p.refused.add(refusal{s.owner, s.gen})
			s.known, s.stale = 0, false
			continue
		}
		s.known, s.stale = want, false
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

// refusal is a watcher that the kernel would not take.
type refusal struct {
	poll *Poll
	gen  uint32
}

// dispatch calls the watchers of a batch of events and returns how many. Every
// look at the table is fresh: a callback may close, start or move any watcher.
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
		if got = got.within(s.owner.interest); got != 0 {
			ran++
			s.owner.fn(got)
		}
	}
	if p.refused.len() > 0 {
		ran += p.refused.run(reportRefusal)
	}
	return ran
}

// within is the part of the events that a watcher should hear of.
func (got Events) within(interest Events) Events {
	if got&(Error|Hangup) != 0 {
		got |= Readable | Writable
	}
	return got & (interest | Error | Hangup)
}

func reportRefusal(r refusal) {
	if r.poll.IsActive() && r.poll.gen == r.gen {
		interest := r.poll.interest
		r.poll.Stop()
		r.poll.fn(interest&(Readable|Writable) | Error)
	}
}
