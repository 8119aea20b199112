package fs

import (
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// How a file is named in stat: which call, and which word the error uses.
const (
	statPath = iota
	statLink // the link itself
	statFd
)

var statNames = [...]string{"stat", "lstat", "fstat"}

const statMask = unix.STATX_BASIC_STATS | unix.STATX_BTIME

// statFields is how many numbers describe a file: dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, then
// seconds and nanoseconds of access, modification, change and birth.
const statFields = 18

// target is what a stat native is asked about.
type target struct {
	kind int
	path string
	fd   int
}

func statArg(c *v8.Call) target {
	t := target{kind: c.Int(1)}
	if t.kind == statFd {
		t.fd = c.Int(0)
	} else {
		t.path = c.Text(0)
	}
	return t
}

func (t *target) stat(st *unix.Statx_t) error {
	return retry(func() error {
		switch t.kind {
		case statFd:
			return unix.Statx(t.fd, "", unix.AT_EMPTY_PATH, statMask, st)
		case statLink:
			return unix.Statx(unix.AT_FDCWD, t.path, unix.AT_SYMLINK_NOFOLLOW, statMask, st)
		}
		return unix.Statx(unix.AT_FDCWD, t.path, 0, statMask, st)
	})
}

func (t *target) fail(err error) error {
	if t.kind == statFd {
		return fail("fstat", err)
	}
	return fail(statNames[t.kind], err, t.path)
}

func statNumbers(st *unix.Statx_t) [statFields]uint64 {
	return [statFields]uint64{
		unix.Mkdev(st.Dev_major, st.Dev_minor), uint64(st.Mode), uint64(st.Nlink), uint64(st.Uid), uint64(st.Gid),
		unix.Mkdev(st.Rdev_major, st.Rdev_minor), uint64(st.Blksize), st.Ino, st.Size, st.Blocks,
		uint64(st.Atime.Sec), uint64(st.Atime.Nsec), uint64(st.Mtime.Sec), uint64(st.Mtime.Nsec),
		uint64(st.Ctime.Sec), uint64(st.Ctime.Nsec), uint64(st.Btime.Sec), uint64(st.Btime.Nsec),
	}
}

func fillFloats(f []float64, st *unix.Statx_t) {
	for i, n := range statNumbers(st) {
		if i < 10 {
			f[i] = float64(n)
		} else {
			f[i] = float64(int64(n)) // times before 1970
		}
	}
}

func statBigInts(st *unix.Statx_t) v8.Value {
	v := make([]v8.Value, statFields)
	for i, n := range statNumbers(st) {
		if i < 10 {
			v[i] = v8.BigUint(n)
		} else {
			v[i] = v8.BigInt(int64(n))
		}
	}
	return v8.Array(v...)
}

func (m *module) stat(c *v8.Call) { // stat(path or fd, kind, bigint, cb) → Float64Array or BigInts
	t, big := statArg(c), c.Bool(2)
	m.do(c, 3, func() (v8.Value, error) {
		var st unix.Statx_t
		if err := t.stat(&st); err != nil {
			return v8.Undefined, t.fail(err)
		}
		if big {
			return statBigInts(&st), nil
		}
		f := make([]float64, statFields)
		fillFloats(f, &st)
		return v8.Float64s(f), nil
	})
}

func (m *module) statfs(c *v8.Call) { // statfs(path, bigint, cb) → type, bsize, frsize, blocks, bfree, bavail, files, ffree
	path, big := c.Text(0), c.Bool(1)
	m.do(c, 2, func() (v8.Value, error) {
		var st unix.Statfs_t
		if err := retry(func() error { return unix.Statfs(path, &st) }); err != nil {
			return v8.Undefined, fail("statfs", err, path)
		}
		numbers := []uint64{uint64(st.Type), uint64(st.Bsize), uint64(st.Frsize), st.Blocks, st.Bfree, st.Bavail, st.Files, st.Ffree}
		v := make([]v8.Value, len(numbers))
		for i, n := range numbers {
			if big {
				v[i] = v8.BigUint(n)
			} else {
				v[i] = v8.Int(n)
			}
		}
		return v8.Array(v...), nil
	})
}

// kindOf(path, kind, cb) → the bits of the mode that name the file's type, or a negative errno: a stat for walks, where a
// missing file is no error.
func (m *module) kindOf(c *v8.Call) {
	t := statArg(c)
	m.do(c, 2, func() (v8.Value, error) {
		var st unix.Statx_t
		if err := t.stat(&st); err != nil {
			return v8.Int(-errnoOf(err)), nil
		}
		return v8.Int(st.Mode & unix.S_IFMT), nil
	})
}
