package http1

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Config is what the parsers of one server or one client have in common.
type Config struct {
	MaxHeaderSize int  // bytes of target, names and values; at that size a head overflows
	MaxHeaders    int  // headers kept in a table; more are counted but not kept. 0: 2000
	Lenient       bool // insecureHTTPParser
	Response      bool
	Decide        bool // stop behind every head: Continue says what follows it
}

const (
	stateStart   uint8 = iota // between messages
	stateHead                 // bytes of a head are in buf
	stateUpgrade              // the message asks to leave HTTP: Continue decides
	stateLength               // a body of known length
	stateEOF                  // a body that the end of the connection ends
	stateChunkSize0
	stateChunkSize
	stateChunkSpaces
	stateChunkLF
	stateExt
	stateExtName
	stateExtValue
	stateExtQuoted
	stateExtPair
	stateExtQuoteEnd
	stateChunkData
	stateDataCR
	stateDataLF
	stateTrailers
	stateClosed // after a message that ends the connection
	stateRaw    // upgraded: nothing more is parsed
	stateError
)

// What the headers of the current message said.
const (
	sawClose = 1 << iota
	sawKeepAlive
	sawConnUpgrade
	sawUpgrade
	sawLength
	sawTransfer
	sawChunked
	sawHost
	sawManyHosts
	sawExpect
	noBody // the caller said that this message has no body (the answer to a HEAD)
	wantsUpgrade
)

const maxExtensions = 16 << 10

// mostHeaders bounds a table, whatever the configuration says: a batch must have room for one.
const mostHeaders = 8000

// Parser is the state of one connection between two pieces of input. The zero value with a Config is ready.
type Parser struct {
	cfg     *Config
	buf     []byte // bytes of an unfinished head or trailer block
	scanned int    // how many of them have been scanned
	left    uint64 // bytes of the body, or of the chunk, that are still to come
	seq     int32
	ext     int32 // bytes of chunk extensions in this chunk
	saw     uint16
	status  int16
	state   uint8
	version uint8 // major << 4 | minor
	method  uint8
	err     uint8
}

// Init makes p ready for a new connection.
func (p *Parser) Init(cfg *Config) { *p = Parser{cfg: cfg} }

// Idle reports that p is between two messages and holds nothing.
func (p *Parser) Idle() bool { return p.state == stateStart || p.state == stateClosed }

// InHead reports that a head has begun and is not complete.
func (p *Parser) InHead() bool { return p.state == stateHead }

// Waiting reports that p has stopped at a message that asks to leave HTTP.
func (p *Parser) Waiting() bool { return p.state == stateUpgrade }

// Failed reports that the input was malformed: nothing more is parsed.
func (p *Parser) Failed() bool { return p.state == stateError }

// Err is the index in Errors of what Failed is about.
func (p *Parser) Err() int32 { return int32(p.err) }

// Seq is the number of the current message.
func (p *Parser) Seq() int32 { return p.seq }

// Execute parses data. Offsets of what lies in data are counted from base. It returns how many bytes it used: fewer
// than there are when the message asks to leave HTTP, after an error, or when the batch is full.
func (p *Parser) Execute(b *Batch, data []byte, base int) int {
	i := 0
	for i < len(data) {
		if !b.Room(p.maxHeaders()) {
			return i
		}
		switch p.state {
		case stateStart:
			for i < len(data) && (data[i] == '\r' || data[i] == '\n') {
				i++
			}
			if i == len(data) {
				return i
			}
			p.saw = 0
			i = p.block(b, data, i, base, false)
		case stateHead:
			i = p.block(b, data, i, base, false)
		case stateTrailers:
			i = p.block(b, data, i, base, true)
		case stateLength, stateChunkData:
			n := len(data) - i
			if uint64(n) > p.left {
				n = int(p.left)
			}
			p.left -= uint64(n)
			r := b.add(KindBody, p)
			r[FieldOff], r[FieldLen] = int32(base+i), int32(n)
			i += n
			if p.left == 0 {
				if p.state == stateLength {
					r[FieldFlags] |= FlagLast
					p.complete()
				} else {
					p.state = stateDataCR
				}
			}
		case stateEOF:
			r := b.add(KindBody, p)
			r[FieldOff], r[FieldLen] = int32(base+i), int32(len(data)-i)
			return len(data)
		case stateUpgrade, stateRaw, stateError:
			return i
		case stateClosed:
			if c := data[i]; c == '\r' || c == '\n' {
				i++
			} else {
				p.fail(b, errClosed, base+i)
			}
		default:
			i = p.chunk(b, data, i, base)
		}
	}
	return i
}

