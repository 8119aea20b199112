package http

import (
	"slices"

	"github.com/hobjs/hob/internal/http1"
	"github.com/hobjs/hob/internal/v8"
)

// --- time

// arm sets the timer for the connection that has been idle the longest.
func (s *server) arm() {
	if s.keepAlive <= 0 || s.until != 0 || s.idle.first == nil {
		return
	}
	s.until = s.idle.first.since + s.keepAlive
	s.timer.Start(max(s.until-s.m.rt.Loop.Now(), 1), 0)
}

// expire closes what has been idle too long.
func (s *server) expire() {
	s.until = 0
	now := s.m.rt.Loop.Now()
	for c := s.idle.first; c != nil && s.keepAlive > 0 && c.since+s.keepAlive <= now; {
		next := c.next
		c.unlink()
		if c.Queued() > 0 {
			// Silent because the client has not read its answer yet: the time begins when it has.
			c.since = now
			s.idle.push(c)
			c = next
			continue
		}
		c.finish()
		s.busy.push(c)
		c = next
	}
	s.arm()
}

// checkTimes(server, headersTimeout, requestTimeout): connections that have been too slow are told to JavaScript.
func (m *module) checkTimes(c *v8.Call) {
	s := m.server(c)
	if s == nil {
		return
	}
	head, whole := c.Int64(1), c.Int64(2)
	now := m.rt.Loop.Now()
	for k := s.busy.first; k != nil; k = k.next {
		if k.state&(late|handed|inputEnded) != 0 || k.Closed() {
			continue
		}
		age := now - k.since
		reading := k.p.InHead() || k.cur == 0 && k.p.Idle()
		slow := whole > 0 && age >= whole && (reading || !k.p.Idle()) || head > 0 && age >= head && reading
		if !slow || !m.batch.Room(16) {
			continue
		}
		k.state |= late
		k.Pause()
		seq := m.batch.NextSeq()
		if k.cur == 0 {
			k.cur = seq
			m.batch.Add(kindLate, k.slot, seq, 0)[15] = s.id
		} else {
			// A body that does not come: the answer to its request is not waited for.
			m.batch.Add(kindLate, k.slot, k.cur, 1)[15] = s.id
		}
	}
}

// --- what JavaScript does with servers and connections

func (m *module) closeIdle(c *v8.Call) {
	s := m.server(c)
	if s == nil {
		return
	}
	for k := s.idle.first; k != nil; {
		next := k.next
		if k.Queued() == 0 && len(k.hold) == 0 {
			k.finish()
		}
		k = next
	}
}

func (m *module) closeAll(c *v8.Call) {
	s := m.server(c)
	if s == nil {
		return
	}
	for _, l := range []*ring{&s.idle, &s.busy} {
		for k := l.first; k != nil; {
			next := k.next
			k.abort()
			k.leaveSocket(0)
			k = next
		}
	}
}

// at is the connection in a slot, if the request seq is one that it owes an answer to or the last that it brought.
func (m *module) at(c *v8.Call) *conn {
	slot, seq := c.Int(0), int32(c.Int(1))
	if slot <= 0 || slot >= len(m.conns) {
		return nil
	}
	k := m.conns[slot]
	if k == nil || k.Closed() || seq == 0 {
		return nil
	}
	if k.owes(seq) || k.p.Seq() == seq {
		return k
	}
	return nil
}

// expose(slot, seq) → the id by which node:net makes a socket of the connection; 0: it is gone.
func (m *module) expose(c *v8.Call) {
	k := m.at(c)
	if k == nil {
		c.ReturnInt(0)
		return
	}
	k.state |= hasSocket
	k.Hub().Expose(&k.Conn)
	c.ReturnFloat(float64(k.ID()))
}

// takeOver(slot, seq) → the bytes that follow the request; the connection is node:net's from now on.
func (m *module) takeOver(c *v8.Call) {
	m.drain()
	k := m.at(c)
	if k == nil {
		return
	}
	rest := k.hold
	k.hold = nil
	k.p.Continue(&m.batch, http1.Leave)
	m.batch.N-- // nobody needs to be told
	k.state |= handed | hasSocket
	k.Pause()
	seq := int32(c.Int(1))
	if k.cur == seq {
		k.cur = 0
	}
	k.queue = slices.DeleteFunc(k.queue, func(q reply) bool { return q.seq == seq })
	k.abort() // answers to earlier requests: what they would be written to has gone
	k.Hub().TakeOver(&k.Conn)
	k.forget()
	c.Return(v8.Bytes(rest))
}

// proceed(slot, seq): the request that asked to leave HTTP is an ordinary one.
func (m *module) proceed(c *v8.Call) {
	k := m.at(c)
	if k == nil || !k.p.Waiting() {
		return
	}
	k.later()
	k.state |= proceeding
}

func (m *module) pause(c *v8.Call) {
	if k := m.at(c); k != nil {
		k.state |= paused
		k.Pause()
	}
}

func (m *module) resume(c *v8.Call) {
	if k := m.at(c); k != nil && k.state&paused != 0 {
		k.state &^= paused
		if len(k.hold) == 0 {
			k.readOn()
		} else if !k.p.Waiting() {
			k.later()
		}
	}
}

// giveUp(slot, seq): the answers before the error seq are not waited for any longer.
func (m *module) giveUp(c *v8.Call) {
	k := m.at(c)
	if k == nil || k.cur == int32(c.Int(1)) {
		return
	}
	last := k.queue[len(k.queue)-1]
	k.queue = k.queue[:len(k.queue)-1]
	k.abort()
	k.cur = last.seq
	r := m.batch.Add(last.kind, k.slot, last.seq, 0)
	r[15], r[http1.FieldCode], r[http1.FieldPos] = k.srv.id, last.err, last.pos
}

// closeConn(slot, seq): now.
func (m *module) closeConn(c *v8.Call) {
	m.drain()
	if k := m.at(c); k != nil {
		k.abort()
		k.leaveSocket(0)
	}
}
