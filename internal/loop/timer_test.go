package loop

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestTimersFireByTimeThenStart(t *testing.T) {
	l := newLoop(t, Options{})
	var j journal
	timer := func(name string, timeout int64) *Timer {
		x := NewTimer(l, j.note(name))
		x.Start(timeout, 0)
		return x
	}
	timer("c", 2)
	a := timer("a", 1)
	timer("d", 2)
	timer("b", 1)
	timer("e", 2)
	timer("first", -7) // no less than at once
	a.Start(1, 0)      // starting anew goes behind b
	l.Run()
	j.want(t, "first b a c d e")
}

func TestACallbackCannotExtendItsBatch(t *testing.T) {
	l := newLoop(t, Options{})
	var j journal
	prepare := NewPrepare(l, j.note("|"))
	prepare.Unref()
	prepare.Start()
	again := NewTimer(l, nil)
	left := 3
	again.fn = func() {
		j.add("again")
		l.UpdateTime()
		if left--; left > 0 {
			again.Start(0, 0)
		}
	}
	other := NewTimer(l, j.note("other"))
	again.Start(0, 0)
	other.Start(0, 0)
	l.Run()
	prepare.Close(nil)
	l.Run()
	j.want(t, "again other | again | again")
}

func TestTimersChangedByTimers(t *testing.T) {
	l := newLoop(t, Options{})
	var j journal
	var a, b, c, d *Timer
	a = NewTimer(l, func() { j.add("a"); b.Stop(); c.Close(j.note("c-closed")); d.Start(1, 0); a.Close(nil) })
	b = NewTimer(l, j.note("b"))
	c = NewTimer(l, j.note("c"))
	d = NewTimer(l, j.note("d"))
	for _, x := range []*Timer{a, b, c, d} {
		x.Start(0, 0)
	}
	l.Run()
	j.want(t, "a c-closed d")
}

func TestRepeat(t *testing.T) {
	l := newLoop(t, Options{})
	count := 0
	timer := NewTimer(l, nil)
	timer.fn = func() {
		if !timer.IsActive() || timer.DueIn() != 2 {
			t.Errorf("in its callback a repeating timer is due in %d", timer.DueIn())
		}
		if count++; count == 3 {
			timer.repeat = 0 // one more: it is started already
			timer.fn = func() { count++ }
		}
	}
	timer.Start(0, 2)
	l.Run()
	if count != 4 || l.Now() < 6 {
		t.Errorf("fired %d times in %d ms", count, l.Now())
	}
}

func TestTimeoutsDoNotOverflow(t *testing.T) {
	l := newLoop(t, Options{})
	l.start = l.start.Add(-time.Second)
	l.UpdateTime()
	var j journal
	never, soon := NewTimer(l, j.note("never")), NewTimer(l, j.note("soon"))
	never.Start(math.MaxInt64, 0)
	never.Unref()
	soon.Start(1, 0)
	if l.timeout() > math.MaxInt32 {
		t.Error("more milliseconds than epoll takes")
	}
	l.Run()
	never.Stop()
	j.want(t, "soon")
}

// The heap against a sorted slice, with starts, restarts and stops at random.
func TestTimerHeapKeepsOrder(t *testing.T) {
	l := newLoop(t, Options{})
	random := rand.New(rand.NewPCG(1, 2))
	type key struct {
		due   int64
		order uint64
	}
	var timers [300]*Timer
	expected := map[*Timer]key{}
	for i := range timers {
		timers[i] = NewTimer(l, nil)
	}
	h := &l.timers
	for range 20_000 {
		x := timers[random.IntN(len(timers))]
		if random.IntN(3) == 0 {
			x.Stop()
			delete(expected, x)
		} else {
			timeout := random.Int64N(50)
			x.Start(timeout, 0)
			expected[x] = key{timeout, h.started}
		}
		if len(h.entries) != len(expected) {
			t.Fatal("wrong number of entries")
		}
	}
	var want []key
	for _, k := range expected {
		want = append(want, k)
	}
	slices.SortFunc(want, func(a, b key) int {
		if a.due != b.due {
			return int(a.due - b.due)
		}
		return int(a.order) - int(b.order)
	})
	for _, k := range want {
		e := h.entries[0]
		if (key{e.due, e.order}) != k {
			t.Fatalf("got %v, want %v", e, k)
		}
		e.timer.Stop()
	}
}
