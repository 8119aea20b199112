// Package module is the Go half of builtin/module: resolution and reading, one crossing for each module found.
package module

import (
	"errors"
	"path"
	"strings"
	"unicode/utf16"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/loader"
	"github.com/hobjs/hob/internal/v8"
)

type module struct {
	rt       *host.Runtime
	resolver *loader.Resolver
	ahead    ahead
	hooks    *hooksThread // module.register's, once there are some
}

// Natives is the table that the files of builtin/module see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, resolver: loader.NewResolver(rt.FS())}
	m.ahead.graph = loader.NewGraph()
	public := map[string]bool{}
	for _, id := range rt.Options.Registry.Public {
		public[id] = true
	}
	m.resolver.IsBuiltin = func(id string) bool { return public[id] }
	return host.Natives{
		"findPath":    m.findPath,
		"resolveSelf": m.resolveSelf,
		"imports":     m.imports,
		"resolveESM":  m.resolveESM,
		"format":      m.format,
		"readText":    m.readText,
		"scope":       m.scope,
		"cjsExports":  m.cjsExports,
		"transpile":   m.transpile,
		"findPackage": m.findPackage,
		"walk":        m.walk,
		"hooksStart":  m.hooksStart,
		"hooksAsk":    m.hooksAsk,
		"hooksSend":   m.hooksSend,
		"hooksServe":  m.hooksServe,
		"hooksAnswer": m.hooksAnswer,
		"cacheRead":   m.cacheRead,
		"cacheWrite":  m.cacheWrite,
		"forgetWalks": func(*v8.Call) { m.ahead.graph.Forget() },
		"statKind": func(c *v8.Call) { // 0 file, 1 folder, -2 neither
			switch fi, err := rt.FS().Stat(c.String(0)); {
			case err != nil:
				c.ReturnInt(-2)
			case fi.IsDir():
				c.ReturnInt(1)
			default:
				c.ReturnInt(0)
			}
		},
		"publicIds": func(c *v8.Call) { c.Return(v8.Strings(rt.Options.Registry.Public)) },
		"isFile": func(c *v8.Call) {
			fi, err := rt.FS().Stat(c.String(0))
			c.ReturnBool(err == nil && !fi.IsDir())
		},
		"preserveSymlinks": func(c *v8.Call) { m.resolver.PreserveSymlinks = c.Bool(0) },
		"realPath": func(c *v8.Call) {
			p, err := rt.FS().RealPath(c.String(0))
			if err != nil {
				p = c.String(0)
			}
			c.ReturnString(p)
		},
	}
}

// throw raises a resolution error, or a file's.
func throw(c *v8.Call, err error) { c.Throw(errorValue(err)) }

func errorValue(err error) v8.Value {
	var e *loader.Error
	if !errors.As(err, &e) {
		return host.ErrorValue(err)
	}
	kind := v8.KindError
	if e.Kind == 't' {
		kind = v8.KindTypeError
	}
	var props []any
	if e.Path != "" {
		props = append(props, "path", v8.String(e.Path))
	}
	if e.URL != "" {
		props = append(props, "url", v8.String(e.URL))
	}
	return v8.ErrorValue(kind, e.Code, e.Message, v8.Object(props...))
}

// list is a string argument of parts separated by NUL.
func list(c *v8.Call, i int) []string {
	s := c.String(i)
	if s == "" {
		return nil
	}
	return strings.Split(s, "\x00")
}

// findPath(request, paths, extensions, conditions, parent file) → file or "". The lists are strings joined by NUL.
func (m *module) findPath(c *v8.Call) {
	request, paths := c.String(0), list(c, 1)
	f, err := m.resolver.FindPath(request, paths, list(c, 2), list(c, 3))
	if f == "" && c.Len() > 4 {
		if ts := m.resolver.TypeScriptResolve(request, c.String(4)); ts != "" {
			f, err = ts, nil
		}
	}
	warnings := m.resolver.TakeWarnings()
	if err != nil {
		throw(c, err)
		return
	}
	if len(warnings) > 0 {
		c.Return(v8.Array(append([]v8.Value{v8.String(f)}, warningValues(warnings)...)...))
		return
	}
	c.ReturnString(f)
}

func warningValues(list []loader.Warning) (out []v8.Value) {
	for _, w := range list {
		out = append(out, v8.String(w.Code), v8.String(w.Text))
	}
	return out
}

