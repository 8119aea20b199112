package loop

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

// block fills a lane with n works that run until the returned channel is closed,
// and waits until as many as expected have begun.
func block(l *Loop, lane Lane, n, begin int) (release chan bool, canceled *int) {
	release = make(chan bool)
	begun := make(chan bool, n)
	canceled = new(int)
	for range n {
		l.Submit(lane, func() { begun <- true; <-release }, func(c bool) {
			if c {
				*canceled++
			}
		})
	}
	for range begin {
		<-begun
	}
	return release, canceled
}

func TestWorkIsDoneOnTheLoop(t *testing.T) {
	l := newLoop(t, Options{})
	sum := 0
	for i := range 100 {
		result := 0
		l.Submit(Lane(i)%NumLanes, func() { tick(); result = i }, func(canceled bool) {
			if canceled {
				t.Error("canceled")
			}
			sum += result
		})
	}
	l.Run()
	if sum != 4950 {
		t.Error(sum)
	}
	total := LaneStats{}
	for _, s := range l.PoolStats() {
		total.Submitted += s.Submitted
		total.Completed += s.Completed
		total.Queued += s.Queued
		total.Running += s.Running
		if s.MaxWait > s.Wait || s.MaxRun > s.Run || s.Run <= 0 {
			t.Errorf("%+v", s)
		}
	}
	if total.Submitted != 100 || total.Completed != 100 || total.Queued != 0 || total.Running != 0 {
		t.Errorf("%+v", total)
	}
	untilWorkers(t, l, defaultWorkers)
}

// untilWorkers waits until no more than so many workers are left: one that is not needed leaves soon after its work.
func untilWorkers(t *testing.T, l *Loop, most int) {
	t.Helper()
	until(t, "no spare workers", func() bool {
		l.pool.mu.Lock()
		defer l.pool.mu.Unlock()
		return l.pool.workers <= most
	})
}

func TestALaneIsFirstInFirstOut(t *testing.T) {
	l := newLoop(t, Options{Workers: 1})
	release, _ := block(l, LaneFS, 1, 1)
	var j journal
	for i := range 5 {
		l.Submit(LaneFS, func() { j.add("%d", i) }, func(bool) {})
	}
	close(release)
	l.Run()
	j.want(t, "0 1 2 3 4")
}

func TestLanesTakeTurns(t *testing.T) {
	l := newLoop(t, Options{Workers: 1})
	release, _ := block(l, LaneOther, 1, 1)
	var j journal
	for _, lane := range []Lane{LaneFS, LaneFS, LaneFS, LaneZlib, LaneZlib, LaneDNS} {
		l.Submit(lane, func() { j.add("%v", lane) }, func(bool) {})
	}
	close(release)
	l.Run()
	j.want(t, "fs dns zlib fs zlib fs")
}

// However much slow work there is, and though it was there first, quick work
// gets through: nothing here releases the slow work before.
func TestSlowLanesDoNotStarveQuickOnes(t *testing.T) {
	for workers := 2; workers <= 5; workers++ {
		l := newLoop(t, Options{Workers: workers})
		release, _ := block(l, LaneDNS, 20, workers) // on loan, all of them
		release2, _ := block(l, LaneCrypto, 20, 0)
		left := 100
		for range left {
			l.Submit(LaneFS, func() {}, func(bool) {
				if left--; left == 0 {
					close(release)
					close(release2)
				}
			})
		}
		l.Run()
		untilWorkers(t, l, workers)
	}
}

// While quick work waits, slow work holds no more than its half. The rules of
// take, without goroutines.
func TestSlowLanesGetHalfWhileOthersWait(t *testing.T) {
	p := &newLoop(t, Options{Workers: 4}).pool
	p.observer = nil
	var j journal
	take := func() *Work {
		w := p.take()
		if w == nil {
			j.add("-")
			return nil
		}
		p.begin(w, p.now())
		j.add("%v", w.lane)
		return w
	}
	for range 5 {
		p.lanes[LaneDNS].add(&Work{lane: LaneDNS})
		p.lanes[LaneCrypto].add(&Work{lane: LaneCrypto})
	}
	for range 3 {
		p.lanes[LaneFS].add(&Work{lane: LaneFS})
	}
	take()
	dns := take()
	take() // the half is reached
	fs := take()
	take() // all four are busy
	j.want(t, "fs dns crypto fs -")

	j = nil
	p.end(fs, p.now())
	fs = take() // the last quick one: from here on the rest is free for all
	p.end(fs, p.now())
	take()
	p.end(dns, p.now())
	take()
	take()
	j.want(t, "fs dns crypto -")

	// Now three slow ones run, one of them on loan: its lender may run five.
	j = nil
	p.lanes[LaneFS].add(&Work{lane: LaneFS})
	p.lanes[LaneFS].add(&Work{lane: LaneFS})
	take()
	take()
	j.want(t, "fs -")
	if p.running != 5 || p.slow != 3 {
		t.Errorf("%d run, %d of them slow", p.running, p.slow)
	}
	for p.lanes[LaneFS].first != nil {
		p.lanes[LaneFS].remove(p.lanes[LaneFS].first)
	}
}

