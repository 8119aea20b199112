package v8

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// onThread runs f on a locked thread with an isolate of its own and checks that f freed its references.
func onThread(t testing.TB, f func(iso *Isolate)) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		iso, err := NewIsolate(Options{WakeFD: -1})
		if err != nil {
			t.Error(err)
			return
		}
		defer iso.Dispose()
		before := iso.Refs()
		f(iso)
		if n := iso.Refs(); n != before {
			t.Errorf("%d references leaked", n-before)
		}
	}()
	<-done
}

func mustEval(t testing.TB, iso *Isolate, src string) Result {
	t.Helper()
	r, err := iso.Eval(src, "test.js")
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return r
}

func TestEveryKindOfValueArrives(t *testing.T) {
	onThread(t, func(iso *Isolate) {
		f := mustEval(t, iso, `(v) => {
			const kind = Array.isArray(v) ? 'array' : v === null ? 'null' : v?.constructor?.name ?? typeof v;
			return kind + ' ' + (typeof v === 'object' ? JSON.stringify(v instanceof Float64Array ? [...v] : v) : String(v)) }`)
		defer iso.Free(f.Ref)
		for _, c := range []struct {
			v    Value
			want string
		}{
			{Undefined, "undefined undefined"}, {Null, "null null"}, {Bool(true), "Boolean true"},
			{Int(-7), "Number -7"}, {Int(1 << 40), "Number 1099511627776"}, {Int(uint32(4000000000)), "Number 4000000000"},
			{Float(0.5), "Number 0.5"}, {String("gr\u00fc\u00df \U0001F600"), "String gr\u00fc\u00df \U0001F600"},
			{Latin1("\xe9"), "String \u00e9"}, {BigInt(-5), "BigInt -5"}, {BigUint(1 << 63), "BigInt 9223372036854775808"},
			{Array(Int(1), String("b")), `array [1,"b"]`}, {Object("a", Int(1), "b", Null), `Object {"a":1,"b":null}`},
			{Bytes([]byte{1, 2}), `Uint8Array {"0":1,"1":2}`}, {Float64s([]float64{1.5}), "Float64Array [1.5]"},
			{Date(0), `Date "1970-01-01T00:00:00.000Z"`},
		} {
			r, err := iso.Call(f.Ref, c.v)
			if err != nil || r.Str != c.want {
				t.Errorf("got %q, %v; want %q", r.Str, err, c.want)
			}
		}
	})
}

func TestArgumentsOfGoFunctions(t *testing.T) {
	onThread(t, func(iso *Isolate) {
		var got string
		fn := iso.Function("f", func(c *Call) {
			got = fmt.Sprintln(c.Len(), c.Int(0), c.Float(1), c.String(2), c.Bool(3), c.Bytes(4), c.IsFunction(5), c.IsUndefined(6), c.Int64(7))
			c.Bytes(4)[0] = 9 // the view's own memory
			c.Return(Array(c.Arg(2), Int(2)))
		})
		defer iso.Free(fn)
		if err := iso.Set(0, "f", RefValue(fn)); err != nil {
			t.Fatal(err)
		}
		r := mustEval(t, iso, `const b = new Uint8Array([0, 1, 2]).subarray(1); JSON.stringify(f(3, 1.5, 'h\u00e9', true, b, () => {}, undefined, 12n)) + b[0]`)
		if want := "8 3 1.5 h\u00e9 true [1 2] true true 12\n"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if r.Str != "[\"h\u00e9\",2]9" {
			t.Error(r.Str)
		}
	})
}

func TestExceptionsCarryWhere(t *testing.T) {
	onThread(t, func(iso *Isolate) {
		_, err := iso.Eval("\n  boom()", "place.js")
		var x *Exception
		if !errors.As(err, &x) || x.Line != 2 || x.Column != 2 || x.File != "place.js" || !strings.Contains(x.Stack, "ReferenceError: boom is not defined") || x.SourceLine != "  boom()" {
			t.Errorf("%#v", x)
		}
		iso.Free(x.Value)
		fn := iso.Function("f", func(c *Call) {
			c.Throw(ErrorValue(KindRangeError, "E_TEST", "too far", Object("errno", Int(-2))))
		})
		defer iso.Free(fn)
		if err := iso.Set(0, "f", RefValue(fn)); err != nil {
			t.Fatal(err)
		}
		r := mustEval(t, iso, `try { f() } catch (e) { e instanceof RangeError ? e.code + e.errno + e.message : 'no' }`)
		if r.Str != "E_TEST-2too far" {
			t.Error(r.Str)
		}
	})
}

func TestAnEndlessLoopIsInterruptedAndTerminated(t *testing.T) {
	onThread(t, func(iso *Isolate) {
		stack := make(chan string, 1)
		running := make(chan struct{})
		fn := iso.Function("started", func(*Call) { close(running) })
		defer iso.Free(fn)
		if err := iso.Set(0, "started", RefValue(fn)); err != nil {
			t.Fatal(err)
		}
		go func() {
			<-running
			iso.Interrupt(func(iso *Isolate) { stack <- iso.CurrentStack(5); iso.Terminate() })
		}()
		_, err := iso.Eval("function spin() { started(); for (;;) {} }\nspin()", "spin.js")
		if !errors.Is(err, ErrTerminated) {
			t.Errorf("got %v", err)
		}
		if s := <-stack; !strings.HasPrefix(s, "spin spin.js:1:") {
			t.Errorf("stack %q", s)
		}
		iso.CancelTerminate()
		if r := mustEval(t, iso, "1 + 1"); r.Num != 2 {
			t.Error("the isolate is not usable after a termination")
		}
	})
}

