package loop

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"time"
)

// Lane is a class of work. Lanes take turns, so one that is full does not hold
// up another; within a lane work starts in the order in which it came.
type Lane uint8

const (
	LaneFS Lane = iota
	LaneDNS
	LaneCrypto
	LaneZlib
	LaneOther

	NumLanes
)

func (l Lane) String() string {
	return [...]string{"fs", "dns", "crypto", "zlib", "other"}[l]
}

// slow lanes hold work that can take seconds. It gets whatever workers nobody
// else needs, see pool.
func (l Lane) slow() bool { return l == LaneDNS || l == LaneCrypto }

const (
	defaultWorkers = 4
	maxWorkers     = 1024
)

// pool runs work on goroutines of its own. It has size workers. Slow lanes may
// use them all while they are free, but more than half only on loan: when quick
// work waits, no further slow work starts beyond the half, and for each that did
// a spare worker is started. So quick lanes always have the other half to
// themselves, whatever the slow ones do, and at most half as many workers again
// come to be.
type pool struct {
	loop *Loop

	mu       sync.Mutex
	observer Observer
	size     int // 0 until the first work, when the environment is asked
	workers  int // goroutines
	idle     int // those that wait for work
	running  int // work that runs now
	slow     int // of it, in slow lanes
	turn     Lane
	lanes    [NumLanes]lane
	closed   bool
	ready    sync.Cond
	done     sync.WaitGroup
}

// lane is a queue of work and its statistics.
type lane struct {
	first, last *Work
	stats       LaneStats
}

// LaneStats are the totals of a lane since New.
type LaneStats struct {
	Submitted uint64
	Completed uint64
	Canceled  uint64
	Queued    int // waiting now
	Running   int // running now
	MaxQueued int

	Wait, MaxWait time.Duration // from Submit until the work began
	Run, MaxRun   time.Duration
}

// Work is one piece of work in the pool.
type Work struct {
	pool       *pool
	work       func()
	done       func(canceled bool)
	prev, next *Work
	since      int64 // when it was queued, then when it began, in ns since the loop's start
	failure    *WorkPanic
	lane       Lane
	state      workState
}

type workState uint8

const (
	workQueued workState = iota
	workRunning
	workDone
	workCanceled
)

// WorkPanic is what the loop panics with when work has panicked.
type WorkPanic struct {
	Value any    // what the work panicked with
	Stack []byte // its stack
}

func (p *WorkPanic) Error() string {
	return fmt.Sprintf("loop: panic in pool work: %v\n\n%s", p.Value, p.Stack)
}

// Unwrap returns the value if it is an error.
func (p *WorkPanic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

func (p *pool) init(l *Loop, size int) {
	p.loop = l
	p.ready.L = &p.mu
	if size != 0 {
		p.size = min(max(size, 1), maxWorkers)
	}
}

// sizeFromEnv reads UV_THREADPOOL_SIZE as late as Node does: a program may set it.
func sizeFromEnv() int {
	s, ok := os.LookupEnv("UV_THREADPOOL_SIZE")
	if !ok {
		return defaultWorkers
	}
	n, _ := strconv.Atoi(s)
	return min(max(n, 1), maxWorkers)
}

// Submit runs work on the pool and then done on the loop, in the poll phase, in
// the order of completion. It keeps the loop alive till then. If work panics the
// loop panics with a *WorkPanic instead of calling done.
func (l *Loop) Submit(lane Lane, work func(), done func(canceled bool)) *Work {
	l.AddRequest()
	l.works[lane]++
	w := &Work{pool: &l.pool, work: work, done: done, lane: lane}
	l.pool.submit(w)
	return w
}

// Cancel takes back work that has not begun; done(true) will be called in the
// poll phase. It reports false if the work has begun. On the loop's goroutine.
func (w *Work) Cancel() bool {
	p := w.pool
	p.mu.Lock()
	if w.state != workQueued {
		p.mu.Unlock()
		return false
	}
	w.state = workCanceled
	lane := &p.lanes[w.lane]
	lane.remove(w)
	lane.stats.Canceled++
	p.mu.Unlock()
	p.loop.mailbox.put(message{work: w})
	return true
}

// CancelWork cancels all work that has not begun, so that a loop can be torn
// down without waiting for it.
func (l *Loop) CancelWork() {
	for i := range l.pool.lanes {
		for {
			l.pool.mu.Lock()
			w := l.pool.lanes[i].first
			l.pool.mu.Unlock()
			if w == nil {
				break
			}
			w.Cancel()
		}
	}
}

// finish runs on the loop.
func (w *Work) finish() {
	w.pool.loop.works[w.lane]--
	w.pool.loop.DoneRequest()
	if w.failure != nil {
		panic(w.failure)
	}
	w.done(w.state == workCanceled)
}

func (p *pool) now() int64 { return int64(time.Since(p.loop.start)) }

func (p *pool) submit(w *Work) {
	w.since = p.now()
	p.mu.Lock()
	if p.size == 0 {
		p.size = sizeFromEnv()
	}
	lane := &p.lanes[w.lane]
	lane.add(w)
	if p.observer != nil {
		p.observer.WorkQueued(w.lane, lane.stats.Queued)
	}
	switch {
	case p.idle > 0:
		p.idle-- // not left to the one that wakes: the next Submit may come before
		p.ready.Signal()
	case p.workers < p.size, !w.lane.slow() && p.workers < p.size+p.lent():
		p.workers++
		p.done.Add(1)
		go p.worker()
	}
	p.mu.Unlock()
}

// half is how many workers the slow lanes may have while others wait.
func (p *pool) half() int { return (p.size + 1) / 2 }

// lent is how many workers the slow lanes have beyond their half.
func (p *pool) lent() int { return max(p.slow-p.half(), 0) }

// worker runs work until the pool is closed, or it is a spare one out of work.
func (p *pool) worker() {
	defer p.done.Done()
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		w := p.take()
		if w != nil {
			p.run(w)
			continue
		}
		if p.closed || p.workers > p.size {
			p.workers--
			return
		}
		p.idle++
		p.ready.Wait()
	}
}

