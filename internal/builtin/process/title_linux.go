package process

import "unsafe"

func bytesAddr(b []byte) uintptr { return uintptr(unsafe.Pointer(&b[0])) }
