package dgram

import (
	"unsafe"

	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// socket is one UDP socket.
type socket struct {
	m           *module
	id          uint64
	family      int // 4 or 6
	fd          int // -1 before it is needed
	poll        *loop.Poll
	queue       []datagram // what the kernel had no room for
	queueAlways bool
	receiving   bool
	refed       bool
	bound       bool
	connected   bool

	// The address sent to last: programs talk to the same one many times.
	lastAddress string
	lastPort    int
	last        unix.RawSockaddrAny
	lastLen     uint32

	// The sender seen last, and its text.
	from     unix.RawSockaddrAny
	fromText string
}

// datagram waits to be sent.
type datagram struct {
	data  []byte
	to    unix.RawSockaddrAny
	toLen uint32
	token int64
}

// ensure makes the descriptor.
func (s *socket) ensure() error {
	if s.fd >= 0 {
		return nil
	}
	domain := unix.AF_INET
	if s.family == 6 {
		domain = unix.AF_INET6
	}
	fd, err := unix.Socket(domain, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	s.adopt(fd)
	return nil
}

func (s *socket) adopt(fd int) {
	s.fd = fd
	s.poll = loop.NewPoll(s.m.rt.Loop, fd, s.onEvents)
	s.applyRef()
}

func (s *socket) applyRef() {
	if s.poll == nil {
		return
	}
	if s.refed {
		s.poll.Ref()
	} else {
		s.poll.Unref()
	}
}

// watch tells the loop what there is to wait for.
func (s *socket) watch() error {
	var want loop.Events
	if s.receiving {
		want |= loop.Readable
	}
	if len(s.queue) > 0 {
		want |= loop.Writable
	}
	return s.poll.Start(want)
}

func (s *socket) onEvents(got loop.Events) {
	if got&loop.Writable != 0 && len(s.queue) > 0 {
		s.flushQueue()
	}
	if got&(loop.Readable|loop.Error) != 0 && s.receiving {
		s.read()
	}
}

// read takes what has come, up to a bound, and hands it over in one call: data, address, family and port of each.
func (s *socket) read() {
	var list []v8.Value
	for range perPoll {
		var from unix.RawSockaddrAny
		fromLen := uint32(unix.SizeofSockaddrAny)
		n, _, errno := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(s.fd),
			uintptr(unsafe.Pointer(&s.m.buffer[0])), largest, 0,
			uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&fromLen)))
		if errno == unix.EINTR {
			continue
		}
		if errno != 0 {
			if errno != unix.EAGAIN {
				s.emit(list)
				list = nil
				s.m.rt.Emit(s.m.onFailed, v8.Int(s.id), v8.Int(-int(errno)))
			}
			break
		}
		data := v8.AllocBytes(int(n))
		copy(data, s.m.buffer[:n])
		if from != s.from || s.fromText == "" {
			s.from, s.fromText = from, textOf(&from)
		}
		list = append(list, v8.Owned(data), v8.String(s.fromText), v8.Int(s.family), v8.Int(portOf(&from)))
	}
	s.emit(list)
}

func (s *socket) emit(list []v8.Value) {
	if len(list) > 0 {
		s.m.rt.Emit(s.m.onMessages, v8.Int(s.id), v8.Array(list...))
	}
}

// send hands data to the kernel. The error is EAGAIN when that has no room.
func (s *socket) send(chunks [][]byte, to *unix.RawSockaddrAny, toLen uint32) (int, error) {
	var iov [8]unix.Iovec
	vectors := iov[:0]
	for _, chunk := range chunks {
		var v unix.Iovec
		if len(chunk) > 0 {
			v.Base = &chunk[0]
		}
		v.SetLen(len(chunk))
		vectors = append(vectors, v)
	}
	var header unix.Msghdr
	if toLen > 0 {
		header.Name, header.Namelen = (*byte)(unsafe.Pointer(to)), toLen
	}
	if len(vectors) > 0 {
		header.Iov = &vectors[0]
	}
	header.SetIovlen(len(vectors))
	for {
		n, _, errno := unix.RawSyscall(unix.SYS_SENDMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&header)), 0)
		switch errno {
		case 0:
			return int(n), nil
		case unix.EINTR:
			continue
		case unix.ENOBUFS:
			return 0, unix.EAGAIN
		default:
			return 0, errno
		}
	}
}

func (s *socket) flushQueue() {
	for len(s.queue) > 0 {
		d := &s.queue[0]
		n, err := s.send([][]byte{d.data}, &d.to, d.toLen)
		if err == unix.EAGAIN {
			break
		}
		s.m.rt.Emit(s.m.onSent, v8.Int(s.id), v8.Int(d.token), v8.Int(negative(err)), v8.Int(n))
		s.queue[0] = datagram{}
		s.queue = s.queue[1:]
	}
	s.watch()
}

// close ends it; what is still queued is told ECANCELED.
func (s *socket) close() {
	for i := range s.queue {
		s.m.rt.Emit(s.m.onSent, v8.Int(s.id), v8.Int(s.queue[i].token), v8.Int(-int(unix.ECANCELED)), v8.Int(0))
	}
	s.queue = nil
	told := func() { s.m.rt.Emit(s.m.onClosed, v8.Int(s.id)) }
	if s.poll == nil {
		// There is nothing to close: the loop's closing phase is reached all the same.
		loop.NewPoll(s.m.rt.Loop, -1, func(loop.Events) {}).Close(told)
		return
	}
	s.poll.Close(told)
	unix.Close(s.fd)
	s.fd = -1
}

func (s *socket) closeFd() {
	if s.fd >= 0 {
		s.poll.Close(nil)
		unix.Close(s.fd)
		s.fd = -1
	}
}
