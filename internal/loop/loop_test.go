package loop

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain has what the process keeps for good come into being before any test
// counts: the goroutine of os/signal, and the two descriptors of the runtime's
// own poller, which it opens for the first timer.
func TestMain(m *testing.M) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGWINCH)
	signal.Stop(c)
	time.AfterFunc(time.Hour, func() {}).Stop()
	os.Exit(m.Run())
}

// newLoop makes a loop that the test must leave closable, and checks that
// closing it gives back every descriptor and goroutine.
func newLoop(t testing.TB, o Options) *Loop {
	t.Helper()
	fds, goroutines := openFds(t), runtime.NumGoroutine()
	l, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		if err := l.Close(); err != nil {
			t.Fatalf("Close: %v, watchers %v, requests %d", err, l.Watchers(), l.reqs)
		}
		if n := openFds(t); n != fds {
			t.Errorf("%d descriptors before, %d after", fds, n)
		}
		// A goroutine that has done its last deed may not be gone yet.
		until(t, "as few goroutines as before", func() bool { return runtime.NumGoroutine() <= goroutines })
	})
	return l
}

// until waits for what other goroutines will do, however slow the machine is.
func until(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("after a minute not yet so: ", what)
		}
	}
}

func openFds(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(entries)
}

// journal collects what happened, for comparison with what should have.
type journal []string

func (j *journal) add(format string, args ...any) { *j = append(*j, fmt.Sprintf(format, args...)) }

func (j *journal) note(entry string) func() { return func() { j.add("%s", entry) } }

func (j journal) want(t *testing.T, entries string) {
	t.Helper()
	if got := strings.Join(j, " "); got != entries {
		t.Errorf("\n got %s\nwant %s", got, entries)
	}
}

func mustPanic(t *testing.T, fn func()) (value any) {
	t.Helper()
	defer func() {
		if value = recover(); value == nil {
			t.Error("no panic")
		}
	}()
	fn()
	return nil
}

func TestPhasesComeInOrder(t *testing.T) {
	l := newLoop(t, Options{})
	var j journal
	r, w := pipe(t)
	write(t, w)
	l.SetFlush(j.note("flush"))

	timer := NewTimer(l, j.note("timer"))
	idle, prepare, check := NewIdle(l, j.note("idle")), NewPrepare(l, j.note("prepare")), NewCheck(l, nil)
	var poll *Poll
	poll = NewPoll(l, r, func(Events) { j.add("poll"); poll.Stop() })
	check.fn = func() {
		j.add("check")
		for _, h := range []Watcher{idle, prepare, check} {
			h.Close(j.note("closed"))
		}
	}
	check.Start()
	poll.Start(Readable)
	prepare.Start()
	idle.Start()
	l.Defer(j.note("pending"))
	l.Post(j.note("post"))
	timer.Start(0, 0)

	l.Run()
	j.want(t, "timer flush pending flush idle flush prepare flush poll post flush check flush closed closed closed flush")
	if got := l.Stats().Turns; got != 1 {
		t.Errorf("%d turns", got)
	}
}

func TestRunReturnsWhenNothingIsAlive(t *testing.T) {
	l := newLoop(t, Options{})
	l.Run()
	if l.Stats().Turns != 0 {
		t.Error("a loop with nothing alive made a turn")
	}
	check := NewCheck(l, func() { t.Error("an unref'd handle ran") })
	check.Unref()
	check.Start()
	l.Run()

	// The last ref'd handle goes away in the timers phase: no turn follows.
	timer := NewTimer(l, func() {})
	timer.Start(0, 0)
	l.Run()
	check.Close(nil)
	l.Run()
}

