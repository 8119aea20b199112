package loader

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
)

func TestModuleImports(t *testing.T) {
	for _, c := range []struct {
		src      string
		want     []string
		isModule bool
	}{
		{"import a from './a'; import './b'\nexport * from \"./c\"", []string{"./a", "./b", "./c"}, true},
		{"import{a as b,from as d}from'./a';export{b}from'./b';export const x=1", []string{"./a", "./b"}, true},
		{"import d, * as n from './a' with { type: 'json' }", []string{"./a"}, true},
		{"/* import x from './no' */ import source s from './s.wasm'", []string{"./s.wasm"}, true},
		{"// import x from './no'\nexport { a, b }\n'from'", nil, true},
		{"const x = import('./no'); x.import; exports.export = 1", nil, false},
		{"console.log(import.meta.url)", nil, true},
		{"#!/usr/bin/env hob\nimport {\n  a, // one\n  b,\n} from '\\x2e/a'", []string{"./a"}, true},
		{"export default 1\nimport './a'\nimport './a'", []string{"./a"}, true},
		{"port; transport; import", nil, false},
	} {
		got, isModule := ModuleImports(c.src)
		if !slices.Equal(got, c.want) || isModule != c.isModule {
			t.Errorf("%q: %q %v", c.src, got, isModule)
		}
	}
}

// A walk delivers each file of a graph once, with what explicit specifiers mean; a second round reads only what is new.
func TestWalk(t *testing.T) {
	files := fstest.MapFS{"r/package.json": {Data: []byte(`{"type":"module"}`)}}
	for i := range 40 {
		files[fmt.Sprintf("r/m%d.js", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "import './m%d.js'; import './m%d.js';\nexport * from './m%d.js'", (i+1)%40, (i*7)%40, i)}
	}
	files["r/t.ts"] = &fstest.MapFile{Data: []byte("import type { A } from './no'; import './m3.js'; enum E { A }")}
	files["r/c.cjs"] = &fstest.MapFile{Data: []byte("module.exports = require('./d.cjs')")}
	files["r/d.cjs"] = &fstest.MapFile{Data: []byte("exports.d = 1")}
	g := NewGraph()
	r := NewResolver(mapFS{files})
	var mu sync.Mutex
	found := map[string]int{}
	walk := func(specifiers ...string) {
		clear(found)
		g.Round()
		g.Walk(Walk{Resolver: r.Fork(), Import: []string{"node", "import"}, Require: []string{"node", "require"}, Parent: "file:///r/main.js",
			Specifiers: specifiers, Deliver: func(f Found) {
				mu.Lock()
				defer mu.Unlock()
				switch f := f.(type) {
				case *Source:
					found["source "+f.URL]++
				case *Scan:
					found[fmt.Sprint("scan ", f.File, f.Names, f.Targets)]++
				case *Resolution:
					if f.Err != nil {
						found["error "+f.Specifier]++
					}
				}
			}})
	}
	walk("./m0.js", "./c.cjs", "./no.js")
	for k, n := range found {
		if n != 1 {
			t.Errorf("%s %d times", k, n)
		}
	}
	if len(found) != 40+1+2+1 || found["scan /r/c.cjs[] [/r/d.cjs]"] != 1 {
		t.Errorf("%d: %v", len(found), found)
	}
	walk("./t.ts")
	if len(found) != 1 || found["source file:///r/t.ts"] != 1 {
		t.Errorf("second round: %v", found)
	}
	walk("./m0.js")
	if len(found) != 1 {
		t.Errorf("asked again: %v", found)
	}
}
