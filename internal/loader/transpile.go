package loader

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Transpiled is TypeScript or JSX turned into JavaScript.
type Transpiled struct {
	Code string
	Map  string // a source map, JSON
}

// A TranspileError is the first syntax error in a file.
type TranspileError struct {
	Text   string
	File   string
	Line   int // from 1
	Column int // from 0, in bytes
	Length int
	Source string // the line
}

func (e *TranspileError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column+1, e.Text)
}

// IsTypeScript says whether name's extension is one that Transpile is for.
func IsTypeScript(name string) bool {
	switch path.Ext(name) {
	case ".ts", ".mts", ".cts", ".tsx", ".jsx":
		return true
	}
	return false
}

// Transpile turns src, the text of name, into JavaScript. commonjs also turns import and export into require and exports.
// conf are the compilerOptions of the tsconfig.json in force, nil for none.
func Transpile(name, src string, commonjs bool, conf *TSConfig) (*Transpiled, error) {
	o := api.TransformOptions{
		Sourcefile: name, Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude,
		Target: api.ESNext, Platform: api.PlatformNode, LogLevel: api.LogLevelSilent, Charset: api.CharsetUTF8,
		// Decorators are the one thing of ESNext that V8 does not run yet.
		Supported: map[string]bool{"decorators": false, "import-attributes": true},
	}
	switch path.Ext(name) {
	case ".tsx":
		o.Loader = api.LoaderTSX
	case ".jsx":
		o.Loader = api.LoaderJSX
	default:
		o.Loader = api.LoaderTS
	}
	if commonjs {
		o.Format = api.FormatCommonJS
		o.Supported["dynamic-import"] = true
	}
	if conf != nil && conf.raw != "" {
		o.TsconfigRaw = conf.raw
	}
	r := api.Transform(src, o)
	if len(r.Errors) > 0 {
		m := r.Errors[0]
		e := &TranspileError{Text: m.Text, File: name}
		if l := m.Location; l != nil {
			e.Line, e.Column, e.Length, e.Source = l.Line, l.Column, l.Length, l.LineText
		}
		return nil, e
	}
	return &Transpiled{Code: string(r.Code), Map: string(r.Map)}, nil
}

// TSConfig is what a tsconfig.json says that concerns running: how files are transpiled, and paths.
type TSConfig struct {
	raw     string // {"compilerOptions": …} for esbuild
	base    string // folder that paths are relative to
	hasBase bool   // baseUrl: bare specifiers are also looked for there
	paths   *Target
}

// TSConfigFor is the nearest tsconfig.json above file, nil when there is none or it can't be read. Not inside
// node_modules: packages bring their own JavaScript.
func (r *Resolver) TSConfigFor(file string) *TSConfig {
	if strings.Contains(file, "/node_modules/") {
		return nil
	}
	var found *TSConfig
	var passed []string
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		r.known.mu.Lock()
		c, ok := r.known.tsconfigs[dir]
		r.known.mu.Unlock()
		if ok {
			found = c
			break
		}
		passed = append(passed, dir)
		name := path.Join(dir, "tsconfig.json")
		if r.stat(name) == 'f' {
			found = r.readTSConfig(name)
			break
		}
		if dir == "/" || dir == "." {
			break
		}
	}
	r.known.mu.Lock()
	for _, dir := range passed {
		r.known.tsconfigs[dir] = found
	}
	r.known.mu.Unlock()
	return found
}

func (r *Resolver) readTSConfig(name string) *TSConfig {
	options := map[string]json.RawMessage{}
	c := &TSConfig{base: path.Dir(name)}
	r.mergeTSConfig(name, options, c, 0)
	delete(options, "paths")
	delete(options, "baseUrl")
	raw, err := json.Marshal(map[string]any{"compilerOptions": options})
	if err != nil {
		return nil
	}
	c.raw = string(raw)
	return c
}

// mergeTSConfig adds the settings of name over those of what it extends.
func (r *Resolver) mergeTSConfig(name string, options map[string]json.RawMessage, c *TSConfig, depth int) {
	b, err := r.fs.ReadFile(name)
	if err != nil || depth > 16 {
		return
	}
	var file struct {
		Extends         json.RawMessage
		CompilerOptions map[string]json.RawMessage
	}
	if json.Unmarshal(plainJSON(b), &file) != nil {
		return
	}
	var parents []string
	var one string
	if json.Unmarshal(file.Extends, &one) == nil && one != "" {
		parents = []string{one}
	} else {
		json.Unmarshal(file.Extends, &parents)
	}
	dir := path.Dir(name)
	for _, p := range parents {
		if f := r.extended(p, dir); f != "" {
			r.mergeTSConfig(f, options, c, depth+1)
		}
	}
	for k, v := range file.CompilerOptions {
		options[k] = v
	}
	var base string
	if json.Unmarshal(file.CompilerOptions["baseUrl"], &base) == nil && base != "" {
		c.base, c.hasBase = path.Join(dir, base), true
	}
	if p := file.CompilerOptions["paths"]; len(p) > 0 {
		if t, err := parseTarget(json.NewDecoder(strings.NewReader(string(p)))); err == nil && t.Kind == 'o' {
			c.paths = t
			if !c.hasBase {
				c.base = dir
			}
		}
	}
}

