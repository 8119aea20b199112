package hob_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/hobjs/hob"
)

func newRuntime(t *testing.T, o hob.Options) *hob.Runtime {
	t.Helper()
	rt, err := hob.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	return rt
}

func TestHeapLimitIsAGoErrorAndOthersLive(t *testing.T) {
	ctx := context.Background()
	other := newRuntime(t, hob.Options{})
	rt := newRuntime(t, hob.Options{MaxHeapBytes: 48 << 20})
	_, err := rt.Eval(ctx, "const a = []; function grow() { a.push({ x: [1, 2, 3] }) } for (;;) grow()")
	if !errors.Is(err, hob.ErrHeapLimit) {
		t.Errorf("got %v", err)
	}
	if v, err := other.Eval(ctx, "6 * 7"); err != nil || v.Int() != 42 {
		t.Errorf("the other runtime: %v %v", v, err)
	}
	if _, err := rt.Eval(ctx, "1"); err == nil {
		t.Error("a runtime that ran out of heap answers as if nothing had happened")
	}
}

func TestExceptionsBelongToTheirCall(t *testing.T) {
	ctx := context.Background()
	rt := newRuntime(t, hob.Options{})
	for _, c := range []struct{ src, want string }{
		{"null.x", "TypeError: Cannot read properties of null"},
		{"Promise.reject(new RangeError('far'))", "RangeError: far"},
		{"a b", "SyntaxError: Unexpected identifier 'b'"},
	} {
		_, err := rt.Eval(ctx, c.src)
		var e *hob.Error
		if !errors.As(err, &e) || !strings.Contains(e.Text, c.want) {
			t.Errorf("%s: %v", c.src, err)
		}
	}
	for _, src := range []string{"process.getBuiltinModule('fs').readFileSync('/no/such')", "import('fs/promises').then((fs) => fs.readFile('/no/such'))"} {
		_, err := rt.Eval(ctx, src)
		var e *hob.Error
		if !errors.As(err, &e) || e.Name != "Error" || e.Code != "ENOENT" || e.Message != "ENOENT: no such file or directory, open '/no/such'" {
			t.Errorf("%s: %#v", src, err)
		}
	}
	if _, err := rt.Eval(ctx, "process.nextTick(() => { globalThis.ticked = true }); throw 1"); err == nil || err.Error() != "1" {
		t.Errorf("%#v", err)
	}
	if v, err := rt.Eval(ctx, "ticked"); err != nil || !v.Bool() {
		t.Errorf("process.nextTick's queue did not run after an exception: %v %v", v, err)
	}
	if _, err := rt.Eval(ctx, "throw {toString() { throw 1 }}"); err == nil || err.Error() == "" {
		t.Errorf("%#v", err)
	}
	if _, err := rt.Eval(ctx, "const kept = 1; let alsoKept = 2"); err != nil {
		t.Error(err)
	}
	if v, err := rt.Eval(ctx, "kept + alsoKept"); err != nil || v.Int() != 3 {
		t.Errorf("declarations of an earlier script: %v %v", v, err)
	}
	if v, err := rt.Eval(ctx, "'still here'"); err != nil || v.Text() != "still here" {
		t.Error(v, err)
	}
}

func TestOutputGoesWhereTheProgramSays(t *testing.T) {
	var out, errOut bytes.Buffer
	code, err := hob.Program{Kind: "eval", Text: "process.stdout.write('a'); process.stderr.write('b'); process.exit(4)",
		Options: hob.Options{Stdout: &out, Stderr: &errOut}}.RunEmbedded(context.Background())
	if code != 4 || err != nil || out.String() != "a" || errOut.String() != "b" {
		t.Errorf("%d %v %q %q", code, err, out.String(), errOut.String())
	}
}

func TestManyGoroutinesCallOneRuntime(t *testing.T) {
	ctx := context.Background()
	rt := newRuntime(t, hob.Options{})
	if _, err := rt.Eval(ctx, "globalThis.add = async (a, b) => { await null; return a + b }"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if v, err := rt.Call(ctx, "add", i, 1); err != nil || v.Int() != i+1 {
				t.Errorf("%d: %v %v", i, v, err)
			}
		}()
	}
	wg.Wait()
}

func TestCloseEndsCallsUnderWay(t *testing.T) {
	rt, err := hob.New(hob.Options{})
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	rt.Set(context.Background(), "started", func() { close(started) })
	result := make(chan error, 1)
	go func() {
		_, err := rt.Eval(context.Background(), "started(); new Promise(() => {})")
		result <- err
	}()
	<-started
	rt.Close()
	if err := <-result; !errors.Is(err, hob.ErrClosed) {
		t.Error(err)
	}
	if _, err := rt.Eval(context.Background(), "1"); !errors.Is(err, hob.ErrClosed) {
		t.Error(err)
	}
}

// Wherever JavaScript is when Close stops it, calls fail with ErrClosed and 'exit' is emitted.
func TestCloseStopsWhatRuns(t *testing.T) {
	ctx := context.Background()
	const spin = "started(); for (;;) {}"
	for _, src := range []string{
		spin,
		"process.nextTick(() => {" + spin + "}); new Promise(() => {})",
		"setImmediate(() => {" + spin + "}); new Promise(() => {})",
		"setTimeout(() => {" + spin + "}, 1); new Promise(() => {})",
	} {
		rt, err := hob.New(hob.Options{})
		if err != nil {
			t.Fatal(err)
		}
		started := make(chan struct{})
		exits := 0
		rt.Set(ctx, "started", func() { close(started) })
		rt.Set(ctx, "exited", func() { exits++ })
		if _, err := rt.Eval(ctx, "process.on('exit', exited); 1"); err != nil {
			t.Fatal(err)
		}
		result := make(chan error, 1)
		go func() {
			_, err := rt.Eval(ctx, src)
			result <- err
		}()
		<-started
		rt.Close()
		if err := <-result; !errors.Is(err, hob.ErrClosed) {
			t.Errorf("%s: %v", src, err)
		}
		if _, err := rt.Eval(ctx, "1"); !errors.Is(err, hob.ErrClosed) {
			t.Errorf("%s: afterwards %v", src, err)
		}
		if exits != 1 {
			t.Errorf("%s: 'exit' %d times", src, exits)
		}
	}
}
