// Package http is the Go half of node:http: a server's connections, which Go reads, parses and writes by itself (fast.go,
// conn.go), and parsers for messages that come through any other stream (below).
//
// # The way of a request on the fast path
//
// A listener's connections are *conn, each with a parser of internal/http1. OnReadable reads into the slab and parses:
// records gather in the batch. Before JavaScript is entered, one event carries the whole batch (the records lie in
// memory that both sides see, heads have become strings in C++). JavaScript answers into the outbox (engine.respond).
// After JavaScript ran, drain writes each connection's bytes with one system call, in the order of the requests.
package http

import (
	"github.com/hobjs/hob/internal/builtin/net"
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/http1"
	"github.com/hobjs/hob/internal/v8"
	"unsafe"
)

const (
	recordInts = 256 << 10
	slabBytes  = 4 << 20
	// Memory for one parser call of a stream.
	streamInts = 192 << 10
	streamSlab = 1 << 20
)

type module struct {
	rt  *host.Runtime
	hub *net.Hub

	parsers map[int32]*streamParser
	lastID  int32
	stream  http1.Batch

	fast
}

// streamParser parses what JavaScript hands it.
type streamParser struct {
	http1.Parser
	cfg http1.Config
}

// Natives is the table that http's JavaScript sees as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, parsers: map[int32]*streamParser{}}
	m.servers = map[int32]*server{}
	return host.Natives{
		"parserBuffers":  m.parserBuffers,
		"parserNew":      m.parserNew,
		"parserFree":     func(c *v8.Call) { delete(m.parsers, int32(c.Int(0))) },
		"parserExecute":  m.parserExecute,
		"parserContinue": m.parserContinue,
		"parserFinish":   m.parserFinish,
		"parserError":    m.parserError,

		"fastSetup":   m.fastSetup,
		"attach":      m.attach,
		"detach":      m.detach,
		"configure":   m.configure,
		"countOf":     m.countOf,
		"closeIdle":   m.closeIdle,
		"closeAll":    m.closeAll,
		"checkTimes":  m.checkTimes,
		"expose":      m.expose,
		"takeOver":    m.takeOver,
		"proceed":     m.proceed,
		"pause":       m.pause,
		"pendingOf":   m.pendingOf,
		"resume":      m.resume,
		"closeConn":   m.closeConn,
		"giveUp":      m.giveUp,
		"drainOutbox": func(c *v8.Call) { m.drain() },
	}
}

func ints(b *v8.Backing) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(b.Data))), len(b.Data)/4)
}

// parserBuffers() → [records, slab], the memory that parserExecute's records lie in.
func (m *module) parserBuffers(c *v8.Call) {
	if m.stream.Rec != nil {
		panic("http: set up twice")
	}
	r, rec := m.rt.Isolate.SharedBuffer(streamInts * 4)
	s, slab := m.rt.Isolate.SharedBuffer(streamSlab)
	m.stream.Rec, m.stream.Slab = ints(rec), slab.Data
	m.rt.OnClose(func() { rec.Release(); slab.Release() })
	c.Return(v8.Array(v8.TakeRef(r), v8.TakeRef(s)))
}

// parserNew(response, maxHeaderSize, lenient, maxHeaders) → id
func (m *module) parserNew(c *v8.Call) {
	p := new(streamParser)
	p.cfg = http1.Config{Response: c.Bool(0), MaxHeaderSize: c.Int(1), Lenient: c.Bool(2), MaxHeaders: c.Int(3)}
	p.cfg.Decide = p.cfg.Response
	p.Init(&p.cfg)
	m.lastID++
	m.parsers[m.lastID] = p
	c.ReturnInt(int(m.lastID))
}

// parserExecute(id, bytes) → records + used * 2^20
func (m *module) parserExecute(c *v8.Call) {
	p := m.parsers[int32(c.Int(0))]
	m.stream.Reset()
	used := 0
	if p != nil {
		used = p.Execute(&m.stream, c.Bytes(1), 0)
	}
	c.ReturnFloat(float64(m.stream.N) + float64(used)*(1<<20))
}

// parserContinue(id, what) → records
func (m *module) parserContinue(c *v8.Call) {
	m.stream.Reset()
	if p := m.parsers[int32(c.Int(0))]; p != nil {
		p.Continue(&m.stream, c.Int(1))
	}
	c.ReturnInt(m.stream.N)
}

// parserFinish(id) → records
func (m *module) parserFinish(c *v8.Call) {
	m.stream.Reset()
	if p := m.parsers[int32(c.Int(0))]; p != nil {
		p.Finish(&m.stream)
	}
	c.ReturnInt(m.stream.N)
}

// parserError(number) → [code, reason]
func (m *module) parserError(c *v8.Call) {
	e := http1.Errors[c.Int(0)]
	c.Return(v8.Array(v8.String(e.Code), v8.String(e.Reason)))
}