// resolveSelf(parentFile, request, conditions) → file or undefined
func (m *module) resolveSelf(c *v8.Call) {
	f, ok, err := m.resolver.Self(c.String(0), c.String(1), list(c, 2))
	if err != nil {
		throw(c, err)
	} else if ok {
		c.ReturnString(f)
	}
}

// imports(parentFile, spec, conditions) → file or 'node:id'
func (m *module) imports(c *v8.Call) {
	f, b, err := m.resolver.Imports(c.String(0), c.String(1), list(c, 2), false)
	switch {
	case err != nil:
		throw(c, err)
	case b != "":
		c.ReturnString("node:" + b)
	default:
		c.ReturnString(f)
	}
}

// resolveESM(conditions, parentURL, spec …) → a URL for each specifier; an error is that of the first that fails.
func (m *module) resolveESM(c *v8.Call) {
	conditions, parent := list(c, 0), c.String(1)
	out := make([]v8.Value, 0, c.Len()-2)
	for i := 2; i < c.Len(); i++ {
		u, err := m.resolver.Import(c.String(i), parent, conditions)
		if err != nil {
			throw(c, err)
			return
		}
		out = append(out, v8.String(u))
	}
	c.Return(v8.Array(append(out, warningValues(m.resolver.TakeWarnings())...)...))
}

// format(file) → [format, packageType, nearest package.json or undefined]
func (m *module) format(c *v8.Call) {
	f, t, err := m.resolver.Format(c.String(0))
	if err != nil {
		throw(c, err)
		return
	}
	c.Return(v8.Array(v8.String(f), v8.String(t)))
}

// readText(file) → the file as text, without a byte order mark
func (m *module) readText(c *v8.Call) {
	b, err := m.rt.FS().ReadFile(c.String(0))
	if err != nil {
		c.Throw(host.ErrorValue(err))
		return
	}
	s := strings.TrimPrefix(string(b), "\ufeff")
	c.ReturnString(s)
}

// scope(file) → { dir, name, type, json } of the nearest package.json, or undefined
func (m *module) scope(c *v8.Call) {
	p, err := m.resolver.Scope(c.String(0))
	if err != nil {
		throw(c, err)
		return
	}
	if p == nil {
		return
	}
	c.Return(v8.Object("dir", v8.String(p.Dir), "path", v8.String(path.Join(p.Dir, "package.json")), "name", v8.String(p.Name),
		"type", v8.String(p.Type), "json", v8.String(string(p.Raw))))
}

// cjsExports(text) → [[names], [specifiers of modules exported whole]]
func (m *module) cjsExports(c *v8.Call) {
	x := loader.CommonJSExports(c.String(0))
	c.Return(v8.Array(v8.Strings(x.Names), v8.Strings(x.Reexports)))
}

// transpile(file, text, commonjs) → [code, source map]; a syntax error is [undefined, text, line, column, length, line's text].
func (m *module) transpile(c *v8.Call) {
	file := c.String(0)
	out, err := loader.Transpile(file, c.String(1), c.Bool(2), m.resolver.TSConfigFor(file))
	var bad *loader.TranspileError
	switch {
	case errors.As(err, &bad):
		c.Return(transpileError(bad))
	case err != nil:
		c.Throw(host.ErrorValue(err))
	default:
		c.Return(v8.Array(v8.String(out.Code), v8.String(out.Map)))
	}
}

func transpileError(bad *loader.TranspileError) v8.Value {
	column := len(utf16.Encode([]rune(bad.Source[:min(bad.Column, len(bad.Source))])))
	return v8.Array(v8.Undefined, v8.String(bad.Text), v8.Int(bad.Line), v8.Int(column), v8.Int(bad.Length), v8.String(bad.Source))
}

// findPackage(file, bare specifier or "") → the package.json of file's package, or of the package that the specifier
// names as seen from file; "" when there is none.
func (m *module) findPackage(c *v8.Call) {
	file, spec := c.String(0), c.String(1)
	if spec == "" {
		p, err := m.resolver.Scope(file)
		if err != nil {
			throw(c, err)
		} else if p != nil {
			c.ReturnString(path.Join(p.Dir, "package.json"))
		}
		return
	}
	dir, err := m.resolver.PackageFolder(spec, file)
	if err != nil {
		throw(c, err)
	} else if dir != "" {
		c.ReturnString(path.Join(dir, "package.json"))
	}
}