func TestLiveness(t *testing.T) {
	l := newLoop(t, Options{})
	alive := func(want bool) {
		t.Helper()
		if l.Alive() != want {
			t.Errorf("alive = %v", !want)
		}
	}
	h := NewCheck(l, func() {})
	alive(false)
	h.Start()
	h.Start()
	alive(true)
	h.Unref()
	h.Unref()
	alive(false)
	h.Ref()
	h.Ref()
	alive(true)
	h.Stop()
	h.Stop()
	alive(false)
	h.Unref()
	h.Start()
	alive(false)
	if err := l.Close(); err != ErrBusy {
		t.Errorf("Close with an active unref'd handle: %v", err)
	}
	h.Close(nil)
	alive(true) // closing, though unref'd
	if h.IsActive() || !h.IsClosing() {
		t.Error("closing handle: wrong state")
	}
	l.Run()
	alive(false)
	if !h.IsClosing() {
		t.Error("a closed handle is no longer closing")
	}

	l.AddRequest()
	alive(true)
	l.DoneRequest()
	alive(false)
	mustPanic(t, l.DoneRequest)

	l.Defer(func() {})
	alive(true)
	l.Run()
	alive(false)
	l.Post(func() {})
	alive(false)
}

func TestStop(t *testing.T) {
	l := newLoop(t, Options{})
	turns := 0
	idle := NewIdle(l, func() { turns++; l.Stop() })
	idle.Start()
	l.Run()
	l.Run()
	if turns != 2 {
		t.Errorf("%d turns, want one per Run", turns)
	}
	l.Stop()
	l.Run()
	if turns != 2 {
		t.Error("Run after Stop made a turn")
	}
	idle.Close(nil)
	l.Run()
}

func TestInterruptEndsAWait(t *testing.T) {
	l := newLoop(t, Options{})
	l.AddRequest()
	done := make(chan bool)
	go func() {
		untilAsleep(l)
		l.Interrupt()
		close(done)
	}()
	l.Run()
	<-done
	if !l.Alive() {
		t.Error("interrupted loop is not alive")
	}
	l.DoneRequest()
}

func TestRunOnce(t *testing.T) {
	l := newLoop(t, Options{})
	fired := false
	timer := NewTimer(l, func() { fired = true })
	timer.Start(1, 0)
	if l.RunOnce(true) || !fired {
		t.Error("the turn that waits for a timer must fire it")
	}
	l.AddRequest()
	if !l.RunOnce(false) {
		t.Error("alive, said dead")
	}
	l.DoneRequest()
	ran := false
	l.Post(func() { ran = true })
	if l.RunOnce(false) || !ran {
		t.Error("RunOnce did not run what was posted")
	}
}

func TestRunIsNotReentrant(t *testing.T) {
	l := newLoop(t, Options{})
	timer := NewTimer(l, func() { mustPanic(t, l.Run) })
	timer.Start(0, 0)
	l.Run()
}

func TestHooksChangeWhileTheyRun(t *testing.T) {
	l := newLoop(t, Options{})
	var j journal
	var a, b, c, d *Idle
	a = NewIdle(l, func() { j.add("a"); a.Stop(); b.Stop(); d.Start() }) // itself, the next one, a new one
	b = NewIdle(l, j.note("b"))
	c = NewIdle(l, func() { j.add("c"); c.Stop(); c.Start() }) // again, but not in this turn
	d = NewIdle(l, func() { j.add("d"); l.Stop() })
	a.Start()
	b.Start()
	c.Start()
	l.Run()
	for _, h := range []*Idle{a, b, c, d} {
		h.Close(nil)
	}
	l.Run()
	j.want(t, "a c d c")
}

func TestIdleKeepsFromWaiting(t *testing.T) {
	l := newLoop(t, Options{})
	turns := 0
	idle := NewIdle(l, nil)
	idle.fn = func() {
		if turns++; turns == 10 {
			idle.Stop()
		}
	}
	idle.Start()
	l.Run()
	if s := l.Stats(); turns != 10 || s.Waits != 0 {
		t.Errorf("%d turns, %d waits", turns, s.Waits)
	}
}

