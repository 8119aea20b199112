package loop

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
	closingNow
	closedAlready
)

// closing is a handle whose closing callback is due.
type closing struct {
	handle *Handle
	fn     func()
}

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
func (h *Handle) IsClosing() bool { return h.state&(closingNow|closedAlready) != 0 }

// Loop is the loop the handle belongs to.
func (h *Handle) Loop() *Loop { return h.loop }

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
	h.state |= closingNow
	h.loop.closing.add(closing{h, fn})
}

func (l *Loop) runClosing() {
	if l.closing.len() == 0 {
		return
	}
	l.begin(PhaseClosing)
	l.end(PhaseClosing, l.closing.run(finishClose))
}

func finishClose(c closing) {
	c.handle.state |= closedAlready
	if c.fn != nil {
		c.fn()
	}
}
