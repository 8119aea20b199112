// Package loader finds modules as Node does (CommonJS and ES module resolution, package.json's exports and imports),
// tells their format, and turns TypeScript and JSX into JavaScript. It reads through a small file-system interface and
// knows nothing of V8.
package loader

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// FS is what modules are read from. Names are absolute, with forward slashes.
type FS interface {
	ReadFile(name string) ([]byte, error)
	Stat(name string) (fs.FileInfo, error)
	RealPath(name string) (string, error)
}

// A Package is what resolution needs of a package.json.
type Package struct {
	Dir     string
	Name    string
	Main    string
	Type    string // "module", "commonjs" or ""
	Exports *Target
	Imports *Target
	Raw     []byte
}

// A Target is a value of "exports" or "imports": JSON with the order of its keys kept, which conditions depend on.
type Target struct {
	Kind   byte // 's' string, 'o' object, 'a' array, 'n' null, 'x' anything else
	Str    string
	Keys   []string
	Values []*Target
}

func (t *Target) get(key string) *Target {
	for i, k := range t.Keys {
		if k == key {
			return t.Values[i]
		}
	}
	return nil
}

func parseTarget(d *json.Decoder) (*Target, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case string:
		return &Target{Kind: 's', Str: v}, nil
	case nil:
		return &Target{Kind: 'n'}, nil
	case json.Delim:
		t := &Target{Kind: 'o'}
		if v == '[' {
			t.Kind = 'a'
		}
		for d.More() {
			at := len(t.Values)
			if t.Kind == 'o' {
				k, err := d.Token()
				if err != nil {
					return nil, err
				}
				// A key that comes again replaces the value and keeps its place.
				if at = slices.Index(t.Keys, k.(string)); at < 0 {
					at = len(t.Keys)
					t.Keys = append(t.Keys, k.(string))
				}
			}
			e, err := parseTarget(d)
			if err != nil {
				return nil, err
			}
			if at < len(t.Values) {
				t.Values[at] = e
			} else {
				t.Values = append(t.Values, e)
			}
		}
		_, err := d.Token()
		return t, err
	}
	return &Target{Kind: 'x', Str: fmt.Sprint(tok)}, nil
}

// readPackage reads dir/package.json; nil when there is none.
func (r *Resolver) readPackage(dir string) (*Package, error) {
	r.known.mu.Lock()
	c, ok := r.known.packages[dir]
	r.known.mu.Unlock()
	if ok {
		return c.pkg, c.err
	}
	file := path.Join(dir, "package.json")
	b, err := r.fs.ReadFile(file)
	var p *Package
	if err == nil {
		p, err = parsePackage(dir, b)
		if err != nil {
			err = &Error{Code: "ERR_INVALID_PACKAGE_CONFIG", Message: fmt.Sprintf("Invalid package config %s.", file)}
		}
	} else {
		err = nil
	}
	r.known.mu.Lock()
	r.known.packages[dir] = cachedPackage{p, err}
	r.known.mu.Unlock()
	return p, err
}

func parsePackage(dir string, b []byte) (*Package, error) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	var raw struct {
		Name, Main, Type json.RawMessage
		Exports, Imports json.RawMessage
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	p := &Package{Dir: dir, Raw: b}
	str := func(m json.RawMessage) (s string) {
		json.Unmarshal(m, &s)
		return
	}
	p.Name, p.Main = str(raw.Name), str(raw.Main)
	if t := str(raw.Type); t == "module" || t == "commonjs" {
		p.Type = t
	}
	for _, x := range []struct {
		m json.RawMessage
		t **Target
	}{{raw.Exports, &p.Exports}, {raw.Imports, &p.Imports}} {
		if len(x.m) > 0 && string(x.m) != "null" {
			t, err := parseTarget(json.NewDecoder(bytes.NewReader(x.m)))
			if err != nil {
				return nil, err
			}
			*x.t = t
		}
	}
	return p, nil
}

// scope is the package that file belongs to: the nearest package.json upwards, not above a node_modules folder.
func (r *Resolver) scope(file string) (*Package, error) {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if strings.HasSuffix(dir, "/node_modules") {
			return nil, nil
		}
		if p, err := r.readPackage(dir); p != nil || err != nil {
			return p, err
		}
		if dir == "/" || dir == "." {
			return nil, nil
		}
	}
}

// Scope is the package that file belongs to, or nil.
func (r *Resolver) Scope(file string) (*Package, error) { return r.scope(file) }
