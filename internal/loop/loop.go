// Package loop is the event loop: one goroutine that runs callbacks one after
// another, as timers come due, file descriptors get ready, pool work finishes
// and other goroutines post.
//
// It is plain Go and knows nothing of JavaScript. Whoever embeds it (package
// host) locks the goroutine to its thread, gathers in Go callbacks what there is
// to tell and enters JavaScript once per batch, in the function given to
// SetFlush.
//
// A Loop and its handles belong to the goroutine that runs it. Only what says
// "any goroutine" may be called from elsewhere: Post, Interrupt, Progress, and
// PoolStats. docs/loop.md explains the phases with the numbers used in turn.
package loop

import (
	"errors"
	"math"
	"sync/atomic"
	"time"
)

// ErrBusy is returned by Close while handles are active, requests pending or
// closing callbacks outstanding.
var ErrBusy = errors.New("loop: handles or requests remain")

// Options configure New. The zero value is what Node does.
type Options struct {
	// Workers is the size of the pool. 0 means UV_THREADPOOL_SIZE, read when the
	// first work is submitted, or else 4. It is clamped to 1..1024.
	Workers int
}

// Loop is one event loop. The order of its fields is: what every turn looks
// at, then the phases, then what other goroutines may touch.
type Loop struct {
	now     int64 // cached time in ms, see Now
	stamp   int64 // last reading of the clock in ns since start
	start   time.Time
	refs    int           // handles that are active and ref'd: these keep the loop alive
	actives int           // active handles, ref'd or not
	reqs    int           // pending requests
	works   [NumLanes]int // of them, pool work by lane
	running bool
	closed  bool

	flush    func()
	observer Observer

	timers  timerHeap
	pending batch[func()]
	idle    hookList
	prepare hookList
	poller  poller
	inbox   batch[message] // what the mailbox held when the poll phase emptied it
	check   hookList
	closing batch[func()]
	signals []*Signal // active ones, few

	stats Stats
	pool  pool

	stop    atomic.Bool
	mailbox mailbox
	vitals  vitals
}

// New makes a loop. It owns two descriptors (epoll and eventfd) until Close;
// the pool's goroutines start when there is work for them.
func New(o Options) (*Loop, error) {
	l := &Loop{
		start:   time.Now(),
		idle:    hookList{phase: PhaseIdle},
		prepare: hookList{phase: PhasePrepare},
		check:   hookList{phase: PhaseCheck},
	}
	if err := l.poller.open(); err != nil {
		return nil, err
	}
	l.mailbox.wakeFd = l.poller.wakeFd
	l.pool.init(l, o.Workers)
	return l, nil
}

// Run turns the loop until nothing is alive, or Stop or Interrupt was called.
func (l *Loop) Run() {
	l.enterRun()
	defer l.leaveRun()
	if !l.Alive() || l.stop.Load() {
		return
	}
	// Whether anything is alive is asked right after the timers: a loop whose
	// last timer has fired ends without another look at the poller.
	for l.runTimers(); l.Alive() && !l.stop.Load(); l.runTimers() { // 1
		l.turn(true)
	}
}

// RunOnce makes one turn and reports whether anything is alive after it. It
// waits for something to happen only if block is set. The timers come last, so
// that one which ended the wait has fired when RunOnce returns.
func (l *Loop) RunOnce(block bool) bool {
	l.enterRun()
	defer l.leaveRun()
	if !l.stop.Load() {
		l.turn(block)
		l.runTimers()
	}
	return l.Alive()
}

// turn goes once through the phases that follow the timers. Each runs the
// callbacks that were there when it began: what they add waits for its next time.
func (l *Loop) turn(block bool) {
	l.vitals.turns.Add(1)
	l.runPending()         // 2
	l.runHooks(&l.idle)    // 3
	l.runHooks(&l.prepare) // 4
	l.runPoll(block)       // 5
	l.runHooks(&l.check)   // 6
	l.runClosing()         // 7
}

func (l *Loop) enterRun() {
	if l.running {
		panic("loop: Run called by a callback of the same loop")
	}
	if l.closed {
		panic("loop: Run of a closed loop")
	}
	l.running = true
	l.UpdateTime()
}

func (l *Loop) leaveRun() {
	l.running = false
	l.vitals.phase.Store(uint32(PhaseNone)) // a callback may have panicked
	l.stop.Store(false)
}

// Stop makes Run return after this turn. Called before Run, it makes Run return
// at once.
func (l *Loop) Stop() { l.stop.Store(true) }

// Interrupt does what Stop does from any goroutine: it ends a wait in the poll
// phase too.
func (l *Loop) Interrupt() {
	l.stop.Store(true)
	l.mailbox.wake()
}

// Alive reports whether there is anything to run for.
func (l *Loop) Alive() bool {
	return l.refs > 0 || l.reqs > 0 || l.closing.len() > 0 || l.pending.len() > 0
}

