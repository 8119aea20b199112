package http1

// What the scanner answers besides the errors of errors.go.
const (
	needMore = -1
	needFold = -2
)

// scanner reads one head, or one block of trailers, from left to right. Its methods give the number of bytes read and
// 0, or the place and the code of an error, or needMore when src ends first.
type scanner struct {
	p     *Parser
	b     *Batch
	src   []byte
	size  int // bytes of target, names and values so far
	count int // headers in the table
	fold  int // bytes of the line break before a folded line
}

// over gives the error for byte i: overflow comes first when the limit was reached before.
func (s *scanner) over(size, i, code int) (int, int) {
	if size >= s.p.cfg.MaxHeaderSize {
		return i, errHeaderOverflow
	}
	return i, code
}

func (s *scanner) head(r []int32) (int, int) {
	if s.p.cfg.Response {
		return s.statusLine(r)
	}
	return s.requestLine(r)
}

func (s *scanner) requestLine(r []int32) (int, int) {
	b := s.src
	m, i, code := method(b)
	if i < 0 {
		return 0, needMore
	}
	if code != 0 {
		return i, code
	}
	s.p.method = uint8(m)
	for i < len(b) && b[i] == ' ' {
		i++
	}
	u := i
	i, code = s.target(i, m)
	if code == needMore {
		return s.over(i-u, i, needMore)
	}
	if s.size = i - u; s.size >= s.p.cfg.MaxHeaderSize {
		return i, errHeaderOverflow
	}
	if code != 0 {
		return i, code
	}
	r[FieldURL], r[FieldURLLen] = int32(u), int32(i-u)
	switch b[i] {
	case '\n':
		s.p.version = 9
		return s.headers(i+1, false)
	case '\r':
		if i+1 == len(b) {
			return i, needMore
		}
		if b[i+1] != '\n' {
			return i + 1, errURLCRLF
		}
		s.p.version = 9
		return s.headers(i+2, false)
	}
	if i+11 <= len(b) && string(b[i:i+8]) == " HTTP/1." && b[i+8] == '1' && b[i+9] == '\r' && b[i+10] == '\n' && m < methodPri {
		s.p.version = 0x11
		return s.headers(i+11, false)
	}
	for i < len(b) && b[i] == ' ' {
		i++
	}
	if i < len(b) && (b[i] == '\t' || b[i] == '\f') {
		return i, errURLChars
	}
	i, code = s.protocol(i, m)
	if code != 0 {
		return i, code
	}
	if i == len(b) {
		return i, needMore
	}
	if m == methodPri {
		return s.preface(i)
	}
	switch {
	case b[i] == '\r':
		if i+1 == len(b) {
			return i, needMore
		}
		if b[i+1] == '\n' {
			i++
		} else if !s.p.cfg.Lenient {
			return i + 1, errVersionLF
		}
		i++
	case b[i] == '\n' && s.p.cfg.Lenient:
		i++
	default:
		return i, errVersionCRLF
	}
	return s.headers(i, false)
}

// preface: HTTP/2 begins with something that looks like a request. It is recognised in order to be refused by name.
func (s *scanner) preface(i int) (int, int) {
	const rest = "\r\n\r\nSM\r\n\r\n"
	for k := 0; k < len(rest); k++ {
		if i+k == len(s.src) {
			return i, needMore
		}
		if s.src[i+k] != rest[k] {
			return i + k, errNoPreface
		}
	}
	return i + len(rest), errPreface
}

// protocol reads HTTP/1.1 and its kin. m < 0 for a response.
func (s *scanner) protocol(i, m int) (int, int) {
	b := s.src
	if i == len(b) {
		return i, needMore
	}
	name, bad := "HTTP/", errMethodHTTP
	switch b[i] {
	case 'R':
		name, bad = "RTSP/", errMethodRTSP
	case 'I':
		name, bad = "ICE/", errMethodICE
	}
	for k := 0; k < len(name); k++ {
		if i == len(b) {
			return i, needMore
		}
		if b[i] != name[k] {
			return i, errProtocol
		}
		i++
	}
	if m >= 0 {
		ok := false
		switch name[0] {
		case 'H':
			ok = m <= methodPri
		case 'R':
			ok = m > methodPri || m == methodGet || m == methodPost || m == methodOptions
		default:
			ok = m == methodSource
		}
		if !ok {
			return i, bad
		}
	}
	if i == len(b) {
		return i, needMore
	}
	major := b[i] - '0'
	if major > 9 {
		return i, errMajor
	}
	if i++; i == len(b) {
		return i, needMore
	}
	if b[i] != '.' {
		return i, errDot
	}
	if i++; i == len(b) {
		return i, needMore
	}
	minor := b[i] - '0'
	if minor > 9 {
		return i, errMinor
	}
	i++
	v := major<<4 | minor
	s.p.version = v
	if v != 0x11 && v != 0x10 && v != 0x20 && v != 0x09 && !s.p.cfg.Lenient {
		return i, errVersion
	}
	return i, 0
}

