package tty

import (
	"syscall"

	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
)

// winch tells JavaScript when a terminal changes its size. It does not keep the loop alive.
type winch struct {
	signal *loop.Signal
	notify v8.Ref
}

// onWindowSize(callback): one callback per runtime, which serves all of its terminals.
func (m *module) onWindowSize(c *v8.Call) {
	if m.winch != nil {
		return
	}
	w := &winch{notify: c.Ref(0)}
	w.signal = loop.NewSignal(m.rt.Loop, func(syscall.Signal) { m.rt.Emit(w.notify) })
	w.signal.Unref()
	if w.signal.Start(syscall.SIGWINCH) != nil {
		return
	}
	m.winch = w
	m.rt.OnClose(m.stopWinch)
}

func (m *module) stopWinch() {
	if m.winch != nil {
		m.winch.signal.Close(nil)
		m.winch = nil
	}
}
