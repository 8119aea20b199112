package v8

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// The tags of the encoding; codec.cc has the same list in the same order.
const (
	tagUndefined byte = iota
	tagNull
	tagFalse
	tagTrue
	tagInt
	tagDouble
	tagLatin1
	tagUtf8
	tagBigInt
	tagBigUint
	tagArray
	tagObject
	tagBytes
	tagOwned
	tagRef
	tagRefTake
	tagCallbackTake
	tagSlot
	tagError
	tagFloat64s
	tagDate
	tagTransfer
)

// A Value is plain data on its way from Go to JavaScript. It is made by the functions below and may be built on any
// goroutine; it is turned into a JavaScript value when the call that carries it crosses.
type Value struct {
	tag  byte
	n    uint64
	s    string
	list []Value
	keys []string
}

var (
	Undefined = Value{tag: tagUndefined}
	Null      = Value{tag: tagNull}
)

func Bool(b bool) Value {
	if b {
		return Value{tag: tagTrue}
	}
	return Value{tag: tagFalse}
}

// Int is a number: a small integer where it fits in 32 bits, else a double (exact up to 2^53).
func Int[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint](i T) Value {
	if v := int64(i); v == int64(int32(v)) && (i < 0) == (v < 0) {
		return Value{tag: tagInt, n: uint64(uint32(v))}
	}
	return Float(float64(i))
}

func Float(f float64) Value     { return Value{tag: tagDouble, n: math.Float64bits(f)} }
func BigInt(i int64) Value      { return Value{tag: tagBigInt, n: uint64(i)} }
func BigUint(u uint64) Value    { return Value{tag: tagBigUint, n: u} }
func String(s string) Value     { return Value{tag: tagUtf8, s: s} } // bytes that are not UTF-8 become U+FFFD
func Date(unixMs float64) Value { return Value{tag: tagDate, n: math.Float64bits(unixMs)} }
func Array(v ...Value) Value    { return Value{tag: tagArray, list: v} }
func RefValue(r Ref) Value      { return Value{tag: tagRef, n: uint64(r)} }
func TakeRef(r Ref) Value       { return Value{tag: tagRefTake, n: uint64(r)} } // frees r
func slotValue(p uintptr) Value { return Value{tag: tagSlot, n: uint64(p)} }

// TakeCallback is the pair [function, async context] of a reference made by Call.Callback, which it frees.
func TakeCallback(r Ref) Value { return Value{tag: tagCallbackTake, n: uint64(r)} }

// TagArray begins the encoding of an array; its count follows as four bytes, little endian.
const TagArray = tagArray

// Latin1 is a string whose bytes are its code points.
func Latin1(s string) Value { return Value{tag: tagLatin1, s: s} }

func Strings(list []string) Value {
	v := make([]Value, len(list))
	for i, s := range list {
		v[i] = String(s)
	}
	return Value{tag: tagArray, list: v}
}

// Object is a plain object: key, value, key, value … in order.
func Object(pairs ...any) Value {
	v := Value{tag: tagObject}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.keys = append(v.keys, pairs[i].(string))
		v.list = append(v.list, pairs[i+1].(Value))
	}
	return v
}

// Fields is Object from separate lists.
func Fields(keys []string, values []Value) Value {
	return Value{tag: tagObject, keys: keys, list: values}
}

// Bytes is a Buffer with a copy of b.
func Bytes(b []byte) Value {
	return Value{tag: tagBytes, s: unsafe.String(unsafe.SliceData(b), len(b))}
}

// Float64s is a Float64Array with a copy of f.
func Float64s(f []float64) Value {
	if len(f) == 0 {
		return Value{tag: tagFloat64s}
	}
	return Value{tag: tagFloat64s, n: uint64(len(f)), s: unsafe.String((*byte)(unsafe.Pointer(&f[0])), len(f)*8)}
}

// ErrorKind is the class of an error object that Go raises.
type ErrorKind byte

const (
	KindError ErrorKind = iota
	KindTypeError
	KindRangeError
	KindSyntaxError
)

// ErrorValue is an error object. props is an Object with further properties, or Undefined. With a code, the object is
// made by the JavaScript side's error factory, so that it looks as Node's coded errors do.
func ErrorValue(kind ErrorKind, code, message string, props Value) Value {
	return Value{tag: tagError, n: uint64(kind), list: []Value{String(code), String(message), props}}
}

// Append encodes v at the end of b.
func (v Value) Append(b []byte) []byte {
	b = append(b, v.tag)
	switch v.tag {
	case tagInt:
		return binary.LittleEndian.AppendUint32(b, uint32(v.n))
	case tagDouble, tagDate, tagBigInt, tagBigUint, tagSlot, tagTransfer:
		return binary.LittleEndian.AppendUint64(b, v.n)
	case tagLatin1, tagUtf8:
		return appendString(b, v.s)
	case tagBytes:
		b = binary.LittleEndian.AppendUint64(b, uint64(len(v.s)))
		return append(b, v.s...)
	case tagArray:
		b = binary.LittleEndian.AppendUint32(b, uint32(len(v.list)))
		for i := range v.list {
			b = v.list[i].Append(b)
		}
	case tagObject:
		b = binary.LittleEndian.AppendUint32(b, uint32(len(v.keys)))
		for i := range v.keys {
			b = appendString(b, v.keys[i])
			b = v.list[i].Append(b)
		}
	case tagOwned:
		b = binary.LittleEndian.AppendUint64(b, v.n)
		b = binary.LittleEndian.AppendUint64(b, v.list[0].n)
		b = binary.LittleEndian.AppendUint64(b, v.list[1].n)
	case tagRef, tagRefTake, tagCallbackTake:
		return binary.LittleEndian.AppendUint32(b, uint32(v.n))
	case tagError:
		b = append(b, byte(v.n))
		b = appendString(b, v.list[0].s)
		b = appendString(b, v.list[1].s)
		b = v.list[2].Append(b)
	case tagFloat64s:
		b = binary.LittleEndian.AppendUint32(b, uint32(v.n))
		return append(b, v.s...)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}

// IsUndefined reports whether v is Undefined.
func (v Value) IsUndefined() bool { return v.tag == tagUndefined }
