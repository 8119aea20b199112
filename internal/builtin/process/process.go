// Package process is the Go half of builtin/process: this process's identity, clocks, memory, signals and ends.
package process

import (
	"io"
	"os"
	"os/user"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/hobjs/hob/internal/dotenv"
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

type module struct {
	rt      *host.Runtime
	signals map[int]*signal
}

type signal struct {
	handle   *loop.Signal
	fn       v8.Ref
	expected int // sent by ourselves, not here yet
}

// Natives is the table that the files of builtin/process see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, signals: map[int]*signal{}}
	rt.OnClose(m.close)
	if !rt.Options.Embedded && !rt.Options.Creator {
		giveBack()
	}
	return host.Natives{
		"start":       m.start,
		"environ":     func(c *v8.Call) { c.Return(v8.Strings(rt.Environ())) },
		"setEnv":      m.setEnv,
		"unsetEnv":    m.unsetEnv,
		"option":      m.option,
		"nodeOptions": func(c *v8.Call) { c.Return(v8.Strings(rt.Options.EnvFlags)) },
		"identity":    func(c *v8.Call) { c.ReturnInt(os.Getppid()) },

		"uptime": func(c *v8.Call) { c.ReturnFloat(time.Since(host.ProcessStart()).Seconds()) },

		"memoryUsage":       m.memoryUsage,
		"rss":               func(c *v8.Call) { c.ReturnFloat(float64(rss())) },
		"constrainedMemory": func(c *v8.Call) { c.ReturnFloat(float64(constrained())) },
		"availableMemory":   func(c *v8.Call) { c.ReturnFloat(float64(available())) },
		"cpuUsage":          func(c *v8.Call) { usage(c, unix.RUSAGE_SELF) },
		"threadCpuUsage":    func(c *v8.Call) { usage(c, unix.RUSAGE_THREAD) },
		"resourceUsage":     resourceUsage,

		"cwd":      m.cwd,
		"chdir":    m.chdir,
		"umask":    umask,
		"kill":     m.kill,
		"ids":      ids,
		"setId":    setID,
		"setTitle": setTitle,
		"dlopen":   dlopen,
		"activity": func(c *v8.Call) { // → [operations on files, questions about names] under way
			c.Return(v8.Array(v8.Int(rt.Loop.PoolRequests(loop.LaneFS)), v8.Int(rt.Loop.PoolRequests(loop.LaneDNS))))
		},
		"execve":   m.execve,
		"parseEnv": parseEnv,

		"writeFd":     m.writeFd,
		"fdType":      m.fdType,
		"startSignal": m.startSignal,
		"stopSignal":  m.stopSignal,
		"exit":        func(c *v8.Call) { rt.Exit(c.Int(0)) },
		"abort":       m.abort,
	}
}

func (m *module) close() {
	for n, s := range m.signals {
		m.arrived(s)
		s.handle.Close(nil)
		unlisten(syscall.Signal(n))
	}
}

// abort ends the process by SIGABRT; in a Go program only the runtime ends.
func (m *module) abort(*v8.Call) {
	if m.rt.Options.Embedded {
		m.rt.Exit(134)
		return
	}
	Die(unix.SIGABRT)
}

// start() → what differs from run to run
func (m *module) start(c *v8.Call) {
	o := &m.rt.Options
	argv0 := o.ExecPath
	if len(os.Args) > 0 && !o.Embedded {
		argv0 = os.Args[0]
	}
	v := v8.Version()
	c.Return(v8.Object("argv", v8.Strings(o.Argv), "execArgv", v8.Strings(o.ExecArgv), "execPath", v8.String(o.ExecPath),
		"argv0", v8.String(argv0), "pid", v8.Int(os.Getpid()), "ppid", v8.Int(os.Getppid()), "debugPort", v8.Int(9229),
		"versions", v8.Object("node", v8.String("24.12.0"), "hob", v8.String(host.Version), "go", v8.String(runtime.Version()),
			"v8", v8.String(v), "uv", v8.String("1.51.0"), "zlib", v8.String("1.3.1"), "modules", v8.String("137"),
			"openssl", v8.String("3.5.4"), "unicode", v8.String("16.0"), "icu", v8.String("74.2"), "llhttp", v8.String("9.3.0"),
			// The Go modules'. got and others offer an encoding when there is a version of it.
			"brotli", v8.String("1.2.8"), "zstd", v8.String("1.20.4"))))
}

