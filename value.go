package hob

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/hobjs/hob/internal/v8"
)

// Kind is the type of a Value: what typeof says, but for null and bytes.
type Kind uint8

const (
	Undefined Kind = iota
	Null
	Bool
	Number
	String
	BigInt
	Bytes  // an ArrayBuffer or a view of one
	Object // arrays too
	Function
	Symbol
)

func (k Kind) String() string {
	return [...]string{"undefined", "null", "boolean", "number", "string", "bigint", "bytes", "object", "function", "symbol"}[k]
}

// A Value is a result from JavaScript: plain data, or a handle on an object, a function, a symbol or bytes, to be given back
// with Free. Closing the runtime frees all handles. The zero Value is undefined.
type Value struct {
	r       *Runtime
	kind    Kind
	num     float64
	str     string
	ref     v8.Ref
	backing *v8.Backing
}

func (r *Runtime) valueOf(c *v8.Call, i int) Value {
	switch c.Kind(i) {
	case v8.KindNull:
		return Value{kind: Null}
	case v8.KindTrue:
		return Value{kind: Bool, num: 1}
	case v8.KindFalse:
		return Value{kind: Bool}
	case v8.KindInt, v8.KindDouble:
		return Value{kind: Number, num: c.Float(i)}
	case v8.KindBigInt:
		return Value{kind: BigInt, num: c.Float(i)}
	case v8.KindString:
		return Value{kind: String, str: c.String(i)}
	case v8.KindBytes:
		return Value{r: r, kind: Bytes, ref: c.Ref(i), backing: c.Backing(i)}
	case v8.KindFunction:
		return Value{r: r, kind: Function, ref: c.Ref(i)}
	case v8.KindObject:
		return Value{r: r, kind: Object, ref: c.Ref(i)}
	case v8.KindSymbol:
		return Value{r: r, kind: Symbol, ref: c.Ref(i)}
	}
	return Value{}
}

// Kind is the value's type.
func (v Value) Kind() Kind { return v.kind }

// Bool reports whether the value is true.
func (v Value) Bool() bool { return v.kind == Bool && v.num != 0 }

// Number is a number, a bigint rounded to one, or 1 for true; 0 for everything else. Nothing is converted: the text "12"
// has no number.
func (v Value) Number() float64 { return v.num }

// Int is Number without its fraction.
func (v Value) Int() int { return int(v.num) }

// Text is a string's text; "" when the value is no string.
func (v Value) Text() string { return v.str }

// String describes the value for people: plain data as text, anything else by its kind.
func (v Value) String() string {
	switch v.kind {
	case Bool:
		return fmt.Sprint(v.Bool())
	case Number, BigInt:
		return fmt.Sprint(v.num)
	case String:
		return v.str
	}
	return v.kind.String()
}

// Bytes is the memory of an ArrayBuffer or view, not copied: valid until Free. JavaScript may write to it meanwhile. It is
// nil for every other kind.
func (v Value) Bytes() []byte {
	if v.backing == nil {
		return nil
	}
	return v.backing.Data
}

// Free gives a handle back, once. The value is not to be used afterwards. Of plain data there is nothing to free.
func (v Value) Free() {
	if v.backing != nil {
		v.backing.Release()
	}
	if v.ref != 0 {
		v.r.rt.Post(func() { v.r.rt.Isolate.Free(v.ref) })
	}
}

// Decode stores the value in target, a pointer, by way of JSON: what JSON.stringify makes of it, json.Unmarshal reads. What
// has no JSON form, such as a function, is an error.
func (v Value) Decode(ctx context.Context, target any) error {
	switch v.kind {
	case Undefined, Null:
		return json.Unmarshal([]byte("null"), target)
	case Bool:
		return json.Unmarshal([]byte(fmt.Sprint(v.Bool())), target)
	case Number, BigInt:
		b, err := json.Marshal(v.num)
		if err != nil {
			return err
		}
		return json.Unmarshal(b, target)
	case String:
		b, _ := json.Marshal(v.str)
		return json.Unmarshal(b, target)
	}
	text, err := v.r.begin(ctx, func(id int) error {
		f, err := v.r.rt.EmbedFunction("call")
		if err != nil {
			return err
		}
		j, err := v.r.rt.EmbedFunction("json")
		if err != nil {
			return err
		}
		return v.r.rt.EnterCall(f, v8.Int(id), v8.RefValue(j), v8.Undefined, v8.Array(v8.RefValue(v.ref)))
	})
	if err != nil {
		return err
	}
	if text.kind != String {
		return errors.New("hob: the value has no JSON form")
	}
	return json.Unmarshal([]byte(text.str), target)
}