// Finish is the end of the input.
func (p *Parser) Finish(b *Batch) {
	switch p.state {
	case stateStart, stateClosed, stateRaw, stateError, stateUpgrade:
	case stateEOF:
		b.add(KindComplete, p)
		p.complete()
	case stateHead, stateTrailers:
		if p.scanned < len(p.buf) {
			p.scanned = 0
			p.block(b, nil, 0, 0, p.state == stateTrailers)
			if p.state == stateError {
				return
			}
		}
		fallthrough
	default:
		p.fail(b, errEOF, 0)
	}
}

// What follows a head: answers to Continue.
const (
	GoOn   = 0 // what the head says
	NoBody = 1 // nothing: the answer to a HEAD
	Leave  = 2 // no HTTP any more: the bytes behind the message belong to somebody else
)

// Continue goes on behind a head at which the parser waits.
func (p *Parser) Continue(b *Batch, what int) {
	if p.state != stateUpgrade {
		return
	}
	if what == NoBody {
		p.saw |= noBody
	}
	if what == Leave || p.cfg.Response && p.status == 101 {
		p.state = stateRaw
		b.add(KindComplete, p)
		return
	}
	if !p.body(b) && p.state != stateError {
		b.add(KindComplete, p)
		p.complete()
	}
}

func (p *Parser) maxHeaders() int {
	if p.cfg.MaxHeaders > 0 {
		return min(p.cfg.MaxHeaders, mostHeaders)
	}
	return 2000
}

func (p *Parser) fail(b *Batch, code, pos int) {
	p.state, p.err, p.buf = stateError, uint8(code), nil
	r := b.add(KindError, p)
	r[FieldCode], r[FieldPos] = int32(code), int32(max(pos, 0))
}

// block parses a head, or a block of trailers, that begins in buf or at data[i].
func (p *Parser) block(b *Batch, data []byte, i, base int, trailers bool) int {
	src, off, kept := data[i:], i, len(p.buf)
	limit := 4*p.cfg.MaxHeaderSize + 64<<10
	used := len(src) // bytes of data that this takes if it is not the end
	if kept > 0 {
		// A piece at a time: what follows the head may be a large body.
		used = min(used, max(4096, kept))
		p.buf = append(p.buf, src[:used]...)
		if !p.worthScanning(kept) {
			return i + used
		}
		src, off = p.buf, -1
	}
	p.scanned = len(src)
	tail := b.Tail
	n, code := 0, 0
	r := b.Rec[b.N*RecordSize : b.N*RecordSize+RecordSize : b.N*RecordSize+RecordSize]
	s := scanner{p: p, b: b, src: src}
	saw := p.saw // a scan that ends too early leaves no trace
	if trailers {
		n, code = s.headers(0, true)
	} else {
		n, code = s.head(r)
	}
	if code < 0 {
		p.saw = saw
	}
	switch {
	case code == needFold:
		// A folded line in lenient mode: without its line break the value is in one piece.
		if kept == 0 {
			p.buf = append(p.buf[:0], src...)
		}
		p.buf = append(p.buf[:n], p.buf[n+s.fold:]...)
		b.Tail = tail
		if !trailers {
			p.state = stateHead
		}
		if len(p.buf) == 0 {
			return i
		}
		// Take it up again from the buffer, with nothing new.
		return p.again(b, data, i, base, trailers, used)
	case code > 0:
		b.Tail = tail
		if kept > 0 {
			n -= kept
		}
		p.fail(b, code, base+i+n)
		return len(data)
	case code == needMore:
		b.Tail = tail
		if len(src) > limit {
			p.fail(b, errHeaderOverflow, base+i)
			return len(data)
		}
		if kept == 0 {
			p.buf = append(p.buf, src...)
			src = nil
			if !trailers {
				p.state = stateHead
			}
			return len(data)
		}
		if !trailers {
			p.state = stateHead
		}
		return i + used
	}
	return p.accept(b, r, &s, n, i, off, base, kept, trailers)
}

