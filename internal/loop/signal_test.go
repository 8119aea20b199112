package loop

import (
	"sync"
	"syscall"
	"testing"
)

func raise(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(syscall.Getpid(), sig); err != nil {
		t.Fatal(err)
	}
}

func TestSignalReachesEveryWatcherOfEveryLoop(t *testing.T) {
	a, b := newLoop(t, Options{}), newLoop(t, Options{})
	var got sync.Map
	var wg, ready sync.WaitGroup
	for name, l := range map[string]*Loop{"a": a, "b": b} {
		for _, w := range []string{"1", "2"} {
			var s *Signal
			s = NewSignal(l, func(sig syscall.Signal) { got.Store(name+w, sig); s.Close(nil) })
			if err := s.Start(syscall.SIGUSR1); err != nil {
				t.Fatal(err)
			}
		}
	}
	wg.Go(a.Run)
	wg.Go(b.Run)
	ready.Wait()
	raise(t, syscall.SIGUSR1)
	wg.Wait()
	for _, key := range []string{"a1", "a2", "b1", "b2"} {
		if sig, _ := got.Load(key); sig != syscall.SIGUSR1 {
			t.Errorf("%s: %v", key, sig)
		}
	}
}

func TestSignalStoppedByAnother(t *testing.T) {
	l := newLoop(t, Options{})
	var j journal
	var a, b, c *Signal
	a = NewSignal(l, func(syscall.Signal) { j.add("a"); b.Close(nil); a.Stop() })
	b = NewSignal(l, func(syscall.Signal) { j.add("b") })
	c = NewSignal(l, func(syscall.Signal) { j.add("c"); c.Stop() })
	for _, s := range []*Signal{a, b, c} {
		s.Start(syscall.SIGUSR2)
	}
	raise(t, syscall.SIGUSR2)
	l.Run()
	j.want(t, "a c")
}

func TestSignalOnItsWayIsDropped(t *testing.T) {
	l := newLoop(t, Options{})
	s := NewSignal(l, func(sig syscall.Signal) { t.Errorf("%v", sig) })
	s.Start(syscall.SIGUSR1)
	l.Post(func() { l.raise(syscall.SIGUSR1) })
	s.Start(syscall.SIGUSR2) // instead
	if s.signum != syscall.SIGUSR2 {
		t.Error(s.signum)
	}
	l.RunOnce(false)
	s.Stop()
	s.Stop()
}

func TestSignalsThatCannotBeCaught(t *testing.T) {
	l := newLoop(t, Options{})
	s := NewSignal(l, nil)
	for _, sig := range []syscall.Signal{0, -1, 65, syscall.SIGKILL, syscall.SIGSTOP} {
		if err := s.Start(sig); err != syscall.EINVAL || s.IsActive() {
			t.Errorf("%d: %v", sig, err)
		}
	}
}
