// Package dotenv reads .env files as Node does: for --env-file, process.loadEnvFile and util.parseEnv.
package dotenv

import "strings"

// Var is one variable of a file.
type Var struct{ Name, Value string }

// Parse returns the variables in the order they come in; a name that comes twice is there twice, and the last counts.
// Lines that set nothing are skipped. A value in quotes may go over lines; within double quotes \n is a line break.
func Parse(text string) (list []Var) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for {
		text = strings.TrimLeft(text, " \t\r\n\v\f")
		if text == "" {
			return list
		}
		line, rest := cutLine(text)
		if line[0] == '#' {
			text = rest
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			text = rest
			continue
		}
		name = strings.TrimSpace(name)
		if name == "" {
			return list
		}
		if after, ok := strings.CutPrefix(name, "export "); ok {
			name = strings.TrimLeft(after, " \t")
		}
		value = strings.TrimLeft(value, " \t")
		if value != "" && strings.IndexByte("\"'`", value[0]) >= 0 {
			// The closing quote may be lines further on: look for it in all that follows.
			quote := value[0]
			from := text[len(line)-len(value):]
			if end := strings.IndexByte(from[1:], quote); end >= 0 {
				inner := from[1 : 1+end]
				if quote == '"' {
					inner = strings.ReplaceAll(inner, `\n`, "\n")
				}
				list = append(list, Var{name, inner})
				_, text = cutLine(from[2+end:])
				continue
			}
		}
		value, _, _ = strings.Cut(value, "#")
		list = append(list, Var{name, strings.TrimSpace(value)})
		text = rest
	}
}

// cutLine splits behind the first line, without its end.
func cutLine(s string) (line, rest string) {
	line, rest, _ = strings.Cut(s, "\n")
	return line, rest
}