// extended finds the file that "extends" means.
func (r *Resolver) extended(spec, dir string) string {
	if strings.HasPrefix(spec, ".") || strings.HasPrefix(spec, "/") {
		f := spec
		if !path.IsAbs(f) {
			f = path.Join(dir, f)
		}
		return r.tryFile(f, []string{".json"})
	}
	for _, nm := range NodeModulePaths(dir) {
		if f := path.Join(nm, spec); r.stat(f) == 'f' {
			return f
		} else if r.stat(f+".json") == 'f' {
			return f + ".json"
		} else if r.stat(path.Join(f, "tsconfig.json")) == 'f' {
			return path.Join(f, "tsconfig.json")
		}
	}
	return ""
}

// Candidates are the files that spec may mean by the config's paths and baseUrl, best first.
func (c *TSConfig) Candidates(spec string) (list []string) {
	if c == nil || strings.HasPrefix(spec, ".") || strings.HasPrefix(spec, "/") {
		return nil
	}
	if c.paths != nil {
		best, star, length := -1, "", -1
		for i, k := range c.paths.Keys {
			pre, post, pattern := strings.Cut(k, "*")
			if !pattern {
				if k == spec {
					best, star = i, ""
					break
				}
			} else if len(spec) >= len(pre)+len(post) && strings.HasPrefix(spec, pre) && strings.HasSuffix(spec, post) && len(pre) > length {
				best, star, length = i, spec[len(pre):len(spec)-len(post)], len(pre)
			}
		}
		if best >= 0 {
			for _, v := range c.paths.Values[best].Values {
				if v.Kind == 's' {
					f := strings.Replace(v.Str, "*", star, 1)
					if !path.IsAbs(f) {
						f = path.Join(c.base, f)
					}
					list = append(list, f)
				}
			}
		}
	}
	if c.hasBase {
		list = append(list, path.Join(c.base, spec))
	}
	return list
}

// typescriptExtensions are tried, in this order, where Node would not find a module.
var typescriptExtensions = []string{".ts", ".tsx", ".mts", ".cts", ".jsx", ".js", ".mjs", ".cjs", ".json"}

// TypeScriptFile is the file that name means to users of TypeScript when there is none of that very name: with an
// extension added, .ts for .js and so on, or the index file of a folder. "" when there is none.
func (r *Resolver) TypeScriptFile(name string) string {
	if r.stat(name) == 'f' {
		return name
	}
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for _, swap := range [][2]string{{".js", ".ts"}, {".js", ".tsx"}, {".mjs", ".mts"}, {".cjs", ".cts"}, {".jsx", ".tsx"}} {
		if ext == swap[0] && r.stat(stem+swap[1]) == 'f' {
			return stem + swap[1]
		}
	}
	if f := r.tryFile(name, typescriptExtensions); f != "" {
		return f
	}
	if r.stat(name) == 'd' {
		return r.tryFile(path.Join(name, "index"), typescriptExtensions)
	}
	return ""
}

// TypeScriptResolve is the second try for spec in the file parent, when Node's rules found nothing. Only for TypeScript
// files, and for files beside them that a tsconfig.json covers.
func (r *Resolver) TypeScriptResolve(spec, parent string) string {
	if parent == "" || !IsTypeScript(parent) {
		return ""
	}
	switch {
	case strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../") || spec == "." || spec == "..":
		return r.TypeScriptFile(path.Join(path.Dir(parent), spec))
	case path.IsAbs(spec):
		return r.TypeScriptFile(path.Clean(spec))
	}
	for _, f := range r.TSConfigFor(parent).Candidates(spec) {
		if found := r.TypeScriptFile(f); found != "" {
			return found
		}
	}
	return ""
}

// plainJSON blanks comments and trailing commas, which tsconfig.json may have.
func plainJSON(b []byte) []byte {
	out := make([]byte, 0, len(b))
	comma := -1 // where in out the comma before this white space is
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			start := i
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			out = append(out, b[start:min(i+1, len(b))]...)
			comma = -1
		case c == '/' && i+1 < len(b) && b[i+1] == '/':
			for i < len(b) && b[i] != '\n' {
				i++
			}
		case c == '/' && i+1 < len(b) && b[i+1] == '*':
			for i += 2; i < len(b) && (b[i] != '/' || b[i-1] != '*'); i++ {
			}
		default:
			if c == ',' {
				comma = len(out)
			} else if (c == '}' || c == ']') && comma >= 0 {
				out[comma] = ' '
				comma = -1
			} else if c > ' ' {
				comma = -1
			}
			out = append(out, c)
		}
	}
	return out
}