// target reads a request target up to the byte behind it.
func (s *scanner) target(i, m int) (int, int) {
	b := s.src
	if i == len(b) {
		return i, needMore
	}
	bad := errURLPath
	switch c := b[i]; {
	case m == methodConnect:
		return s.authority(i)
	case c == '/' || c == '*':
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		for ; ; i++ {
			if i == len(b) {
				return i, needMore
			}
			if c := b[i] | 0x20; c < 'a' || c > 'z' {
				break
			}
		}
		for k := 0; k < 3; k++ {
			if i == len(b) {
				return i, needMore
			}
			if c := b[i]; c != "://"[k] {
				if k == 2 && c != '\t' && c != '\f' {
					return i, errURLSchema
				}
				return i, urlError(c, errURLSchema, true)
			}
			i++
		}
		return s.authority(i)
	default:
		return i, urlError(c, errURLStart, false)
	}
	return s.path(i, bad)
}

func urlError(c byte, other int, blank bool) int {
	switch c {
	case '\t', '\f', '\r', '\n':
		return errURLChars
	case ' ':
		if blank {
			return errURLChars
		}
	}
	return other
}

func (s *scanner) path(i, bad int) (int, int) {
	b := s.src
	from := i
	i = skipTarget(b, i)
	for i < len(b) && b[i] > ' ' && b[i] < 0x7f {
		i++
		i = skipTarget(b, i)
	}
	if i == len(b) {
		return i, needMore
	}
	switch c := b[i]; c {
	case ' ', '\r', '\n':
		return i, 0
	case '\t', '\f':
		return i, errURLChars
	}
	for _, c := range b[from:i] { // which part of the target it is in
		if c == '#' {
			bad = errURLFragment
			break
		}
		if c == '?' {
			bad = errURLQuery
		}
	}
	return i, bad
}

func (s *scanner) authority(i int) (int, int) {
	b := s.src
	at := false
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c == '/':
			return s.path(i, errURLPath)
		case c == '?':
			return s.path(i, errURLQuery)
		case c == ' ' || c == '\r' || c == '\n':
			return i, 0
		case c == '@':
			if at {
				return i, errURLAt
			}
			at = true
			continue
		case c >= 'a' && c <= 'z', c >= 'A' && c <= '[', c >= '$' && c <= ';', c == '!', c == '=', c == ']', c == '_', c == '~':
		case c == '\t' || c == '\f':
			return i, errURLChars
		default:
			return i, errURLServer
		}
		if i > 0 && b[i-1] == '@' {
			at = false
		}
	}
	return i, needMore
}

func (s *scanner) statusLine(r []int32) (int, int) {
	b := s.src
	lenient := s.p.cfg.Lenient
	i, code := s.protocol(0, -1)
	if code != 0 {
		return i, code
	}
	if i == len(b) {
		return i, needMore
	}
	if b[i] != ' ' {
		return i, errVersionSpace
	}
	i++
	status := 0
	for k := 0; k < 3; k++ {
		if i == len(b) {
			return i, needMore
		}
		c := b[i] - '0'
		if c > 9 {
			return i, errStatusCode
		}
		status = status*10 + int(c)
		i++
	}
	s.p.status = int16(status)
	if i == len(b) {
		return i, needMore
	}
	t := i
	if b[i] == ' ' {
		i++
		for t = i; i < len(b) && b[i] != '\r' && b[i] != '\n'; i++ {
		}
		if s.size = i - t; s.size >= s.p.cfg.MaxHeaderSize {
			return i, errHeaderOverflow
		}
		if i == len(b) {
			return i, needMore
		}
		if b[i] == '\n' && !lenient {
			return i, errStatusCR
		}
	} else if b[i] != '\r' && (b[i] != '\n' || !lenient) {
		return i, errStatus
	}
	r[FieldURL], r[FieldURLLen] = int32(t), int32(i-t)
	if b[i] == '\r' {
		if i+1 == len(b) {
			return i, needMore
		}
		if b[i+1] == '\n' {
			i++
		} else if !lenient {
			return i + 1, errLFAfterCR
		}
	}
	return s.headers(i+1, false)
}