// worthScanning says whether to look at buf again, of which kept bytes are old: a scan begins with the first byte. Short
// heads are scanned with every piece; longer ones when they may be complete or have grown by a quarter, so that a head
// that comes byte by byte costs each byte a few times, not as often as there are bytes.
func (p *Parser) worthScanning(kept int) bool {
	if n := len(p.buf); n < 2048 || n-p.scanned > p.scanned/4 {
		return true
	}
	for b := p.buf[max(kept-3, 0):]; len(b) > 1; b = b[1:] {
		// An empty line, or what is taken for one.
		if c := b[1]; (c == '\r' || c == '\n') && (p.cfg.Lenient || b[0] == '\n' || b[0] == '\r' && c == '\r') {
			return true
		}
	}
	return false
}

// again scans the buffer once more after a fold was taken out.
func (p *Parser) again(b *Batch, data []byte, i, base int, trailers bool, used int) int {
	for {
		tail, code, n := b.Tail, 0, 0
		r := b.Rec[b.N*RecordSize : b.N*RecordSize+RecordSize : b.N*RecordSize+RecordSize]
		s := scanner{p: p, b: b, src: p.buf}
		saw := p.saw
		if trailers {
			n, code = s.headers(0, true)
		} else {
			n, code = s.head(r)
		}
		if code < 0 {
			p.saw = saw
		}
		switch {
		case code == needFold:
			p.buf = append(p.buf[:n], p.buf[n+s.fold:]...)
			b.Tail = tail
			continue
		case code > 0:
			b.Tail = tail
			p.fail(b, code, base+i)
			return len(data)
		case code == needMore:
			b.Tail = tail
			if len(p.buf) > 4*p.cfg.MaxHeaderSize+64<<10 {
				p.fail(b, errHeaderOverflow, base+i)
				return len(data)
			}
			return i + used
		}
		behind := len(p.buf) - n // bytes of data that follow the block
		p.accept(b, r, &s, n, 0, -1, base, len(p.buf), trailers)
		return i + used - behind
	}
}

// accept makes the record of a complete head or trailer block of n bytes and says where the rest of data begins.
func (p *Parser) accept(b *Batch, r []int32, s *scanner, n, i, off, base, kept int, trailers bool) int {
	next := i + n - kept
	start := base + off
	flags := int32(0)
	if off < 0 {
		if len(b.Slab)-b.Used < n {
			p.fail(b, errHeaderOverflow, base+i)
			return next
		}
		start = b.Used
		b.Used += copy(b.Slab[b.Used:], s.src[:n])
		flags = FlagSlab
		p.buf = nil
	}
	if trailers {
		if s.count > 0 {
			b.N++
			r[FieldKind], r[FieldConn], r[FieldSeq], r[FieldFlags] = KindTrailers, b.Conn, p.seq, flags
			r[FieldOff], r[FieldLen] = int32(start), int32(n)
			r[FieldTable], r[FieldHeaders] = int32(b.Tail), int32(s.count)
		}
		b.add(KindComplete, p)
		p.complete()
		return next
	}
	b.N++
	p.seq = b.NextSeq()
	if p.saw&(sawUpgrade|sawConnUpgrade) == sawUpgrade|sawConnUpgrade {
		if !p.cfg.Response || p.status == 101 {
			p.saw |= wantsUpgrade
		}
	} else if !p.cfg.Response && p.method == methodConnect {
		p.saw |= wantsUpgrade
	}
	if p.keepAlive() {
		flags |= FlagKeepAlive
	}
	if p.version>>4 == 0 || p.version&15 == 0 {
		flags |= FlagHTTP10
	}
	for _, f := range &seenFlags {
		if p.saw&f.saw != 0 {
			flags |= f.flag
		}
	}
	r[FieldKind], r[FieldConn], r[FieldSeq] = KindHead, b.Conn, p.seq
	r[FieldOff], r[FieldLen] = int32(start), int32(n)
	r[FieldTable], r[FieldHeaders] = int32(b.Tail), int32(s.count)
	r[FieldVersion] = int32(p.version)
	if p.cfg.Response {
		r[FieldMethod] = int32(p.status)
	} else {
		r[FieldMethod] = int32(p.method)
	}
	if p.cfg.Response && p.status/100 == 1 && p.status != 101 {
		p.saw &^= sawChunked | sawLength | sawTransfer
	}
	if p.cfg.Decide {
		p.state = stateUpgrade
		if p.saw&wantsUpgrade != 0 {
			flags |= FlagUpgrade
		}
		r[FieldFlags] = flags | FlagBody
		return next
	}
	if p.saw&wantsUpgrade != 0 || p.cfg.Response && p.status == 101 {
		p.state = stateUpgrade
		r[FieldFlags] = flags | FlagUpgrade | FlagBody
		return next
	}
	r[FieldFlags] = flags
	if p.body(b) {
		r[FieldFlags] |= FlagBody
	} else if p.state != stateError {
		p.complete()
	} else {
		r[FieldFlags] |= FlagBody // refused for its framing: it was never complete
	}
	return next
}

