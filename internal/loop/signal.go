package loop

import (
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
)

// Signal watches for one operating system signal. Any number of watchers, of any
// number of loops, may watch for the same one: each is called. While there is
// one, the signal's default action does not happen.
type Signal struct {
	Handle
	fn     func(syscall.Signal)
	signum syscall.Signal
}

// NewSignal makes a watcher that is not started.
func NewSignal(l *Loop, fn func(syscall.Signal)) *Signal {
	return &Signal{Handle: Handle{loop: l}, fn: fn}
}

// Kind is "signal".
func (s *Signal) Kind() string { return "signal" }

// Start watches for signum from now on, instead of any other. Signals that
// cannot be caught are EINVAL.
func (s *Signal) Start(signum syscall.Signal) error {
	if signum <= 0 || signum > maxSignal || signum == syscall.SIGKILL || signum == syscall.SIGSTOP {
		return syscall.EINVAL
	}
	if s.signum == signum {
		return nil
	}
	s.Stop()
	s.activate()
	s.signum = signum
	s.loop.signals = append(s.loop.signals, s)
	fanOut.add(s.loop, signum)
	return nil
}

// Stop ends watching; a signal that is on its way is dropped.
func (s *Signal) Stop() {
	if !s.IsActive() {
		return
	}
	s.deactivate()
	fanOut.remove(s.loop, s.signum)
	s.signum = 0
	i := slices.Index(s.loop.signals, s)
	s.loop.signals = slices.Delete(s.loop.signals, i, i+1)
}

// Close stops watching for good; fn, if any, runs in the closing phase.
func (s *Signal) Close(fn func()) {
	s.Stop()
	s.close(fn)
}

// raise calls the watchers of signum, on the loop. One that a callback stops or
// starts meanwhile is not called.
func (l *Loop) raise(signum syscall.Signal) {
	for _, s := range slices.Clone(l.signals) {
		if s.signum == signum {
			s.fn(signum)
		}
	}
}

const maxSignal = 64

// fanOut is the only state that loops share, because signals are the process's:
// one goroutine per watched signal posts it to each loop that watches for it.
var fanOut dispatcher

type dispatcher struct {
	mu      sync.Mutex
	signals [maxSignal + 1]*audience
}

// audience is who watches for one signal.
type audience struct {
	loops map[*Loop]int // with the number of watchers
	heard chan os.Signal
}

func (d *dispatcher) add(l *Loop, signum syscall.Signal) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.signals[signum]
	if a == nil {
		// Room for a few: what comes while so many wait is merged, as the
		// kernel does with pending signals.
		a = &audience{loops: map[*Loop]int{}, heard: make(chan os.Signal, 8)}
		d.signals[signum] = a
		signal.Notify(a.heard, signum)
		go d.forward(a, signum)
	}
	a.loops[l]++
}

func (d *dispatcher) remove(l *Loop, signum syscall.Signal) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.signals[signum]
	if a.loops[l]--; a.loops[l] == 0 {
		delete(a.loops, l)
	}
	if len(a.loops) == 0 {
		d.signals[signum] = nil
		signal.Stop(a.heard) // nothing is sent after it returns
		close(a.heard)
	}
}

func (d *dispatcher) forward(a *audience, signum syscall.Signal) {
	for range a.heard {
		d.mu.Lock()
		for l := range a.loops {
			l.Post(func() { l.raise(signum) })
		}
		d.mu.Unlock()
	}
}