// Get reads a property of an object; a promise is awaited. A property that is not there is undefined.
func (v Value) Get(ctx context.Context, key string) (Value, error) {
	if v.ref == 0 {
		return Value{}, fmt.Errorf("hob: %s has no properties", v.kind)
	}
	return v.r.begin(ctx, func(id int) error {
		call, err := v.r.rt.EmbedFunction("call")
		if err != nil {
			return err
		}
		get, err := v.r.rt.EmbedFunction("get")
		if err != nil {
			return err
		}
		return v.r.rt.EnterCall(call, v8.Int(id), v8.RefValue(get), v8.Undefined, v8.Array(v8.RefValue(v.ref), v8.String(key)))
	})
}

// Call calls a function value and awaits what it returns.
func (v Value) Call(ctx context.Context, args ...any) (Value, error) {
	if v.kind != Function {
		return Value{}, fmt.Errorf("hob: %s is not a function", v.kind)
	}
	list, err := toJSList(args)
	if err != nil {
		return Value{}, err
	}
	return v.r.begin(ctx, func(id int) error {
		call, err := v.r.rt.EmbedFunction("call")
		if err != nil {
			return err
		}
		return v.r.rt.EnterCall(call, v8.Int(id), v8.RefValue(v.ref), v8.Undefined, list)
	})
}

// A Buffer is memory that becomes a JavaScript Buffer without being copied. It is handed over once: as an argument, a
// global or a result.
type Buffer struct{ b []byte }

// NewBuffer makes a Buffer of n bytes, their content undefined, filled through Bytes before it is handed over. The memory is
// V8's: one that is never handed over stays taken.
func NewBuffer(n int) *Buffer { return &Buffer{v8.AllocBytes(n)} }

// Bytes is the memory; nil once the Buffer is handed over.
func (b *Buffer) Bytes() []byte { return b.b }

func toJSList(args []any) (v8.Value, error) {
	list := make([]v8.Value, len(args))
	for i, a := range args {
		v, err := toJS(a)
		if err != nil {
			return v8.Undefined, fmt.Errorf("hob: argument %d: %w", i, err)
		}
		list[i] = v
	}
	return v8.Array(list...), nil
}

// toJS makes JavaScript data of Go data: numbers, strings, booleans, nil (null), []byte (a Buffer with a copy), *Buffer
// (without), time.Time (Date), Value, and by way of their JSON form maps, slices and structs.
func toJS(x any) (v8.Value, error) {
	switch x := x.(type) {
	case nil:
		return v8.Null, nil
	case bool:
		return v8.Bool(x), nil
	case string:
		return v8.String(x), nil
	case []byte:
		return v8.Bytes(x), nil
	case *Buffer:
		b := x.b
		if b == nil {
			return v8.Undefined, errors.New("the Buffer has been handed over already")
		}
		x.b = nil
		return v8.Owned(b), nil
	case time.Time:
		return v8.Date(float64(x.UnixMicro()) / 1e3), nil
	case Value:
		switch x.kind {
		case Undefined:
			return v8.Undefined, nil
		case Null:
			return v8.Null, nil
		case Bool:
			return v8.Bool(x.Bool()), nil
		case Number:
			return v8.Float(x.num), nil
		case BigInt:
			return v8.BigInt(int64(x.num)), nil
		case String:
			return v8.String(x.str), nil
		}
		return v8.RefValue(x.ref), nil
	case json.Number:
		f, err := x.Float64()
		return v8.Float(f), err
	case []any:
		return toJSList(x)
	case map[string]any:
		var pairs []any
		for k, e := range x {
			v, err := toJS(e)
			if err != nil {
				return v8.Undefined, err
			}
			pairs = append(pairs, k, v)
		}
		return v8.Object(pairs...), nil
	}
	v := reflect.ValueOf(x)
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v8.Int(v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return v8.Float(float64(v.Uint())), nil
	case reflect.Float32, reflect.Float64:
		return v8.Float(v.Float()), nil
	case reflect.String:
		return v8.String(v.String()), nil
	case reflect.Bool:
		return v8.Bool(v.Bool()), nil
	}
	b, err := json.Marshal(x)
	if err != nil {
		return v8.Undefined, err
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		return v8.Undefined, err
	}
	return toJS(tree)
}
