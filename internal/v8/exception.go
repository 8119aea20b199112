package v8

// #include "engine.h"
import "C"

import (
	"errors"
	"strings"
	"unsafe"
)

// ErrTerminated is wrapped by the exception of JavaScript that was stopped by Terminate.
var ErrTerminated = errors.New("execution was terminated")

// ErrHeapLimit is wrapped by the exception of JavaScript that was stopped because its heap reached the limit.
var ErrHeapLimit = errors.New("JavaScript heap out of memory")

// An Exception is what JavaScript threw.
type Exception struct {
	Value      Ref    // the thrown value, to be freed; 0 when execution was terminated
	Message    string // as V8 words it: "Uncaught Error: …"
	File       string
	Line       int // from 1; 0 unknown
	Column     int // from 0
	EndColumn  int
	SourceLine string
	Stack      string // Error.prototype.stack, when an Error was thrown
	cause      error
}

func (e *Exception) Error() string {
	if e.cause != nil {
		return e.cause.Error()
	}
	if e.Stack != "" {
		return e.Stack
	}
	return strings.TrimPrefix(e.Message, "Uncaught ")
}

// Unwrap is ErrTerminated or ErrHeapLimit, or nil.
func (e *Exception) Unwrap() error { return e.cause }

// Terminated reports whether execution was terminated rather than an exception thrown.
func (e *Exception) Terminated() bool { return e.cause != nil }

func (iso *Isolate) takeException() *Exception {
	var x C.hob_exception
	C.hob_exception_take(iso.c, &x)
	e := &Exception{
		Value: Ref(x.value), Line: int(x.line), Column: int(x.column), EndColumn: int(x.end_column),
		Message: exceptionText(&x.message), File: exceptionText(&x.file), SourceLine: exceptionText(&x.source_line),
		Stack: exceptionText(&x.stack),
	}
	C.hob_exception_free(&x)
	if x.terminated != 0 {
		e.cause = ErrTerminated
		if x.heap_limit != 0 {
			e.cause = ErrHeapLimit
		}
	}
	return e
}

func exceptionText(v *C.hob_value) string {
	if v.kind != C.HOB_STRING {
		return ""
	}
	return C.GoStringN(*(**C.char)(unsafe.Pointer(&v.anon0)), C.int(v.len))
}