// headers reads header lines up to and with the empty line.
func (s *scanner) headers(i int, trailers bool) (int, int) {
	b, p := s.src, s.p
	lenient, max := p.cfg.Lenient, p.maxHeaders()
	if !trailers && i < len(b) && b[i] == ' ' {
		if !lenient {
			return i, errSpaceFirst
		}
		for i < len(b) && b[i] == ' ' {
			i++
		}
	}
	// Tables grow downwards but are read upwards: room for as many as are allowed, then moved to the end.
	base := s.b.Tail - max*HeaderSize
	table := s.b.Rec[base:s.b.Tail]
	for {
		if i >= len(b) {
			return i, needMore
		}
		n0 := i
		for i < len(b) && tokenChar[b[i]] {
			i++
		}
		if i == len(b) {
			return s.over(s.size+i-n0, i, needMore)
		}
		if i == n0 {
			switch b[i] {
			case '\r':
				if i+1 == len(b) {
					return i, needMore
				}
				if b[i+1] == '\n' {
					i++
				} else if !lenient {
					return i + 1, errLFAfterHeaders
				}
				s.settle(base, table)
				return i + 1, 0
			case '\n':
				if lenient {
					s.settle(base, table)
					return i + 1, 0
				}
				return i, errFieldChar
			}
			return i, errHeaderToken
		}
		if s.size += i - n0; s.size >= p.cfg.MaxHeaderSize {
			return i, errHeaderOverflow
		}
		if b[i] != ':' {
			return i, errHeaderToken
		}
		id, n1 := nameID(b[n0:i]), i
		i++
		for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
			i++
		}
		if i == len(b) {
			return i, needMore
		}
		v0, v1 := i, i
		if c := b[i]; c == '\r' || c == '\n' {
			at := i
			if c == '\n' && !lenient {
				return i, errValueChar
			}
			if c == '\r' {
				if i+1 == len(b) {
					return i, needMore
				}
				if b[i+1] == '\n' {
					i++
				} else if !lenient {
					return i + 1, errLFAfterCR
				}
			}
			if i++; i == len(b) {
				return i, needMore
			}
			if b[i] == ' ' || b[i] == '\t' {
				if !lenient {
					return i, errValueChar
				}
				s.fold = i - at
				return at, needFold
			}
			if id == idLength {
				return i, errLengthEmpty
			}
			if id == idTransfer {
				return i, errTEEmpty
			}
			if id == idHost {
				s.host()
			}
		} else {
			var code int
			if id != 0 && id <= idExpect {
				if i, code = s.special(id, v0); code != 0 {
					return s.over(s.size+i-v0, i, code)
				}
			}
			i = skip(b, i)
			for i < len(b) && (b[i] >= ' ' && b[i] != 0x7f || b[i] == '\t' || lenient && b[i] != '\r' && b[i] != '\n') {
				i++
				if i < len(b) && b[i] < 0x80 {
					i = skip(b, i)
				}
			}
			if s.size += i - v0; s.size >= p.cfg.MaxHeaderSize {
				return i, errHeaderOverflow
			}
			if i == len(b) {
				return i, needMore
			}
			at := i
			switch {
			case b[i] == '\r':
				if i+1 == len(b) {
					return i, needMore
				}
				if b[i+1] != '\n' {
					return i + 1, errValueLF
				}
				i += 2
			case b[i] != '\n':
				return i, errValueChar
			case !lenient:
				return i, errValueCR
			default:
				i++
			}
			for v1 = at; v1 > v0 && (b[v1-1] == ' ' || b[v1-1] == '\t'); v1-- {
			}
			if i == len(b) {
				return i, needMore
			}
			if b[i] == ' ' || b[i] == '\t' {
				if !lenient {
					return i, errValueFold
				}
				if id == idLength {
					return i, errLengthTwice
				}
				s.fold = i - at
				return at, needFold
			}
		}
		if s.count < max {
			t := table[s.count*HeaderSize : s.count*HeaderSize+HeaderSize : s.count*HeaderSize+HeaderSize]
			t[0], t[1], t[2], t[3] = id|int32(n1-n0)<<8, int32(n0), int32(v0), int32(v1-v0)
			s.count++
		}
	}
}

