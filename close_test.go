package hob_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hobjs/hob"
)

// closes fails the test when Close takes too long.
func closes(t *testing.T, what string, rt *hob.Runtime) {
	t.Helper()
	done := make(chan struct{})
	go func() { rt.Close(); close(done) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%s: Close still waits", what)
	}
}

func TestCloseWhateverIsUnderWay(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{
		"a loop":           "for (;;);",
		"a loop of ticks":  "(function f() { process.nextTick(f) })()",
		"microtasks":       "(function f() { Promise.resolve().then(f) })()",
		"immediates":       "(function f() { setImmediate(f) })()",
		"an exit listener": "process.on('exit', () => { for (;;); }); new Promise(() => {})",
		"a timer":          "setInterval(() => {}, 5); new Promise(() => {})",
		"pool work":        "require('fs').readFile(" + fmt.Sprintf("%q", fifo) + ", () => {}); new Promise(() => {})",
		"a child":          "require('child_process').spawn('sleep', ['300'], { stdio: 'ignore' }); new Promise(() => {})",
		"a child's pipes":  "require('child_process').exec('sleep 300', () => {}); new Promise(() => {})",
		"a server":         "const s = require('http').createServer(() => {}).listen(0, () => require('http').get(s.address(), () => {})); new Promise(() => {})",
		"a look-up":        "require('dns').resolve4('example.invalid', () => {}); require('dns').lookup('example.invalid', () => {}); new Promise(() => {})",
		"a watcher":        "require('fs').watch('.'); new Promise(() => {})",
		"crypto":           "for (let i = 0; i < 20; i++) require('crypto').pbkdf2('a', 'b', 100000, 64, 'sha512', () => {}); new Promise(() => {})",
	} {
		rt, err := hob.New(hob.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rt.Eval(context.Background(), "globalThis.require ??= process.getBuiltinModule('module').createRequire('/'); 0"); err != nil {
			t.Fatal(err)
		}
		result := make(chan error, 1)
		go func() {
			_, err := rt.Eval(context.Background(), src)
			result <- err
		}()
		time.Sleep(100 * time.Millisecond)
		closes(t, name, rt)
		if err := <-result; err != nil && !errors.Is(err, hob.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A call that is given up takes nobody else's callbacks with it.
func TestCancelStopsOnlyTheCall(t *testing.T) {
	rt := newRuntime(t, hob.Options{})
	bg := context.Background()
	// On a machine that stands still for a while a callback does look like an endless loop.
	if _, err := rt.Eval(bg, `globalThis.n = 0; globalThis.started = 0; let ended = performance.now();
		setInterval(() => {
			if (n < started && performance.now() - ended > 50) n = started;
			started++; for (let i = 0; i < 3e5; i++) Math.sqrt(i); n++; ended = performance.now()
		}, 0); 0`); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		ctx, cancel := context.WithTimeout(bg, 3*time.Millisecond)
		if _, err := rt.Eval(ctx, "new Promise(() => {})"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		cancel()
	}
	v, err := rt.Eval(bg, "new Promise((resolve) => setTimeout(() => resolve(started - n), 20))")
	if err != nil || v.Int() != 0 {
		t.Errorf("%v of the timer's callbacks were cut short (%v)", v.Int(), err)
	}
	ctx, cancel := context.WithTimeout(bg, 50*time.Millisecond)
	defer cancel()
	if _, err := rt.Eval(ctx, "(async () => { await null; for (;;); })()"); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if v, err := rt.Eval(bg, "'alive'"); err != nil || v.Text() != "alive" {
		t.Error(v, err)
	}
}

func TestRuntimesComeAndGo(t *testing.T) {
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 6 {
				rt, err := hob.New(hob.Options{})
				if err != nil {
					t.Error(err)
					return
				}
				var calls sync.WaitGroup
				for j := range 4 {
					calls.Add(1)
					go func() {
						defer calls.Done()
						ctx, cancel := context.WithTimeout(context.Background(), time.Duration(1+(k+i+j)%7)*time.Millisecond)
						defer cancel()
						rt.Eval(ctx, [...]string{
							"process.getBuiltinModule('fs').promises.readFile('/proc/self/status')",
							"for (;;);",
							"process.getBuiltinModule('child_process').execSync('true'); 0",
							"setTimeout(() => process.exit(3), 2); process.getBuiltinModule('dns').promises.lookup('localhost')",
						}[(i+j)%4])
					}()
				}
				if i%2 == 0 {
					calls.Wait()
				}
				rt.Close()
				rt.Close()
				calls.Wait()
			}
		}()
	}
	wg.Wait()
}