func TestWhatCallbacksAddWaitsForTheNextRun(t *testing.T) {
	l := newLoop(t, Options{})
	var j journal
	prepare := NewPrepare(l, j.note("|"))
	prepare.Unref()
	prepare.Start()
	a, b := NewTimer(l, nil), NewTimer(l, nil)
	l.Defer(func() {
		j.add("pending1")
		l.Defer(func() { j.add("pending2") })
	})
	l.Post(func() {
		j.add("post1")
		l.Post(func() { j.add("post2") })
	})
	a.Close(func() {
		j.add("closed1")
		b.Close(j.note("closed2"))
	})
	l.Run()
	prepare.Close(nil)
	l.Run()
	j.want(t, "pending1 | post1 closed1 pending2 | post2 closed2")
}

func TestMisuseOfClosingHandlesPanics(t *testing.T) {
	l := newLoop(t, Options{})
	timer := NewTimer(l, func() {})
	timer.Close(nil)
	mustPanic(t, func() { timer.Close(nil) })
	mustPanic(t, func() { timer.Start(0, 0) })
	r, _ := pipe(t)
	poll := NewPoll(l, r, func(Events) {})
	poll.Close(nil)
	mustPanic(t, func() { poll.Start(Readable) })
	if timer.IsActive() || poll.IsActive() || len(l.Watchers()) != 0 {
		t.Error("a refused Start changed something")
	}
	l.Run()
}

func TestAfterAPanicTheRestOfTheBatchStillRuns(t *testing.T) {
	l := newLoop(t, Options{})
	var j journal
	for i := range 3 {
		l.AddRequest()
		l.Post(func() {
			l.DoneRequest()
			if i == 1 {
				panic("one")
			}
			j.add("%d", i)
		})
	}
	if got := mustPanic(t, l.Run); got != "one" {
		t.Errorf("panic %v", got)
	}
	l.Run()
	j.want(t, "0 2")
}

func TestClosedLoop(t *testing.T) {
	l := newLoop(t, Options{})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l.Post(func() {}) {
		t.Error("Post to a closed loop said true")
	}
	l.Interrupt()
	mustPanic(t, l.Run)
}

func TestWatchersAreEnoughToTearDown(t *testing.T) {
	l := newLoop(t, Options{})
	r, _ := pipe(t)
	NewTimer(l, func() {}).Start(1e9, 0)
	NewIdle(l, func() {}).Start()
	NewPrepare(l, func() {}).Start()
	NewCheck(l, func() {}).Start()
	if err := NewPoll(l, r, func(Events) {}).Start(Readable); err != nil {
		t.Fatal(err)
	}
	usr2 := NewSignal(l, nil)
	usr2.Unref()
	usr2.Start(syscall.SIGUSR2)

	var kinds []string
	for _, w := range l.Watchers() {
		kinds = append(kinds, w.Kind())
		w.Close(nil)
	}
	if want := []string{"timer", "idle", "prepare", "check", "poll", "signal"}; !slices.Equal(kinds, want) {
		t.Errorf("%v", kinds)
	}
	l.Run()
}

type recorder struct {
	mu sync.Mutex // work events come from workers
	journal
}

func (r *recorder) note(format string, args ...any) {
	r.mu.Lock()
	r.add(format, args...)
	r.mu.Unlock()
}

func (r *recorder) PhaseBegin(p Phase)                     { r.note("<%s", p) }
func (r *recorder) PhaseEnd(p Phase, n int)                { r.note("%s:%d>", p, n) }
func (r *recorder) Waited(time.Duration, int)              { r.note("waited") }
func (r *recorder) WorkQueued(lane Lane, depth int)        { r.note("queued:%s:%d", lane, depth) }
func (r *recorder) WorkStarted(lane Lane, _ time.Duration) { r.note("started:%s", lane) }
func (r *recorder) WorkDone(lane Lane, _ time.Duration)    { r.note("done:%s", lane) }