// Now is the loop's idea of the time, in milliseconds since New. All callbacks
// of a batch see the same; it moves on before the timers phase and after a poll.
func (l *Loop) Now() int64 { return l.now }

// UpdateTime makes Now current, for a callback that took long and starts timers.
func (l *Loop) UpdateTime() {
	l.readClock()
	l.setNow()
}

// readClock is the only place that asks for the time, about 25 ns: once after
// each wait and once after each phase that had something to run, so the stamp is
// never older than the last callback.
func (l *Loop) readClock() { l.stamp = int64(time.Since(l.start)) }

func (l *Loop) setNow() { l.now = l.stamp / int64(time.Millisecond) }

// SetFlush sets a function that the loop calls whenever callbacks have run: at
// the end of a phase, and in the poll phase after each batch of events. Work
// that callbacks gathered is to be done there, in one go.
func (l *Loop) SetFlush(fn func()) { l.flush = fn }

// Defer runs fn in the pending phase of the next turn. It keeps the loop alive.
func (l *Loop) Defer(fn func()) { l.pending.add(fn) }

// AddRequest counts one operation in flight, which keeps the loop alive until
// DoneRequest. A request has no handle: pool work, a goroutine that will Post.
func (l *Loop) AddRequest() { l.reqs++ }

// PoolRequests is how many of the operations in flight are pool work of a lane, finished or not, whose done has not been
// called yet. On the loop's goroutine.
func (l *Loop) PoolRequests(lane Lane) int { return l.works[lane] }

// DoneRequest ends what AddRequest began.
func (l *Loop) DoneRequest() {
	if l.reqs == 0 {
		panic("loop: DoneRequest without AddRequest")
	}
	l.reqs--
}

// Close stops the pool's goroutines and closes the loop's descriptors. It fails
// with ErrBusy, and changes nothing, while anything is active, ref'd or not.
// Functions posted but not yet run are dropped.
func (l *Loop) Close() error {
	if l.closed {
		return nil
	}
	if l.running || l.actives > 0 || l.reqs > 0 || l.closing.len() > 0 || l.pending.len() > 0 {
		return ErrBusy
	}
	l.closed = true
	l.pool.close()
	l.mailbox.close()
	return l.poller.close()
}

// Abandon is Close for a loop whose pool work does not come to an end (it reads from a pipe that nobody writes to): the
// workers are left to it, and what comes of it is dropped.
func (l *Loop) Abandon() {
	if l.closed {
		return
	}
	l.closed = true
	l.pool.stop()
	l.mailbox.close()
	l.poller.close()
}

func (l *Loop) runPending() {
	if l.pending.len() == 0 {
		return
	}
	l.begin(PhasePending)
	l.end(PhasePending, l.pending.run(call))
}

func call(fn func()) { fn() }

// timeout is how long the poll phase may wait, in milliseconds; -1 is for ever.
func (l *Loop) timeout() int {
	switch {
	case l.stop.Load(), l.refs == 0 && l.reqs == 0:
		return 0
	case l.pending.len() > 0, l.closing.len() > 0, !l.idle.empty():
		return 0
	case l.inbox.len() > 0, l.poller.refused.len() > 0:
		return 0
	case l.timers.empty():
		return -1
	}
	return int(min(max(l.timers.next()-l.stamp/int64(time.Millisecond), 0), math.MaxInt32))
}

// runPoll waits until something is ready, then calls its watcher. Messages come
// after the descriptors of their batch.
func (l *Loop) runPoll(block bool) {
	l.poller.apply()
	events := l.poller.poll()
	l.stats.Ready += uint64(len(events))
	l.UpdateTime()
	if block && len(events) == 0 {
		events = l.wait()
	}
	for more := maxFullPolls; ; more-- {
		l.begin(PhasePoll)
		l.end(PhasePoll, l.dispatch(events)+l.runMessages())
		if len(events) < maxEvents || more == 0 {
			return
		}
		// The array was full, so there is more. The bound keeps a flood of
		// events from holding up the timers for ever.
		l.poller.apply()
		events = l.poller.poll()
		l.stats.Ready += uint64(len(events))
		l.UpdateTime()
	}
}

// wait is for a loop that has found nothing ready and nothing to do. Only here
// does it pay for a system call that can block: the look before bypasses Go's
// scheduler.
func (l *Loop) wait() (events []event) {
	for interrupted := true; interrupted; {
		timeout := l.timeout()
		if timeout == 0 || !l.mailbox.sleep(&l.stop) {
			return nil
		}
		began := l.stamp
		l.vitals.sleepSince.Store(began)
		events, interrupted = l.poller.wait(timeout)
		l.mailbox.awake()
		l.UpdateTime()
		l.waited(l.stamp-began, len(events))
	}
	return events
}
