package loop

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// pipe makes a non-blocking pipe that is closed when the test ends.
func pipe(t testing.TB) (r, w int) {
	t.Helper()
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeIfOpen(fds[0]); closeIfOpen(fds[1]) })
	return fds[0], fds[1]
}

func socketPair(t testing.TB) (a, b int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeIfOpen(fds[0]); closeIfOpen(fds[1]) })
	return fds[0], fds[1]
}

func closeIfOpen(fd int) { unix.Close(fd) }

func write(t testing.TB, fd int) {
	t.Helper()
	if _, err := unix.Write(fd, []byte{'x'}); err != nil {
		t.Fatal(err)
	}
}

func drain(fd int) (n int) {
	var buf [4096]byte
	n, _ = unix.Read(fd, buf[:])
	return n
}

func TestWatchersStaySmall(t *testing.T) {
	if size := unsafe.Sizeof(Poll{}); size != 32 {
		t.Errorf("a Poll has %d bytes", size)
	}
	if size := unsafe.Sizeof(slot{}); size != 16 {
		t.Errorf("a slot has %d bytes", size)
	}
}

func TestEventBits(t *testing.T) {
	for e, bits := range map[Events]uint32{
		Readable: unix.EPOLLIN, Writable: unix.EPOLLOUT, Priority: unix.EPOLLPRI, Disconnect: unix.EPOLLRDHUP,
		Error: unix.EPOLLERR, Hangup: unix.EPOLLHUP,
	} {
		if eventsOf(bits) != e || e&interests != 0 && e.epoll() != bits {
			t.Errorf("%v is %#x", e, bits)
		}
	}
	if s := (Readable | Hangup).String(); s != "readable|hangup" {
		t.Error(s)
	}
}

func TestPollIsLevelTriggered(t *testing.T) {
	l := newLoop(t, Options{})
	r, w := pipe(t)
	var j journal
	var p *Poll
	p = NewPoll(l, r, func(got Events) {
		j.add("%v", got)
		if len(j) == 3 {
			drain(r)
			unix.Close(w)
		}
		if got&Hangup != 0 {
			p.Close(nil)
		}
	})
	p.Start(Readable)
	write(t, w)
	l.Run()
	j.want(t, "readable readable readable readable|hangup")
}

func TestPollReportsOnlyWhatWasAskedFor(t *testing.T) {
	l := newLoop(t, Options{})
	a, b := socketPair(t)
	write(t, b)
	var j journal
	var p *Poll
	p = NewPoll(l, a, func(got Events) {
		j.add("%v", got)
		switch len(j) {
		case 1:
			p.Start(Writable | Readable)
		case 2:
			p.Start(Writable | Disconnect)
			unix.Shutdown(b, unix.SHUT_WR)
		case 3:
			p.Start(0)
		}
	})
	p.Start(Writable)
	l.Run()
	j.want(t, "writable readable|writable writable|disconnect")
	if p.IsActive() || l.poller.slots[p.fd].want != 0 {
		t.Error("Start(0) does not stop")
	}
}

func TestPollErrorIsReadableAndWritable(t *testing.T) {
	l := newLoop(t, Options{})
	r, w := pipe(t)
	unix.Close(r) // writing will fail with EPIPE
	var j journal
	var p *Poll
	p = NewPoll(l, w, func(got Events) { j.add("%v", got); p.Stop() })
	p.Start(Writable)
	l.Run()
	j.want(t, "writable|error")
}

func TestInterestIsAppliedLazily(t *testing.T) {
	l := newLoop(t, Options{})
	r, w := pipe(t)
	write(t, w)
	var j journal
	p := NewPoll(l, r, func(got Events) { j.add("%v", got) })
	p.Start(Readable)
	if l.poller.slots[r].known != 0 {
		t.Error("Start made a system call")
	}
	l.RunOnce(false)
	// Behind the loop's back the kernel forgets it: had Stop and Start of the
	// same interest made a system call, the event would be back.
	if err := l.poller.ctl(unix.EPOLL_CTL_DEL, int32(r), nil); err != nil {
		t.Fatal(err)
	}
	p.Stop()
	p.Start(Writable)
	p.Start(Readable)
	l.RunOnce(false)
	j.want(t, "readable")

	p.Start(Readable | Disconnect) // and a change finds out and registers anew
	l.RunOnce(false)
	j.want(t, "readable readable")
	p.Close(nil)
	l.Run()
}

