// Package http1 parses HTTP/1.x messages, requests and responses, as they arrive in pieces.
//
// It is pure Go and knows neither sockets nor JavaScript. Bytes go in, records come out: a record is a row of sixteen
// integers in a Batch (what it is, whose it is, where in the bytes its parts lie), so that a whole poll's worth of
// requests crosses into JavaScript as one array and no string is made before somebody asks for it.
//
// A head that arrives whole is scanned in place, in one pass, without an allocation. A head that arrives in pieces is
// kept in the parser's own buffer and scanned again from its first byte with every piece: the scanner only ever answers
// "complete", "malformed at byte n" or "not enough yet", reading strictly from left to right, so the same bytes give the
// same records however they were cut. What is accepted and how it is refused follows Node.js 24 (llhttp), including the
// names and texts of the errors.
package http1

// Kinds of record, at Rec[at].
const (
	KindHead     = 1
	KindBody     = 2
	KindTrailers = 3
	KindComplete = 4
	KindError    = 5
	KindUpgrade  = 6 // what follows is not HTTP any more: offset and length of the bytes behind the message
)

// Fields of a record. Offsets of heads, trailers and body pieces count from the beginning of the slab or, where
// FlagSlab is not set, of the input given to Execute plus its base.
const (
	FieldKind = iota
	FieldConn
	FieldSeq
	FieldFlags
	FieldOff
	FieldLen
	FieldURL // offset in the head; for a response, of the reason phrase
	FieldURLLen
	FieldTable // index in Rec of the header table
	FieldHeaders
	FieldMethod // index in Methods; for a response, the status code
	FieldVersion
	FieldCode  // KindError: index in Errors
	FieldPos   // KindError: where in the input
	RecordSize = 16
)

// HeaderSize is the number of integers per header in a table: id | name length << 8, name offset, value offset,
// value length; offsets in the head.
const HeaderSize = 4

// Flags of a head.
const (
	FlagKeepAlive = 1 << iota
	FlagBody      // the message is not complete with its head
	FlagUpgrade   // the message asks to leave HTTP
	FlagSlab      // offsets count from the beginning of the slab
	FlagHTTP10    // 1.0 or older
	FlagChunked
	FlagLength
	FlagExpect
	FlagHost
	FlagManyHosts
	FlagLast // a body piece: the message is complete with it
	FlagConnectionClose
)

// Batch gathers records. Rec holds records from the front and header tables from the back; Slab is memory for heads
// that came in pieces (and, on a server's own connections, for everything that is read).
type Batch struct {
	Rec  []int32
	Slab []byte
	Used int // bytes of Slab in use
	N    int // records
	Tail int // first integer of the tables
	Conn int32
	Seq  int32 // the last sequence number given to a message
	Busy bool  // the records are being read: what Add brings meanwhile goes to the next batch

	// Owed gives the numbers from lo to hi that are still in use: asked for each stretch of them, as they come round again.
	Owed func(lo, hi int32) map[int32]bool

	owed    map[int32]bool      // what it said of the current stretch
	spilled [][RecordSize]int32 // records of Add for which there was no room or no time: first in the next batch
}

// Reset forgets all records and what the slab holds.
func (b *Batch) Reset() {
	b.Used, b.N, b.Tail, b.Busy = 0, 0, len(b.Rec), false
	for len(b.spilled) > 0 && b.Room(64) {
		copy(b.Rec[b.N*RecordSize:], b.spilled[0][:])
		b.N++
		b.spilled = b.spilled[1:]
	}
	if len(b.spilled) == 0 {
		b.spilled = nil
	}
}

// Room reports whether another message surely fits.
func (b *Batch) Room(headers int) bool {
	return b.Tail-(b.N+4)*RecordSize > (headers+1)*HeaderSize
}

func (b *Batch) add(kind int32, p *Parser) []int32 {
	at := b.N * RecordSize
	r := b.Rec[at : at+RecordSize : at+RecordSize]
	b.N++
	r[FieldKind], r[FieldConn], r[FieldSeq], r[FieldFlags] = kind, b.Conn, p.seq, 0
	return r
}

// Add appends a record that a connection makes itself.
func (b *Batch) Add(kind, conn, seq, flags int32) []int32 {
	var r []int32
	if b.Busy || len(b.spilled) > 0 || !b.Room(0) {
		b.spilled = append(b.spilled, [RecordSize]int32{})
		r = b.spilled[len(b.spilled)-1][:]
	} else {
		at := b.N * RecordSize
		r = b.Rec[at : at+RecordSize : at+RecordSize]
		b.N++
	}
	r[FieldKind], r[FieldConn], r[FieldSeq], r[FieldFlags], r[FieldOff], r[FieldLen] = kind, conn, seq, flags, 0, 0
	return r
}

// seqStretch is how many numbers Owed is asked about at a time.
const seqStretch = 1 << 20

// NextSeq is never 0 and never a number in use, though numbers come round again after 2^30: small integers for V8.
func (b *Batch) NextSeq() int32 {
	for {
		b.Seq = (b.Seq + 1) & (1<<30 - 1)
		if b.Seq&(seqStretch-1) == 0 && b.Owed != nil {
			b.owed = b.Owed(b.Seq, b.Seq+seqStretch-1)
		}
		if b.Seq != 0 && !(len(b.owed) > 0 && b.owed[b.Seq]) {
			return b.Seq
		}
	}
}
