package fs

import (
	"encoding/binary"
	"path"
	"slices"
	"strings"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// watches is the one inotify descriptor of a runtime. The kernel has one watch per inode and inotify: several watchers of
// one file share it.
type watches struct {
	rt      *host.Runtime
	fd      int
	poll    *loop.Poll
	onEvent v8.Ref // (id, isRename, name)
	byWd    map[int32][]*place
	byID    map[int]*watcher
	lastID  int
	reffed  int
	buf     [32 << 10]byte
}

// watcher is one fs.watch.
type watcher struct {
	id        int
	root      string
	recursive bool
	asBuffer  bool
	reffed    bool
	isDir     bool
	places    map[string]*place // by path below the root
}

// place is a file or folder that a watcher looks at.
type place struct {
	w   *watcher
	wd  int32
	rel string // "" for the root itself
}

const (
	watchMask = unix.IN_ATTRIB | unix.IN_CREATE | unix.IN_MODIFY | unix.IN_DELETE | unix.IN_DELETE_SELF | unix.IN_MOVE_SELF |
		unix.IN_MOVED_FROM | unix.IN_MOVED_TO
	changeMask = unix.IN_ATTRIB | unix.IN_MODIFY
)

func (m *module) watchSetup(c *v8.Call) { // watchSetup(onEvent): called once, before the first watchStart
	m.watches = &watches{rt: m.rt, fd: -1, onEvent: c.Ref(0), byWd: map[int32][]*place{}, byID: map[int]*watcher{}}
}

func (ws *watches) close() {
	if ws.fd >= 0 {
		ws.poll.Close(nil)
		unix.Close(ws.fd)
		ws.fd = -1
	}
}

func (ws *watches) start() error {
	if ws.fd >= 0 {
		return nil
	}
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		return err
	}
	ws.fd = fd
	ws.poll = loop.NewPoll(ws.rt.Loop, fd, func(loop.Events) { ws.read() })
	ws.poll.Unref()
	return ws.poll.Start(loop.Readable)
}

func (m *module) watchStart(c *v8.Call) { // watchStart(path, recursive, asBuffer, persistent) → id
	ws := m.watches
	p := c.Text(0)
	if err := ws.start(); err != nil {
		c.Throw(host.ErrorValue(fail("watch", err, p)))
		return
	}
	ws.lastID++
	w := &watcher{id: ws.lastID, root: p, recursive: c.Bool(1), asBuffer: c.Bool(2), places: map[string]*place{}}
	w.isDir, _ = isDir(p)
	if err := ws.add(w, ""); err != nil {
		c.Throw(host.ErrorValue(fail("watch", err, p)))
		return
	}
	if w.recursive && w.isDir {
		ws.addTree(w, "", false)
	}
	ws.byID[w.id] = w
	if c.Bool(3) {
		ws.ref(w, true)
	}
	c.ReturnInt(w.id)
}

func (m *module) watchClose(c *v8.Call) { // watchClose(id)
	ws := m.watches
	w := ws.byID[c.Int(0)]
	if w == nil {
		return
	}
	delete(ws.byID, w.id)
	for _, p := range w.places {
		ws.drop(p)
	}
	ws.ref(w, false)
}

func (m *module) watchRef(c *v8.Call) { // watchRef(id, on)
	if w := m.watches.byID[c.Int(0)]; w != nil {
		m.watches.ref(w, c.Bool(1))
	}
}

func (ws *watches) ref(w *watcher, on bool) {
	if w.reffed == on {
		return
	}
	w.reffed = on
	if on {
		if ws.reffed++; ws.reffed == 1 {
			ws.poll.Ref()
		}
	} else if ws.reffed--; ws.reffed == 0 {
		ws.poll.Unref()
	}
}

func (w *watcher) full(rel string) string {
	if rel == "" {
		return w.root
	}
	return join(w.root, rel)
}

func (ws *watches) add(w *watcher, rel string) error {
	if w.places[rel] != nil {
		return nil
	}
	mask := uint32(watchMask)
	if rel != "" {
		mask |= unix.IN_DONT_FOLLOW
	}
	wd := 0
	err := retry(func() (err error) {
		wd, err = unix.InotifyAddWatch(ws.fd, w.full(rel), mask)
		return err
	})
	if err != nil {
		return err
	}
	p := &place{w, int32(wd), rel}
	w.places[rel] = p
	ws.byWd[p.wd] = append(ws.byWd[p.wd], p)
	return nil
}

// addTree watches the folders below rel. With tell, what is there already is reported: it came into being before the
// folder was watched.
func (ws *watches) addTree(w *watcher, rel string, tell bool) {
	all, err := list(w.full(rel))
	if err != nil {
		return
	}
	for _, e := range all {
		child := join(rel, e.name)
		if tell {
			ws.emit(w, true, child)
		}
		if e.kind == kindDir && ws.add(w, child) == nil {
			ws.addTree(w, child, tell)
		}
	}
}

func (ws *watches) drop(p *place) {
	rest := slices.DeleteFunc(ws.byWd[p.wd], func(o *place) bool { return o == p })
	if len(rest) > 0 {
		ws.byWd[p.wd] = rest
		return
	}
	if _, ok := ws.byWd[p.wd]; ok {
		delete(ws.byWd, p.wd)
		unix.InotifyRmWatch(ws.fd, uint32(p.wd))
	}
}

// dropTree forgets a folder that went away and what was below it.
func (ws *watches) dropTree(w *watcher, rel string) {
	for r, p := range w.places {
		if r == rel || strings.HasPrefix(r, rel+"/") {
			delete(w.places, r)
			ws.drop(p)
		}
	}
}

func (ws *watches) read() {
	for ws.fd >= 0 {
		n, err := unix.Read(ws.fd, ws.buf[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return
		}
		for b := ws.buf[:n]; len(b) >= unix.SizeofInotifyEvent; {
			wd, mask := int32(binary.NativeEndian.Uint32(b)), binary.NativeEndian.Uint32(b[4:])
			size := unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(b[12:]))
			name := strings.TrimRight(string(b[unix.SizeofInotifyEvent:size]), "\x00")
			b = b[size:]
			ws.event(wd, mask, name)
		}
	}
}

func (ws *watches) event(wd int32, mask uint32, name string) {
	if mask&unix.IN_IGNORED != 0 { // the kernel dropped the watch: the file is gone
		for _, p := range ws.byWd[wd] {
			if p.w.places[p.rel] == p && p.rel != "" {
				delete(p.w.places, p.rel)
			}
		}
		delete(ws.byWd, wd)
		return
	}
	if mask&watchMask == 0 {
		return
	}
	for _, p := range slices.Clone(ws.byWd[wd]) {
		w := p.w
		var rel string
		switch {
		case name != "":
			rel = join(p.rel, name)
		case p.rel == "":
			rel = path.Base(w.root)
		default: // a folder below the root tells its parent as well
			continue
		}
		ws.emit(w, mask&^changeMask&watchMask != 0, rel)
		if !w.recursive || name == "" {
			continue
		}
		if mask&unix.IN_ISDIR != 0 && mask&(unix.IN_CREATE|unix.IN_MOVED_TO) != 0 && ws.add(w, rel) == nil {
			ws.addTree(w, rel, true)
		}
		if mask&unix.IN_ISDIR != 0 && mask&(unix.IN_DELETE|unix.IN_MOVED_FROM) != 0 {
			ws.dropTree(w, rel)
		}
	}
}

func (ws *watches) emit(w *watcher, rename bool, name string) {
	ws.rt.Emit(ws.onEvent, v8.Int(w.id), v8.Bool(rename), text(name, w.asBuffer))
}