func (s *scanner) settle(base int, table []int32) {
	at := s.b.Tail - s.count*HeaderSize
	copy(s.b.Rec[at:s.b.Tail], table[:s.count*HeaderSize])
	s.b.Tail = at
}

func (s *scanner) host() {
	if s.p.saw&sawHost != 0 {
		s.p.saw |= sawManyHosts
	}
	s.p.saw |= sawHost
}

// special reads the value of a header that decides about framing or the connection. It gives the place from which the
// rest of the value, up to its line end, is still to be checked.
func (s *scanner) special(id int32, i int) (int, int) {
	p := s.p
	lenient := p.cfg.Lenient
	switch id {
	case idHost:
		s.host()
	case idUpgrade:
		p.saw |= sawUpgrade
	case idExpect:
		p.saw |= sawExpect
	case idLength:
		return s.length(i)
	case idTransfer:
		if p.saw&sawLength != 0 && !lenient {
			return i, errTEWithLength
		}
		if p.saw&sawChunked != 0 && !lenient && !p.cfg.Response {
			return i, errTEValue
		}
		p.saw = p.saw&^sawChunked | sawTransfer
		return s.codings(i)
	case idConnection, idProxyConnection:
		s.options(i)
	}
	return i, 0
}

func (s *scanner) length(i int) (int, int) {
	p, b := s.p, s.src
	if p.saw&sawLength != 0 {
		return i, errLengthTwice
	}
	if p.saw&sawTransfer != 0 && !p.cfg.Lenient {
		return i, errLengthWithTE
	}
	n := uint64(0)
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		d := uint64(b[i] - '0')
		if n > (1<<64-1-d)/10 {
			return i, errLengthOverflow
		}
		n = n*10 + d
	}
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	if i < len(b) && b[i] != '\r' && b[i] != '\n' {
		return i, errLengthChar
	}
	if i < len(b) {
		p.saw |= sawLength
		p.left = n
	}
	return i, 0
}

// codings looks for "chunked" as the last of the transfer codings.
func (s *scanner) codings(i int) (int, int) {
	b, p := s.src, s.p
	for {
		for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
			i++
		}
		t := i
		for i < len(b) && i-t < len(chunkedToken) && b[i]|0x20 == chunkedToken[i-t] {
			i++
		}
		if i-t == len(chunkedToken) {
			for i < len(b) && b[i] == ' ' {
				i++
			}
			if i == len(b) {
				return i, 0
			}
			switch b[i] {
			case '\r', '\n':
				p.saw |= sawChunked
				return i, 0
			case ',':
				if !p.cfg.Lenient && !p.cfg.Response {
					return i, errTEValue
				}
			}
		}
		for i < len(b) && b[i] != ',' {
			if c := b[i]; c < ' ' && c != '\t' || c == 0x7f {
				return i, 0 // the line's end, or what its check will refuse
			}
			i++
		}
		if i == len(b) {
			return i, 0
		}
		i++
	}
}

// options reads the words of a Connection header.
func (s *scanner) options(i int) {
	b := s.src
	for {
		t := i
		for i < len(b) && b[i] != ',' && b[i] != '\r' && b[i] != '\n' {
			i++
		}
		if i == len(b) {
			return
		}
		switch w := trim(b[t:i]); {
		case equalFold(w, "close"):
			s.p.saw |= sawClose
		case equalFold(w, "keep-alive"):
			s.p.saw |= sawKeepAlive
		case equalFold(w, "upgrade"):
			s.p.saw |= sawConnUpgrade
		}
		if b[i] != ',' {
			return
		}
		i++
	}
}
