package fs

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/binary"
	"path"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

func (m *module) mkdir(c *v8.Call) { // mkdir(path, mode, cb)
	p, mode := c.Text(0), uint32(c.Int64(1))
	m.doErr(c, 2, func() error { return fail("mkdir", retry(func() error { return unix.Mkdir(p, mode) }), p) })
}

func (m *module) mkdirp(c *v8.Call) { // mkdirp(path, mode, cb) → the first folder made, undefined when all were there
	p, mode := c.Text(0), uint32(c.Int64(1))
	m.do(c, 2, func() (v8.Value, error) {
		first, err := makeAll(p, mode)
		if err != nil || first == "" {
			return v8.Undefined, err
		}
		return v8.String(first), nil
	})
}

func isDir(p string) (bool, error) {
	var st unix.Stat_t
	err := retry(func() error { return unix.Stat(p, &st) })
	return st.Mode&unix.S_IFMT == unix.S_IFDIR, err
}

func makeAll(p string, mode uint32) (first string, err error) {
	todo := []string{p}
	asked := map[string]bool{} // paths whose parents were looked after already
	for len(todo) > 0 {
		next := todo[len(todo)-1]
		err := retry(func() error { return unix.Mkdir(next, mode) })
		switch err {
		case nil:
			if first == "" {
				first = next
			}
			todo = todo[:len(todo)-1]
		case unix.ENOENT:
			trimmed := strings.TrimRight(next, "/")
			parent := path.Dir(trimmed)
			if i := strings.LastIndexByte(trimmed, '/'); i > 0 {
				parent = strings.TrimRight(trimmed[:i], "/") // keeps ".." and "." as they are
			}
			if parent == "" || parent == next || asked[next] || next == "" {
				return "", fail("mkdir", err, p)
			}
			asked[next] = true
			todo = append(todo, parent)
		case unix.EACCES, unix.ENOSPC, unix.EPERM, unix.EROFS, unix.ENAMETOOLONG:
			if ok, _ := isDir(next); ok {
				todo = todo[:len(todo)-1]
				continue
			}
			return "", fail("mkdir", err, p)
		default:
			ok, statErr := isDir(next)
			if !ok {
				if err == unix.EEXIST && len(todo) > 1 {
					err = unix.ENOTDIR
				}
				if statErr != nil && err != unix.EEXIST {
					err = statErr
				}
				return "", fail("mkdir", err, p)
			}
			todo = todo[:len(todo)-1]
		}
	}
	return first, nil
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func (m *module) mkdtemp(c *v8.Call) { // mkdtemp(prefix, asBuffer, cb)
	prefix, asBuffer := c.Text(0), c.Bool(1)
	m.do(c, 2, func() (v8.Value, error) {
		for range 1000 {
			var b [6]byte
			rand.Read(b[:])
			for i := range b {
				b[i] = letters[int(b[i])%len(letters)]
			}
			p := prefix + string(b[:])
			err := retry(func() error { return unix.Mkdir(p, 0o700) })
			if err == nil {
				return text(p, asBuffer), nil
			}
			if err != unix.EEXIST {
				return v8.Undefined, fail("mkdtemp", err, prefix+"XXXXXX")
			}
		}
		return v8.Undefined, fail("mkdtemp", unix.EEXIST, prefix+"XXXXXX")
	})
}

func (m *module) rmdir(c *v8.Call) { // rmdir(path, cb)
	p := c.Text(0)
	m.doErr(c, 1, func() error { return fail("rmdir", retry(func() error { return unix.Rmdir(p) }), p) })
}

// entry is one name in a folder, its kind as the constants UV_DIRENT_*.
type entry struct {
	name  string
	first uint64 // see firstOf
	kind  int
}

const (
	kindUnknown = iota
	kindFile
	kindDir
	kindLink
	kindFifo
	kindSocket
	kindChar
	kindBlock
)

func kindOfDirent(t byte) int {
	switch t {
	case unix.DT_REG:
		return kindFile
	case unix.DT_DIR:
		return kindDir
	case unix.DT_LNK:
		return kindLink
	case unix.DT_FIFO:
		return kindFifo
	case unix.DT_SOCK:
		return kindSocket
	case unix.DT_CHR:
		return kindChar
	case unix.DT_BLK:
		return kindBlock
	}
	return kindUnknown
}

// dirStream reads a folder entry by entry.
type dirStream struct {
	fd   int
	path string
	buf  []byte
	rest []byte
}

func openDir(p string) (*dirStream, error) {
	fd, err := openFile(p, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	return &dirStream{fd: fd, path: p}, nil
}

// record is the next entry as it lies in the buffer, valid until the next call; a nil name is the end. `.` and `..` are
// left out.
func (d *dirStream) record() (name []byte, kind int, err error) {
	for {
		if len(d.rest) == 0 {
			if d.buf == nil {
				d.buf = make([]byte, 32<<10)
			}
			n := 0
			err := retry(func() (err error) {
				n, err = unix.Getdents(d.fd, d.buf)
				return err
			})
			if err != nil || n <= 0 {
				return nil, 0, err
			}
			d.rest = d.buf[:n]
		}
		// struct linux_dirent64: inode 8, offset 8, length 2, type 1, name
		size := int(binary.NativeEndian.Uint16(d.rest[16:]))
		t, name := d.rest[18], d.rest[19:size]
		d.rest = d.rest[size:]
		if i := bytes.IndexByte(name, 0); i >= 0 {
			name = name[:i]
		}
		if string(name) == "." || string(name) == ".." {
			continue
		}
		kind := kindOfDirent(t)
		if kind == kindUnknown { // some file systems don't say
			var st unix.Stat_t
			if unix.Fstatat(d.fd, string(name), &st, unix.AT_SYMLINK_NOFOLLOW) == nil {
				kind = kindOfDirent(byte(st.Mode & unix.S_IFMT >> 12))
			}
		}
		return name, kind, nil
	}
}

// lister reads whole folders, one after the other, in memory of its own.
type lister struct {
	buf  []byte
	blob []byte
	ends []int
	all  []entry
	out  listing
}

// list is a whole folder, in the order of the names' bytes, valid until the next one. The names share one string.
func (l *lister) list(p string) ([]entry, error) {
	d, err := openDir(p)
	if err != nil {
		return nil, err
	}
	defer unix.Close(d.fd)
	d.buf = l.buf
	l.blob, l.ends, l.all = l.blob[:0], l.ends[:0], l.all[:0]
	for {
		name, kind, err := d.record()
		l.buf = d.buf
		if err != nil {
			return nil, err
		}
		if name == nil {
			break
		}
		l.blob = append(l.blob, name...)
		l.ends = append(l.ends, len(l.blob))
		l.all = append(l.all, entry{kind: kind, first: firstOf(name)})
	}
	names, at := unsafe.String(unsafe.SliceData(l.blob), len(l.blob)), 0
	for i, end := range l.ends {
		l.all[i].name = names[at:end]
		at = end
	}
	slices.SortFunc(l.all, func(a, b entry) int {
		if c := cmp.Compare(a.first, b.first); c != 0 {
			return c
		}
		return strings.Compare(a.name, b.name)
	})
	return l.all, nil
}

// firstOf is a name's first eight bytes as a number that sorts as they do.
func firstOf(name []byte) uint64 {
	var b [8]byte
	copy(b[:], name)
	return binary.BigEndian.Uint64(b[:])
}

// list is the folder p, for whoever keeps it.
func list(p string) ([]entry, error) { return new(lister).list(p) }

// listing gathers entries for JavaScript: as one string, cut at null characters, which is far cheaper than as many; or,
// where names must stay bytes, as a list.
type listing struct {
	asBuffer, withTypes bool
	names, kinds        []byte
	list                []v8.Value
}

func (l *listing) add(name string, kind int) {
	if l.asBuffer {
		l.list = append(l.list, v8.Bytes([]byte(name))) // the lister uses its memory again
	} else {
		l.names = append(append(l.names, name...), 0)
	}
	if l.withTypes {
		l.kinds = append(l.kinds, byte(kind))
	}
}

// value is names, or [names, kinds]: a string whose characters are the kinds.
func (l *listing) value() v8.Value {
	names := v8.Array(l.list...)
	if !l.asBuffer {
		names = v8.String(string(l.names[:max(len(l.names)-1, 0)]))
	}
	if !l.withTypes {
		return names
	}
	return v8.Array(names, v8.Latin1(string(l.kinds)))
}

// readdir(path, asBuffer, withTypes, recursive, follow, cb) → a listing; recursive and with kinds a list of [folder,
// listing …]. follow goes into folders that links lead to.
func (m *module) readdir(c *v8.Call) {
	p, asBuffer, withTypes, recursive, follow := c.Text(0), c.Bool(1), c.Bool(2), c.Bool(3), c.Bool(4)
	m.do(c, 5, func() (v8.Value, error) {
		if recursive {
			return listTree(p, asBuffer, withTypes, follow)
		}
		l, _ := m.listers.Get().(*lister)
		if l == nil {
			l = new(lister)
		}
		defer func() {
			if cap(l.blob) <= 64<<10 {
				m.listers.Put(l)
			}
		}()
		all, err := l.list(p)
		if err != nil {
			return v8.Undefined, fail("scandir", err, p)
		}
		out := &l.out
		*out = listing{asBuffer: asBuffer, withTypes: withTypes, names: out.names[:0], kinds: out.kinds[:0]}
		for _, e := range all {
			out.add(e.name, e.kind)
		}
		return out.value(), nil
	})
}

func join(dir, name string) string {
	if dir == "" || strings.HasSuffix(dir, "/") {
		return dir + name
	}
	return dir + "/" + name
}

// listTree goes breadth first.
func listTree(root string, asBuffer, withTypes, follow bool) (v8.Value, error) {
	paths := listing{asBuffer: asBuffer}
	var folders []v8.Value
	for queue := []string{""}; len(queue) > 0; queue = queue[1:] {
		rel := queue[0]
		dir := root
		if rel != "" {
			dir = join(root, rel)
		}
		all, err := list(dir)
		if err != nil {
			return v8.Undefined, fail("scandir", err, dir)
		}
		here := listing{asBuffer: asBuffer, withTypes: true}
		for _, e := range all {
			p := join(rel, e.name)
			if withTypes {
				here.add(e.name, e.kind)
			} else {
				paths.add(p, e.kind)
			}
			into := e.kind == kindDir
			if e.kind == kindLink && follow {
				into, _ = isDir(join(dir, e.name))
			}
			if into {
				queue = append(queue, p)
			}
		}
		if withTypes {
			folders = append(folders, text(dir, asBuffer), here.value())
		}
	}
	if withTypes {
		return v8.Array(folders...), nil
	}
	return paths.value(), nil
}

func (m *module) opendir(c *v8.Call) { // opendir(path, cb) → a number for readDir and closeDir
	p := c.Text(0)
	m.do(c, 1, func() (v8.Value, error) {
		d, err := openDir(p)
		if err != nil {
			return v8.Undefined, fail("opendir", err, p)
		}
		return v8.Int(m.dirs.add(d)), nil
	})
}

// openDirs are opendir's folders by number.
type openDirs struct {
	mu   sync.Mutex
	byID map[int]*dirStream
	last int
}

func (o *openDirs) add(d *dirStream) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last++
	o.byID[o.last] = d
	return o.last
}

func (o *openDirs) get(id int) *dirStream {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.byID[id]
}

func (o *openDirs) take(id int) *dirStream {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := o.byID[id]
	delete(o.byID, id)
	return d
}

func (m *module) readDir(c *v8.Call) { // readDir(number, count, asBuffer, cb) → name, kind …; null at the end
	d, count, asBuffer := m.dirs.get(c.Int(0)), c.Int(1), c.Bool(2)
	m.do(c, 3, func() (v8.Value, error) {
		if d == nil {
			return v8.Undefined, fail("scandir", unix.EBADF)
		}
		var v []v8.Value
		for i := 0; i < count; i++ {
			name, kind, err := d.record()
			if err != nil {
				return v8.Undefined, fail("scandir", err, d.path)
			}
			if name == nil {
				break
			}
			v = append(v, text(string(name), asBuffer), v8.Int(kind))
		}
		if len(v) == 0 {
			return v8.Null, nil
		}
		return v8.Array(v...), nil
	})
}

func (m *module) closeDir(c *v8.Call) { // closeDir(number, cb)
	d := m.dirs.take(c.Int(0))
	m.doErr(c, 1, func() error {
		if d == nil {
			return fail("closedir", unix.EBADF)
		}
		return fail("closedir", unix.Close(d.fd))
	})
}
