package loop

import (
	"runtime"
	"sync"
	"testing"
)

// untilAsleep returns when the loop waits in its poll phase.
func untilAsleep(l *Loop) {
	for !l.Progress().Asleep {
		runtime.Gosched()
	}
}

func TestPostsOfOneGoroutineKeepTheirOrder(t *testing.T) {
	l := newLoop(t, Options{})
	const senders, each = 8, 1000
	var next [senders]int
	got := 0
	l.AddRequest()
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range each {
				l.Post(func() {
					if next[s] != i {
						t.Errorf("sender %d: %d came when %d was due", s, i, next[s])
					}
					next[s]++
					if got++; got == senders*each {
						l.DoneRequest()
					}
				})
			}
		})
	}
	l.Run()
	wg.Wait()
	if got != senders*each {
		t.Errorf("%d arrived", got)
	}
	if s := l.Stats(); s.Wakeups > s.Waits {
		t.Errorf("%d wake-ups for %d waits", s.Wakeups, s.Waits)
	}
}

func TestABusyLoopIsNotWoken(t *testing.T) {
	l := newLoop(t, Options{})
	left := 100
	var post func()
	post = func() {
		if left--; left > 0 {
			l.Post(post)
		} else {
			l.DoneRequest()
		}
	}
	l.AddRequest()
	l.Post(post)
	l.Run()
	if s := l.Stats(); s.Wakeups != 0 || s.Waits != 0 || s.Posts != 100 {
		t.Errorf("%+v", s)
	}
}

func TestManyPostsToASleepingLoopWakeItOnce(t *testing.T) {
	l := newLoop(t, Options{})
	l.AddRequest()
	hold := make(chan bool)
	go func() {
		untilAsleep(l)
		// asleep is set already when Progress says so, and the first post
		// clears it: the ten of them make one write, the loop's speed aside.
		l.mailbox.mu.Lock()
		l.mailbox.queue = append(l.mailbox.queue, message{fn: func() { <-hold }})
		l.mailbox.any.Store(true)
		l.mailbox.unlockAndWake()
		for i := range 10 {
			last := i == 9
			l.Post(func() {
				if last {
					l.DoneRequest()
				}
			})
		}
		close(hold)
	}()
	l.Run()
	if s := l.Stats(); s.Wakeups != 1 {
		t.Errorf("%d wake-ups", s.Wakeups)
	}
}

func TestPostRacesWithClose(t *testing.T) {
	for range 200 {
		l, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			for l.Post(func() {}) {
				l.Interrupt()
				runtime.Gosched() // or on one processor it posts for 10 ms on end
			}
		})
		l.AddRequest()
		l.Run()
		l.DoneRequest()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
	}
}

func TestLoopsPostToEachOther(t *testing.T) {
	a, b := newLoop(t, Options{}), newLoop(t, Options{})
	a.AddRequest()
	b.AddRequest()
	left := 1000
	var ping, pong func()
	ping = func() { b.Post(pong) }
	pong = func() {
		if left--; left > 0 {
			a.Post(ping)
			return
		}
		a.Post(a.DoneRequest)
		b.DoneRequest()
	}
	a.Post(ping)
	var wg sync.WaitGroup
	wg.Go(b.Run)
	a.Run()
	wg.Wait()
	if left != 0 {
		t.Error(left)
	}
}
