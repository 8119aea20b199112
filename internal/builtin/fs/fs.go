// Package fs is the Go half of node:fs: raw system calls, each native defined once for the synchronous form and for the
// pool. Paths arrive as strings or as bytes and were checked for null bytes; descriptors are plain numbers.
package fs

import (
	"sync"
	"syscall"
	"unsafe"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// module is what one runtime's fs owns.
type module struct {
	rt *host.Runtime

	dirs    openDirs
	listers sync.Pool

	watches *watches
}

// Natives is the table that the JavaScript half sees as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, dirs: openDirs{byID: map[int]*dirStream{}}}
	rt.OnClose(m.close)
	return host.Natives{
		"access": m.access, "open": m.open, "close": m.closeFd, "read": m.read, "readv": m.readv, "readChunk": m.readChunk,
		"write": m.write, "writev": m.writev, "readFile": m.readFile, "writeFile": m.writeFile, "fsync": m.fsync,
		"fdatasync": m.fdatasync, "ftruncate": m.ftruncate, "copyFile": m.copyFile,

		"stat": m.stat, "statfs": m.statfs, "kindOf": m.kindOf,

		"chmod": m.chmod, "fchmod": m.fchmod, "chown": m.chown, "fchown": m.fchown, "lchown": m.lchown, "utimes": m.utimes,
		"futimes": m.futimes, "lutimes": m.lutimes, "link": m.link, "symlink": m.symlink, "readlink": m.readlink,
		"rename": m.rename, "unlink": m.unlink, "realpath": m.realpath,

		"mkdir": m.mkdir, "mkdirp": m.mkdirp, "mkdtemp": m.mkdtemp, "rmdir": m.rmdir, "rm": m.rm, "readdir": m.readdir,
		"opendir": m.opendir, "readDir": m.readDir, "closeDir": m.closeDir,

		"watchSetup": m.watchSetup, "watchStart": m.watchStart, "watchClose": m.watchClose, "watchRef": m.watchRef,
	}
}

func (m *module) close() {
	for _, d := range m.dirs.byID {
		unix.Close(d.fd)
	}
	if m.watches != nil {
		m.watches.close()
	}
}

// do is rt.Do in the lane of files.
func (m *module) do(c *v8.Call, cb int, work func() (v8.Value, error)) {
	m.rt.Do(c, cb, loop.LaneFS, work)
}

// doErr is do for work without a result.
func (m *module) doErr(c *v8.Call, cb int, work func() error) {
	m.rt.Do(c, cb, loop.LaneFS, func() (v8.Value, error) { return v8.Undefined, work() })
}

// fileError is a failed call on a file. Unlike host.Error it tells "no path" from an empty one, which programs can pass.
type fileError struct {
	syscall    string
	errno      syscall.Errno
	path, dest string
	named      int // how many of path and dest are there
}

// fail describes err, an errno, with the paths that the call was given; nil for nil.
func fail(call string, err error, paths ...string) error {
	if err == nil {
		return nil
	}
	errno, ok := err.(syscall.Errno)
	if !ok {
		return host.SysError(call, err)
	}
	e := &fileError{syscall: call, errno: errno, named: len(paths)}
	if len(paths) > 0 {
		e.path = paths[0]
	}
	if len(paths) > 1 {
		e.dest = paths[1]
	}
	return e
}

func (e *fileError) Error() string {
	s := host.CodeOf(int(e.errno)) + ": " + host.TextOf(int(e.errno)) + ", " + e.syscall
	if e.named > 0 {
		s += " '" + e.path + "'"
	}
	if e.named > 1 {
		s += " -> '" + e.dest + "'"
	}
	return s
}

var errorKeys = []string{"errno", "code", "syscall", "path", "dest"}

// ErrorValue is the error object that JavaScript sees.
func (e *fileError) ErrorValue() v8.Value {
	values := []v8.Value{v8.Int(-int(e.errno)), v8.String(host.CodeOf(int(e.errno))), v8.String(e.syscall), v8.String(e.path),
		v8.String(e.dest)}
	n := 3 + e.named
	return v8.ErrorValue(v8.KindError, host.CodeOf(int(e.errno)), e.Error(), v8.Fields(errorKeys[:n], values[:n]))
}

// codedError is one of Node's coded errors, raised by work.
type codedError struct {
	code, message string
	kind          v8.ErrorKind
}

func (e *codedError) Error() string { return e.message }
func (e *codedError) ErrorValue() v8.Value {
	return v8.ErrorValue(e.kind, e.code, e.message, v8.Undefined)
}

// retry repeats a call that a signal interrupted.
func retry(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// text is a result that names a file: as bytes where JavaScript decodes it itself or wants a Buffer.
func text(s string, asBuffer bool) v8.Value {
	if asBuffer {
		return v8.Bytes(unsafe.Slice(unsafe.StringData(s), len(s)))
	}
	return v8.String(s)
}
