package host

import (
	"unsafe"

	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
)

// TimersModule is the Go half of builtin/timers: one loop timer for all of JavaScript's, one check handle for its
// immediates.
func TimersModule(rt *Runtime) Natives {
	t := &timers{rt: rt}
	t.timer = loop.NewTimer(rt.Loop, t.fire)
	t.check = loop.NewCheck(rt.Loop, t.immediate)
	t.idle = loop.NewIdle(rt.Loop, func() {})
	t.check.Start()
	t.check.Unref()
	rt.OnClose(func() {
		t.timer.Close(nil)
		t.check.Close(nil)
		t.idle.Close(nil)
		if t.shared != nil {
			t.shared.Release()
		}
	})
	rt.OnAfter(t.keepAlive)
	return Natives{
		"schedule": func(c *v8.Call) { t.schedule(c.Int64(0)) },
		"refTimer": func(c *v8.Call) { t.ref(c.Bool(0)) },
		"now": func(c *v8.Call) {
			rt.Loop.UpdateTime()
			rt.setClock()
			c.Return(v8.Int(rt.Loop.Now()))
		},
		// setup(processTimers, processImmediates) → memory shared with the loop: 4 int32 (immediates queued, ref'd among
		// them, outstanding after a throw), then 2 float64 (the loop's time, number of ref'd timers)
		"setup": func(c *v8.Call) {
			t.processTimers, t.processImmediates = c.Ref(0), c.Ref(1)
			ref, shared := rt.Isolate.SharedBuffer(32)
			t.shared = shared
			t.counts = unsafe.Slice((*int32)(unsafe.Pointer(&shared.Data[0])), 4)
			t.clock = unsafe.Slice((*float64)(unsafe.Pointer(&shared.Data[16])), 2)
			t.clock[0] = float64(rt.Loop.Now())
			rt.setClock = func() { t.clock[0] = float64(rt.Loop.Now()) }
			c.Return(v8.TakeRef(ref))
		},
	}
}

// timers: JavaScript keeps the lists; Go knows the earliest expiry and whether anything ref'd waits.
type timers struct {
	rt                               *Runtime
	timer                            *loop.Timer
	check                            *loop.Check
	idle                             *loop.Idle
	processTimers, processImmediates v8.Ref
	shared                           *v8.Backing
	counts                           []int32   // immediates queued, ref'd among them, outstanding after a throw
	clock                            []float64 // the loop's time, number of ref'd timers
	unrefd                           bool
}

func (t *timers) schedule(ms int64) {
	t.timer.Start(max(ms, 1), 0)
	if t.unrefd {
		t.timer.Unref()
	}
}

func (t *timers) ref(on bool) {
	t.unrefd = !on
	if on {
		t.timer.Ref()
	} else {
		t.timer.Unref()
	}
}

// fire runs all due timers in one call. processTimers says when the next is due: 0 none, negative when only unref'd
// timers are left. After an exception it is called again.
func (t *timers) fire() {
	rt := t.rt
	for !rt.Exiting() {
		rt.setClock()
		r, err := rt.Isolate.Call(t.processTimers, v8.Int(rt.Loop.Now()))
		if err != nil {
			if !rt.Uncaught(err) {
				return
			}
			rt.Tick()
			continue
		}
		if next := int64(r.Num); next != 0 {
			if next < 0 {
				next = -next
			}
			rt.Loop.UpdateTime()
			t.schedule(next - rt.Loop.Now())
		}
		break
	}
	rt.runAfter()
}

func (t *timers) immediate() {
	rt := t.rt
	if t.shared == nil || t.counts[0] == 0 && t.counts[2] == 0 {
		return
	}
	for !rt.Exiting() {
		rt.setClock()
		if err := rt.Isolate.CallVoid(t.processImmediates); err != nil {
			if !rt.Uncaught(err) {
				return
			}
			rt.Tick()
			// Called again it would begin with the immediates of the next turn when none of this one's are left.
			if t.counts[2] != 0 {
				continue
			}
		}
		break
	}
	rt.runAfter()
}

// keepAlive makes the poll phase not wait while immediates are queued, and keeps the loop alive while one is ref'd.
func (t *timers) keepAlive() {
	if t.shared == nil {
		return
	}
	switch on := t.counts[1] > 0; {
	case on && !t.idle.IsActive():
		t.idle.Start()
	case !on && t.idle.IsActive():
		t.idle.Stop()
	}
	if on := t.clock[1] > 0; on == t.unrefd {
		t.ref(on)
	}
}
