package loader

import (
	"slices"
	"strings"
)

// ModuleImports are the specifiers that src imports and re-exports from statically, each once, in order, and whether src
// has ES module syntax at all. It is a guess, good enough to read ahead by: statements are looked for where one can begin,
// not by reading all tokens, which would take as long as compiling does.
func ModuleImports(src string) (specifiers []string, isModule bool) {
	for at := 0; ; {
		word, i := "import", strings.Index(src[at:], "port")
		if i < 0 {
			break
		}
		at += i + len("port")
		start := at - len(word)
		if start < 0 || !beginsStatement(src, start) {
			continue
		}
		switch src[start:at] {
		case "export":
			word = "export"
		case "import":
		default:
			continue
		}
		l := lexer{src: src, pos: at, last: token{tokIdent, word}}
		spec, from, declares := l.imported(word)
		if from || declares {
			isModule = true
		}
		if from {
			at = l.pos
			if !slices.Contains(specifiers, spec) {
				specifiers = append(specifiers, spec)
			}
		}
	}
	return specifiers, isModule || strings.Contains(src, "import.meta")
}

// beginsStatement: whether nothing but white space stands before i in its line, or the end of a statement or comment.
func beginsStatement(src string, i int) bool {
	for i--; i >= 0; i-- {
		switch src[i] {
		case ' ', '\t':
		case '\n', '\r', ';', '}':
			return true
		case '/':
			return i > 0 && src[i-1] == '*'
		default:
			return src[i] >= 0x80 // a byte order mark, U+2028
		}
	}
	return true
}

// imported reads what follows import or export: the specifier when there is one, or else whether it is a declaration.
func (l *lexer) imported(keyword string) (specifier string, from, declares bool) {
	t := l.next()
	switch {
	case keyword == "import" && t.kind == tokString:
		return t.text, true, true
	case keyword == "import" && t.kind == tokPunct && t.text == ".":
		return "", false, true // import.meta
	case keyword == "export" && t.kind == tokIdent:
		switch t.text {
		case "default", "const", "let", "var", "function", "class", "async":
			return "", false, true
		}
		return "", false, false
	}
	// Names, commas, stars and braces, and then `from` and a string.
	for n := 0; n < 10000; n++ {
		switch t.kind {
		case tokIdent:
			if t.text == "from" {
				saved := *l
				if next := l.next(); next.kind == tokString {
					return next.text, true, true
				}
				*l = saved
			}
		case tokString:
		case tokPunct:
			switch t.text {
			case "{", ",", "*":
			case "}":
				if keyword == "export" { // export { a, b } of its own
					saved := *l
					if next := l.next(); next.kind != tokIdent || next.text != "from" {
						*l = saved
						return "", false, true
					}
					*l = saved
				}
			default:
				return "", false, false
			}
		default:
			return "", false, false
		}
		t = l.next()
	}
	return "", false, false
}
