package fs

import (
	"math"
	"strings"
	"syscall"
	"unsafe"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

func errnoOf(err error) int {
	if e, ok := err.(syscall.Errno); ok {
		return int(e)
	}
	return int(unix.EIO)
}

func (m *module) chmod(c *v8.Call) { // chmod(path, mode, cb)
	path, mode := c.Text(0), uint32(c.Int64(1))
	m.doErr(c, 2, func() error { return fail("chmod", retry(func() error { return unix.Chmod(path, mode) }), path) })
}

func (m *module) fchmod(c *v8.Call) { // fchmod(fd, mode, cb)
	fd, mode := c.Int(0), uint32(c.Int64(1))
	m.doErr(c, 2, func() error { return fail("fchmod", retry(func() error { return unix.Fchmod(fd, mode) })) })
}

func owner(c *v8.Call) (uid, gid int) {
	return int(int32(uint32(c.Int64(1)))), int(int32(uint32(c.Int64(2))))
}

func (m *module) chown(c *v8.Call) { // chown(path, uid, gid, cb)
	path := c.Text(0)
	uid, gid := owner(c)
	m.doErr(c, 3, func() error { return fail("chown", retry(func() error { return unix.Chown(path, uid, gid) }), path) })
}

func (m *module) lchown(c *v8.Call) { // lchown(path, uid, gid, cb)
	path := c.Text(0)
	uid, gid := owner(c)
	m.doErr(c, 3, func() error { return fail("lchown", retry(func() error { return unix.Lchown(path, uid, gid) }), path) })
}

func (m *module) fchown(c *v8.Call) { // fchown(fd, uid, gid, cb)
	fd := c.Int(0)
	uid, gid := owner(c)
	m.doErr(c, 3, func() error { return fail("fchown", retry(func() error { return unix.Fchown(fd, uid, gid) })) })
}

// timespec is a time in seconds; NaN and the infinities have no meaning that Node defines and become 0.
func timespec(s float64) unix.Timespec {
	if math.IsNaN(s) || math.IsInf(s, 0) {
		return unix.Timespec{}
	}
	whole := math.Floor(s)
	// Microseconds are what a double holds exactly for today's dates.
	ns := int64(math.Round((s-whole)*1e6)) * 1000
	if ns >= 1e9 {
		whole, ns = whole+1, ns-1e9
	}
	return unix.Timespec{Sec: int64(whole), Nsec: ns}
}

func timesArg(c *v8.Call) []unix.Timespec {
	return []unix.Timespec{timespec(c.Float(1)), timespec(c.Float(2))}
}

func (m *module) utimes(c *v8.Call) { // utimes(path, atime, mtime, cb), in seconds
	path, ts := c.Text(0), timesArg(c)
	m.doErr(c, 3, func() error {
		return fail("utime", retry(func() error { return unix.UtimesNanoAt(unix.AT_FDCWD, path, ts, 0) }), path)
	})
}

func (m *module) lutimes(c *v8.Call) { // lutimes(path, atime, mtime, cb)
	path, ts := c.Text(0), timesArg(c)
	m.doErr(c, 3, func() error {
		return fail("lutime", retry(func() error {
			return unix.UtimesNanoAt(unix.AT_FDCWD, path, ts, unix.AT_SYMLINK_NOFOLLOW)
		}), path)
	})
}

func (m *module) futimes(c *v8.Call) { // futimes(fd, atime, mtime, cb)
	fd, ts := c.Int(0), timesArg(c)
	m.doErr(c, 3, func() error {
		return fail("futime", retry(func() error {
			// With no path utimensat works on the descriptor itself; x/sys has no wrapper for that.
			if _, _, e := unix.Syscall6(unix.SYS_UTIMENSAT, uintptr(fd), 0, uintptr(unsafe.Pointer(&ts[0])), 0, 0, 0); e != 0 {
				return e
			}
			return nil
		}))
	})
}

func (m *module) link(c *v8.Call) { // link(existing, new, cb)
	from, to := c.Text(0), c.Text(1)
	m.doErr(c, 2, func() error { return fail("link", retry(func() error { return unix.Link(from, to) }), from, to) })
}

func (m *module) symlink(c *v8.Call) { // symlink(target, path, cb)
	to, path := c.Text(0), c.Text(1)
	m.doErr(c, 2, func() error { return fail("symlink", retry(func() error { return unix.Symlink(to, path) }), to, path) })
}

func (m *module) rename(c *v8.Call) { // rename(old, new, cb)
	from, to := c.Text(0), c.Text(1)
	m.doErr(c, 2, func() error { return fail("rename", retry(func() error { return unix.Rename(from, to) }), from, to) })
}

func (m *module) unlink(c *v8.Call) { // unlink(path, cb)
	path := c.Text(0)
	m.doErr(c, 1, func() error { return fail("unlink", retry(func() error { return unix.Unlink(path) }), path) })
}

func (m *module) readlink(c *v8.Call) { // readlink(path, asBuffer, cb)
	path, asBuffer := c.Text(0), c.Bool(1)
	m.do(c, 2, func() (v8.Value, error) {
		to, err := readLink(path)
		if err != nil {
			return v8.Undefined, fail("readlink", err, path)
		}
		return text(to, asBuffer), nil
	})
}

func readLink(path string) (string, error) {
	for n := 256; ; n *= 2 {
		b := make([]byte, n)
		got := 0
		err := retry(func() (err error) {
			got, err = unix.Readlink(path, b)
			return err
		})
		if err != nil {
			return "", err
		}
		if got < n {
			return string(b[:got]), nil
		}
	}
}

func (m *module) realpath(c *v8.Call) { // realpath(path, native, asBuffer, cb)
	path, native, asBuffer := c.Text(0), c.Bool(1), c.Bool(2)
	m.do(c, 3, func() (v8.Value, error) {
		p, err := realPath(path, native)
		if err != nil {
			return v8.Undefined, err
		}
		return text(p, asBuffer), nil
	})
}

// realPath asks the kernel, which keeps the answer for open files. Only where that fails it walks, to find out which part
// of the path is at fault; native is the C library's function, whose error names the whole path.
func realPath(path string, native bool) (string, error) {
	if fd, err := openFile(path, unix.O_PATH, 0); err == nil {
		var buf [32]byte
		p, err := readLink(string(appendInt(append(buf[:0], "/proc/self/fd/"...), fd)))
		unix.Close(fd)
		// A pipe's is "pipe:[123]"; a file's that has been removed ends in " (deleted)", as a name may also do.
		if err == nil && strings.HasPrefix(p, "/") && !strings.HasSuffix(p, " (deleted)") {
			return p, nil
		}
	} else if native {
		return "", fail("realpath", err, path)
	}
	return walkPath(path, native)
}

func appendInt(b []byte, n int) []byte {
	if n >= 10 {
		b = appendInt(b, n/10)
	}
	return append(b, byte('0'+n%10))
}

// walkPath resolves one component after another.
func walkPath(path string, native bool) (string, error) {
	rest := path
	done, firstLink := "/", ""
	if !strings.HasPrefix(path, "/") {
		wd, err := unix.Getwd()
		if err != nil {
			return "", fail("uv_cwd", err)
		}
		done = wd
	}
	for links := 0; rest != ""; {
		part, tail, _ := strings.Cut(rest, "/")
		rest = tail
		switch part {
		case "", ".":
			continue
		case "..":
			done = done[:max(strings.LastIndexByte(done, '/'), 0)]
			if done == "" {
				done = "/"
			}
			continue
		}
		next := done + "/" + part
		if done == "/" {
			next = "/" + part
		}
		var st unix.Stat_t
		if err := retry(func() error { return unix.Lstat(next, &st) }); err != nil {
			if native {
				return "", fail("realpath", err, path)
			}
			return "", fail("lstat", err, next)
		}
		if st.Mode&unix.S_IFMT != unix.S_IFLNK {
			done = next
			continue
		}
		if firstLink == "" {
			firstLink = next
		}
		if links++; links > 40 {
			if native {
				return "", fail("realpath", unix.ELOOP, path)
			}
			return "", fail("stat", unix.ELOOP, firstLink)
		}
		to, err := readLink(next)
		if err != nil {
			return "", fail("readlink", err, next)
		}
		if strings.HasPrefix(next, "/proc/") && !strings.HasPrefix(to, "/") { // pipe:[123]: a name that leads nowhere
			done = next[:strings.LastIndexByte(next, '/')] + "/" + to
			continue
		}
		if strings.HasPrefix(to, "/") {
			done = "/"
		}
		rest = to + "/" + rest
	}
	return done, nil
}
