package loop

// Idle, Prepare and Check call their function once a turn, in the phase of that
// name, in the order in which they were started.
type (
	// Idle runs every turn and, while active, keeps the poll phase from waiting:
	// there is something better to do than to wait.
	Idle struct{ hook }
	// Prepare runs right before the poll phase.
	Prepare struct{ hook }
	// Check runs right after the poll phase.
	Check struct{ hook }
)

// NewIdle makes an idle hook that is not started.
func NewIdle(l *Loop, fn func()) *Idle { return &Idle{newHook(l, &l.idle, fn)} }

// NewPrepare makes a prepare hook that is not started.
func NewPrepare(l *Loop, fn func()) *Prepare { return &Prepare{newHook(l, &l.prepare, fn)} }

// NewCheck makes a check hook that is not started.
func NewCheck(l *Loop, fn func()) *Check { return &Check{newHook(l, &l.check, fn)} }

type hook struct {
	Handle
	fn         func()
	list       *hookList
	order      uint64 // which start of the list this was
	prev, next *hook
}

func newHook(l *Loop, list *hookList, fn func()) hook {
	return hook{Handle: Handle{loop: l}, fn: fn, list: list}
}

// Kind is the name of the phase.
func (h *hook) Kind() string { return h.list.phase.String() }

// Start makes the function run from now on. It does nothing when started.
func (h *hook) Start() {
	if !h.IsActive() {
		h.activate()
		h.list.add(h)
	}
}

// Stop ends it, in the running phase too. It does nothing when not started.
func (h *hook) Stop() {
	if h.IsActive() {
		h.deactivate()
		h.list.remove(h)
	}
}

// Close stops it for good; fn, if any, runs in the closing phase.
func (h *hook) Close(fn func()) {
	h.Stop()
	h.close(fn)
}

// hookList holds the started hooks of one phase, oldest first.
type hookList struct {
	phase       Phase
	first, last *hook
	cursor      *hook // the next to run while the phase runs: removing it moves it on
	started     uint64
}

func (l *Loop) runHooks(list *hookList) {
	if list.empty() {
		return
	}
	l.begin(list.phase)
	ran := 0
	list.cursor = list.first
	for last := list.started; list.cursor != nil && list.cursor.order <= last; ran++ {
		h := list.cursor
		list.cursor = h.next
		h.fn()
	}
	list.cursor = nil
	l.end(list.phase, ran)
}

func (list *hookList) empty() bool { return list.first == nil }

func (list *hookList) add(h *hook) {
	list.started++
	h.order = list.started
	h.prev = list.last
	if list.last == nil {
		list.first = h
	} else {
		list.last.next = h
	}
	list.last = h
}

func (list *hookList) remove(h *hook) {
	if list.cursor == h {
		list.cursor = h.next
	}
	if h.prev == nil {
		list.first = h.next
	} else {
		h.prev.next = h.next
	}
	if h.next == nil {
		list.last = h.prev
	} else {
		h.next.prev = h.prev
	}
	h.prev, h.next = nil, nil
}
