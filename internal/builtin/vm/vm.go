// Package vm is the Go half of builtin/vm: Ctrl-C as the end of a script.
package vm

import (
	"os"
	"os/signal"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

// A watch is one script that runs with breakOnSigint. They nest: the innermost gets the signal.
type watch struct {
	signals chan os.Signal
	fired   atomic.Bool
}

type module struct {
	rt      *host.Runtime
	watches []*watch
}

// Natives is the table that vm.js sees as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt}
	return host.Natives{"sigintStart": m.sigintStart, "sigintStop": m.sigintStop}
}

func (m *module) sigintStart(c *v8.Call) {
	w := &watch{signals: make(chan os.Signal, 1)}
	m.watches = append(m.watches, w)
	signal.Notify(w.signals, unix.SIGINT)
	iso := m.rt.Isolate
	go func() {
		if _, ok := <-w.signals; ok {
			w.fired.Store(true)
			iso.Terminate()
		}
	}()
}

// sigintStop() → whether the signal came
func (m *module) sigintStop(c *v8.Call) {
	n := len(m.watches) - 1
	if n < 0 {
		return
	}
	w := m.watches[n]
	m.watches = m.watches[:n]
	signal.Stop(w.signals)
	close(w.signals)
	c.ReturnBool(w.fired.Load())
}
