package loop

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// message is a posted function or finished pool work.
type message struct {
	fn   func()
	work *Work
}

// mailbox is how other goroutines reach the loop. Writing the eventfd is what
// costs, so it is done only for a loop that sleeps, and once per sleep: a busy
// loop finds its messages by itself when it comes to the poll phase.
type mailbox struct {
	any    atomic.Bool // the queue is not empty: lets the loop look without locking
	wakeFd int
	waking atomic.Int32 // writes to the eventfd that are under way

	mu     sync.Mutex
	queue  []message
	asleep bool // the loop is in a wait, or about to be, and nobody has woken it
	closed bool
	posts  uint64
	wakes  uint64 // eventfd writes
}

// Post runs fn on the loop, in the poll phase, from any goroutine. Functions run
// in the order in which they were posted. A posted function does not keep the
// loop alive: use AddRequest for that. Post reports false if the loop is closed.
func (l *Loop) Post(fn func()) bool { return l.mailbox.put(message{fn: fn}) }

func (m *mailbox) put(msg message) bool {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return false
	}
	m.posts++
	m.queue = append(m.queue, msg)
	m.any.Store(true)
	m.unlockAndWake()
	return true
}

// wake ends the current wait, if there is one.
func (m *mailbox) wake() {
	m.mu.Lock()
	m.unlockAndWake()
}

// unlockAndWake writes the eventfd after unlocking, lest the loop wakes up only
// to wait for the lock. close waits for such a write to be done.
func (m *mailbox) unlockAndWake() {
	if !m.asleep || m.closed {
		m.mu.Unlock()
		return
	}
	m.asleep = false
	m.wakes++
	m.waking.Add(1)
	m.mu.Unlock()
	writeWake(m.wakeFd)
	m.waking.Add(-1)
}

// sleep announces that the loop is about to wait. It reports false if there is
// something to do instead. Whoever posts or interrupts comes to the lock before,
// and is seen here, or after, and wakes the loop.
func (m *mailbox) sleep(stop *atomic.Bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asleep = len(m.queue) == 0 && !stop.Load()
	return m.asleep
}

// awake says that the wait is over.
func (m *mailbox) awake() {
	m.mu.Lock()
	m.asleep = false
	m.mu.Unlock()
}

func (m *mailbox) close() {
	m.mu.Lock()
	m.closed = true
	m.queue = nil
	m.mu.Unlock()
	for m.waking.Load() > 0 {
		runtime.Gosched()
	}
}

// runMessages runs what had been posted when it began.
func (l *Loop) runMessages() int {
	m := &l.mailbox
	if l.inbox.len() == 0 {
		if !m.any.Load() {
			return 0
		}
		m.mu.Lock()
		m.any.Store(false)
		l.inbox.turnOver(&m.queue)
		m.mu.Unlock()
	}
	return l.inbox.run(deliver)
}

func deliver(m message) {
	if m.fn != nil {
		m.fn()
	} else {
		m.work.finish()
	}
}
