package fs

import (
	"fmt"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

const (
	maxFile = 1<<31 - 1
	// smallText is up to what size a text is decoded while it crosses; above, it crosses as a Buffer, not copied.
	smallText = 64 << 10
)

// file is a path or, where path is nil, an open descriptor.
type file struct {
	path string
	fd   int
	own  bool // opened here
}

func fileArg(c *v8.Call, i int) file {
	if c.IsString(i) || c.IsBytes(i) {
		return file{path: c.Text(i), own: true}
	}
	return file{fd: c.Int(i)}
}

func (f *file) open(flags int, mode uint32) error {
	if !f.own {
		return nil
	}
	var err error
	f.fd, err = openFile(f.path, flags, mode)
	return fail("open", err, f.path)
}

func (f *file) close() {
	if f.own {
		unix.Close(f.fd)
	}
}

func (m *module) readFile(c *v8.Call) { // readFile(path or fd, flags, asText, cb) → a Buffer, or a string when it is short
	f, flags, asText := fileArg(c, 0), c.Int(1), c.Bool(2)
	m.do(c, 3, func() (v8.Value, error) {
		if err := f.open(flags, 0o666); err != nil {
			return v8.Undefined, err
		}
		defer f.close()
		var st unix.Stat_t
		if err := retry(func() error { return unix.Fstat(f.fd, &st) }); err != nil {
			return v8.Undefined, fail("fstat", err)
		}
		size := st.Size
		if st.Mode&unix.S_IFMT != unix.S_IFREG {
			size = 0
		}
		switch {
		case size > maxFile:
			return v8.Undefined, &codedError{"ERR_FS_FILE_TOO_LARGE", fmt.Sprintf("File size (%d) is greater than 2 GiB", size),
				v8.KindRangeError}
		case size == 0:
			return readUnsized(f.fd, asText)
		case asText && size <= smallText:
			b := make([]byte, size)
			n, err := readFull(f.fd, b)
			if err != nil {
				return v8.Undefined, fail("read", err)
			}
			return v8.String(string(b[:n])), nil
		}
		b := v8.AllocBytes(int(size))
		if b == nil {
			return v8.Undefined, fail("read", unix.ENOMEM)
		}
		n, err := readFull(f.fd, b)
		if err != nil {
			v8.FreeBytes(b)
			return v8.Undefined, fail("read", err)
		}
		return v8.Owned(b[:n]), nil
	})
}

func readFull(fd int, b []byte) (n int, err error) {
	for n < len(b) {
		got, err := readAt(fd, b[n:], -1)
		if err != nil {
			return n, err
		}
		if got == 0 {
			break
		}
		n += got
	}
	return n, nil
}

// readUnsized reads what has no size: pipes, terminals, and files of /proc, whose size says 0.
func readUnsized(fd int, asText bool) (v8.Value, error) {
	b := make([]byte, 0, 8<<10)
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := readAt(fd, b[len(b):cap(b)], -1)
		if err == unix.EAGAIN { // a pipe that somebody made non-blocking; wait for it as a blocking one would
			err = waitFor(fd, unix.POLLIN)
			if err == nil {
				continue
			}
		}
		if err != nil {
			return v8.Undefined, fail("read", err)
		}
		b = b[:len(b)+n]
		if len(b) > maxFile {
			return v8.Undefined, &codedError{"ERR_FS_FILE_TOO_LARGE", fmt.Sprintf("File size (%d) is greater than 2 GiB", len(b)),
				v8.KindRangeError}
		}
		if n == 0 {
			break
		}
	}
	if asText {
		return v8.String(string(b)), nil
	}
	return v8.Bytes(b), nil
}

func waitFor(fd int, events int16) error {
	return retry(func() error {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, -1)
		return err
	})
}

func (m *module) writeFile(c *v8.Call) { // writeFile(path or fd, bytes or string, flags, mode, cb)
	f, flags, mode := fileArg(c, 0), c.Int(2), uint32(c.Int64(3))
	var data held
	if c.IsFunction(4) {
		data = holdData(c, 1)
	} else {
		data.bytes = c.Bytes(1)
	}
	m.doErr(c, 4, func() error {
		defer data.release()
		if err := f.open(flags, mode); err != nil {
			return err
		}
		err := fail("write", writeAll(f.fd, data.bytes, -1))
		f.close()
		return err
	})
}

const (
	copyExclusive = 1
	copyClone     = 2
	copyMustClone = 4
)

func (m *module) copyFile(c *v8.Call) { // copyFile(src, dest, mode, cb)
	src, dest, mode := c.Text(0), c.Text(1), c.Int(2)
	m.doErr(c, 3, func() error { return fail("copyfile", copyFile(src, dest, mode), src, dest) })
}

func copyFile(src, dest string, mode int) error {
	in, err := openFile(src, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer unix.Close(in)
	var st, dst unix.Stat_t
	if err := unix.Fstat(in, &st); err != nil {
		return err
	}
	flags := unix.O_WRONLY | unix.O_CREAT
	if mode&copyExclusive != 0 {
		flags |= unix.O_EXCL
	}
	out, err := openFile(dest, flags, st.Mode&0o7777)
	if err != nil {
		return err
	}
	defer unix.Close(out)
	if err := unix.Fstat(out, &dst); err != nil {
		return err
	}
	if st.Dev == dst.Dev && st.Ino == dst.Ino { // onto itself: done, and truncating would lose it
		return nil
	}
	if err := unix.Ftruncate(out, 0); err != nil && err != unix.EINVAL {
		return err
	}
	err = copyContent(in, out, st, mode)
	if err == nil {
		err = unix.Fchmod(out, st.Mode&0o7777)
		if err == unix.EPERM { // another's file that may be written: its mode stays
			err = nil
		}
	}
	if err != nil {
		unix.Unlink(dest)
	}
	return err
}

func copyContent(in, out int, st unix.Stat_t, mode int) error {
	if mode&(copyClone|copyMustClone) != 0 {
		err := unix.IoctlFileClone(out, in)
		if err == nil {
			return nil
		}
		if mode&copyMustClone != 0 {
			if err == unix.ENOTTY || err == unix.EINVAL || err == unix.EOPNOTSUPP || err == unix.EXDEV {
				return unix.ENOTSUP
			}
			return err
		}
	}
	for copied := int64(0); st.Mode&unix.S_IFMT == unix.S_IFREG; {
		n, err := unix.CopyFileRange(in, nil, out, nil, 1<<30, 0)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil && copied == 0 || err == nil && n == 0 && copied == 0:
			return copyByHand(in, out)
		case err != nil:
			return err
		case n == 0:
			return nil
		}
		copied += int64(n)
	}
	return copyByHand(in, out)
}

// copyByHand is for file systems that can't copy, and files without a size.
func copyByHand(in, out int) error {
	b := make([]byte, 128<<10)
	for {
		n, err := readAt(in, b, -1)
		if err != nil || n == 0 {
			return err
		}
		if err := writeAll(out, b[:n], -1); err != nil {
			return err
		}
	}
}
