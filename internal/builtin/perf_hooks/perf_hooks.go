// Package perf_hooks is the Go half of builtin/perf_hooks: the process's clock and what the loop has measured.
package perf_hooks

import (
	"time"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

// Natives is the table that the files of builtin/perf_hooks see as `native`. All times are in milliseconds.
func Natives(rt *host.Runtime) host.Natives {
	return host.Natives{
		"hrtime":     func(c *v8.Call) { c.ReturnFloat(ms(time.Since(host.ProcessStart()))) },
		"timeOrigin": func(c *v8.Call) { c.ReturnFloat(float64(host.ProcessStart().UnixMicro()) / 1e3) },
		"loopIdle":   func(c *v8.Call) { c.ReturnFloat(ms(rt.Loop.Progress().Idle)) },
		// loopMetrics() → turns, events handled, events that had been waiting
		"loopMetrics": func(c *v8.Call) {
			s := rt.Loop.Stats()
			c.Return(v8.Array(v8.Float(float64(s.Turns)), v8.Float(float64(s.Events+s.Posts)), v8.Float(float64(s.Ready))))
		},
		// milestones() → when the runtime got where since the process began, in the order of host.Milestone; -1: not yet
		"milestones": func(c *v8.Call) {
			var at []v8.Value
			for i, d := range rt.Milestones() {
				switch {
				case d == 0 && host.Milestone(i) >= host.LoopStart:
					at = append(at, v8.Float(-1))
				default:
					at = append(at, v8.Float(ms(d)))
				}
			}
			c.Return(v8.Array(at...))
		},
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