func TestHeapLimitIsAnErrorAndTheProcessLives(t *testing.T) {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		iso, err := NewIsolate(Options{WakeFD: -1, MaxOldBytes: 32 << 20})
		if err != nil {
			done <- err
			return
		}
		_, err = iso.Eval("const a = []; function f() { a.push({x: [1,2,3]}) } for (;;) f()", "oom.js")
		iso.Dispose()
		done <- err
	}()
	if err := <-done; !errors.Is(err, ErrHeapLimit) {
		t.Errorf("got %v", err)
	}
}

// All isolates of a process share V8's read-only heap, so a process either makes a snapshot or starts all its isolates
// from one: each half of this test is a process of its own.
func TestSnapshotKeepsFunctionsOfBothKinds(t *testing.T) {
	file := filepath.Join(t.TempDir(), "blob")
	for _, step := range []string{"make", "use"} {
		cmd := exec.Command(os.Args[0], "-test.run=TestSnapshotStep$")
		cmd.Env = append(os.Environ(), "HOB_SNAPSHOT_STEP="+step, "HOB_SNAPSHOT_FILE="+file)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", step, err, out)
		}
	}
}

func TestSnapshotStep(t *testing.T) {
	file := os.Getenv("HOB_SNAPSHOT_FILE")
	names, funcs := []string{"answer"}, []Func{func(c *Call) { c.ReturnInt(42) }}
	runtime.LockOSThread()
	switch os.Getenv("HOB_SNAPSHOT_STEP") {
	case "make":
		iso, err := NewIsolate(Options{WakeFD: -1, Creator: true})
		if err != nil {
			t.Fatal(err)
		}
		n := iso.Natives(names, funcs)
		f := mustEval(t, iso, "(native) => ({ go: () => native.answer(), state: new Map([[1, 'one']]) })")
		boot, err := iso.Call(f.Ref, RefValue(n))
		if err != nil {
			t.Fatal(err)
		}
		blob, err := iso.CreateSnapshot(boot.Ref)
		if err != nil {
			t.Fatal(err)
		}
		iso.Dispose()
		if err := os.WriteFile(file, blob, 0o600); err != nil {
			t.Fatal(err)
		}
	case "use":
		blob, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		iso, err := NewIsolate(Options{WakeFD: -1, Snapshot: blob})
		if err != nil {
			t.Fatal(err)
		}
		iso.Reserve(funcs)
		g, err := iso.Get(iso.SnapshotBoot(), "go")
		if err != nil {
			t.Fatal(err)
		}
		if r, err := iso.Call(g.Ref); err != nil || r.Num != 42 {
			t.Error(r, err)
		}
		iso.Dispose()
	default:
		t.Skip("a step of TestSnapshotKeepsFunctionsOfBothKinds")
	}
}

func TestManyIsolatesSideBySide(t *testing.T) {
	const n = 8
	done := make(chan float64)
	for i := range n {
		go func() {
			runtime.LockOSThread()
			iso, err := NewIsolate(Options{WakeFD: -1})
			if err != nil {
				done <- -1
				return
			}
			defer iso.Dispose()
			r, _ := iso.Eval(fmt.Sprintf("let s = 0; for (let i = 0; i < 1e5; i++) s += %d; s", i), "x.js")
			done <- r.Num
		}()
	}
	sum := 0.0
	for range n {
		sum += <-done
	}
	if sum != 28e5 {
		t.Error(sum)
	}
}

func BenchmarkGoToC(b *testing.B) {
	for b.Loop() {
		noop()
	}
}

func BenchmarkJSToGo(b *testing.B) {
	onThread(b, func(iso *Isolate) {
		fn := iso.Function("f", func(c *Call) { c.ReturnInt(c.Int(0) + 1) })
		defer iso.Free(fn)
		if err := iso.Set(0, "f", RefValue(fn)); err != nil {
			b.Fatal(err)
		}
		loop := mustEval(b, iso, "(n) => { let x = 0; for (let i = 0; i < n; i++) x = f(x); return x }")
		defer iso.Free(loop.Ref)
		iso.Call(loop.Ref, Int(20000))
		b.ReportAllocs()
		b.ResetTimer()
		start := time.Now()
		iso.Call(loop.Ref, Int(b.N))
		b.ReportMetric(float64(time.Since(start).Nanoseconds())/float64(b.N), "ns/call")
	})
}

func BenchmarkJSToGoString(b *testing.B) {
	onThread(b, func(iso *Isolate) {
		n := 0
		fn := iso.Function("f", func(c *Call) { n += len(c.TempString(0)) })
		defer iso.Free(fn)
		if err := iso.Set(0, "f", RefValue(fn)); err != nil {
			b.Fatal(err)
		}
		loop := mustEval(b, iso, "(n) => { for (let i = 0; i < n; i++) f('/some/path/of/usual/length.txt') }")
		defer iso.Free(loop.Ref)
		b.ReportAllocs()
		b.ResetTimer()
		iso.Call(loop.Ref, Int(b.N))
	})
}

func BenchmarkGoToJS(b *testing.B) {
	onThread(b, func(iso *Isolate) {
		f := mustEval(b, iso, "(x) => x + 1")
		defer iso.Free(f.Ref)
		args := []Value{Int(1)}
		b.ReportAllocs()
		for b.Loop() {
			iso.CallVoid(f.Ref, args...)
		}
	})
}
