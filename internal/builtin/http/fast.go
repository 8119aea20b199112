package http

import (
	"encoding/binary"
	"io"
	"syscall"

	"github.com/hobjs/hob/internal/builtin/net"
	"github.com/hobjs/hob/internal/http1"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Kinds of records beyond the parser's.
const (
	kindAbort   = 7  // the connection ended before the answer to seq was complete
	kindDrained = 8  // everything written for seq has reached the kernel
	kindEnd     = 9  // the client has said all it will; the answer to seq is still owed
	kindGone    = 10 // a connection that JavaScript has a socket of is gone
	kindWaiting = 12 // an error stands behind answers that are still owed
	kindLate    = 11 // a head or a request has taken too long: seq stands in the order of answers
)

// Flags of engine.respond.
const (
	flagEnd    = 1
	flagClose  = 2
	flagNotify = 4
)

const (
	readSize = 64 << 10
	// A piece of this size is worth a system call of its own rather than a copy.
	directSize = 16 << 10
	// Requests of one connection that may be unanswered at a time. A client that pipelines more waits.
	maxPipelined = 64
	// Bytes that a client may leave unread. With more than that no further request of it is read.
	maxUnread = 64 << 10
)

// fast is what the module has of the fast path.
type fast struct {
	batch   http1.Batch
	emitted bool // the batch is with JavaScript, or has been
	waking  bool // the loop will not block before the batch has been handed over
	wake    func()
	onBatch v8.Ref
	conns   []*conn // by slot
	free    []int32 // slots
	servers map[int32]*server
	nextID  int32
	dirty   []*conn // connections with bytes to write
	again   []*conn // connections with bytes that can be parsed now
}

// server is one listener on the fast path.
type server struct {
	m         *module
	id        int32
	cfg       http1.Config
	keepAlive int64 // milliseconds an idle connection is kept; 0: for ever
	idle      ring  // answered and silent, longest first
	busy      ring  // every other connection
	n         int
	timer     *loop.Timer
	until     int64 // when the timer is set for; 0: not set
	listener  *net.Listener
	restore   func(fd int)
}

// ring is an intrusive list.
type ring struct{ first, last *conn }

// conn is one connection: a socket, a parser, and the answers it owes.
type conn struct {
	net.Conn
	p          http1.Parser
	srv        *server
	prev, next *conn
	in         *ring
	since      int64   // when it fell idle, or when the request that is under way began
	hold       []byte  // read, not parsed yet
	out        []byte  // to be written when the batch is done
	queue      []reply // what is owed behind cur
	cur        int32   // the request whose answer is being written; 0: none
	slot       int32
	requests   int32
	state      uint16
}

const (
	hasSocket  uint16 = 1 << iota // JavaScript has a net.Socket of it
	lastAnswer                    // the connection ends with what is owed
	inputEnded
	wantsNotify // cur wants to know when everything is written
	isDirty
	isAgain
	paused // JavaScript has stopped a body
	handed // it is JavaScript's now
	late   // it has been told that it is too slow
	proceeding
	inBody // of the request that came last
	told   // of an error
	full   // more answers than maxUnread wait for the client to read them
)

// reply is an answer that waits for its turn.
type reply struct {
	seq   int32
	flags int32
	out   []byte
	err   int32 // > 0: not a request but an error to be told when its turn comes
	pos   int32
	kind  int32
}

// fastSetup(onBatch) → [records, slab]
func (m *module) fastSetup(c *v8.Call) {
	m.hub = net.Of(m.rt)
	m.onBatch = c.Ref(0)
	r, rec := m.rt.Isolate.SharedBuffer(recordInts * 4)
	s, slab := m.rt.Isolate.SharedBuffer(slabBytes)
	m.batch.Rec, m.batch.Slab = ints(rec), slab.Data
	m.batch.Reset()
	m.batch.Owed = m.owedSeqs
	m.conns = append(m.conns, nil) // slot 0 is nobody's
	m.wake = func() { m.waking = false }
	m.hub.OnSync(m.drain)
	m.rt.OnBefore(m.before)
	m.rt.OnAfter(m.after)
	m.rt.OnClose(func() { rec.Release(); slab.Release() })
	c.Return(v8.Array(v8.TakeRef(r), v8.TakeRef(s)))
}

// before turns what has been gathered into one event.
func (m *module) before() {
	m.parseAgain()
	if m.batch.N == 0 || m.emitted {
		return
	}
	m.emitted, m.batch.Busy = true, true
	heads := m.rt.Isolate.HTTPHeads(m.batch.Rec, m.batch.N, m.batch.Slab)
	m.rt.Emit(m.onBatch, v8.Int(m.batch.N), v8.TakeRef(heads))
}

// after writes what JavaScript has answered and begins a new batch.
func (m *module) after() {
	if m.emitted {
		m.emitted = false
		m.batch.Reset()
	}
	m.drain()
	if m.batch.N > 0 && !m.waking {
		// The host goes round only so many times before it gives the other phases their turn.
		m.waking = true
		m.rt.Loop.Defer(m.wake)
	}
}

// parseAgain takes up connections whose bytes had to wait.
func (m *module) parseAgain() {
	if len(m.again) == 0 || m.emitted {
		return
	}
	list := m.again
	m.again = nil
	for i, c := range list {
		if !m.batch.Room(4096) { // the others with the next batch
			m.again = append(m.again, list[i:]...)
			m.rt.Loop.Defer(func() {})
			return
		}
		c.state &^= isAgain
		if c.state&handed != 0 || c.Closed() {
			continue
		}
		if c.state&proceeding != 0 {
			c.state &^= proceeding
			m.batch.Conn = c.slot
			c.p.Continue(&m.batch, http1.GoOn)
		}
		c.parseHeld()
	}
}

// attach(listener, maxHeaderSize, lenient, maxHeaders, keepAlive, noDelay) → server: connections accepted from now on are ours.
func (m *module) attach(c *v8.Call) {
	l := m.hub.Listener(uint64(c.Int64(0)))
	if l == nil {
		c.ReturnInt(0)
		return
	}
	m.nextID++
	s := &server{m: m, id: m.nextID, listener: l}
	s.set(c, 1)
	m.servers[s.id] = s
	s.timer = loop.NewTimer(m.rt.Loop, s.expire)
	s.timer.Unref()
	s.restore = l.SetAccept(s.accept)
	if c.Bool(5) {
		// Inherited by what is accepted. A Unix socket refuses it, and does not need it.
		unix.SetsockoptInt(l.Fd(), unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	}
	c.ReturnInt(int(s.id))
}

func (s *server) set(c *v8.Call, i int) {
	s.cfg = http1.Config{MaxHeaderSize: c.Int(i), Lenient: c.Bool(i + 1), MaxHeaders: c.Int(i + 2)}
	s.keepAlive = c.Int64(i + 3)
}

func (m *module) server(c *v8.Call) *server { return m.servers[int32(c.Int(0))] }

// configure(server, …) as attach.
func (m *module) configure(c *v8.Call) {
	if s := m.server(c); s != nil {
		s.set(c, 1)
	}
}

// detach(server): connections accepted from now on are JavaScript's again; those there are stay.
func (m *module) detach(c *v8.Call) {
	if s := m.server(c); s != nil && s.listener != nil {
		s.listener.SetAccept(s.restore)
		s.listener = nil
	}
}

func (m *module) countOf(c *v8.Call) {
	n := 0
	if s := m.server(c); s != nil {
		n = s.n
	}
	c.ReturnInt(n)
}

func (s *server) accept(fd int) {
	m := s.m
	c := &conn{srv: s, since: m.rt.Loop.Now()}
	if k := len(m.free); k > 0 {
		c.slot = m.free[k-1]
		m.free = m.free[:k-1]
		m.conns[c.slot] = c
	} else {
		c.slot = int32(len(m.conns))
		m.conns = append(m.conns, c)
	}
	m.hub.Init(&c.Conn, fd, c)
	c.p.Init(&s.cfg)
	s.n++
	s.busy.push(c)
	c.Resume()
}

func (l *ring) push(c *conn) {
	c.in, c.prev, c.next = l, l.last, nil
	if l.last != nil {
		l.last.next = c
	} else {
		l.first = c
	}
	l.last = c
}

func (c *conn) unlink() {
	l := c.in
	if l == nil {
		return
	}
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		l.first = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	} else {
		l.last = c.prev
	}
	c.in, c.prev, c.next = nil, nil, nil
}

// --- reading

// OnReadable reads once and parses.
func (c *conn) OnReadable(*net.Conn) {
	m := c.srv.m
	b := &m.batch
	if m.emitted || len(b.Slab)-b.Used < 4*readSize || !b.Room(4096) {
		// What has been gathered goes first. The poller is level-triggered: it will say so again.
		m.rt.Loop.Defer(func() {})
		return
	}
	if len(c.hold) > 0 {
		c.Pause() // until what was read before can be parsed
		return
	}
	if c.state&inBody == 0 && c.unread() {
		return
	}
	off := b.Used
	n, err := c.Read(b.Slab[off : off+readSize])
	if n > 0 && c.p.Failed() {
		// What follows the malformed is malformed too, as long as somebody is to be told.
		if c.state&told != 0 && c.cur != 0 {
			r := b.Add(http1.KindError, c.slot, c.cur, 0)
			r[15], r[http1.FieldCode], r[http1.FieldPos] = c.srv.id, c.p.Err(), 0
			r[http1.FieldOff], r[http1.FieldLen] = int32(off), int32(n)
			b.Used += n
		}
		return
	}
	if n > 0 {
		b.Used += n
		c.parse(b.Slab[off:off+n], off)
		return
	}
	if err == io.EOF {
		c.endOfInput()
	} else if err != nil {
		c.lost(err.(syscall.Errno))
	}
}

// parse takes bytes that lie in the slab at off.
func (c *conn) parse(data []byte, off int) {
	b := &c.srv.m.batch
	if c.in == &c.srv.idle {
		c.unlink()
		c.srv.busy.push(c)
		c.since = c.srv.m.rt.Loop.Now()
	}
	before, start := b.N, off
	for len(data) > 0 {
		first := b.N
		b.Conn = c.slot
		if len(c.queue) >= maxPipelined {
			break
		}
		begun, count := c.p.InHead(), c.requests
		used := c.p.Execute(b, data, off)
		for i := first; i < b.N; i++ {
			r := b.Rec[i*http1.RecordSize : (i+1)*http1.RecordSize]
			if r[http1.FieldKind] == http1.KindError {
				// With the piece of input that it was found in.
				r[http1.FieldPos] -= int32(off)
				r[http1.FieldOff], r[http1.FieldLen] = int32(off), int32(len(data))
			}
			c.note(r)
		}
		data, off = data[used:], off+used
		if c.p.Failed() {
			return
		}
		if c.p.InHead() && !(begun && c.requests == count) || c.requests-count > 1 || !begun && c.requests > count {
			c.since = c.srv.m.rt.Loop.Now() // another message has begun
		}
		if c.p.Waiting() || used == 0 {
			break
		}
	}
	if len(data) > 0 {
		c.hold = append([]byte(nil), data...)
		c.Pause()
		if !c.p.Waiting() && len(c.queue) < maxPipelined {
			c.later()
		}
	}
	if b.N == before {
		b.Used = start // no record speaks of these bytes: what is needed of them has been copied
	}
}

// parseHeld goes on with what had to wait.
func (c *conn) parseHeld() {
	b := &c.srv.m.batch
	if len(c.hold) == 0 {
		c.readOn()
		return
	}
	if len(b.Slab)-b.Used < len(c.hold)+readSize || !b.Room(4096) {
		c.later()
		return
	}
	off := b.Used
	n := copy(b.Slab[off:], c.hold)
	b.Used += n
	c.hold = nil
	c.readOn()
	c.parse(b.Slab[off:off+n], off)
}

// unread reports that the client does not read its answers, and stops reading requests until it does.
func (c *conn) unread() bool {
	if c.Queued() < maxUnread {
		return false
	}
	c.state |= full
	c.Pause()
	return true
}

// readOn reads again, unless there is still a reason not to.
func (c *conn) readOn() {
	if c.state&(paused|full|late|inputEnded) == 0 {
		c.Resume()
	}
}

func (c *conn) later() {
	if c.state&isAgain == 0 {
		c.state |= isAgain
		m := c.srv.m
		m.again = append(m.again, c)
		m.rt.Loop.Defer(func() {})
	}
}

// note keeps account of what a record means for the order of answers.
func (c *conn) note(r []int32) {
	r[15] = c.srv.id
	switch r[http1.FieldKind] {
	case http1.KindBody:
		if r[http1.FieldFlags]&http1.FlagLast != 0 {
			c.state &^= inBody
		}
	case http1.KindComplete:
		c.state &^= inBody
	case http1.KindHead:
		if c.state &^= inBody; r[http1.FieldFlags]&http1.FlagBody != 0 {
			c.state |= inBody
		}
		c.requests++
		r[14] = c.requests
		c.unread() // what has been read is still parsed
		if c.cur == 0 {
			c.cur = r[http1.FieldSeq]
		} else {
			c.queue = append(c.queue, reply{seq: r[http1.FieldSeq]})
		}
	case http1.KindError:
		if c.state&inBody != 0 && c.owes(r[http1.FieldSeq]) {
			// The request itself is malformed further on: its answer is the answer to the error.
			r[http1.FieldFlags] = 1
			c.state |= told
			return
		}
		// It is answered in its turn: behind what is owed. Until then JavaScript does not hear of it.
		seq := c.srv.m.batch.NextSeq()
		r[http1.FieldSeq] = seq
		if c.cur == 0 {
			c.cur = seq
			c.state |= told
			return
		}
		c.queue = append(c.queue, reply{seq: seq, err: r[http1.FieldCode], pos: r[http1.FieldPos], kind: http1.KindError})
		r[http1.FieldKind] = kindWaiting
	}
}

// owes reports whether the answer to seq is still to come.
func (c *conn) owes(seq int32) bool {
	if c.cur == seq {
		return true
	}
	for i := range c.queue {
		if c.queue[i].seq == seq {
			return true
		}
	}
	return false
}

// owedSeqs is what NextSeq must leave out: requests that have been open for a billion others.
func (m *module) owedSeqs(lo, hi int32) map[int32]bool {
	var owed map[int32]bool
	note := func(seq int32) {
		if seq >= lo && seq <= hi {
			if owed == nil {
				owed = map[int32]bool{}
			}
			owed[seq] = true
		}
	}
	for _, c := range m.conns {
		if c == nil {
			continue
		}
		note(c.cur)
		note(c.p.Seq())
		for i := range c.queue {
			note(c.queue[i].seq)
		}
	}
	return owed
}

func (c *conn) endOfInput() {
	if c.state&inputEnded != 0 {
		return
	}
	c.state |= inputEnded
	if c.p.Failed() {
		if c.cur == 0 || c.state&told != 0 {
			c.abort()
			c.finish()
		}
		return
	}
	m := c.srv.m
	b := &m.batch
	first := b.N
	b.Conn = c.slot
	c.p.Finish(b)
	for i := first; i < b.N; i++ {
		c.note(b.Rec[i*http1.RecordSize : (i+1)*http1.RecordSize])
	}
	if c.p.Failed() {
		return
	}
	c.state |= lastAnswer
	if c.cur == 0 {
		c.finish()
		return
	}
	b.Add(kindEnd, c.slot, c.cur, 0)
	for i := range c.queue {
		b.Add(kindEnd, c.slot, c.queue[i].seq, 0)
	}
}

// lost is an error of the socket.
func (c *conn) lost(errno syscall.Errno) {
	c.abort()
	c.leaveSocket(int32(errno))
}

// abort tells the requests that nobody waits for their answers any more.
func (c *conn) abort() {
	b := &c.srv.m.batch
	if c.cur != 0 {
		b.Add(kindAbort, c.slot, c.cur, 0)
		c.cur = 0
	}
	for i := range c.queue {
		if c.queue[i].kind == 0 {
			b.Add(kindAbort, c.slot, c.queue[i].seq, 0)
		}
	}
	c.queue, c.out, c.hold = nil, nil, nil
}

// finish ends the connection in good order.
func (c *conn) finish() {
	if c.state&hasSocket != 0 {
		c.leaveSocket(0)
		return
	}
	c.CloseSoon()
}

// leaveSocket lets JavaScript end a connection that it has a socket of.
func (c *conn) leaveSocket(errno int32) {
	if c.state&hasSocket != 0 {
		r := c.srv.m.batch.Add(kindGone, c.slot, 0, 0)
		r[http1.FieldCode] = errno
		return
	}
	c.Close()
}

// OnWritable is the end of what was queued.
func (c *conn) OnWritable(*net.Conn) {
	if c.state&full != 0 {
		c.state &^= full
		if len(c.hold) == 0 {
			c.readOn()
		} else if !c.p.Waiting() {
			c.later()
		}
	}
	if c.state&wantsNotify != 0 {
		c.state &^= wantsNotify
		c.srv.m.batch.Add(kindDrained, c.slot, c.cur, 0)
	}
}

// OnError is a write that failed.
func (c *conn) OnError(_ *net.Conn, err syscall.Errno) { c.lost(err) }

// OnClose is the last event.
func (c *conn) OnClose(*net.Conn) {
	if c.state&handed == 0 {
		c.forget()
	}
	if c.state&hasSocket != 0 {
		c.Hub().TellClosed(&c.Conn)
	}
}

// forget takes the connection off the server.
func (c *conn) forget() {
	if c.slot == 0 {
		return
	}
	m := c.srv.m
	if c.cur != 0 {
		c.abort()
	}
	c.unlink()
	m.conns[c.slot] = nil
	m.free = append(m.free, c.slot)
	c.slot = 0
	if c.srv.n--; c.srv.n == 0 {
		r := m.batch.Add(kindGone, 0, 0, 1)
		r[http1.FieldCode] = c.srv.id
	}
}

// --- writing

// drain takes the outbox apart: bytes of answers whose turn it is go to their connections, those of later ones wait.
func (m *module) drain() {
	box := m.rt.Isolate.Outbox()
	if len(box) == 0 {
		return
	}
	for p := 0; p < len(box); {
		slot := int32(binary.LittleEndian.Uint32(box[p:]))
		seq := int32(binary.LittleEndian.Uint32(box[p+4:]))
		flags := int32(binary.LittleEndian.Uint32(box[p+8:]))
		n := int(binary.LittleEndian.Uint32(box[p+12:]))
		data := box[p+16 : p+16+n]
		p += 16 + (n+7)&^7
		if uint32(slot) >= uint32(len(m.conns)) {
			continue
		}
		c := m.conns[slot]
		if c == nil || c.state&handed != 0 {
			continue
		}
		if c.cur == seq && seq != 0 {
			if c.state&isDirty == 0 {
				c.state |= isDirty
				m.dirty = append(m.dirty, c)
			}
			if len(c.out) == 0 && (flags&flagEnd != 0 && len(c.queue) == 0 || n >= directSize) {
				// The usual case: one answer, whole, and nothing else; or a large piece. Written from where it lies.
				c.write(data)
			} else {
				c.out = append(c.out, data...)
			}
			c.answered(flags)
			continue
		}
		for i := range c.queue {
			if q := &c.queue[i]; q.seq == seq {
				q.out = append(q.out, data...)
				q.flags |= flags
				break
			}
		}
	}
	m.rt.Isolate.OutboxReset()
	list := m.dirty
	for i, c := range list {
		list[i] = nil
		c.state &^= isDirty
		c.flush()
	}
	m.dirty = list[:0]
}

// pendingOf(slot, seq) → bytes of an answer that the kernel does not have yet: those in the outbox, and those behind them.
func (m *module) pendingOf(call *v8.Call) {
	slot, seq := int32(call.Int(0)), int32(call.Int(1))
	if uint32(slot) >= uint32(len(m.conns)) || m.conns[slot] == nil {
		call.ReturnInt(0)
		return
	}
	c, n := m.conns[slot], 0
	if c.cur == seq {
		n = c.Queued() + len(c.out)
	} else {
		for i := range c.queue {
			if c.queue[i].seq == seq {
				n = len(c.queue[i].out)
			}
		}
	}
	box := m.rt.Isolate.Outbox()
	for p := 0; p < len(box); {
		size := int(binary.LittleEndian.Uint32(box[p+12:]))
		if int32(binary.LittleEndian.Uint32(box[p:])) == slot && int32(binary.LittleEndian.Uint32(box[p+4:])) == seq {
			n += size
		}
		p += 16 + (size+7)&^7
	}
	call.ReturnInt(n)
}

// write is one system call, or a queue.
func (c *conn) write(data []byte) {
	if c.Closed() {
		return
	}
	if err := c.Conn.Write(data); err != nil {
		if errno, ok := err.(syscall.Errno); ok {
			c.lost(errno)
		}
	}
}

// answered goes on to the next answer when the current one is complete.
func (c *conn) answered(flags int32) {
	if flags&flagNotify != 0 {
		c.state |= wantsNotify
	}
	for flags&flagEnd != 0 && c.cur != 0 {
		if flags&flagNotify != 0 {
			// Told about an answer that is complete as soon as its bytes are on their way.
			c.srv.m.batch.Add(kindDrained, c.slot, c.cur, 0)
			c.state &^= wantsNotify
		}
		c.cur = 0
		if flags&flagClose != 0 {
			c.state |= lastAnswer
			for i := range c.queue {
				if c.queue[i].kind == 0 {
					c.srv.m.batch.Add(kindAbort, c.slot, c.queue[i].seq, 0)
				}
			}
			c.queue = nil
			return
		}
		if len(c.queue) == 0 {
			return
		}
		next := c.queue[0]
		if len(c.queue) == 1 {
			c.queue = nil
		} else {
			c.queue = c.queue[1:]
		}
		c.cur = next.seq
		if next.kind != 0 {
			c.state |= told
			r := c.srv.m.batch.Add(next.kind, c.slot, next.seq, 0)
			r[15] = c.srv.id
			r[http1.FieldCode], r[http1.FieldPos] = next.err, next.pos
			return
		}
		c.out = append(c.out, next.out...)
		if flags = next.flags; flags&flagNotify != 0 {
			c.state |= wantsNotify
		}
	}
}

// flush writes what has gathered for the connection and looks what comes next.
func (c *conn) flush() {
	if c.state&handed != 0 || c.slot == 0 {
		return
	}
	if len(c.out) > 0 {
		c.write(c.out)
		if c.out = c.out[:0]; cap(c.out) > 4096 || c.cur == 0 {
			c.out = nil
		}
	}
	if c.Closed() {
		return
	}
	if c.state&wantsNotify != 0 && c.Queued() == 0 {
		c.state &^= wantsNotify
		c.srv.m.batch.Add(kindDrained, c.slot, c.cur, 0)
	}
	if len(c.hold) > 0 && !c.p.Waiting() {
		c.later()
	}
	if c.cur != 0 {
		return
	}
	if c.state&lastAnswer != 0 || c.p.Failed() {
		c.finish()
		return
	}
	if c.p.Idle() && len(c.hold) == 0 {
		c.since = c.srv.m.rt.Loop.Now()
		c.unlink()
		c.srv.idle.push(c)
		c.srv.arm()
	}
}
