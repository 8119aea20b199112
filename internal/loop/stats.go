package loop

import (
	"sync/atomic"
	"time"
)

// Phase is a step of a turn.
type Phase uint8

const (
	PhaseNone Phase = iota // between phases, or waiting
	PhaseTimers
	PhasePending
	PhaseIdle
	PhasePrepare
	PhasePoll
	PhaseCheck
	PhaseClosing

	numPhases
)

func (p Phase) String() string {
	return [...]string{"none", "timers", "pending", "idle", "prepare", "poll", "check", "closing"}[p]
}

// Stats are the totals since New. They are always kept: a phase with something
// to run costs one reading of the clock (25 ns), one without costs nothing.
type Stats struct {
	Turns   uint64
	Phases  [numPhases]PhaseStats
	Polls   uint64 // looks at the poller, waiting or not
	Events  uint64 // watchers called
	Ready   uint64 // events that were there already when the loop came to look
	MaxPoll int    // most watchers called after one look
	Waits   uint64 // polls that waited
	Calls   uint64 // the poller's system calls: looks and changes of interest
	Idle    time.Duration
	Posts   uint64 // messages from other goroutines and the pool
	Wakeups uint64 // eventfd writes that these needed
}

// PhaseStats cover callbacks and flush, not the wait in the poll phase.
type PhaseStats struct {
	Count     uint64 // times that the phase had something to run
	Callbacks uint64
	Total     time.Duration
	Max       time.Duration
}

// Stats returns a copy of the totals. On the loop's goroutine only; see Progress
// and PoolStats for what others can read.
func (l *Loop) Stats() Stats {
	s := l.stats
	s.Turns = l.vitals.turns.Load()
	s.Calls = l.poller.calls
	s.Idle = time.Duration(l.vitals.idle.Load())
	l.mailbox.mu.Lock()
	s.Posts, s.Wakeups = l.mailbox.posts, l.mailbox.wakes
	l.mailbox.mu.Unlock()
	return s
}

// vitals are what a watchdog on another goroutine can see.
type vitals struct {
	turns      atomic.Uint64
	phase      atomic.Uint32
	since      atomic.Int64 // when phase began
	idle       atomic.Int64 // time spent waiting, finished waits only
	sleepSince atomic.Int64 // when the current wait began; 0 when awake
}

// Progress tells what the loop is doing.
type Progress struct {
	Turns  uint64
	Phase  Phase
	For    time.Duration // how long it has been in this phase, or in its wait
	Asleep bool          // waiting in the poll phase
	Idle   time.Duration // time spent waiting so far
}

// Progress may be called from any goroutine. The fields are read one by one: a
// loop that moves on meanwhile can mix two moments.
func (l *Loop) Progress() Progress {
	now := int64(time.Since(l.start))
	p := Progress{
		Turns: l.vitals.turns.Load(),
		Phase: Phase(l.vitals.phase.Load()),
		Idle:  time.Duration(l.vitals.idle.Load()),
	}
	if since := l.vitals.sleepSince.Load(); since != 0 {
		p.Asleep = true
		p.For = time.Duration(max(now-since, 0))
		p.Idle += p.For
	} else if p.Phase != PhaseNone {
		p.For = time.Duration(max(now-l.vitals.since.Load(), 0))
	}
	return p
}

// Observer is told what the loop does while it does it. Phase and wait events
// come on the loop's goroutine, work events on the submitter's or a worker's,
// with the pool locked: it must be quick and call nothing of the loop.
type Observer interface {
	// PhaseBegin and PhaseEnd enclose a phase that may have something to run.
	PhaseBegin(p Phase)
	PhaseEnd(p Phase, callbacks int)
	// Waited follows each wait in the poll phase.
	Waited(d time.Duration, events int)

	WorkQueued(lane Lane, depth int)
	WorkStarted(lane Lane, waited time.Duration)
	WorkDone(lane Lane, ran time.Duration)
}

// SetObserver sets the observer; nil, the default, costs one branch per event.
func (l *Loop) SetObserver(o Observer) {
	l.observer = o
	l.pool.mu.Lock()
	l.pool.observer = o
	l.pool.mu.Unlock()
}

// begin and end enclose what a phase runs. The end of the one before, or of the
// wait, was stamped: that is when this one begins.
func (l *Loop) begin(p Phase) {
	l.vitals.since.Store(l.stamp)
	l.vitals.phase.Store(uint32(p))
	if l.observer != nil {
		l.observer.PhaseBegin(p)
	}
}

func (l *Loop) end(p Phase, callbacks int) {
	if callbacks > 0 {
		if l.flush != nil {
			l.flush()
		}
		began := l.stamp
		l.readClock()
		took := time.Duration(l.stamp - began)
		s := &l.stats.Phases[p]
		s.Count++
		s.Callbacks += uint64(callbacks)
		s.Total += took
		s.Max = max(s.Max, took)
	}
	l.vitals.phase.Store(uint32(PhaseNone))
	if l.observer != nil {
		l.observer.PhaseEnd(p, callbacks)
	}
}

// waited counts a wait of so many nanoseconds.
func (l *Loop) waited(ns int64, events int) {
	l.stats.Waits++
	l.vitals.idle.Add(ns)
	l.vitals.sleepSince.Store(0)
	if l.observer != nil {
		l.observer.Waited(time.Duration(ns), events)
	}
}

// polled counts one look at the poller and the watchers that it called.
func (l *Loop) polled(events int) {
	l.stats.Polls++
	l.stats.Events += uint64(events)
	l.stats.MaxPoll = max(l.stats.MaxPoll, events)
}
