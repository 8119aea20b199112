package loop

import "math"

// Timer calls its function once when its time has come, or again and again.
type Timer struct {
	Handle
	fn     func()
	repeat int64
	index  int32 // place in the heap plus one; 0 when not in it
}

// NewTimer makes a timer that is not started.
func NewTimer(l *Loop, fn func()) *Timer {
	return &Timer{Handle: Handle{loop: l}, fn: fn}
}

// Kind is "timer".
func (t *Timer) Kind() string { return "timer" }

// Start makes the timer fire in timeout milliseconds from Now, then every
// repeat milliseconds if repeat is not 0. A running timer starts anew.
func (t *Timer) Start(timeout, repeat int64) {
	t.activate()
	t.repeat = max(repeat, 0)
	t.loop.timers.schedule(t, t.loop.now, max(timeout, 0))
}

// Stop keeps the timer from firing, also when it is due in the running batch.
func (t *Timer) Stop() {
	t.deactivate()
	t.loop.timers.remove(t)
}

// DueIn is the number of milliseconds from Now until the timer fires: 0 when it
// is overdue or not started.
func (t *Timer) DueIn() int64 {
	if t.index == 0 {
		return 0
	}
	return max(t.loop.timers.entries[t.index-1].due-t.loop.now, 0)
}

// Close stops the timer for good; fn, if any, runs in the closing phase.
func (t *Timer) Close(fn func()) {
	t.Stop()
	t.close(fn)
}

// runTimers fires what is due, in order of time, then of start. A timer that a
// callback starts sorts behind all of this batch and is left for the next one.
func (l *Loop) runTimers() {
	l.setNow()
	now := l.now
	if l.timers.empty() || l.timers.next() > now {
		return
	}
	l.begin(PhaseTimers)
	ran := 0
	for last := l.timers.started; !l.timers.empty(); ran++ {
		first := &l.timers.entries[0]
		if first.due > now || first.order > last {
			break
		}
		t := first.timer
		t.Stop()
		if t.repeat > 0 {
			t.Start(t.repeat, t.repeat)
		}
		t.fn()
	}
	l.end(PhaseTimers, ran)
}

// timerHeap is a heap with four children to a node: half as deep as a binary
// one, and four entries lie next to each other. Keys are kept in the entries, so
// sifting touches a Timer only to note its new place.
type timerHeap struct {
	entries []timerEntry
	started uint64 // number of starts so far: the order of timers due together
}

type timerEntry struct {
	due   int64
	order uint64
	timer *Timer
}

func (e *timerEntry) before(f *timerEntry) bool {
	return e.due < f.due || e.due == f.due && e.order < f.order
}

func (h *timerHeap) empty() bool { return len(h.entries) == 0 }

// next is when the first timer is due.
func (h *timerHeap) next() int64 { return h.entries[0].due }

func (h *timerHeap) schedule(t *Timer, now, timeout int64) {
	h.started++
	due := now + timeout
	if due < 0 {
		due = math.MaxInt64
	}
	e := timerEntry{due, h.started, t}
	if t.index == 0 {
		h.entries = append(h.entries, e)
		h.up(len(h.entries)-1, e)
	} else {
		h.fix(int(t.index-1), e)
	}
}

func (h *timerHeap) remove(t *Timer) {
	if t.index == 0 {
		return
	}
	i, last := int(t.index-1), len(h.entries)-1
	e := h.entries[last]
	h.entries[last] = timerEntry{}
	h.entries = h.entries[:last]
	t.index = 0
	if i != last {
		h.fix(i, e)
	}
}

// fix puts e into the hole at i, wherever it belongs from there.
func (h *timerHeap) fix(i int, e timerEntry) {
	if i > 0 && e.before(&h.entries[(i-1)/4]) {
		h.up(i, e)
	} else {
		h.down(i, e)
	}
}

func (h *timerHeap) up(i int, e timerEntry) {
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(&h.entries[parent]) {
			break
		}
		h.put(i, h.entries[parent])
		i = parent
	}
	h.put(i, e)
}

func (h *timerHeap) down(i int, e timerEntry) {
	for {
		first := 4*i + 1
		if first >= len(h.entries) {
			break
		}
		least := first
		for c := first + 1; c < min(first+4, len(h.entries)); c++ {
			if h.entries[c].before(&h.entries[least]) {
				least = c
			}
		}
		if !h.entries[least].before(&e) {
			break
		}
		h.put(i, h.entries[least])
		i = least
	}
	h.put(i, e)
}

func (h *timerHeap) put(i int, e timerEntry) {
	h.entries[i] = e
	e.timer.index = int32(i + 1)
}
