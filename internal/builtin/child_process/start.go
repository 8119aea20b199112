package child_process

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// spec is what to start.
type spec struct {
	file     string
	args     []string // argv, argv[0] first
	dir      string   // working directory; "": ours
	env      []string
	stdio    []int32 // for each descriptor of the child what it is: ignore, pipe, or one of our descriptors
	detached bool
	uid, gid int // -1: ours
}

const (
	stdioIgnore = -1
	stdioPipe   = -2

	flagDetached = 1
)

// specOf reads the arguments that spawn and spawnSync have in common.
func specOf(c *v8.Call) *spec {
	s := &spec{file: c.String(0), args: split(c.String(1)), dir: c.String(2), env: split(c.String(3)), uid: c.Int(6), gid: c.Int(7)}
	if !c.IsString(2) {
		s.dir = ""
	}
	for b := c.Bytes(4); len(b) >= 4; b = b[4:] {
		s.stdio = append(s.stdio, int32(binary.LittleEndian.Uint32(b)))
	}
	s.detached = c.Int(5)&flagDetached != 0
	return s
}

// split undoes JavaScript's list.join("\0"); every item is followed by one.
func split(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(joined, "\x00"), "\x00")
}

// openStdio makes the pipes: ours are the parent's ends, in the order of the pipes among stdio, theirs is for each of the
// child's descriptors one of ours, or -1. Pipes are socket pairs, as libuv makes them: both ends can be read and written.
func openStdio(stdio []int32) (ours, theirs []int, err error) {
	for fd, kind := range stdio {
		at := -1
		switch {
		case kind == stdioPipe:
			var pair [2]int
			if pair, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err == nil {
				unix.SetNonblock(pair[0], true)
				ours, at = append(ours, pair[0]), pair[1]
			}
		case kind == stdioIgnore:
			if fd <= 2 {
				at, err = unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
			}
		default:
			at = int(kind)
			if fd <= 2 {
				// Programs don't expect standard streams that are non-blocking, as ours may be.
				unix.SetNonblock(at, false)
			}
		}
		if err != nil {
			closeAll(ours)
			closeTheirs(stdio[:fd], theirs)
			return nil, nil, err
		}
		theirs = append(theirs, at)
	}
	return ours, theirs, nil
}

func closeAll(fds []int) {
	for _, fd := range fds {
		unix.Close(fd)
	}
}

// closeTheirs closes what openStdio opened for the child.
func closeTheirs(stdio []int32, theirs []int) {
	for i, fd := range theirs {
		if stdio[i] < 0 && fd >= 0 {
			unix.Close(fd)
		}
	}
}

// process is what start made. pidfd is -1 on kernels without them.
type process struct{ pid, pidfd int }

func start(s *spec, files []int) (process, error) {
	pidfd := -1
	attr := &syscall.ProcAttr{Dir: s.dir, Env: s.env, Sys: &syscall.SysProcAttr{Setsid: s.detached, PidFD: &pidfd}}
	for _, fd := range files {
		attr.Files = append(attr.Files, uintptr(fd))
	}
	if s.uid >= 0 || s.gid >= 0 {
		attr.Sys.Credential = credential(s)
	}
	if s.dir != "" {
		if err := unix.Access(s.dir, unix.X_OK); err != nil {
			return process{}, err
		}
	}
	path, err := find(s)
	if err != nil {
		return process{}, err
	}
	pid, err := syscall.ForkExec(path, s.args, attr)
	if err == syscall.ENOEXEC { // a script without #!: the shell runs it, as execvp does
		args := append([]string{"/bin/sh", path}, s.args[min(1, len(s.args)):]...)
		pid, err = syscall.ForkExec("/bin/sh", args, attr)
	}
	return process{pid, pidfd}, err
}

func credential(s *spec) *syscall.Credential {
	c := &syscall.Credential{Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid()), NoSetGroups: true}
	if s.uid >= 0 {
		c.Uid = uint32(s.uid)
	}
	if s.gid >= 0 {
		c.Gid = uint32(s.gid)
	}
	// Root gives up its supplementary groups with its identity.
	c.NoSetGroups = os.Geteuid() != 0
	return c
}

// find is the file to execute: s.file itself when it names a folder, else the first of that name on the PATH the child
// will have. Relative folders count from the child's working directory.
func find(s *spec) (string, error) {
	if strings.Contains(s.file, "/") {
		return s.file, nil
	}
	path := "/usr/local/bin:/bin:/usr/bin"
	for _, line := range s.env {
		if rest, ok := strings.CutPrefix(line, "PATH="); ok {
			path = rest
		}
	}
	var denied error
	for _, dir := range filepath.SplitList(path) {
		if dir == "" {
			dir = "."
		}
		candidate := dir + "/" + s.file
		seen := candidate
		if !filepath.IsAbs(candidate) && s.dir != "" {
			seen = s.dir + "/" + candidate
		}
		var st unix.Stat_t
		if unix.Stat(seen, &st) != nil {
			continue
		}
		if st.Mode&unix.S_IFMT == unix.S_IFREG && unix.Access(seen, unix.X_OK) == nil {
			return candidate, nil
		}
		denied = unix.EACCES
	}
	if denied != nil {
		return "", denied
	}
	return "", unix.ENOENT
}
