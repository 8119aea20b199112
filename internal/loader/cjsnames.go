package loader

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The names that a CommonJS module exports, found in its text without running it, so that ES modules can import them by
// name. What is recognised is what compilers and people write, and what Node recognises: exports.a =, module.exports.a =,
// exports['a'] =, Object.defineProperty(exports, 'a', …), module.exports = { a, b: c, ...require('x') },
// module.exports = require('x'), __exportStar(require('x')) and Babel's loop over Object.keys of a required module.

// CJSExports is what CommonJSExports finds: names, and the specifiers of modules all of whose names are exported, too.
type CJSExports struct {
	Names     []string
	Reexports []string
}

// CommonJSExports looks for exports in src. It never fails: what can't be understood exports nothing.
func CommonJSExports(src string) CJSExports {
	p := &cjsScanner{lexer: lexer{src: src}, seen: map[string]bool{}, required: map[string]string{}}
	p.scan()
	return CJSExports{p.names, p.reexports}
}

type cjsScanner struct {
	lexer
	names     []string
	seen      map[string]bool
	reexports []string
	required  map[string]string // variables that hold require('x'), for Babel's loop
}

func (p *cjsScanner) add(name string) {
	if !p.seen[name] {
		p.seen[name] = true
		p.names = append(p.names, name)
	}
}

func (p *cjsScanner) scan() {
	for {
		t := p.next()
		switch t.kind {
		case tokEnd:
			return
		case tokIdent:
			if p.last2.text == "." && p.last2.kind == tokPunct { // a property of something else
				continue
			}
			switch t.text {
			case "exports":
				p.afterExports(true)
			case "module":
				p.module()
			case "Object":
				p.object()
			case "__export", "__exportStar", "tslib", "_tslib":
				p.star(t.text)
			case "var", "let", "const":
				p.declaration()
			}
		}
	}
}

// try runs f and goes back to where it began when f says that it recognised nothing.
func (p *cjsScanner) try(f func() bool) bool {
	saved := p.lexer
	if f() {
		return true
	}
	p.lexer = saved
	return false
}

func (p *cjsScanner) punct(s string) bool {
	t := p.next()
	return t.kind == tokPunct && t.text == s
}

func (p *cjsScanner) ident(s string) bool {
	t := p.next()
	return t.kind == tokIdent && t.text == s
}

// module: module.exports, then as afterExports; or an assignment of the whole.
func (p *cjsScanner) module() {
	p.try(func() bool {
		if !p.punct(".") || !p.ident("exports") {
			return false
		}
		p.afterExports(false)
		return true
	})
}

// afterExports: .name =, ['name'] =, or = value (of module.exports; exports = module.exports = is followed, too).
func (p *cjsScanner) afterExports(bare bool) {
	p.try(func() bool {
		t := p.next()
		if t.kind != tokPunct {
			return false
		}
		switch t.text {
		case ".":
			n := p.next()
			return n.kind == tokIdent && p.assigned(n.text)
		case "[":
			n := p.next()
			return n.kind == tokString && p.punct("]") && p.assigned(n.text)
		case "=":
			if bare {
				return false
			}
			p.reexports = nil
			p.try(p.wholeValue)
			return true
		}
		return false
	})
}

func (p *cjsScanner) assigned(name string) bool {
	if !p.punct("=") {
		return false
	}
	p.add(name)
	return true
}

// wholeValue is what module.exports is set to: an object literal or require('x').
func (p *cjsScanner) wholeValue() bool {
	t := p.next()
	switch {
	case t.kind == tokPunct && t.text == "{":
		p.literal()
		return true
	case t.kind == tokIdent && t.text == "require":
		if spec, ok := p.requireArgument(); ok {
			p.reexports = []string{spec}
			return true
		}
	}
	return false
}

// requireArgument: ('x')
func (p *cjsScanner) requireArgument() (string, bool) {
	if !p.punct("(") {
		return "", false
	}
	t := p.next()
	if t.kind != tokString || !p.punct(")") {
		return "", false
	}
	return t.text, true
}

// literal reads keys up to the first whose value is no plain name.
func (p *cjsScanner) literal() {
	for {
		t := p.next()
		switch {
		case t.kind == tokPunct && t.text == "...":
			if !p.ident("require") {
				return
			}
			spec, ok := p.requireArgument()
			if !ok {
				return
			}
			p.reexports = append(p.reexports, spec)
		case t.kind == tokIdent || t.kind == tokString:
			key, isString := t.text, t.kind == tokString
			saved := p.lexer
			t = p.next()
			if t.kind == tokPunct && t.text == ":" {
				value := p.next()
				if value.kind != tokIdent {
					return
				}
				p.add(key)
				saved = p.lexer
				t = p.next()
				if t.kind != tokPunct || t.text != "," && t.text != "}" {
					p.lexer = saved
					return
				}
			} else if isString || t.kind != tokPunct || t.text != "," && t.text != "}" {
				p.lexer = saved
				return
			} else {
				p.add(key)
			}
			if t.text == "}" {
				return
			}
			continue
		default:
			return
		}
		if !p.punct(",") {
			return
		}
	}
}