var seenFlags = [...]struct {
	saw  uint16
	flag int32
}{{sawChunked, FlagChunked}, {sawLength, FlagLength}, {sawExpect, FlagExpect}, {sawHost, FlagHost},
	{sawManyHosts, FlagManyHosts}, {sawClose, FlagConnectionClose}}

// body sets the state for what follows the head; false: nothing does, the message is complete.
func (p *Parser) body(b *Batch) bool {
	saw := p.saw
	if saw&noBody != 0 || p.cfg.Response && (p.status/100 == 1 || p.status == 204 || p.status == 304) {
		return false
	}
	switch {
	case saw&sawChunked != 0:
		p.state = stateChunkSize0
	case saw&sawTransfer != 0:
		if !p.cfg.Response && !p.cfg.Lenient {
			p.fail(b, errTERequest, 0)
			return false
		}
		p.state = stateEOF
	case saw&sawLength != 0:
		if p.left == 0 {
			return false
		}
		p.state = stateLength
	case p.cfg.Response:
		p.state = stateEOF
	default:
		return false
	}
	return true
}

func (p *Parser) keepAlive() bool {
	if p.version>>4 > 0 && p.version&15 > 0 {
		if p.saw&sawClose != 0 {
			return false
		}
	} else if p.saw&sawKeepAlive == 0 {
		return false
	}
	if !p.cfg.Response || p.saw&noBody != 0 || p.status/100 == 1 || p.status == 204 || p.status == 304 {
		return true
	}
	if p.saw&sawTransfer != 0 && p.saw&sawChunked == 0 {
		return false
	}
	return p.saw&(sawChunked|sawLength) != 0
}