// option(name) → what the command line said: true, a string, a list or undefined
func (m *module) option(c *v8.Call) {
	switch v := m.rt.Options.Flags[c.TempString(0)].(type) {
	case bool:
		c.ReturnBool(v)
	case string:
		c.ReturnString(v)
	case int:
		c.ReturnInt(v)
	case []string:
		c.Return(v8.Strings(v))
	}
}

func (m *module) setEnv(c *v8.Call) {
	k, v := c.String(0), c.String(1)
	if env := m.rt.Options.Env; env != nil {
		env[k] = v
	} else {
		os.Setenv(k, v)
	}
	m.envChanged(k)
}

func (m *module) unsetEnv(c *v8.Call) {
	k := c.String(0)
	if env := m.rt.Options.Env; env != nil {
		delete(env, k)
	} else {
		os.Unsetenv(k)
	}
	m.envChanged(k)
}

// envChanged: V8 caches the time zone.
func (m *module) envChanged(k string) {
	if k == "TZ" {
		m.rt.Isolate.TimeZoneChanged(os.Getenv("TZ"))
	}
}

// memoryUsage() → [rss, heapTotal, heapUsed, external, arrayBuffers], bytes
func (m *module) memoryUsage(c *v8.Call) {
	h := m.rt.Isolate.HeapStatistics()
	c.Return(v8.Array(v8.Float(float64(rss())), v8.Float(float64(h.TotalHeapSize)), v8.Float(float64(h.UsedHeapSize)),
		v8.Float(float64(h.ExternalMemory)), v8.Float(float64(h.ExternalMemory))))
}

func rss() uint64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return 0
	}
	pages, _ := strconv.ParseUint(f[1], 10, 64)
	return pages * uint64(os.Getpagesize())
}

func constrained() uint64 {
	for _, f := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if b, err := os.ReadFile(f); err == nil {
			if n, err := strconv.ParseUint(strings.TrimSpace(string(b)), 10, 64); err == nil {
				return n
			}
		}
	}
	return 0
}

func available() uint64 {
	b, _ := os.ReadFile("/proc/meminfo")
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "MemAvailable:"); ok {
			n, _ := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
			return n * 1024
		}
	}
	return 0
}

func micros(t unix.Timeval) float64 { return float64(t.Sec)*1e6 + float64(t.Usec) }

func usage(c *v8.Call, who int) {
	var u unix.Rusage
	unix.Getrusage(who, &u)
	c.Return(v8.Array(v8.Float(micros(u.Utime)), v8.Float(micros(u.Stime))))
}

func resourceUsage(c *v8.Call) {
	var u unix.Rusage
	unix.Getrusage(unix.RUSAGE_SELF, &u)
	var out []v8.Value
	out = append(out, v8.Float(micros(u.Utime)), v8.Float(micros(u.Stime)))
	for _, n := range []int64{u.Maxrss, u.Ixrss, u.Idrss, u.Isrss, u.Minflt, u.Majflt, u.Nswap, u.Inblock, u.Oublock, u.Msgsnd,
		u.Msgrcv, u.Nsignals, u.Nvcsw, u.Nivcsw} {
		out = append(out, v8.Int(n))
	}
	c.Return(v8.Array(out...))
}

func (m *module) cwd(c *v8.Call) {
	d, err := unix.Getwd()
	if err != nil {
		c.Throw(host.ErrorValue(&host.Error{Errno: int(err.(syscall.Errno)), Syscall: "uv_cwd"}))
		return
	}
	c.ReturnString(d)
}

func (m *module) chdir(c *v8.Call) {
	from, _ := unix.Getwd()
	if err := os.Chdir(c.String(0)); err != nil {
		e := host.SysError("chdir", err).WithPath(from, c.String(0))
		c.Throw(host.ErrorValue(e))
	}
}