// object: Object.defineProperty(exports, 'a', { … }) and Object.keys(x).forEach(…).
func (p *cjsScanner) object() {
	p.try(func() bool {
		if !p.punct(".") {
			return false
		}
		switch t := p.next(); t.text {
		case "defineProperty":
			return p.defineProperty()
		case "keys":
			return p.keysLoop()
		}
		return false
	})
}

func (p *cjsScanner) exportsName() bool {
	t := p.next()
	if t.kind != tokIdent {
		return false
	}
	if t.text == "exports" {
		return true
	}
	return t.text == "module" && p.punct(".") && p.ident("exports")
}

func (p *cjsScanner) defineProperty() bool {
	if !p.punct("(") || !p.exportsName() || !p.punct(",") {
		return false
	}
	name := p.next()
	if name.kind != tokString || !p.punct(",") || !p.punct("{") {
		return false
	}
	t := p.next()
	if t.text == "enumerable" {
		if !p.punct(":") {
			return false
		}
		if v := p.next(); v.text != "true" && v.text != "!" { // !0 of minifiers
			return false
		} else if v.text == "!" {
			if z := p.next(); z.text != "0" {
				return false
			}
		}
		if !p.punct(",") {
			return false
		}
		t = p.next()
	}
	switch t.text {
	case "value":
		if p.punct(":") {
			p.add(name.text)
			return true
		}
		return false
	case "get":
		if !p.getter() {
			return false
		}
		p.add(name.text)
		return true
	}
	return false
}

// getter: get() { return a.b; }, get: function [name]() { return a['b']; } and get: () => a.b.
func (p *cjsScanner) getter() bool {
	t := p.next()
	switch {
	case t.kind == tokPunct && t.text == ":":
		t = p.next()
		if t.kind == tokIdent && t.text == "function" {
			t = p.next()
			if t.kind == tokIdent {
				t = p.next()
			}
		}
		if t.text != "(" || !p.punct(")") {
			return false
		}
	case t.kind == tokPunct && t.text == "(":
		if !p.punct(")") {
			return false
		}
	default:
		return false
	}
	t = p.next()
	if t.text == "=>" {
		t = p.next()
		return t.kind == tokIdent
	}
	if t.text != "{" || !p.ident("return") {
		return false
	}
	if t = p.next(); t.kind != tokIdent {
		return false
	}
	switch t = p.next(); t.text {
	case ".":
		if t = p.next(); t.kind != tokIdent {
			return false
		}
		t = p.next()
	case "[":
		if t = p.next(); t.kind != tokString || !p.punct("]") {
			return false
		}
		t = p.next()
	}
	if t.text == ";" {
		t = p.next()
	}
	return t.text == "}"
}

// keysLoop: Object.keys(_x).forEach(function (k) { … exports[k] = _x[k] … }) where _x holds a required module.
func (p *cjsScanner) keysLoop() bool {
	if !p.punct("(") {
		return false
	}
	v := p.next()
	spec, known := p.required[v.text]
	if v.kind != tokIdent || !known || !p.punct(")") || !p.punct(".") || !p.ident("forEach") || !p.punct("(") || !p.ident("function") || !p.punct("(") {
		return false
	}
	k := p.next()
	if k.kind != tokIdent || !p.punct(")") || !p.punct("{") {
		return false
	}
	// The body names the exports object, the key and the module; how exactly differs between versions of Babel.
	depth, writes, reads := 1, false, false
	for depth > 0 {
		t := p.next()
		switch {
		case t.kind == tokEnd:
			return false
		case t.text == "{":
			depth++
		case t.text == "}":
			depth--
		case t.kind == tokIdent && t.text == "exports":
			writes = true
		case t.kind == tokIdent && t.text == v.text:
			reads = true
		}
	}
	if writes && reads {
		p.reexports = append(p.reexports, spec)
	}
	return true
}

// star: __export(require('x')), __exportStar(require('x'), exports), tslib.__exportStar(require('x'), exports).
func (p *cjsScanner) star(name string) {
	p.try(func() bool {
		if strings.HasSuffix(name, "tslib") {
			if !p.punct(".") || !p.ident("__exportStar") {
				return false
			}
		}
		if !p.punct("(") || !p.ident("require") {
			return false
		}
		spec, ok := p.requireArgument()
		if ok {
			p.reexports = append(p.reexports, spec)
		}
		return ok
	})
}

