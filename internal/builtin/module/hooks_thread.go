package module

import (
	"errors"
	"os"
	"sync"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

// module.register's hooks run in a runtime of their own: another isolate, loop and OS thread. The program's thread sends
// it messages, serialised values, and either waits for the answer (require(), import.meta.resolve, register itself) or is
// called back. The hooks' runtime lives as long as the program's, and keeps nobody alive.

type hooksThread struct {
	main *host.Runtime

	mu      sync.Mutex
	child   *host.Runtime
	handler v8.Ref // in the child: function(id, message)
	next    int
	waiting map[int]func(answer []byte, ok bool)
	ended   bool
	code    int

	over chan struct{} // closed when the child is freed
}

var errMainEnded = errors.New("the program has ended")

// hooksStart begins the thread. It is there once its first message is answered.
func (m *module) hooksStart(*v8.Call) {
	t := &hooksThread{main: m.rt, waiting: map[int]func([]byte, bool){}, over: make(chan struct{})}
	m.hooks = t
	o := m.rt.Options
	o.Embedded = true // process.exit ends the thread, and the program then
	ready := make(chan struct{})
	go t.run(o, ready)
	<-ready
	m.rt.OnClose(func() {
		t.mu.Lock()
		child := t.child
		t.mu.Unlock()
		if child != nil {
			child.Interrupt(errMainEnded)
		}
		<-t.over
	})
}

func (t *hooksThread) run(o host.Options, ready chan<- struct{}) {
	defer close(t.over)
	child, err := host.New(o)
	if err != nil {
		close(ready)
		t.end(1)
		return
	}
	host.Shared(child, "module.hooks", func() *hooksThread { return t })
	child.Loop.AddRequest() // it waits for messages
	t.mu.Lock()
	t.child = child
	t.mu.Unlock()
	close(ready)
	child.RunMain("hooks", "")
	code, err := child.Run()
	child.Loop.DoneRequest()
	t.mu.Lock()
	t.child = nil
	t.mu.Unlock()
	child.Close()
	if !errors.Is(err, errMainEnded) {
		t.end(code)
	}
}

// end is the thread's end by process.exit or an exception nobody caught: the program's, too.
func (t *hooksThread) end(code int) {
	t.mu.Lock()
	t.ended, t.code = true, code
	waiting := t.waiting
	t.waiting = nil
	t.mu.Unlock()
	for _, answer := range waiting {
		answer(nil, false)
	}
	t.main.Post(func() { t.main.Exit(code) })
}

func (t *hooksThread) exitCode() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.code
}

// send hands a message to the thread; answer is called once, on any goroutine.
func (t *hooksThread) send(message []byte, answer func([]byte, bool)) {
	t.mu.Lock()
	child, ended := t.child, t.ended || t.child == nil
	id := t.next
	if !ended {
		t.next++
		t.waiting[id] = answer
	}
	t.mu.Unlock()
	if ended {
		answer(nil, false)
		return
	}
	if child.Post(func() { child.Emit(t.handler, v8.Int(id), v8.Bytes(message)) }) {
		return
	}
	t.mu.Lock()
	_, mine := t.waiting[id] // or end has answered
	delete(t.waiting, id)
	t.mu.Unlock()
	if mine {
		answer(nil, false)
	}
}

// hooksAsk(message) → the answer, for which it waits.
func (m *module) hooksAsk(c *v8.Call) {
	message := append([]byte(nil), c.Bytes(0)...)
	got := make(chan []byte, 1)
	m.hooks.send(message, func(answer []byte, ok bool) {
		if !ok {
			close(got)
			return
		}
		got <- answer
	})
	answer, ok := <-got
	if !ok {
		code := m.hooks.exitCode()
		if !m.rt.Options.Embedded {
			os.Exit(code)
		}
		m.rt.Exit(code)
		return
	}
	c.Return(v8.Bytes(answer))
}

// hooksSend(message, callback(null, answer))
func (m *module) hooksSend(c *v8.Call) {
	message, callback := append([]byte(nil), c.Bytes(0)...), c.Callback(1)
	m.rt.Loop.AddRequest()
	m.hooks.send(message, func(answer []byte, ok bool) {
		m.rt.Post(func() {
			defer m.rt.Loop.DoneRequest()
			if !ok || m.rt.Exiting() {
				m.rt.Isolate.Free(callback)
				if !m.rt.Exiting() {
					m.rt.Exit(m.hooks.exitCode())
				}
				return
			}
			m.rt.EmitOnce(callback, v8.Null, v8.Bytes(answer))
		})
	})
}

// hooksServe(handler), in the thread: handler(id, message) is called for each message.
func (m *module) hooksServe(c *v8.Call) {
	host.Shared(m.rt, "module.hooks", func() *hooksThread { return nil }).handler = c.Ref(0)
}

// hooksAnswer(id, answer), in the thread.
func (m *module) hooksAnswer(c *v8.Call) {
	t := host.Shared(m.rt, "module.hooks", func() *hooksThread { return nil })
	id := c.Int(0)
	t.mu.Lock()
	answer := t.waiting[id]
	delete(t.waiting, id)
	t.mu.Unlock()
	if answer != nil {
		answer(append([]byte(nil), c.Bytes(1)...), true)
	}
}
