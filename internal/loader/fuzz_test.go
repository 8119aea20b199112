package loader

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// mapFS makes a file-system of a map.
type mapFS struct{ fstest.MapFS }

func (m mapFS) ReadFile(name string) ([]byte, error) {
	return m.MapFS.ReadFile(strings.TrimPrefix(name, "/"))
}
func (m mapFS) Stat(name string) (fs.FileInfo, error) {
	return m.MapFS.Stat(strings.TrimPrefix(name, "/"))
}
func (m mapFS) RealPath(name string) (string, error) { return name, nil }

func FuzzResolve(f *testing.F) {
	f.Add(`{"name":"p","exports":{"./*":"./x/*.js",".":{"import":["./a.js",null]}}}`, "p/y", "/r/node_modules/p/z.js")
	f.Add(`{"imports":{"#a":"p","#b/*":"./*"}}`, "#b/c", "/r/main.js")
	f.Add(`{"exports":{"0":"./a"},"main":"./m"}`, "./p?x#y", "file:///r/a.mjs")
	f.Add("{}", ".", "/") // the root folder
	f.Fuzz(func(t *testing.T, pkg, spec, parent string) {
		r := NewResolver(mapFS{fstest.MapFS{
			"r/node_modules/p/package.json": {Data: []byte(pkg)},
			"r/node_modules/p/a.js":         {},
			"r/package.json":                {Data: []byte(pkg)},
			"r/a.js":                        {},
		}})
		conditions := []string{"node", "import"}
		r.ResolveESM(spec, parent, conditions)
		r.ResolveESM(spec, FileURL(parent), conditions)
		r.FindPath(spec, NodeModulePaths("/r"), []string{".js", ".json"}, conditions)
		r.Self(parent, spec, conditions)
		r.Imports(parent, spec, conditions, false)
		r.Format(parent)
	})
}

func FuzzCommonJSExports(f *testing.F) {
	f.Add("exports.a = 1; module.exports = { a, 'b': c, ...require('d') }")
	f.Add("Object.defineProperty(exports, 'x', { enumerable: true, get: function () { return a.b } })")
	f.Add("`${`${exports.a = {}}`}` / exports['\\u{1F310}'] = 1 /")
	f.Fuzz(func(t *testing.T, src string) { CommonJSExports(src) })
}

func TestCommonJSExports(t *testing.T) {
	for _, c := range []struct {
		src       string
		names, re []string
	}{
		{"exports.a = exports.b = 1; module.exports.c = 2; exports['d e'] = 3", []string{"a", "b", "c", "d e"}, nil},
		{"if (exports.a === 1) x.exports.b = 2; // exports.c = 1\n'exports.d = 1'; `exports.e = ${exports.f = 1}`", []string{"f"}, nil},
		{"module.exports = { a, b: c, 'd': e, f: 1, g }", []string{"a", "b", "d"}, nil},
		{"module.exports = { a, ...require('x'), b }", []string{"a", "b"}, []string{"x"}},
		{"module.exports = require('./a'); module.exports = require('./b')", nil, []string{"./b"}},
		{"__exportStar(require('q'), exports); tslib.__exportStar(require('r'), exports)", nil, []string{"q", "r"}},
		{"var _a = _interopRequireWildcard(require('a')); Object.keys(_a).forEach(function (k) { if (k === 'default') return; exports[k] = _a[k]; })",
			nil, []string{"a"}},
		{"Object.defineProperty(exports, '__esModule', { value: true }); Object.defineProperty(exports, 'z', { enumerable: true, get: function () { return x.y; } });",
			[]string{"__esModule", "z"}, nil},
		{"x = a / exports.b; y = /exports.c = 1/; exports.d = 1", []string{"d"}, nil},
		{"exports['\\u{1F310}'] = 1; exports['\\uD83C\\uDF11'] = 1; exports['\\uD83C'] = 1", []string{"🌐", "🌑"}, nil},
	} {
		got := CommonJSExports(c.src)
		if !slices.Equal(got.Names, c.names) || !slices.Equal(got.Reexports, c.re) {
			t.Errorf("%s: %q %q", c.src, got.Names, got.Reexports)
		}
	}
}