// declaration: var _x = require('x') and var _x = _interopRequireWildcard(require('x')).
func (p *cjsScanner) declaration() {
	p.try(func() bool {
		v := p.next()
		if v.kind != tokIdent || !p.punct("=") {
			return false
		}
		t := p.next()
		if t.kind == tokIdent && strings.HasPrefix(t.text, "_interopRequire") {
			if !p.punct("(") {
				return false
			}
			t = p.next()
		}
		if t.kind != tokIdent || t.text != "require" {
			return false
		}
		spec, ok := p.requireArgument()
		if ok {
			p.required[v.text] = spec
		}
		return ok
	})
}

// --- the tokenizer

type tokenKind byte

const (
	tokEnd tokenKind = iota
	tokIdent
	tokString // text is its value
	tokPunct
	tokOther // numbers, templates, regular expressions
)

type token struct {
	kind tokenKind
	text string
}

// lexer reads JavaScript tokens. It is small enough to be copied, which is how a try goes back.
type lexer struct {
	src         string
	pos         int
	last, last2 token // the token read last and the one before
	// braces says for each open brace whether it is one of a template's ${ }; the bits of a 64-deep stack suffice for
	// what counts here, deeper templates are read as ordinary blocks.
	templates uint64
	depth     int
}

func isIdentStart(r rune) bool {
	return r == '$' || r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 && unicode.IsLetter(r)
}
func isIdentPart(r rune) bool {
	return isIdentStart(r) || r >= '0' && r <= '9' || r >= 0x80 && (unicode.IsDigit(r) || unicode.IsMark(r)) || r == 0x200c || r == 0x200d
}

func (l *lexer) next() token {
	t := l.read()
	l.last2, l.last = l.last, t
	return t
}

func (l *lexer) read() token {
	l.space()
	if l.pos >= len(l.src) {
		return token{kind: tokEnd}
	}
	c := l.src[l.pos]
	switch {
	case c == '"' || c == '\'':
		return l.string(c)
	case c == '`':
		l.pos++
		return l.template()
	case c == '}' && l.depth > 0 && l.depth <= 64 && l.templates>>(l.depth-1)&1 == 1:
		l.depth--
		l.templates &^= 1 << l.depth
		l.pos++
		return l.template()
	case c >= '0' && c <= '9' || c == '.' && l.pos+1 < len(l.src) && l.src[l.pos+1] >= '0' && l.src[l.pos+1] <= '9':
		start := l.pos
		for l.pos < len(l.src) && (isIdentPart(rune(l.src[l.pos])) || l.src[l.pos] == '.') {
			l.pos++
		}
		return token{tokOther, l.src[start:l.pos]}
	case c == '/' && l.regexAllowed():
		return l.regex()
	case c == '#' && l.pos == 0 && strings.HasPrefix(l.src, "#!"):
		for l.pos < len(l.src) && l.src[l.pos] != '\n' {
			l.pos++
		}
		return l.read()
	}
	r, n := utf8.DecodeRuneInString(l.src[l.pos:])
	if isIdentStart(r) {
		start := l.pos
		for l.pos < len(l.src) {
			if r, n = utf8.DecodeRuneInString(l.src[l.pos:]); !isIdentPart(r) {
				break
			}
			l.pos += n
		}
		return token{tokIdent, l.src[start:l.pos]}
	}
	rest := l.src[l.pos:]
	if strings.IndexByte(".=!<>&|?+-", c) < 0 {
		switch c {
		case '{':
			l.depth++
		case '}':
			if l.depth > 0 {
				l.depth--
			}
		}
		l.pos += n
		return token{tokPunct, rest[:n]}
	}
	for _, op := range [...]string{"...", "=>", "===", "==", "!==", "!=", "<=", ">=", "&&", "||", "??", "?.", "++", "--"} {
		if strings.HasPrefix(rest, op) {
			l.pos += len(op)
			return token{tokPunct, op}
		}
	}
	l.pos += n
	return token{tokPunct, rest[:n]}
}

func (l *lexer) space() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f':
			l.pos++
		case strings.HasPrefix(l.src[l.pos:], "//"):
			if i := strings.IndexByte(l.src[l.pos:], '\n'); i >= 0 {
				l.pos += i
			} else {
				l.pos = len(l.src)
			}
		case strings.HasPrefix(l.src[l.pos:], "/*"):
			if i := strings.Index(l.src[l.pos+2:], "*/"); i >= 0 {
				l.pos += i + 4
			} else {
				l.pos = len(l.src)
			}
		case c >= 0x80:
			r, n := utf8.DecodeRuneInString(l.src[l.pos:])
			if r != 0xfeff && !unicode.IsSpace(r) && r != 0x2028 && r != 0x2029 {
				return
			}
			l.pos += n
		default:
			return
		}
	}
}

