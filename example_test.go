package hob_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing/fstest"
	"time"

	"github.com/hobjs/hob"
)

func Example() {
	ctx := context.Background()
	rt, err := hob.New(hob.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	v, err := rt.Eval(ctx, "new Promise((resolve) => setTimeout(resolve, 1, 6 * 7))")
	fmt.Println(v, err)
	// Output: 42 <nil>
}

// A Go function that takes a context runs on its own goroutine and is awaited in JavaScript.
func ExampleRuntime_Set() {
	ctx := context.Background()
	rt, err := hob.New(hob.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	type user struct {
		Name string `json:"name"`
		Age  int    `json:"age"`
	}
	rt.Set(ctx, "findUser", func(ctx context.Context, id int) (user, error) {
		if id != 1 {
			return user{}, fmt.Errorf("no user %d", id)
		}
		return user{"Ada", 36}, nil
	})
	v, err := rt.Eval(ctx, "findUser(1).then((u) => `${u.name} is ${u.age}`)")
	fmt.Println(v, err)
	v, _ = rt.Eval(ctx, "findUser(2).catch((e) => e.message)")
	fmt.Println(v)
	// Output:
	// Ada is 36 <nil>
	// no user 2
}

func ExampleRuntime_Call() {
	ctx := context.Background()
	rt, err := hob.New(hob.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	rt.Eval(ctx, "globalThis.app = { total: async (items) => ({ sum: items.reduce((s, i) => s + i.price, 0) }) }")
	v, err := rt.Call(ctx, "app.total", []map[string]any{{"price": 3}, {"price": 4}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer v.Free()
	var out struct{ Sum int }
	fmt.Println(v.Decode(ctx, &out), out.Sum)
	// Output: <nil> 7
}

// Bytes cross without being copied: NewBuffer's memory becomes a Buffer, a result's memory is read in place.
func ExampleNewBuffer() {
	ctx := context.Background()
	rt, err := hob.New(hob.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	b := hob.NewBuffer(5)
	copy(b.Bytes(), "hello")
	rt.Eval(ctx, "globalThis.shout = (b) => { for (let i = 0; i < b.length; i++) b[i] -= 32; return b }")
	v, err := rt.Call(ctx, "shout", b)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer v.Free()
	fmt.Printf("%s\n", v.Bytes())
	// Output: HELLO
}

// What JavaScript throws is an *Error: its class, its message and Node's code.
func ExampleError() {
	rt, err := hob.New(hob.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	_, err = rt.Eval(context.Background(), "process.getBuiltinModule('node:fs').readFileSync('/nowhere')")
	var thrown *hob.Error
	if errors.As(err, &thrown) {
		fmt.Println(thrown.Name, thrown.Code, thrown.Message)
	}
	// Output: Error ENOENT ENOENT: no such file or directory, open '/nowhere'
}

// Objects come to Go by way of JSON.
func ExampleValue_Decode() {
	ctx := context.Background()
	rt, err := hob.New(hob.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	v, err := rt.Eval(ctx, "({ id: 7, tags: new Array(2).fill('x') })")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer v.Free()
	var row struct {
		ID   int
		Tags []string
	}
	fmt.Println(v.Decode(ctx, &row), row)
	// Output: <nil> {7 [x x]}
}

// An endless loop ends with its context; the runtime stays of use.
func ExampleRuntime_Eval_cancel() {
	rt, err := hob.New(hob.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err = rt.Eval(ctx, "for (;;) {}")
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	v, err := rt.Eval(context.Background(), "1 + 1")
	fmt.Println(v, err)
	// Output:
	// true
	// 2 <nil>
}

// A program may bring its JavaScript and node_modules in an embed.FS (here a map stands in for one).
func ExampleOptions_fS() {
	files := fstest.MapFS{
		"app.mjs":                          {Data: []byte("import { double } from 'double'; export const answer = double(21);")},
		"node_modules/double/package.json": {Data: []byte(`{ "exports": "./index.mjs" }`)},
		"node_modules/double/index.mjs":    {Data: []byte("export const double = (x) => 2 * x;")},
	}
	ctx := context.Background()
	rt, err := hob.New(hob.Options{FS: files})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rt.Close()
	m, err := rt.Import(ctx, "/app.mjs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Free()
	v, err := m.Get(ctx, "answer")
	fmt.Println(v, err)
	// Output: 42 <nil>
}

func ExampleProgram() {
	code, err := hob.Program{Kind: "eval", Text: "process.stdout.write('done\\n'); process.exitCode = 3", Options: hob.Options{Stdout: os.Stdout}}.
		RunEmbedded(context.Background())
	fmt.Println(code, err)
	// Output:
	// done
	// 3 <nil>
}
