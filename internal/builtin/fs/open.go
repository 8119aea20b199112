package fs

import (
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

func (m *module) open(c *v8.Call) { // open(path, flags, mode, cb) → fd
	path, flags, mode := c.Text(0), c.Int(1), uint32(c.Int64(2))
	m.do(c, 3, func() (v8.Value, error) {
		fd, err := openFile(path, flags, mode)
		if err != nil {
			return v8.Undefined, fail("open", err, path)
		}
		return v8.Int(fd), nil
	})
}

func openFile(path string, flags int, mode uint32) (fd int, err error) {
	err = retry(func() error {
		fd, err = unix.Open(path, flags|unix.O_CLOEXEC, mode)
		return err
	})
	return fd, err
}

func (m *module) access(c *v8.Call) { // access(path, mode, cb)
	path, mode := c.Text(0), uint32(c.Int64(1))
	m.doErr(c, 2, func() error {
		return fail("access", retry(func() error { return unix.Access(path, mode) }), path)
	})
}

func (m *module) closeFd(c *v8.Call) { // close(fd, cb)
	fd := c.Int(0)
	m.doErr(c, 1, func() error {
		// Linux has given the descriptor back even when close was interrupted: trying again could close another's.
		if err := unix.Close(fd); err != nil && err != unix.EINTR {
			return fail("close", err)
		}
		return nil
	})
}

func (m *module) fsync(c *v8.Call) { // fsync(fd, cb)
	fd := c.Int(0)
	m.doErr(c, 1, func() error { return fail("fsync", retry(func() error { return unix.Fsync(fd) })) })
}

func (m *module) fdatasync(c *v8.Call) { // fdatasync(fd, cb)
	fd := c.Int(0)
	m.doErr(c, 1, func() error { return fail("fdatasync", retry(func() error { return unix.Fdatasync(fd) })) })
}

func (m *module) ftruncate(c *v8.Call) { // ftruncate(fd, length, cb)
	fd, n := c.Int(0), c.Int64(1)
	m.doErr(c, 2, func() error { return fail("ftruncate", retry(func() error { return unix.Ftruncate(fd, n) })) })
}

// readAt reads once: at pos, or from where the descriptor stands when pos is negative.
func readAt(fd int, b []byte, pos int64) (n int, err error) {
	for {
		if pos < 0 {
			n, err = unix.Read(fd, b)
		} else {
			n, err = unix.Pread(fd, b, pos)
		}
		if err != unix.EINTR {
			return max(n, 0), err
		}
	}
}

func writeAt(fd int, b []byte, pos int64) (n int, err error) {
	for {
		if pos < 0 {
			n, err = unix.Write(fd, b)
		} else {
			n, err = unix.Pwrite(fd, b, pos)
		}
		if err != unix.EINTR {
			return max(n, 0), err
		}
	}
}

// writeAll writes b whole: at pos and behind it, or where the descriptor stands.
func writeAll(fd int, b []byte, pos int64) error {
	for len(b) > 0 {
		n, err := writeAt(fd, b, pos)
		if err != nil {
			return err
		}
		b = b[n:]
		if pos >= 0 {
			pos += int64(n)
		}
	}
	return nil
}

func (m *module) read(c *v8.Call) { // read(fd, buffer, offset, length, position, cb) → bytes read
	fd, off, n, pos := c.Int(0), c.Int(2), c.Int(3), c.Int64(4)
	memory := c.Backing(1)
	m.do(c, 5, func() (v8.Value, error) {
		defer memory.Release()
		got, err := readAt(fd, memory.Data[off:off+n], pos)
		return v8.Int(got), fail("read", err)
	})
}

func (m *module) readChunk(c *v8.Call) { // readChunk(fd, length, position, cb) → a new Buffer, null at the end
	fd, n, pos := c.Int(0), c.Int(1), c.Int64(2)
	m.do(c, 3, func() (v8.Value, error) {
		b := v8.AllocBytes(n)
		if b == nil {
			return v8.Undefined, fail("read", unix.ENOMEM)
		}
		got, err := readAt(fd, b, pos)
		if err != nil || got == 0 {
			v8.FreeBytes(b)
			return v8.Null, fail("read", err)
		}
		return v8.Owned(b[:got]), nil
	})
}

func (m *module) write(c *v8.Call) { // write(fd, bytes or string, offset, length, position, cb) → bytes written
	fd, off, n, pos := c.Int(0), c.Int(2), c.Int(3), c.Int64(4)
	whole := c.IsString(1)
	data := holdData(c, 1)
	m.do(c, 5, func() (v8.Value, error) {
		defer data.release()
		b := data.bytes
		if !whole {
			b = b[off : off+n]
		}
		put, err := writeAt(fd, b, pos)
		return v8.Int(put), fail("write", err)
	})
}

// held is an argument's bytes for work on the pool: a string's copied, a buffer's held.
type held struct {
	bytes   []byte
	backing *v8.Backing
}

func holdData(c *v8.Call, i int) held {
	if c.IsString(i) {
		return held{bytes: []byte(c.TempString(i))}
	}
	b := c.Backing(i)
	if b == nil {
		return held{}
	}
	return held{b.Data, b}
}

func (h held) release() { h.backing.Release() }

func holdAll(c *v8.Call, first int) (list []*v8.Backing, vec [][]byte) {
	for i := first; i < c.Len(); i++ {
		b := c.Backing(i)
		list, vec = append(list, b), append(vec, b.Data)
	}
	return list, vec
}

func releaseAll(list []*v8.Backing) {
	for _, b := range list {
		b.Release()
	}
}

// Up to gatherSize bytes to a buffer, copying many of them is cheaper than holding each; up to gatherMost in all.
const (
	gatherSize = 1 << 10
	gatherMost = 1 << 20
)

// gather copies the buffers from argument first on into one, if they are many and small; else nil.
func gather(c *v8.Call, first int) []byte {
	count, size := c.Len()-first, 0
	if count < 4 {
		return nil
	}
	for i := first; i < c.Len(); i++ {
		size += len(c.Bytes(i))
	}
	if size == 0 || size > gatherMost || size > count*gatherSize {
		return nil
	}
	all := make([]byte, 0, size)
	for i := first; i < c.Len(); i++ {
		all = append(all, c.Bytes(i)...)
	}
	return all
}

// maxVector is the kernel's limit for the buffers of one call.
const maxVector = 1024

func (m *module) readv(c *v8.Call) { // readv(fd, position, cb, ...buffers) → bytes read
	fd, pos := c.Int(0), c.Int64(1)
	list, vec := holdAll(c, 3)
	m.do(c, 2, func() (v8.Value, error) {
		defer releaseAll(list)
		n := 0
		err := retry(func() (err error) {
			v := vec[:min(len(vec), maxVector)]
			if pos < 0 {
				n, err = unix.Readv(fd, v)
			} else {
				n, err = unix.Preadv(fd, v, pos)
			}
			return err
		})
		return v8.Int(max(n, 0)), fail("read", err)
	})
}

func (m *module) writev(c *v8.Call) { // writev(fd, position, cb, ...buffers) → bytes written
	fd, pos := c.Int(0), c.Int64(1)
	if b := gather(c, 3); b != nil {
		m.do(c, 2, func() (v8.Value, error) {
			n, err := writeAt(fd, b, pos)
			return v8.Int(n), fail("write", err)
		})
		return
	}
	list, vec := holdAll(c, 3)
	m.do(c, 2, func() (v8.Value, error) {
		defer releaseAll(list)
		total := 0
		for {
			n := 0
			err := retry(func() (err error) {
				v := vec[:min(len(vec), maxVector)]
				if pos < 0 {
					n, err = unix.Writev(fd, v)
				} else {
					n, err = unix.Pwritev(fd, v, pos)
				}
				return err
			})
			if err != nil && total == 0 {
				return v8.Int(0), fail("write", err)
			}
			total += max(n, 0)
			if err != nil || len(vec) <= maxVector {
				return v8.Int(total), nil
			}
			want := 0
			for _, b := range vec[:maxVector] {
				want += len(b)
			}
			if n < want {
				return v8.Int(total), nil
			}
			vec = vec[maxVector:]
			if pos >= 0 {
				pos += int64(n)
			}
		}
	})
}