// regexAllowed: a slash begins a regular expression where no operand stands before it.
func (l *lexer) regexAllowed() bool {
	switch l.last.kind {
	case tokEnd:
		return true
	case tokIdent:
		switch l.last.text {
		case "return", "typeof", "case", "do", "else", "in", "instanceof", "new", "void", "delete", "throw", "yield", "await", "of":
			return true
		}
		return false
	case tokPunct:
		return l.last.text != ")" && l.last.text != "]" && l.last.text != "}" && l.last.text != "++" && l.last.text != "--"
	}
	return false
}

func (l *lexer) regex() token {
	start := l.pos
	class := false
	for i := l.pos + 1; i < len(l.src); i++ {
		switch c := l.src[i]; {
		case c == '\\':
			i++
		case c == '\n':
			l.pos++ // a division after all
			return token{tokPunct, "/"}
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			l.pos = i + 1
			for l.pos < len(l.src) && isIdentPart(rune(l.src[l.pos])) {
				l.pos++
			}
			return token{tokOther, l.src[start:l.pos]}
		}
	}
	l.pos = len(l.src)
	return token{tokOther, l.src[start:]}
}

// template reads on in a template's text, up to its end or the next ${.
func (l *lexer) template() token {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == '\\':
			l.pos += 2
		case c == '`':
			l.pos++
			return token{tokOther, "`"}
		case c == '$' && l.pos+1 < len(l.src) && l.src[l.pos+1] == '{':
			l.pos += 2
			if l.depth < 64 {
				l.templates |= 1 << l.depth
			}
			l.depth++
			return token{tokPunct, "${"}
		default:
			l.pos++
		}
	}
	l.pos = len(l.src)
	return token{kind: tokEnd}
}

// string reads a string literal. One that is broken or holds a lone surrogate is no name.
func (l *lexer) string(quote byte) token {
	var b strings.Builder
	start := l.pos + 1
	plain := true
	for i := start; i < len(l.src); {
		c := l.src[i]
		switch {
		case c == quote:
			l.pos = i + 1
			if plain {
				return token{tokString, l.src[start:i]}
			}
			return token{tokString, b.String()}
		case c == '\n':
			l.pos = i
			return token{tokOther, ""}
		case c == '\\':
			if plain {
				plain = false
				b.WriteString(l.src[start:i])
			}
			n, ok := unescape(l.src[i:], &b)
			if !ok {
				l.skipString(quote)
				return token{tokOther, ""}
			}
			i += n
		default:
			if !plain {
				b.WriteByte(c)
			}
			i++
		}
	}
	l.pos = len(l.src)
	return token{kind: tokEnd}
}

func (l *lexer) skipString(quote byte) {
	for i := l.pos + 1; i < len(l.src); i++ {
		switch l.src[i] {
		case '\\':
			i++
		case quote, '\n':
			l.pos = i + 1
			return
		}
	}
	l.pos = len(l.src)
}

// unescape writes the character that the escape at the start of s means and returns the escape's length.
func unescape(s string, b *strings.Builder) (n int, ok bool) {
	if len(s) < 2 {
		return 0, false
	}
	switch c := s[1]; c {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'v':
		b.WriteByte('\v')
	case '0':
		b.WriteByte(0)
	case '\n':
	case 'x':
		v, ok := hexDigits(s[2:], 2)
		if !ok {
			return 0, false
		}
		b.WriteRune(rune(v))
		return 4, true
	case 'u':
		v, n, ok := unicodeEscape(s)
		if !ok {
			return 0, false
		}
		if utf16.IsSurrogate(rune(v)) {
			low, m, ok := unicodeEscape(s[n:])
			r := utf16.DecodeRune(rune(v), rune(low))
			if !ok || r == utf8.RuneError {
				return 0, false
			}
			v, n = int(r), n+m
		}
		b.WriteRune(rune(v))
		return n, true
	default:
		_, n := utf8.DecodeRuneInString(s[1:])
		b.WriteString(s[1 : 1+n])
		return 1 + n, true
	}
	return 2, true
}

func unicodeEscape(s string) (v, n int, ok bool) {
	if len(s) < 3 || s[0] != '\\' || s[1] != 'u' {
		return 0, 0, false
	}
	if s[2] != '{' {
		v, ok = hexDigits(s[2:], 4)
		return v, 6, ok
	}
	end := strings.IndexByte(s, '}')
	if end < 4 || end > 10 {
		return 0, 0, false
	}
	v, ok = hexDigits(s[3:], end-3)
	return v, end + 1, ok && v <= unicode.MaxRune
}

func hexDigits(s string, n int) (v int, ok bool) {
	if len(s) < n {
		return 0, false
	}
	for i := range n {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | int(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | int(c-'A'+10)
		default:
			return 0, false
		}
	}
	return v, true
}
