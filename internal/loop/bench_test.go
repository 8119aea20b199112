package loop

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// Another goroutine posts, and again when that has run: each time the loop sleeps.
func BenchmarkPostRoundTrip(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l := newLoop(b, Options{})
	l.AddRequest()
	go func() {
		back := make(chan bool)
		for range b.N {
			l.Post(func() { back <- true })
			<-back
		}
		l.Post(l.DoneRequest)
	}()
	b.ResetTimer()
	l.Run()
	b.ReportMetric(float64(l.Stats().Wakeups)/float64(b.N), "wakeups/op")
}

// Posts as fast as they can be made: how many share a wake-up.
func BenchmarkPostFlood(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l := newLoop(b, Options{})
	l.AddRequest()
	go func() {
		fn := func() {}
		for range b.N {
			l.Post(fn)
		}
		l.Post(l.DoneRequest)
	}()
	b.ResetTimer()
	l.Run()
	b.ReportMetric(float64(l.Stats().Wakeups)/float64(b.N), "wakeups/op")
}

func BenchmarkPoolRoundTrip(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l := newLoop(b, Options{})
	left := b.N
	work := func() {}
	var next func(bool)
	next = func(bool) {
		if left--; left > 0 {
			l.Submit(LaneFS, work, next)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	l.Submit(LaneFS, work, next)
	l.Run()
}

// As a server does with its timeouts: start far away, start anew, rarely fire.
func BenchmarkTimerChurn(b *testing.B) {
	l := newLoop(b, Options{})
	timers := make([]*Timer, 10_000)
	for i := range timers {
		timers[i] = NewTimer(l, func() {})
		timers[i].Start(int64(1000+i*7919%5000), 0)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		t := timers[i*7919%len(timers)]
		t.Stop()
		t.Start(int64(1000+i%5000), 0)
	}
	for _, t := range timers {
		t.Stop()
	}
}

func BenchmarkTimersFire(b *testing.B) {
	l := newLoop(b, Options{})
	const n = 1000
	timers := make([]*Timer, n)
	for i := range timers {
		timers[i] = NewTimer(l, func() {})
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, t := range timers {
			t.Start(0, 0)
		}
		l.RunOnce(false)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/n, "ns/timer")
}

// A turn with nothing to do, but an idle hook that keeps it turning.
func BenchmarkEmptyTurn(b *testing.B) {
	l := newLoop(b, Options{})
	idle := NewIdle(l, func() {})
	idle.Start()
	for b.Loop() {
		l.RunOnce(false)
	}
	idle.Stop()
}

// One descriptor out of 10,000 watched ones is ready.
func BenchmarkPollOneOf10000(b *testing.B) {
	raiseLimit(b, 10_200)
	l := newLoop(b, Options{})
	polls := make([]Poll, 10_000)
	got := 0
	for i := range polls {
		fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
		if err != nil {
			b.Fatal(err)
		}
		defer unix.Close(fd)
		polls[i].Init(l, fd, func(Events) { got++; drain(fd) })
		polls[i].Start(Readable)
	}
	l.RunOnce(false)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		writeWake(polls[i%len(polls)].Fd())
		l.RunOnce(false)
	}
	if got != b.N {
		b.Errorf("%d events of %d", got, b.N)
	}
	for i := range polls {
		polls[i].Close(nil)
	}
	l.RunOnce(false)
}

// 64 ready descriptors a turn, as a loaded server sees it: the loop's own share.
func BenchmarkDispatch64(b *testing.B) {
	l := newLoop(b, Options{})
	polls := make([]Poll, 64)
	for i := range polls {
		fd, err := unix.Eventfd(1, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
		if err != nil {
			b.Fatal(err)
		}
		defer unix.Close(fd)
		polls[i].Init(l, fd, func(Events) {})
		polls[i].Start(Readable)
	}
	b.ReportAllocs()
	for b.Loop() {
		l.RunOnce(false)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/64, "ns/event")
	for i := range polls {
		polls[i].Close(nil)
	}
	l.RunOnce(false)
}

// The interest of a socket goes to writable and back within a turn.
func BenchmarkInterestFlaps(b *testing.B) {
	l := newLoop(b, Options{})
	r, _ := pipe(b)
	p := NewPoll(l, r, func(Events) {})
	p.Start(Readable)
	for b.Loop() {
		p.Start(Readable | Writable)
		p.Start(Readable)
		l.poller.apply()
	}
	p.Close(nil)
	l.RunOnce(false)
}

// What a wait costs that ends at once, against a look that cannot block.
func BenchmarkWait(b *testing.B) {
	l := newLoop(b, Options{})
	r, w := pipe(b)
	write(b, w)
	p := NewPoll(l, r, func(Events) {})
	p.Start(Readable)
	l.RunOnce(false)
	b.Run("poll", func(b *testing.B) {
		for b.Loop() {
			l.poller.poll()
		}
	})
	b.Run("wait", func(b *testing.B) {
		for b.Loop() {
			l.poller.wait(-1)
		}
	})
	p.Close(nil)
	l.RunOnce(false)
}
