// Package child_process is the Go half of node:child_process: it starts processes and tells when they have ended. Their
// pipes are descriptors that JavaScript makes sockets of (net/handle).
package child_process

import (
	"syscall"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Natives is the table that the files of builtin/child_process see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, children: map[uint64]*child{}}
	rt.OnClose(m.close)
	return host.Natives{
		"setup":     func(c *v8.Call) { m.onExit = c.Ref(0) },
		"spawn":     m.spawn,
		"spawnSync": m.spawnSync,
		"kill":      m.kill,
		"setRef":    m.setRef,
	}
}

type module struct {
	rt       *host.Runtime
	children map[uint64]*child // running ones, by number
	lastID   uint64
	onExit   v8.Ref // onExit(id, exitCode, signal)
}

// child is a process that JavaScript waits for.
type child struct {
	id    uint64
	pid   int
	pidfd int
	poll  *loop.Poll
}

// spawn(file, args, cwd, env, stdio, flags, uid, gid) → [id, pid, descriptors of our ends of the pipes …], or a negative
// errno. args and env are lists joined by NUL.
func (m *module) spawn(c *v8.Call) {
	s := specOf(c)
	ours, theirs, err := openStdio(s.stdio)
	if err != nil {
		c.ReturnInt(-errno(err))
		return
	}
	p, err := start(s, theirs)
	closeTheirs(s.stdio, theirs)
	if err != nil {
		closeAll(ours)
		c.ReturnInt(-errno(err))
		return
	}
	m.lastID++
	ch := &child{id: m.lastID, pid: p.pid, pidfd: p.pidfd}
	m.children[ch.id] = ch
	m.watch(ch)
	out := []v8.Value{v8.Int(ch.id), v8.Int(ch.pid)}
	for _, fd := range ours {
		out = append(out, v8.Int(fd))
	}
	c.Return(v8.Array(out...))
}

// watch tells JavaScript when the child has ended: through its pidfd, which is one more descriptor in the poller.
func (m *module) watch(ch *child) {
	if ch.pidfd < 0 { // a kernel without pidfd: a goroutine waits
		m.rt.Loop.AddRequest()
		go func() {
			var status unix.WaitStatus
			for {
				if _, err := unix.Wait4(ch.pid, &status, 0, nil); err != unix.EINTR {
					break
				}
			}
			m.rt.Post(func() {
				m.rt.Loop.DoneRequest()
				m.ended(ch, status)
			})
		}()
		return
	}
	ch.poll = loop.NewPoll(m.rt.Loop, ch.pidfd, func(loop.Events) {
		var status unix.WaitStatus
		if pid, err := unix.Wait4(ch.pid, &status, unix.WNOHANG, nil); err == unix.EINTR || err == nil && pid == 0 {
			return
		}
		ch.poll.Close(nil)
		unix.Close(ch.pidfd)
		// What it wrote before is read first: it may be in this batch of events, behind this one.
		m.rt.Loop.Defer(func() { m.ended(ch, status) })
	})
	ch.poll.Start(loop.Readable)
}

func (m *module) ended(ch *child, status unix.WaitStatus) {
	delete(m.children, ch.id)
	code, sig := result(status)
	m.rt.Emit(m.onExit, v8.Int(ch.id), v8.Int(code), v8.Int(sig))
}

// result is the exit code and, when a signal ended the process, its number.
func result(status unix.WaitStatus) (code, sig int) {
	if status.Signaled() {
		return 0, int(status.Signal())
	}
	return status.ExitStatus(), 0
}

// kill(id, signal) → 0 or a negative errno. A process that has been waited for is never hit: its number may be another's.
func (m *module) kill(c *v8.Call) {
	ch := m.children[uint64(c.Int64(0))]
	if ch == nil {
		c.ReturnInt(-int(unix.ESRCH))
		return
	}
	c.ReturnInt(-errno(unix.Kill(ch.pid, syscall.Signal(c.Int(1)))))
}

func (m *module) setRef(c *v8.Call) {
	ch := m.children[uint64(c.Int64(0))]
	if ch == nil || ch.poll == nil {
		return
	}
	if c.Bool(1) {
		ch.poll.Ref()
	} else {
		ch.poll.Unref()
	}
}

// close leaves the children running, as the end of a process does.
func (m *module) close() {
	for _, ch := range m.children {
		if ch.poll != nil {
			ch.poll.Close(nil)
			unix.Close(ch.pidfd)
		}
	}
	clear(m.children)
}

func errno(err error) int {
	switch e := err.(type) {
	case nil:
		return 0
	case syscall.Errno:
		return int(e)
	}
	return int(unix.EINVAL)
}