func TestObserver(t *testing.T) {
	l := newLoop(t, Options{Workers: 1})
	var r recorder
	begun, asleep := make(chan bool), make(chan bool)
	l.Submit(LaneFS, func() { close(begun); <-asleep }, func(bool) {}) // before anybody looks
	<-begun
	l.SetObserver(&r)
	NewTimer(l, func() {}).Start(0, 0)
	l.Defer(func() {})
	go func() {
		untilAsleep(l)
		close(asleep)
	}()
	l.Run()
	l.Submit(LaneZlib, func() {}, func(bool) {})
	l.Run()
	r.mu.Lock()
	defer r.mu.Unlock()
	end := slices.Index(r.journal, "poll:1>") + 1
	// A signal of the runtime's can end a wait before its time: another follows.
	got := slices.DeleteFunc(slices.Clone(r.journal[:end]), func(e string) bool { return e == "waited" })
	got.want(t, "<timers timers:1> <pending pending:1> done:fs <poll poll:1>")
	if end < 2 || r.journal[end-3] != "waited" {
		t.Errorf("the poll phase has not waited: %v", r.journal[:end])
	}
	// The rest depends on which goroutine is faster.
	var rest journal
	for _, e := range r.journal[end:] {
		if strings.HasSuffix(e, "zlib") || strings.HasSuffix(e, "zlib:1") {
			rest = append(rest, e)
		}
	}
	rest.want(t, "queued:zlib:1 started:zlib done:zlib")
}

// tick returns when the clock shows another time: what calls it takes longer than nothing, however coarse the clock is.
func tick() {
	for start := time.Now(); time.Since(start) <= 0; {
	}
}

func TestStats(t *testing.T) {
	l := newLoop(t, Options{})
	turn := 0
	idle, check := NewIdle(l, func() {}), NewCheck(l, nil)
	check.fn = func() {
		tick()
		if turn++; turn == 3 {
			check.Stop()
			idle.Stop()
		}
		NewTimer(l, func() {}).Start(0, 0)
	}
	idle.Start()
	check.Start()
	l.Defer(func() {
		p := l.Progress()
		if p.Phase != PhasePending || p.Asleep {
			t.Errorf("%+v", p)
		}
	})
	l.AddRequest()
	l.Post(l.DoneRequest)
	l.Run()
	s := l.Stats()
	if s.Phases[PhaseCheck].Callbacks != 3 || s.Phases[PhaseCheck].Count != 3 || s.Phases[PhaseTimers].Callbacks != 3 ||
		s.Phases[PhasePending].Count != 1 || s.Phases[PhasePrepare] != (PhaseStats{}) || s.Posts != 1 {
		t.Errorf("%+v", s)
	}
	for p, ps := range s.Phases {
		if ps.Max > ps.Total || ps.Total < 0 || Phase(p) == PhaseCheck && ps.Total == 0 {
			t.Errorf("%v: %+v", Phase(p), ps)
		}
	}
	if p := l.Progress(); p.Phase != PhaseNone || p.Turns != s.Turns {
		t.Errorf("%+v", p)
	}
}

func TestIdleTimeCountsWaits(t *testing.T) {
	l := newLoop(t, Options{})
	var waited waits
	l.SetObserver(&waited)
	l.AddRequest()
	go func() {
		untilAsleep(l)
		l.Post(l.DoneRequest)
	}()
	l.Run()
	timer := NewTimer(l, func() {})
	timer.Start(5, 0)
	due := l.Now() + 5
	l.Run()
	s := l.Stats()
	if s.Waits == 0 || s.Waits != waited.count || s.Idle != waited.sum || s.Idle > time.Since(l.start) {
		t.Errorf("%+v, observed %d waits, %v", s, waited.count, waited.sum)
	}
	if l.Now() < due {
		t.Errorf("the timer came early: %d", l.Now())
	}
}

// waits adds up what an observer hears of waits.
type waits struct {
	recorder
	count uint64
	sum   time.Duration
}

func (w *waits) Waited(d time.Duration, _ int) { w.count, w.sum = w.count+1, w.sum+d }

func TestWorkPanicIsAnError(t *testing.T) {
	err := error(&WorkPanic{Value: os.ErrNotExist})
	if !errors.Is(err, os.ErrNotExist) {
		t.Error("the value is not to be found")
	}
}