// umask() reads it, which the system only offers by setting it.
func umask(c *v8.Call) {
	if c.IsUndefined(0) {
		old := unix.Umask(0)
		unix.Umask(old)
		c.ReturnInt(old)
		return
	}
	c.ReturnInt(unix.Umask(c.Int(0) & 0o777))
}

// kill(pid, signal) → 0 or a negative errno
func (m *module) kill(c *v8.Call) {
	// A signal to ourselves that somebody listens for is on its way through Go's runtime now: the loop waits for it.
	if s := m.signals[c.Int(1)]; s != nil && c.Int(0) == os.Getpid() {
		s.expected++
		m.rt.Loop.AddRequest()
	}
	if err := unix.Kill(c.Int(0), syscall.Signal(c.Int(1))); err != nil {
		c.ReturnInt(-int(err.(syscall.Errno)))
		return
	}
	c.ReturnInt(0)
}

func ids(c *v8.Call) {
	switch c.TempString(0) {
	case "getuid":
		c.ReturnInt(os.Getuid())
	case "geteuid":
		c.ReturnInt(os.Geteuid())
	case "getgid":
		c.ReturnInt(os.Getgid())
	case "getegid":
		c.ReturnInt(os.Getegid())
	case "getgroups":
		g, _ := os.Getgroups()
		list := make([]v8.Value, 0, len(g)+1)
		seen := false
		for _, id := range g {
			list = append(list, v8.Int(id))
			seen = seen || id == os.Getegid()
		}
		if !seen {
			list = append(list, v8.Int(os.Getegid()))
		}
		c.Return(v8.Array(list...))
	}
}

// lookup turns a user or group given by name or number into its number.
func lookup(name string, group bool) (int, bool) {
	if n, err := strconv.Atoi(name); err == nil {
		return n, true
	}
	if group {
		if g, err := user.LookupGroup(name); err == nil {
			n, _ := strconv.Atoi(g.Gid)
			return n, true
		}
		return 0, false
	}
	if u, err := user.Lookup(name); err == nil {
		n, _ := strconv.Atoi(u.Uid)
		return n, true
	}
	return 0, false
}

// setId(call, id) -> the place, from 1, of a user or group that is unknown; throws what the system says.
func setID(c *v8.Call) {
	call, arg := c.String(0), c.String(1)
	if c.Kind(1) != v8.KindString {
		arg = strconv.FormatInt(c.Int64(1), 10)
	}
	var numbers []int
	list := strings.Split(arg, ",")
	if call == "initgroups" { // the group is looked up first
		if _, ok := lookup(list[1], true); !ok {
			c.ReturnInt(2)
			return
		}
	}
	for _, s := range list {
		if s == "" {
			continue
		}
		group := strings.HasSuffix(call, "gid") || call == "setgroups" || call == "initgroups" && len(numbers) > 0
		n, ok := lookup(s, group)
		if !ok {
			c.ReturnInt(len(numbers) + 1)
			return
		}
		numbers = append(numbers, n)
	}
	var err error
	switch call {
	case "setuid":
		err = syscall.Setuid(numbers[0])
	case "seteuid":
		err = syscall.Setreuid(-1, numbers[0])
	case "setgid":
		err = syscall.Setgid(numbers[0])
	case "setegid":
		err = syscall.Setregid(-1, numbers[0])
	case "setgroups":
		err = syscall.Setgroups(numbers)
	case "initgroups":
		err = syscall.Setgroups(numbers[1:])
	}
	if err != nil {
		// These have always been worded by the C library: "EPERM, Operation not permitted".
		errno := err.(syscall.Errno)
		text := errno.Error()
		c.Throw(v8.ErrorValue(v8.KindError, "", host.CodeOf(int(errno))+", "+strings.ToUpper(text[:1])+text[1:],
			v8.Object("errno", v8.Int(int(errno)), "code", v8.String(host.CodeOf(int(errno))), "syscall", v8.String(call))))
		return
	}
	c.ReturnInt(0)
}

// setTitle changes what ps shows as the thread's name; the command line itself stays.
func setTitle(c *v8.Call) {
	b := append([]byte(c.String(0)), 0)
	if len(b) > 16 {
		b = append(b[:15], 0)
	}
	unix.Prctl(unix.PR_SET_NAME, bytesAddr(b), 0, 0, 0)
}

