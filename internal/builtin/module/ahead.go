package module

import (
	"errors"
	"sync"
	"time"

	"github.com/hobjs/hob/internal/loader"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
)

// Reading ahead for import(): walks run on the pool, in the fs lane; what they find comes to JavaScript in batches.

const (
	batchSize  = 32                     // so many files are handed over while the walk goes on,
	batchDelay = 300 * time.Microsecond // or those that have waited so long
)

type ahead struct {
	graph   *loader.Graph
	deliver v8.Ref // function(list)

	mu      sync.Mutex
	found   []loader.Found
	posted  bool // the loop has been told
	delayed bool // a timer will tell it
}

// walk(new round, import conditions, require conditions, deliver, parent URL, specifier …): reads ahead from what a
// module imports. deliver(list) is called with what was found, in batches; all of it has come when walk's work is done.
func (m *module) walk(c *v8.Call) {
	a := &m.ahead
	if a.deliver == 0 {
		a.deliver = c.Ref(3)
	}
	if c.Bool(0) {
		a.graph.Round()
	}
	w := loader.Walk{Resolver: m.resolver.Fork(), Import: list(c, 1), Require: list(c, 2), Parent: c.String(4), Deliver: m.collect}
	for i := 5; i < c.Len(); i++ {
		w.Specifiers = append(w.Specifiers, c.String(i))
	}
	m.rt.Loop.Submit(loop.LaneFS, func() { a.graph.Walk(w) }, func(canceled bool) { m.handOver() })
}

// collect takes what a walk found. On any goroutine.
func (m *module) collect(f loader.Found) {
	a := &m.ahead
	a.mu.Lock()
	defer a.mu.Unlock()
	a.found = append(a.found, f)
	switch {
	case a.posted:
	case len(a.found) >= batchSize:
		a.posted = m.rt.Post(m.handOver)
	case !a.delayed:
		a.delayed = true
		time.AfterFunc(batchDelay, func() {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.delayed = false
			if !a.posted && len(a.found) > 0 {
				a.posted = m.rt.Post(m.handOver)
			}
		})
	}
}

// handOver gives JavaScript what has gathered.
func (m *module) handOver() {
	a := &m.ahead
	a.mu.Lock()
	found := a.found
	a.found, a.posted = nil, false
	a.mu.Unlock()
	if len(found) == 0 || m.rt.Exiting() {
		return
	}
	values := make([]v8.Value, len(found))
	for i, f := range found {
		values[i] = foundValue(f)
	}
	m.rt.Emit(a.deliver, v8.Array(values...))
}

// foundValue is [0, parent, specifier, url or undefined, error or undefined, warnings …] of a resolution, [1, url, format,
// text or bytes, source map, error, transpile's error] of a source, and [2, file, names, reexports, targets] of a scan.
func foundValue(f loader.Found) v8.Value {
	switch f := f.(type) {
	case *loader.Resolution:
		list := []v8.Value{v8.Int(0), v8.String(f.Parent), v8.String(f.Specifier), v8.Undefined, v8.Undefined}
		if f.Err != nil {
			list[4] = errorValue(f.Err)
		} else {
			list[3] = v8.String(f.URL)
		}
		return v8.Array(append(list, warningValues(f.Warnings)...)...)
	case *loader.Source:
		text, failure, bad := v8.Undefined, v8.Undefined, v8.Undefined
		var syntax *loader.TranspileError
		switch {
		case errors.As(f.Err, &syntax):
			bad = transpileError(syntax)
		case f.Err != nil:
			failure = errorValue(f.Err)
		case f.Format == "wasm":
			text = v8.Bytes(f.Bytes)
		default:
			text = v8.String(f.Text)
		}
		return v8.Array(v8.Int(1), v8.String(f.URL), v8.String(f.Format), text, v8.String(f.Map), failure, bad)
	case *loader.Scan:
		return v8.Array(v8.Int(2), v8.String(f.File), v8.Strings(f.Names), v8.Strings(f.Reexports), v8.Strings(f.Targets))
	}
	return v8.Undefined
}
