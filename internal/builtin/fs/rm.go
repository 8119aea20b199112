package fs

import (
	"time"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// remover removes a tree, and tries again what other processes may be holding at the moment.
type remover struct {
	retries int
	delay   time.Duration
}

// rm(path, force, recursive, retries, delay, cb) → true when path is a folder and recursive is not set: nothing is removed
func (m *module) rm(c *v8.Call) {
	p, force, recursive := c.Text(0), c.Bool(1), c.Bool(2)
	r := remover{c.Int(3), time.Duration(c.Int64(4)) * time.Millisecond}
	m.do(c, 5, func() (v8.Value, error) {
		var st unix.Stat_t
		if err := retry(func() error { return unix.Lstat(p, &st) }); err != nil {
			if force && err == unix.ENOENT {
				return v8.Undefined, nil
			}
			return v8.Undefined, fail("lstat", err, p)
		}
		if st.Mode&unix.S_IFMT != unix.S_IFDIR {
			return v8.Undefined, r.try("unlink", p, func() error { return unix.Unlink(p) })
		}
		if !recursive {
			return v8.Bool(true), nil
		}
		return v8.Undefined, r.tree(p)
	})
}

func transient(err error) bool {
	switch err {
	case unix.EBUSY, unix.EMFILE, unix.ENFILE, unix.ENOTEMPTY, unix.EPERM:
		return true
	}
	return false
}

func (r *remover) try(name, p string, call func() error) error {
	for i := 0; ; i++ {
		err := retry(call)
		if err == nil || err == unix.ENOENT {
			return nil
		}
		if i >= r.retries || !transient(err) {
			return fail(name, err, p)
		}
		time.Sleep(time.Duration(i+1) * r.delay)
	}
}

// tree empties a folder before it removes it. What comes into being meanwhile is removed in another round.
func (r *remover) tree(p string) error {
	for i := 0; ; i++ {
		all, err := list(p)
		if err != nil {
			if err == unix.ENOENT {
				return nil
			}
			return fail("scandir", err, p)
		}
		for _, e := range all {
			child := join(p, e.name)
			if e.kind == kindDir {
				err = r.tree(child)
			} else {
				err = r.try("unlink", child, func() error { return unix.Unlink(child) })
			}
			if err != nil {
				return err
			}
		}
		err = retry(func() error { return unix.Rmdir(p) })
		if err == nil || err == unix.ENOENT {
			return nil
		}
		if err == unix.ENOTEMPTY && i < 3+r.retries || i < r.retries && transient(err) {
			if i >= 3 || err != unix.ENOTEMPTY {
				time.Sleep(time.Duration(i+1) * r.delay)
			}
			continue
		}
		return fail("rmdir", err, p)
	}
}