func dlopen(c *v8.Call) {
	c.Throw(host.CodedError("ERR_DLOPEN_FAILED", c.String(1)+": hob does not load native addons; docs/compat.md lists what is missing"))
}

// parseEnv(text) -> [name, value, ...] of a .env file's text
func parseEnv(c *v8.Call) {
	vars := dotenv.Parse(c.String(0))
	list := make([]string, 0, 2*len(vars))
	for _, v := range vars {
		list = append(list, v.Name, v.Value)
	}
	c.Return(v8.Strings(list))
}

// execve(path, args, env) -> the code of the error; it does not return otherwise. Lists are items followed by NUL.
func (m *module) execve(c *v8.Call) {
	split := func(s string) []string { return strings.Split(strings.TrimSuffix(s, "\x00"), "\x00") }
	for fd := range 3 { // the program may have made them non-blocking for itself
		unix.SetNonblock(fd, false)
	}
	err := syscall.Exec(c.String(0), split(c.String(1)), split(c.String(2)))
	c.ReturnString(host.CodeOf(int(err.(syscall.Errno))))
}

// writeFd(fd, string | bytes) writes all of it, waiting where a pipe is full: for stdout and stderr.
func (m *module) writeFd(c *v8.Call) {
	fd, b := c.Int(0), c.Bytes(1)
	var w io.Writer
	switch {
	case fd == 1 && m.rt.Options.Stdout != nil:
		w = m.rt.Options.Stdout
	case fd == 2 && m.rt.Options.Stderr != nil:
		w = m.rt.Options.Stderr
	}
	if w != nil {
		if _, err := w.Write(b); err != nil {
			c.Throw(host.ErrorValue(host.SysError("write", err)))
		}
		return
	}
	for len(b) > 0 {
		n, err := unix.Write(fd, b)
		switch err {
		case nil:
			b = b[n:]
		case unix.EINTR:
		case unix.EAGAIN:
			unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, -1)
		default:
			c.Throw(host.ErrorValue(host.SysError("write", err)))
			return
		}
	}
}

// fdType(fd) → 'tty', 'file', 'pipe', 'socket' or 'unknown'
func (m *module) fdType(c *v8.Call) {
	fd := c.Int(0)
	if fd == 1 && m.rt.Options.Stdout != nil || fd == 2 && m.rt.Options.Stderr != nil {
		c.ReturnString("pipe")
		return
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		c.ReturnString("unknown")
		return
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG, unix.S_IFBLK:
		c.ReturnString("file")
	case unix.S_IFCHR:
		if _, err := unix.IoctlGetTermios(fd, unix.TCGETS); err == nil {
			c.ReturnString("tty")
		} else {
			c.ReturnString("file")
		}
	case unix.S_IFIFO:
		c.ReturnString("pipe")
	case unix.S_IFSOCK:
		c.ReturnString("socket")
	default:
		c.ReturnString("unknown")
	}
}

func (m *module) startSignal(c *v8.Call) {
	n := c.Int(0)
	s := &signal{fn: c.Ref(1)}
	s.handle = loop.NewSignal(m.rt.Loop, func(syscall.Signal) {
		m.arrived(s)
		m.rt.Emit(s.fn)
	})
	listen(syscall.Signal(n))
	if err := s.handle.Start(syscall.Signal(n)); err != nil {
		unlisten(syscall.Signal(n))
		m.rt.Isolate.Free(s.fn)
		s.handle.Close(nil)
		c.Throw(host.ErrorValue(host.SysError("uv_signal_start", err)))
		return
	}
	s.handle.Unref()
	m.signals[n] = s
}

// arrived ends the wait for signals sent by ourselves; several may have become one.
func (m *module) arrived(s *signal) {
	for ; s.expected > 0; s.expected-- {
		m.rt.Loop.DoneRequest()
	}
}

func (m *module) stopSignal(c *v8.Call) {
	if s := m.signals[c.Int(0)]; s != nil {
		delete(m.signals, c.Int(0))
		m.arrived(s)
		s.handle.Close(nil)
		unlisten(syscall.Signal(c.Int(0)))
		m.rt.Isolate.Free(s.fn)
	}
}