// A lane at its limit does not keep the free workers from working, and there are
// never more at work than workers, but for the spare ones.
func TestAtMostWorkersRun(t *testing.T) {
	l := newLoop(t, Options{Workers: 3})
	var running, most atomic.Int32
	for i := range 300 {
		l.Submit(Lane(i)%NumLanes, func() {
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			running.Add(-1)
		}, func(bool) {})
	}
	l.Run()
	if most.Load() > 3+3/2 {
		t.Errorf("%d ran together", most.Load())
	}
}

func TestCancel(t *testing.T) {
	l := newLoop(t, Options{Workers: 1})
	release, _ := block(l, LaneFS, 1, 1)
	var ran, j journal // the worker's and the loop's
	submit := func(name string) *Work {
		return l.Submit(LaneFS, func() { ran.add("%s", name) }, func(c bool) { j.add("%s:%v", name, c) })
	}
	a, b, c := submit("a"), submit("b"), submit("c")
	if !b.Cancel() || b.Cancel() {
		t.Error("Cancel of queued work")
	}
	l.RunOnce(true)
	j.want(t, "b:true")
	close(release)
	l.Run()
	if a.Cancel() || c.Cancel() {
		t.Error("Cancel of finished work")
	}
	ran.want(t, "a c")
	j.want(t, "b:true a:false c:false")
	if s := l.PoolStats()[LaneFS]; s.Canceled != 1 || s.Completed != 3 || s.Submitted != 4 || s.MaxQueued != 3 {
		t.Errorf("%+v", s)
	}
}

func TestCancelWork(t *testing.T) {
	l := newLoop(t, Options{Workers: 2})
	release, fs := block(l, LaneFS, 5, 2)
	_, dns := block(l, LaneDNS, 7, 0)
	l.CancelWork()
	close(release)
	l.Run()
	if *fs != 3 || *dns != 7 {
		t.Errorf("canceled %d and %d", *fs, *dns)
	}
}

func workThatPanics() { panic(fmt.Errorf("lost ring")) }

func TestAPanicOfWorkReachesTheLoop(t *testing.T) {
	l := newLoop(t, Options{})
	l.Submit(LaneFS, workThatPanics, func(bool) { t.Error("done was called") })
	p, ok := mustPanic(t, l.Run).(*WorkPanic)
	if !ok || !strings.Contains(p.Error(), "lost ring") || !strings.Contains(string(p.Stack), "workThatPanics") {
		t.Errorf("%v", p)
	}
	// The loop and the worker live on.
	ran := false
	l.Submit(LaneFS, func() { ran = true }, func(bool) {})
	l.Run()
	if !ran {
		t.Error("the pool is dead")
	}
}

func TestPoolSize(t *testing.T) {
	for value, want := range map[string]int{"": 1, "0": 1, "7": 7, "-3": 1, "5000": 1024, "x": 1} {
		t.Setenv("UV_THREADPOOL_SIZE", value)
		if got := sizeFromEnv(); got != want {
			t.Errorf("%q: %d", value, got)
		}
	}
	l := newLoop(t, Options{})
	t.Setenv("UV_THREADPOOL_SIZE", "2") // after New, before the first work
	release, _ := block(l, LaneFS, 5, 2)
	if l.pool.size != 2 || l.pool.workers != 2 {
		t.Errorf("size %d, %d workers", l.pool.size, l.pool.workers)
	}
	close(release)
	l.Run()
}

func TestWorkSubmitsWork(t *testing.T) {
	l := newLoop(t, Options{})
	left := 1000
	var next func(bool)
	next = func(bool) {
		if left--; left > 0 {
			l.Submit(LaneFS, func() {}, next)
		}
	}
	l.Submit(LaneFS, func() {}, next)
	l.Run()
	if left != 0 {
		t.Error(left)
	}
}
