package hob_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hobjs/hob"
)

// What allocates much at once is stopped as a loop of small things is: the limit is passed, the process lives.
func TestHeapLimitInOneLargeAllocation(t *testing.T) {
	for name, src := range map[string]string{
		"array":      "new Array(2e7).fill(1.5); for (;;);",
		"map":        "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })",
		"properties": "const o = {}; for (let i = 0; ; i++) o['k' + i] = i",
		"callbacks":  "const a = []; setInterval(() => { for (let i = 0; i < 1e5; i++) a.push({}) }, 0); new Promise(() => {})",
	} {
		rt := newRuntime(t, hob.Options{MaxHeapBytes: 32 << 20})
		if _, err := rt.Eval(context.Background(), src); !errors.Is(err, hob.ErrHeapLimit) {
			t.Errorf("%s: %v", name, err)
		}
		rt.Close()
	}
}

func TestBufferLimit(t *testing.T) {
	ctx := context.Background()
	for name, src := range map[string]string{
		"ArrayBuffer": "const a = []; for (;;) a.push(new ArrayBuffer(1 << 20))",
		"Buffer":      "const a = []; for (;;) a.push(Buffer.alloc(100000, 1))",
	} {
		rt := newRuntime(t, hob.Options{MaxBufferBytes: 64 << 20})
		if _, err := rt.Eval(ctx, "for (let i = 0; i < 1000; i++) Buffer.alloc(1 << 20)"); err != nil {
			t.Errorf("%s: garbage counts: %v", name, err)
		}
		if _, err := rt.Eval(ctx, src); !errors.Is(err, hob.ErrHeapLimit) {
			t.Errorf("%s: %v", name, err)
		}
		rt.Close()
	}
}

func TestPanicOfAGoFunctionIsAnError(t *testing.T) {
	ctx := context.Background()
	rt := newRuntime(t, hob.Options{})
	if err := rt.Set(ctx, "now", func(n int) int { return []int{1}[n] }); err != nil {
		t.Fatal(err)
	}
	if err := rt.Set(ctx, "later", func(ctx context.Context, n int) int { return []int{1}[n] }); err != nil {
		t.Fatal(err)
	}
	for _, src := range []string{"now(5)", "later(5)", "try { now(5) } catch (e) { throw e }"} {
		_, err := rt.Eval(ctx, src)
		var e *hob.Error
		if !errors.As(err, &e) || !strings.Contains(e.Text, "panic: runtime error: index out of range [5] with length 1") {
			t.Errorf("%s: %v", src, err)
		}
	}
	if v, err := rt.Eval(ctx, "later(0)"); err != nil || v.Int() != 1 {
		t.Error(v, err)
	}
}