func (p *Parser) complete() {
	p.state = stateStart
	if !p.cfg.Lenient && !p.keepAlive() {
		p.state = stateClosed
	}
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// chunk takes one byte, or one run of bytes, of what stands around the data of chunks.
func (p *Parser) chunk(b *Batch, data []byte, i, base int) int {
	c := data[i]
	lenient := p.cfg.Lenient
	switch p.state {
	case stateChunkSize0:
		v := hexValue(c)
		if v < 0 {
			p.fail(b, errChunkSize, base+i)
			return i
		}
		p.left, p.ext, p.state = uint64(v), 0, stateChunkSize
	case stateChunkSize:
		if v := hexValue(c); v >= 0 {
			if p.left>>60 != 0 {
				p.fail(b, errChunkOverflow, base+i)
				return i
			}
			p.left = p.left<<4 | uint64(v)
			return i + 1
		}
		return p.chunkLineEnd(b, c, i, base, errChunkSize, errChunkSizeCR)
	case stateChunkSpaces:
		if c == ' ' || c == '\t' {
			return i + 1
		}
		return p.chunkLineEnd(b, c, i, base, errChunkSize, errChunkSizeCR)
	case stateChunkLF:
		if c != '\n' {
			if !lenient {
				p.fail(b, errChunkSizeLF, base+i)
				return i
			}
			i--
		}
		p.chunkBegins(b)
	case stateExt:
		if c == ' ' || c == '\r' {
			p.fail(b, errExt, base+i)
			return i
		}
		p.state = stateExtName
		return i
	case stateExtName:
		if tokenChar[c] {
			return p.extension(b, i, base)
		}
		if c == '=' {
			p.state = stateExtValue
			return i + 1
		}
		return p.chunkLineEnd(b, c, i, base, errExtName, errExtNameCR)
	case stateExtValue:
		if tokenChar[c] {
			return p.extension(b, i, base)
		}
		if c == '"' {
			p.state = stateExtQuoted
			return p.extension(b, i, base)
		}
		return p.chunkLineEnd(b, c, i, base, errExtValue, errExtValueCR)
	case stateExtQuoted:
		switch {
		case c == '"':
			p.state = stateExtQuoteEnd
		case c == '\\':
			p.state = stateExtPair
		case c < ' ' && c != '\t' || c == 0x7f:
			p.fail(b, errExtQuoted, base+i)
			return i
		}
		return p.extension(b, i, base)
	case stateExtPair:
		if c < ' ' && c != '\t' || c == 0x7f {
			p.fail(b, errExtQuotedPair, base+i)
			return i
		}
		p.state = stateExtQuoted
		return p.extension(b, i, base)
	case stateExtQuoteEnd:
		return p.chunkLineEnd(b, c, i, base, errExtQuoteEnd, errExtValueCR)
	case stateDataCR:
		switch {
		case c == '\r':
			p.state = stateDataLF
		case c == '\n' && lenient:
			p.state = stateChunkSize0
		case c == '\n':
			p.fail(b, errChunkDataCR, base+i)
			return i
		case lenient:
			p.state = stateChunkSize0
			return i
		default:
			p.fail(b, errChunkDataLF, base+i)
			return i
		}
	case stateDataLF:
		if c != '\n' {
			if !lenient {
				p.fail(b, errChunkDataLF, base+i)
				return i
			}
			i--
		}
		p.state = stateChunkSize0
	}
	return i + 1
}

func (p *Parser) extension(b *Batch, i, base int) int {
	if p.ext++; p.ext > maxExtensions {
		p.fail(b, errExtOverflow, base+i)
		return i
	}
	return i + 1
}

func (p *Parser) chunkLineEnd(b *Batch, c byte, i, base, other, noCR int) int {
	lenient := p.cfg.Lenient
	switch {
	case c == '\r':
		p.state = stateChunkLF
	case c == '\n' && lenient:
		p.chunkBegins(b)
	case c == '\n':
		p.fail(b, noCR, base+i)
		return i
	case c == ';':
		p.state = stateExt
	case (c == ' ' || c == '\t') && lenient && (p.state == stateChunkSize || p.state == stateChunkSpaces):
		p.state = stateChunkSpaces
	default:
		p.fail(b, other, base+i)
		return i
	}
	return i + 1
}

func (p *Parser) chunkBegins(b *Batch) {
	p.state = stateChunkData
	if p.left == 0 {
		p.state = stateTrailers
	}
}

// skip passes bytes of a header value, from 0x20 up without 0x7f, eight at a time. It may stop early, never late.
func skip(b []byte, i int) int {
	const ones = 0x0101010101010101
	for i+8 <= len(b) {
		v := binary.LittleEndian.Uint64(b[i:])
		x := v ^ (0x7f * ones)
		if m := ((v-0x20*ones)&^v | (x-ones)&^x) & (0x80 * ones); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
		i += 8
	}
	return i
}

// skipTarget passes bytes of a request target, 0x21 to 0x7e.
func skipTarget(b []byte, i int) int {
	const ones = 0x0101010101010101
	for i+8 <= len(b) {
		v := binary.LittleEndian.Uint64(b[i:])
		if m := ((v-0x21*ones)&^v | v | (v + ones)) & (0x80 * ones); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
		i += 8
	}
	return i
}

func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i := 0; i < len(lower); i++ {
		if b[i]|0x20 != lower[i] {
			return false
		}
	}
	return true
}

var chunkedToken = []byte("chunked")

func trim(b []byte) []byte { return bytes.Trim(b, " \t") }
