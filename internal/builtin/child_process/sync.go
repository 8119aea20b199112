package child_process

import (
	"encoding/binary"
	"syscall"
	"time"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// The synchronous forms: the runtime's thread waits, as the program asked it to.

// spawnSync(file, args, cwd, env, stdio, flags, uid, gid, timeout, maxBuffer, killSignal, readable, input0, input1 …)
// → [pid, exitCode, signal, errno, output …]. timeout in ms, 0: none; maxBuffer 0: none; readable says by one bit each
// which pipes are read from; input i goes to pipe i. There is one output for each pipe: bytes, or null when not read.
func (m *module) spawnSync(c *v8.Call) {
	s := specOf(c)
	ours, theirs, err := openStdio(s.stdio)
	if err != nil {
		c.Return(v8.Array(v8.Int(0), v8.Int(0), v8.Int(0), v8.Int(-errno(err))))
		return
	}
	r := &run{maxBuffer: c.Float(9), killSignal: syscall.Signal(c.Int(10))}
	if ms := c.Float(8); ms > 0 {
		r.deadline = time.Now().Add(time.Duration(ms * float64(time.Millisecond)))
	}
	readable := c.Int64(11)
	for i, fd := range ours {
		p := &pipe{fd: fd, reads: readable&(1<<i) != 0}
		if k := 12 + i; k < c.Len() && !c.IsNullish(k) {
			p.input = c.Bytes(k)
		}
		r.pipes = append(r.pipes, p)
	}
	proc, err := start(s, theirs)
	closeTheirs(s.stdio, theirs)
	if err != nil {
		closeAll(ours)
		c.Return(v8.Array(v8.Int(0), v8.Int(0), v8.Int(0), v8.Int(-errno(err))))
		return
	}
	status := r.wait(proc)
	code, sig := result(status)
	out := []v8.Value{v8.Int(proc.pid), v8.Int(code), v8.Int(sig), v8.Int(-int(r.failed))}
	for _, p := range r.pipes {
		if p.reads {
			out = append(out, v8.Bytes(p.output))
		} else {
			out = append(out, v8.Null)
		}
	}
	c.Return(v8.Array(out...))
}

type run struct {
	pipes      []*pipe
	deadline   time.Time // zero: none
	maxBuffer  float64   // 0: no limit
	read       int
	killSignal syscall.Signal
	failed     syscall.Errno // why the process was killed
	killed     bool
}

type pipe struct {
	fd     int // -1 when closed
	reads  bool
	input  []byte
	output []byte
}

func (p *pipe) close() {
	if p.fd >= 0 {
		unix.Close(p.fd)
		p.fd = -1
	}
}

// wait serves the pipes until the process has ended and everybody who inherited them has closed them.
func (r *run) wait(proc process) (status unix.WaitStatus) {
	pidfd := proc.pidfd
	if pidfd < 0 {
		pidfd = watchPid(proc.pid)
	}
	defer unix.Close(pidfd)
	for _, p := range r.pipes {
		r.settle(p)
	}
	gone := false
	for {
		var list []unix.PollFd
		var who []*pipe
		for _, p := range r.pipes {
			if p.fd < 0 {
				continue
			}
			var events int16
			if p.reads {
				events |= unix.POLLIN
			}
			if len(p.input) > 0 {
				events |= unix.POLLOUT
			}
			list = append(list, unix.PollFd{Fd: int32(p.fd), Events: events})
			who = append(who, p)
		}
		if gone && len(list) == 0 {
			return status
		}
		if !gone {
			list = append(list, unix.PollFd{Fd: int32(pidfd), Events: unix.POLLIN})
		}
		timeout := -1
		if !r.deadline.IsZero() && !r.killed {
			timeout = int(max(time.Until(r.deadline)+time.Millisecond-1, 0) / time.Millisecond)
		}
		n, err := unix.Poll(list, timeout)
		if err != nil && err != unix.EINTR {
			r.kill(proc.pid, err.(syscall.Errno))
		}
		if n == 0 && err == nil {
			r.kill(proc.pid, unix.ETIMEDOUT)
			continue
		}
		if n <= 0 {
			continue
		}
		for i, p := range who {
			if list[i].Revents != 0 && p.fd >= 0 {
				r.serve(p, list[i].Revents, proc.pid)
			}
		}
		if !gone && list[len(list)-1].Revents != 0 {
			for {
				pid, err := unix.Wait4(proc.pid, &status, unix.WNOHANG, nil)
				if err == unix.EINTR {
					continue
				}
				gone = pid == proc.pid || err != nil
				break
			}
			// A pipe that is only written to has no reader any more.
			for _, p := range r.pipes {
				if gone && !p.reads {
					p.close()
				}
			}
		}
	}
}

// settle ends our side of a pipe once there is nothing (more) to write.
func (r *run) settle(p *pipe) {
	if p.fd < 0 || len(p.input) > 0 {
		return
	}
	if p.reads {
		unix.Shutdown(p.fd, unix.SHUT_WR)
	} else {
		p.close()
	}
}

func (r *run) serve(p *pipe, got int16, pid int) {
	if got&unix.POLLOUT != 0 && len(p.input) > 0 {
		n, err := unix.SendmsgN(p.fd, p.input, nil, nil, unix.MSG_NOSIGNAL)
		switch err {
		case nil:
			p.input = p.input[n:]
		case unix.EAGAIN, unix.EINTR:
		default: // the reader has gone: what it didn't read is nobody's loss
			p.input = nil
		}
		r.settle(p)
	}
	if p.fd < 0 {
		return
	}
	if !p.reads {
		if got&(unix.POLLHUP|unix.POLLERR) != 0 {
			p.close()
		}
		return
	}
	if got&(unix.POLLIN|unix.POLLHUP|unix.POLLERR) == 0 {
		return
	}
	var buf [64 << 10]byte
	n, err := unix.Read(p.fd, buf[:])
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
	case n <= 0:
		p.close()
	default:
		// What has been read is kept, also behind the limit, which counts for all pipes together.
		p.output = append(p.output, buf[:n]...)
		if r.read += n; r.maxBuffer > 0 && float64(r.read) > r.maxBuffer {
			r.kill(pid, unix.ENOBUFS)
		}
	}
}

// kill ends the process, and what it left open is not waited for.
func (r *run) kill(pid int, why syscall.Errno) {
	if r.killed {
		return
	}
	r.killed = true
	if r.failed == 0 {
		r.failed = why
	}
	for _, p := range r.pipes {
		p.close()
	}
	if err := unix.Kill(pid, r.killSignal); err != nil && err != unix.ESRCH {
		unix.Kill(pid, unix.SIGKILL)
	}
}

// watchPid is a descriptor that becomes readable when the process has ended, where the kernel has no pidfd. The process
// is left to be waited for.
func watchPid(pid int) int {
	var fds [2]int
	if unix.Pipe2(fds[:], unix.O_CLOEXEC) != nil {
		return -1
	}
	go func() {
		unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		unix.Write(fds[1], binary.LittleEndian.AppendUint32(nil, uint32(pid)))
		unix.Close(fds[1])
	}()
	return fds[0]
}
