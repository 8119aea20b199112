package loop

// Watcher is any handle, with what all kinds can do.
type Watcher interface {
	Kind() string // "timer", "idle", "prepare", "check", "poll" or "signal"
	Ref()
	Unref()
	HasRef() bool
	IsActive() bool
	IsClosing() bool
	Close(fn func())
}

// Handle is what all watchers have in common. It is 16 bytes, as there can be
// tens of thousands. While it is active and ref'd it keeps the loop alive.
type Handle struct {
	loop  *Loop
	state state
}

type state uint8

const (
	active state = 1 << iota
	unrefd
	closing // and later closed
)

// Ref makes an active handle keep the loop alive, which is the default.
func (h *Handle) Ref() {
	if h.state&unrefd != 0 && h.state&active != 0 {
		h.loop.refs++
	}
	h.state &^= unrefd
}

// Unref lets the loop end though the handle is active.
func (h *Handle) Unref() {
	if h.state&unrefd == 0 && h.state&active != 0 {
		h.loop.refs--
	}
	h.state |= unrefd
}

// HasRef reports whether the handle would keep the loop alive when active.
func (h *Handle) HasRef() bool { return h.state&unrefd == 0 }

// IsActive reports whether the handle is started.
func (h *Handle) IsActive() bool { return h.state&active != 0 }

// IsClosing reports whether Close has been called.
func (h *Handle) IsClosing() bool { return h.state&closing != 0 }

// Watchers lists the active handles, ref'd or not: what Close waits for. Nothing
// keeps such a list, so it is gathered from all over the loop, poller included:
// it is for tearing down and for looking, not for every turn.
func (l *Loop) Watchers() (all []Watcher) {
	for i := range l.timers.entries {
		all = append(all, l.timers.entries[i].timer)
	}
	for _, list := range []*hookList{&l.idle, &l.prepare, &l.check} {
		for h := list.first; h != nil; h = h.next {
			all = append(all, h)
		}
	}
	for i := range l.poller.slots {
		if p := l.poller.slots[i].owner; p != nil {
			all = append(all, p)
		}
	}
	for _, s := range l.signals {
		all = append(all, s)
	}
	return all
}

func (h *Handle) activate() {
	if h.IsClosing() {
		panic("loop: Start of a handle that is closing")
	}
	if h.state&active != 0 {
		return
	}
	h.state |= active
	h.loop.actives++
	if h.state&unrefd == 0 {
		h.loop.refs++
	}
}

func (h *Handle) deactivate() {
	if h.state&active == 0 {
		return
	}
	h.state &^= active
	h.loop.actives--
	if h.state&unrefd == 0 {
		h.loop.refs--
	}
}

// close queues the closing callback of a handle that has been stopped. Each
// kind of handle has its own Close that stops it first.
func (h *Handle) close(fn func()) {
	if h.IsClosing() {
		panic("loop: Close of a handle that is closing")
	}
	h.state |= closing
	h.loop.closing.add(fn)
}

func (l *Loop) runClosing() {
	if l.closing.len() == 0 {
		return
	}
	l.begin(PhaseClosing)
	l.end(PhaseClosing, l.closing.run(callIfAny))
}

func callIfAny(fn func()) {
	if fn != nil {
		fn()
	}
}
