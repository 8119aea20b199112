package host

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Error is a system error on its way to JavaScript: an Error with errno, code, syscall, path and dest, and the message
// "CODE: text, syscall 'path' -> 'dest'", as Node words it.
type Error struct {
	Errno   int    // positive; JavaScript sees it negated
	Code    string // "ENOENT"; from Errno when empty
	Message string // from Errno when empty
	Syscall string
	Path    string
	Dest    string
	Extra   []any // further properties: key, v8.Value, …
}

// SysError describes the failure of a system call. err is an errno, or wraps one.
func SysError(syscallName string, err error) *Error {
	e := &Error{Syscall: syscallName}
	var already *Error
	if errors.As(err, &already) {
		return already
	}
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		e.Errno = int(errno)
	case errors.Is(err, fs.ErrNotExist):
		e.Errno = int(unix.ENOENT)
	case errors.Is(err, fs.ErrPermission):
		e.Errno = int(unix.EACCES)
	case errors.Is(err, fs.ErrExist):
		e.Errno = int(unix.EEXIST)
	case errors.Is(err, os.ErrDeadlineExceeded):
		e.Errno = int(unix.ETIMEDOUT)
	case errors.Is(err, os.ErrClosed), errors.Is(err, fs.ErrInvalid):
		e.Errno = int(unix.EINVAL)
	default:
		e.Code, e.Message = "UNKNOWN", err.Error()
	}
	return e
}

// WithPath sets path and, when given, dest.
func (e *Error) WithPath(path string, dest ...string) *Error {
	e.Path = path
	if len(dest) > 0 {
		e.Dest = dest[0]
	}
	return e
}

// CodeOf is the name of an errno: "ENOENT".
func CodeOf(errno int) string {
	if errno == int(unix.ENOTSUP) {
		return "ENOTSUP"
	}
	if s := unix.ErrnoName(syscall.Errno(errno)); s != "" {
		return s
	}
	return "UNKNOWN"
}

// Where Node's text differs from the C library's.
var nodeText = map[syscall.Errno]string{
	unix.EEXIST: "file already exists", unix.EISDIR: "illegal operation on a directory", unix.EXDEV: "cross-device link not permitted",
	unix.EBUSY: "resource busy or locked", unix.ELOOP: "too many symbolic links encountered", unix.ENAMETOOLONG: "name too long",
	unix.ENOMEM: "not enough memory", unix.ESPIPE: "invalid seek", unix.ENXIO: "no such device or address",
	unix.ENOTSUP: "operation not supported on socket", unix.EADDRNOTAVAIL: "address not available",
	unix.EAFNOSUPPORT: "address family not supported", unix.EALREADY: "connection already in progress",
	unix.ECONNABORTED: "software caused connection abort", unix.EDESTADDRREQ: "destination address required",
	unix.EFAULT: "bad address in system call argument", unix.EIO: "i/o error", unix.EISCONN: "socket is already connected",
	unix.ENETUNREACH: "network is unreachable", unix.ENFILE: "file table overflow", unix.ENOSPC: "no space left on device",
	unix.ENOSYS: "function not implemented", unix.ENOTCONN: "socket is not connected", unix.ENOTSOCK: "socket operation on non-socket",
	unix.EPIPE: "broken pipe", unix.EPROTO: "protocol error", unix.EPROTONOSUPPORT: "protocol not supported",
	unix.EPROTOTYPE: "protocol wrong type for socket", unix.ERANGE: "result too large", unix.EROFS: "read-only file system",
	unix.ETXTBSY: "text file is busy", unix.EMSGSIZE: "message too long", unix.ENOBUFS: "no buffer space available",
	unix.ENOPROTOOPT: "protocol not available", unix.ESHUTDOWN: "cannot send after transport endpoint shutdown",
	unix.EHOSTUNREACH: "host is unreachable", unix.ECANCELED: "operation canceled", unix.EAGAIN: "resource temporarily unavailable",
	unix.E2BIG: "argument list too long", unix.EILSEQ: "illegal byte sequence", unix.EOVERFLOW: "value too large for defined data type",
	unix.ENOTTY: "inappropriate ioctl for device", unix.EMLINK: "too many links",
}

// TextOf is the text of an errno: "no such file or directory".
func TextOf(errno int) string {
	if s, ok := nodeText[syscall.Errno(errno)]; ok {
		return s
	}
	return syscall.Errno(errno).Error()
}

func (e *Error) fill() {
	if e.Code == "" {
		e.Code = CodeOf(e.Errno)
	}
	if e.Message == "" {
		e.Message = TextOf(e.Errno)
	}
}

func (e *Error) Error() string {
	e.fill()
	var b strings.Builder
	b.WriteString(e.Code)
	b.WriteString(": ")
	b.WriteString(e.Message)
	if e.Syscall != "" {
		b.WriteString(", " + e.Syscall)
	}
	if e.Path != "" {
		b.WriteString(" '" + e.Path + "'")
	}
	if e.Dest != "" {
		b.WriteString(" -> '" + e.Dest + "'")
	}
	return b.String()
}

// ErrorValue is the error object that JavaScript sees.
func (e *Error) ErrorValue() v8.Value {
	msg := e.Error()
	keys := []string{"errno", "code"}
	values := []v8.Value{v8.Int(-e.Errno), v8.String(e.Code)}
	add := func(k, v string) {
		if v != "" {
			keys, values = append(keys, k), append(values, v8.String(v))
		}
	}
	add("syscall", e.Syscall)
	add("path", e.Path)
	add("dest", e.Dest)
	for i := 0; i+1 < len(e.Extra); i += 2 {
		keys, values = append(keys, e.Extra[i].(string)), append(values, e.Extra[i+1].(v8.Value))
	}
	return v8.ErrorValue(v8.KindError, "", msg, v8.Fields(keys, values))
}

// TypeError and RangeError are coded errors raised by Go, made by shared/errors so that they look as Node's do.
func TypeError(code, message string) v8.Value {
	return v8.ErrorValue(v8.KindTypeError, code, message, v8.Undefined)
}
func RangeError(code, message string) v8.Value {
	return v8.ErrorValue(v8.KindRangeError, code, message, v8.Undefined)
}
func CodedError(code, message string) v8.Value {
	return v8.ErrorValue(v8.KindError, code, message, v8.Undefined)
}