// take removes the next work that may begin from its lane, or returns nil.
// Lanes have their turns one after the other.
func (p *pool) take() *Work {
	if p.running >= p.size+p.lent() {
		return nil
	}
	mayBeSlow := p.running < p.size && (p.slow < p.half() || !p.quickWaits())
	for range NumLanes {
		lane := p.turn
		p.turn = (p.turn + 1) % NumLanes
		if w := p.lanes[lane].first; w != nil && (mayBeSlow || !lane.slow()) {
			p.lanes[lane].remove(w)
			return w
		}
	}
	return nil
}

func (p *pool) quickWaits() bool {
	for i := range p.lanes {
		if p.lanes[i].first != nil && !Lane(i).slow() {
			return true
		}
	}
	return false
}

// run does the work with the pool unlocked and hands it to the loop.
func (p *pool) run(w *Work) {
	p.begin(w, p.now())
	p.mu.Unlock()
	w.do()
	now := p.now()
	p.mu.Lock()
	p.end(w, now)
	p.mu.Unlock() // the loop may answer with more work at once
	p.loop.mailbox.put(message{work: w})
	p.mu.Lock()
}

func (p *pool) begin(w *Work, now int64) {
	p.running++
	if w.lane.slow() {
		p.slow++
	}
	waited := time.Duration(now - w.since)
	w.since = now
	w.state = workRunning
	s := &p.lanes[w.lane].stats
	s.Running++
	s.Wait += waited
	s.MaxWait = max(s.MaxWait, waited)
	if p.observer != nil {
		p.observer.WorkStarted(w.lane, waited)
	}
}

func (p *pool) end(w *Work, now int64) {
	p.running--
	if w.lane.slow() {
		p.slow--
	}
	ran := time.Duration(now - w.since)
	w.state = workDone
	s := &p.lanes[w.lane].stats
	s.Running--
	s.Completed++
	s.Run += ran
	s.MaxRun = max(s.MaxRun, ran)
	if p.observer != nil {
		p.observer.WorkDone(w.lane, ran)
	}
}

// do calls the work and keeps what it panics with.
func (w *Work) do() {
	returned := false
	defer func() {
		if returned {
			return
		}
		value := recover()
		if value == nil {
			panic("loop: pool work called runtime.Goexit")
		}
		w.failure = &WorkPanic{Value: value, Stack: debug.Stack()}
	}()
	w.work()
	returned = true
}

// close stops the workers; there is no work left.
func (p *pool) close() {
	p.stop()
	p.done.Wait()
}

func (p *pool) stop() {
	p.mu.Lock()
	p.closed = true
	p.idle = 0
	p.ready.Broadcast()
	p.mu.Unlock()
}

// PoolStats returns a copy of the totals per lane, from any goroutine.
func (l *Loop) PoolStats() (lanes [NumLanes]LaneStats) {
	l.pool.mu.Lock()
	defer l.pool.mu.Unlock()
	for i := range lanes {
		lanes[i] = l.pool.lanes[i].stats
	}
	return lanes
}

func (q *lane) add(w *Work) {
	if w.prev = q.last; q.last == nil {
		q.first = w
	} else {
		q.last.next = w
	}
	q.last = w
	q.stats.Submitted++
	q.stats.Queued++
	q.stats.MaxQueued = max(q.stats.MaxQueued, q.stats.Queued)
}

func (q *lane) remove(w *Work) {
	if w.prev == nil {
		q.first = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		q.last = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.prev, w.next = nil, nil
	q.stats.Queued--
}