func TestStopInTheRunningBatch(t *testing.T) {
	l := newLoop(t, Options{})
	var polls [2]*Poll
	calls := 0
	for i := range polls {
		r, w := pipe(t)
		write(t, w)
		polls[i] = NewPoll(l, r, func(Events) {
			calls++
			polls[0].Close(nil) // itself and another, whichever is first
			polls[1].Close(nil)
		})
		polls[i].Start(Readable)
	}
	l.Run()
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

// The number of a descriptor that is closed in a batch is in use again at once,
// by something with nothing to read: the old one's event must not reach it.
func TestDescriptorReusedInTheRunningBatch(t *testing.T) {
	l := newLoop(t, Options{})
	var fds [2]int
	var polls [2]*Poll
	var fresh *Poll
	calls := 0
	for i := range polls {
		r, w := pipe(t)
		write(t, w)
		fds[i] = r
		polls[i] = NewPoll(l, r, func(Events) {
			calls++
			other := 1 - i
			polls[i].Close(nil)
			polls[other].Close(nil)
			quiet, _ := pipe(t)
			unix.Close(fds[other])
			if err := unix.Dup3(quiet, fds[other], unix.O_CLOEXEC); err != nil {
				t.Fatal(err)
			}
			fresh = NewPoll(l, fds[other], func(got Events) { t.Errorf("event %v of another descriptor", got) })
			if err := fresh.Start(Readable); err != nil {
				t.Fatal(err)
			}
		})
		polls[i].Start(Readable)
	}
	for range 3 {
		l.RunOnce(false)
	}
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
	if l.poller.unfit {
		t.Error("a late event in the same batch was taken for a leftover")
	}
	fresh.Close(nil)
	l.Run()
}

// Stop, close, reopen and start without Close: the kernel has dropped the old
// registration, the slot still says it is there.
func TestDescriptorReusedWithoutClose(t *testing.T) {
	l := newLoop(t, Options{})
	r, _ := pipe(t)
	old := NewPoll(l, r, func(Events) { t.Error("old watcher called") })
	old.Start(Readable)
	l.RunOnce(false)
	old.Stop()
	r2, w2 := pipe(t)
	unix.Close(r)
	if err := unix.Dup3(r2, r, unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	write(t, w2)
	got := Events(0)
	p := NewPoll(l, r, func(e Events) { got = e })
	p.Start(Readable)
	l.RunOnce(false)
	if got != Readable {
		t.Errorf("got %v", got)
	}
	old.Close(nil) // must not unregister the new one
	got = 0
	l.RunOnce(false)
	if got != Readable {
		t.Errorf("after closing the old watcher got %v", got)
	}
	p.Close(nil)
	l.Run()
}

// A registration lasts as long as the open file, so a copy of the descriptor
// keeps it when the descriptor is closed before its watcher. Nothing but a new
// epoll set is rid of it.
func TestLeftoverRegistrationIsRemoved(t *testing.T) {
	l := newLoop(t, Options{})
	r, w := pipe(t)
	copied, err := unix.FcntlInt(uintptr(r), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(copied)
	other, otherW := pipe(t)
	calls := 0
	alive := NewPoll(l, other, func(Events) { calls++ })
	alive.Start(Readable)
	p := NewPoll(l, r, func(Events) {})
	p.Start(Readable)
	l.RunOnce(false)
	unix.Close(r)
	p.Close(nil)
	write(t, w)
	l.RunOnce(false)
	if !l.poller.unfit {
		t.Error("leftover not noticed")
	}
	write(t, otherW)
	l.RunOnce(false)
	if got := len(l.poller.poll()); got != 1 || calls != 1 || l.poller.unfit {
		t.Errorf("%d events, %d calls after the rebuild", got, calls)
	}
	posted := false
	l.Post(func() { posted = true; alive.Close(nil) }) // wake-ups survive it too
	l.Run()
	if !posted {
		t.Error("not woken")
	}
}

func TestOneWatcherPerDescriptor(t *testing.T) {
	l := newLoop(t, Options{})
	r, _ := pipe(t)
	a, b := NewPoll(l, r, nil), NewPoll(l, r, nil)
	if err := a.Start(Readable); err != nil {
		t.Fatal(err)
	}
	if err := b.Start(Readable); err != unix.EEXIST || b.IsActive() {
		t.Errorf("second watcher: %v", err)
	}
	a.Close(nil)
	if err := b.Start(Readable); err != nil {
		t.Error(err)
	}
	b.Close(nil)
	for _, fd := range []int{-1, -1 << 40, 1 << 30, 1 << 32} {
		if err := NewPoll(l, fd, nil).Start(Readable); err != unix.EBADF {
			t.Errorf("descriptor %d: %v", fd, err)
		}
	}
	if len(l.poller.slots) > 1000 {
		t.Error("the table has grown for a descriptor that does not exist")
	}
	l.Run()
}

func TestRefusedDescriptors(t *testing.T) {
	l := newLoop(t, Options{})
	file, err := unix.Open("poll_test.go", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(file)
	closed, _ := pipe(t)
	unix.Close(closed)
	var j journal
	l.poller.slots = make([]slot, file+100) // a table that has room, or Start would say EBADF
	for _, fd := range []int{file, closed} {
		var p *Poll
		p = NewPoll(l, fd, func(got Events) { j.add("%v,%v", got, p.IsActive()); p.Close(nil) })
		p.Start(Readable | Priority)
	}
	closed2, _ := pipe(t)
	unix.Close(closed2)
	stopped := NewPoll(l, closed2, func(Events) { t.Error("a stopped watcher was called") })
	stopped.Start(Readable)
	l.poller.apply() // refused, not yet told
	stopped.Stop()
	l.RunOnce(false)
	l.Run()
	j.want(t, "readable|error,false readable|error,false")
}

func TestAFullArrayIsPolledAgain(t *testing.T) {
	l := newLoop(t, Options{})
	const n = maxEvents + 200
	var polls []*Poll
	calls := 0
	seen := map[int]bool{}
	raiseLimit(t, n+100)
	for range n {
		fd, err := unix.Eventfd(1, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		p := NewPoll(l, fd, func(Events) { calls++; seen[fd] = true; drain(fd) })
		p.Start(Readable)
		polls = append(polls, p)
	}
	flushes := 0
	l.SetFlush(func() { flushes++ })
	l.RunOnce(false)
	if calls != n || len(seen) != n || flushes != 2 {
		t.Errorf("%d calls of %d watchers, %d flushes", calls, len(seen), flushes)
	}
	if s := l.Stats(); s.Polls != 2 || s.Events != n || s.MaxPoll != maxEvents {
		t.Errorf("%+v", s)
	}
	// Nobody drains: the bound ends the phase.
	for _, p := range polls {
		p.fn = func(Events) { calls++ }
		one := [8]byte{0: 1}
		unix.Write(p.Fd(), one[:])
	}
	calls = 0
	l.RunOnce(false)
	if calls != (1+maxFullPolls)*maxEvents {
		t.Errorf("%d calls", calls)
	}
	for _, p := range polls {
		p.Close(nil)
	}
	l.Run()
}

func raiseLimit(t testing.TB, n int) {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); limit.Cur < uint64(n) {
		limit.Cur = limit.Max
		if limit.Max < uint64(n) || unix.Setrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
			t.Skipf("needs %d descriptors", n)
		}
	}
}

func TestPollWakesForData(t *testing.T) {
	l := newLoop(t, Options{})
	a, b := socketPair(t)
	echoed := 0
	var p, q *Poll
	p = NewPoll(l, a, func(Events) { drain(a); unix.Write(a, []byte{'y'}) })
	q = NewPoll(l, b, func(Events) {
		drain(b)
		if echoed++; echoed == 100 {
			p.Close(nil)
			q.Close(nil)
			return
		}
		unix.Write(b, []byte{'x'})
	})
	p.Start(Readable)
	q.Start(Readable)
	write(t, b)
	l.Run()
	if echoed != 100 {
		t.Error(echoed)
	}
}
