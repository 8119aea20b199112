package hob

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
	bytesType   = reflect.TypeFor[[]byte]()
	bufferType  = reflect.TypeFor[*Buffer]()
)

// Set makes a Go value a global of JavaScript. A function becomes a function:
//
//   - With a context.Context as its first parameter it runs on a goroutine of its own and JavaScript gets a promise; the
//     context ends when the runtime is closed. Any other runs on the runtime's thread, and must not block.
//   - Parameters may be numbers, strings, booleans, []byte (the memory of the Buffer given: valid during the call) and,
//     by way of JSON, anything that encoding/json reads. Results likewise, []byte and *Buffer as a Buffer.
//   - A last result of type error, when it is not nil, is thrown, or rejects the promise. So does a panic.
func (r *Runtime) Set(ctx context.Context, name string, value any) error {
	v := reflect.ValueOf(value)
	if v.IsValid() && v.Kind() == reflect.Func {
		fn, err := r.goFunc(name, v)
		if err != nil {
			return err
		}
		_, err = r.begin(ctx, func(id int) error {
			wrap, err := r.rt.EmbedFunction("wrap")
			if err != nil {
				return err
			}
			native := r.rt.Isolate.Function(name, fn.call)
			defer r.rt.Isolate.Free(native)
			w, err := r.rt.Isolate.Call(wrap, v8.RefValue(native), v8.String(name), v8.String(fn.spec), v8.Bool(fn.async))
			if err != nil {
				return err
			}
			return r.setGlobal(id, name, v8.TakeRef(w.Ref))
		})
		return err
	}
	js, err := toJS(value)
	if err != nil {
		return fmt.Errorf("hob: %s: %w", name, err)
	}
	_, err = r.begin(ctx, func(id int) error { return r.setGlobal(id, name, js) })
	return err
}

func (r *Runtime) setGlobal(id int, name string, v v8.Value) error {
	call, err := r.rt.EmbedFunction("call")
	if err != nil {
		return err
	}
	set, err := r.rt.EmbedFunction("setGlobal")
	if err != nil {
		return err
	}
	return r.rt.EnterCall(call, v8.Int(id), v8.RefValue(set), v8.Undefined, v8.Array(v8.String(name), v))
}

// goFunc is a Go function as JavaScript sees it. spec is what builtin/embed's wrap takes.
type goFunc struct {
	r       *Runtime
	fn      reflect.Value
	params  []reflect.Type // without the context
	async   bool
	result  reflect.Type // nil: none
	hasErr  bool
	spec    string
	ctx     context.Context
	jsonOut bool
}

func plain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint,
		reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return true
	}
	return t == bytesType || t == bufferType
}

func (r *Runtime) goFunc(name string, fn reflect.Value) (*goFunc, error) {
	t := fn.Type()
	g := &goFunc{r: r, fn: fn}
	if t.IsVariadic() {
		return nil, fmt.Errorf("hob: %s: variadic functions are not supported", name)
	}
	for i := range t.NumIn() {
		p := t.In(i)
		if i == 0 && p == contextType {
			g.async = true
			continue
		}
		g.params = append(g.params, p)
		if p == bufferType {
			return nil, fmt.Errorf("hob: %s: *Buffer is for results; take []byte", name)
		}
		if plain(p) {
			g.spec += "-"
		} else {
			g.spec += "j"
		}
	}
	n := t.NumOut()
	if n > 0 && t.Out(n-1) == errorType {
		g.hasErr = true
		n--
	}
	if n > 1 {
		return nil, fmt.Errorf("hob: %s: a function returns at most one result and an error", name)
	}
	g.spec += ">"
	if n == 1 {
		g.result = t.Out(0)
		if !plain(g.result) {
			g.jsonOut = true
			g.spec += "j"
		} else {
			g.spec += "-"
		}
	}
	if g.async {
		ctx, cancel := context.WithCancel(context.Background())
		g.ctx = ctx
		go func() {
			<-r.done
			cancel()
		}()
	}
	return g, nil
}

// call is the native: with async, argument 0 is the callback.
func (g *goFunc) call(c *v8.Call) {
	first := 0
	if g.async {
		first = 1
	}
	in := make([]reflect.Value, 0, len(g.params)+1)
	if g.async {
		in = append(in, reflect.ValueOf(g.ctx))
	}
	var held []*v8.Backing
	release := func() {
		for _, b := range held {
			b.Release()
		}
	}
	for i, t := range g.params {
		v, b, err := argument(c, first+i, t, g.async)
		if b != nil {
			held = append(held, b)
		}
		if err != nil {
			release()
			e := v8.ErrorValue(v8.KindTypeError, "ERR_INVALID_ARG_TYPE", fmt.Sprintf("argument %d: %v", i, err), v8.Undefined)
			c.Throw(e)
			return
		}
		in = append(in, v)
	}
	if !g.async {
		v, err := g.do(in)
		if err != nil {
			c.Throw(host.ErrorValue(err))
			return
		}
		c.Return(v)
		return
	}
	g.r.rt.Go(c.Callback(0), func() (v8.Value, error) {
		defer release()
		return g.do(in)
	})
}

// do calls the function. A panic of it is an error to JavaScript, as one of a handler is to net/http: what JavaScript
// passes must not be able to end the process, and between the function and the program lie C++ frames.
func (g *goFunc) do(in []reflect.Value) (v v8.Value, err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		value := recover()
		if value == nil {
			panic("hob: a Go function called runtime.Goexit")
		}
		err = fmt.Errorf("panic: %v\n\n%s", value, debug.Stack())
	}()
	v, err = g.results(g.fn.Call(in))
	returned = true
	return v, err
}

func argument(c *v8.Call, i int, t reflect.Type, hold bool) (reflect.Value, *v8.Backing, error) {
	v := reflect.New(t).Elem()
	switch k := t.Kind(); {
	case t == bytesType:
		if c.IsString(i) {
			v.SetBytes([]byte(c.String(i)))
			return v, nil, nil
		}
		if !c.IsBytes(i) {
			return v, nil, fmt.Errorf("bytes expected")
		}
		if !hold {
			v.SetBytes(c.Bytes(i))
			return v, nil, nil
		}
		b := c.Backing(i)
		v.SetBytes(b.Data)
		return v, b, nil
	case k == reflect.String:
		if !c.IsString(i) {
			return v, nil, fmt.Errorf("a string expected")
		}
		v.SetString(c.String(i))
	case k == reflect.Bool:
		v.SetBool(c.Bool(i))
	case v.CanInt(), v.CanUint(), v.CanFloat():
		f := c.Float(i)
		if f != f && c.Kind(i) != v8.KindDouble {
			return v, nil, fmt.Errorf("a number expected")
		}
		switch {
		case v.CanInt():
			v.SetInt(int64(f))
		case v.CanUint():
			v.SetUint(uint64(f))
		default:
			v.SetFloat(f)
		}
	default:
		if err := json.Unmarshal(c.Bytes(i), v.Addr().Interface()); err != nil {
			return v, nil, err
		}
	}
	return v, nil, nil
}

func (g *goFunc) results(out []reflect.Value) (v8.Value, error) {
	if g.hasErr {
		if err, _ := out[len(out)-1].Interface().(error); err != nil {
			return v8.Undefined, err
		}
	}
	if g.result == nil {
		return v8.Undefined, nil
	}
	x := out[0].Interface()
	if g.jsonOut {
		b, err := json.Marshal(x)
		if err != nil {
			return v8.Undefined, err
		}
		return v8.String(string(b)), nil
	}
	return toJS(x)
}
