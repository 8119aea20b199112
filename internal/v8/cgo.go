// Package v8 is the engine room: a thin binding over V8 13.6's static libraries, and the only package with cgo.
//
// What crosses the border, and what it costs (docs/architecture.md has the measurements):
//
//   - JavaScript calls Go through one C++ trampoline. The arguments arrive described in one flat array, so a Go
//     function reads numbers, strings and bytes without crossing again; the result goes back the same way.
//   - Go calls JavaScript with its arguments encoded in one byte string (value.go), decoded in C++.
//   - What hot JavaScript calls one value at a time is C++ (native_*.cc), offered to builtin files as `engine`.
//   - A value that Go keeps is a Ref: a small integer that names a persistent handle in the isolate's table. No
//     finalizers: who makes a Ref frees it.
//
// An Isolate belongs to the OS thread that made it (runtime.LockOSThread). Only the methods that say so may be called
// from elsewhere.
package v8

//go:generate go run ./includes

/*
#cgo CXXFLAGS: -std=c++20 -fno-rtti -O3 -Wall -Wno-unused-result -fno-strict-aliasing -DV8_COMPRESS_POINTERS -DV8_31BIT_SMIS_ON_64BIT_ARCH -DV8_ENABLE_SANDBOX
#cgo CXXFLAGS: -I${SRCDIR}/../../../../tommie/v8go@v0.34.0/deps/include
#cgo linux LDFLAGS: -static-libstdc++ -static-libgcc
#cgo linux,amd64 LDFLAGS: -Wl,--wrap=memcpy -Wl,--wrap=memmove
#cgo linux LDFLAGS: -Wl,--wrap=mmap64
#include "engine.h"
*/
import "C"

import (
	_ "github.com/tommie/v8go/deps/include"     // keeps the headers' module in go.mod; there is no Go code in it
	_ "github.com/tommie/v8go/deps/linux_amd64" // LDFLAGS and the static libraries
)
