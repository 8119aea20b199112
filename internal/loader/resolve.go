package loader

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
)

// A Resolver finds the files that specifiers mean. It caches what it has read of packages and of the disk for the life
// of its runtime, as Node does. Not for several goroutines at once: each has a fork, which shares the cache.
type Resolver struct {
	fs               FS
	known            *known
	warnings         []Warning
	PreserveSymlinks bool
	// IsBuiltin says whether an id (without "node:") is a builtin module that user code may load.
	IsBuiltin func(id string) bool
}

// known is what resolvers share. The lock is not held while a file system is asked.
type known struct {
	mu        sync.Mutex
	packages  map[string]cachedPackage
	stats     map[string]byte
	tsconfigs map[string]*TSConfig
}

// Fork is a resolver for another goroutine: with the same cache, but warnings of its own.
func (r *Resolver) Fork() *Resolver {
	f := *r
	f.warnings = nil
	return &f
}

// A Warning is a deprecation that a resolution met.
type Warning struct{ Code, Text string }

// TakeWarnings are the warnings since it was last called.
func (r *Resolver) TakeWarnings() []Warning {
	w := r.warnings
	r.warnings = nil
	return w
}

type cachedPackage struct {
	pkg *Package
	err error
}

// NewResolver makes a Resolver that reads through f.
func NewResolver(f FS) *Resolver {
	return &Resolver{fs: f, known: &known{packages: map[string]cachedPackage{}, stats: map[string]byte{}, tsconfigs: map[string]*TSConfig{}},
		IsBuiltin: func(string) bool { return false }}
}

// Error is a failure of resolution with Node's code and message.
type Error struct {
	Code    string
	Message string
	Kind    byte   // 't' TypeError; 0 Error
	Path    string // MODULE_NOT_FOUND: where package.json pointed
	URL     string // ERR_MODULE_NOT_FOUND and others
}

func (e *Error) Error() string { return e.Message }

func (r *Resolver) stat(name string) byte { // 'f', 'd' or 0
	r.known.mu.Lock()
	s, ok := r.known.stats[name]
	r.known.mu.Unlock()
	if ok {
		return s
	}
	if fi, err := r.fs.Stat(name); err == nil {
		s = 'f'
		if fi.IsDir() {
			s = 'd'
		}
	}
	if s != 0 { // a file that is missing now may be written later, and then required
		r.known.mu.Lock()
		r.known.stats[name] = s
		r.known.mu.Unlock()
	}
	return s
}

// present is whether a file that was there once still is, and its real name.
func (r *Resolver) present(name string) (string, bool) {
	if !r.PreserveSymlinks {
		if p, err := r.fs.RealPath(name); err == nil {
			return p, true
		}
	} else if _, err := r.fs.Stat(name); err == nil {
		return name, true
	}
	r.known.mu.Lock()
	delete(r.known.stats, name)
	r.known.mu.Unlock()
	return name, false
}

func (r *Resolver) real(name string) string {
	if r.PreserveSymlinks {
		return name
	}
	if p, err := r.fs.RealPath(name); err == nil {
		return p
	}
	return name
}

// tryFile is name, or name with one of the extensions, when it is a file.
func (r *Resolver) tryFile(name string, extensions []string) string {
	if r.stat(name) == 'f' {
		return name
	}
	for _, e := range extensions {
		if r.stat(name+e) == 'f' {
			return name + e
		}
	}
	return ""
}

// resolvePath is name as seen from dir.
func resolvePath(dir, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(dir, name)
}

// tryDir is the main file of the folder dir.
func (r *Resolver) tryDir(dir string, extensions []string) (string, error) {
	p, err := r.readPackage(dir)
	if err != nil {
		return "", err
	}
	if p != nil && p.Main != "" {
		main := resolvePath(dir, p.Main)
		if f := r.tryFile(main, extensions); f != "" {
			return f, nil
		}
		if f := r.tryFile(path.Join(main, "index"), extensions); f != "" {
			return f, nil
		}
		if f := r.tryFile(path.Join(dir, "index"), extensions); f != "" {
			r.warnings = append(r.warnings, Warning{"DEP0128", fmt.Sprintf("Invalid 'main' field in '%s' of '%s'. Please either fix that or report it to the module author",
				path.Join(dir, "package.json"), p.Main)})
			return f, nil
		}
		return "", &Error{Code: "MODULE_NOT_FOUND", Path: path.Join(dir, "package.json"),
			Message: fmt.Sprintf("Cannot find module '%s'. Please verify that the package.json has a valid \"main\" entry", main)}
	}
	return r.tryFile(path.Join(dir, "index"), extensions), nil
}

// FindPath is CommonJS's search for request in the folders paths: "" when it is nowhere. An absolute request ignores
// paths. Requests that name a package obey its exports.
func (r *Resolver) FindPath(request string, paths, extensions, conditions []string) (string, error) {
	absolute := path.IsAbs(request)
	if absolute {
		paths = []string{""}
	}
	trailing := strings.HasSuffix(request, "/") || request == "." || request == ".." || strings.HasSuffix(request, "/.") ||
		strings.HasSuffix(request, "/..")
	relative := request == "." || request == ".." || strings.HasPrefix(request, "./") || strings.HasPrefix(request, "../")
	for _, p := range paths {
		if p != "" && !strings.HasPrefix(request, "..") && r.stat(p) != 'd' {
			continue
		}
		if !absolute && !relative {
			if f, ok, err := r.packageExports(p, request, conditions); ok || err != nil {
				if err != nil {
					return "", err
				}
				return r.real(f), nil
			}
		}
		base := path.Join(p, request)
		if absolute {
			base = path.Clean(request)
		}
		kind := r.stat(base)
		if !trailing {
			if kind == 'f' {
				return r.real(base), nil
			}
			if f := r.tryFile(base, extensions); f != "" {
				return r.real(f), nil
			}
		}
		if kind == 'd' {
			f, err := r.tryDir(base, extensions)
			if err != nil {
				return "", err
			}
			if f != "" {
				return r.real(f), nil
			}
		}
	}
	return "", nil
}

// splitPackage parts "@scope/name/sub" into "@scope/name" and "./sub".
func splitPackage(spec string) (name, sub string, ok bool) {
	i := strings.IndexByte(spec, '/')
	if strings.HasPrefix(spec, "@") {
		if i < 0 {
			return "", "", false
		}
		if j := strings.IndexByte(spec[i+1:], '/'); j >= 0 {
			i += 1 + j
		} else {
			i = -1
		}
	}
	name, sub = spec, "."
	if i >= 0 {
		name, sub = spec[:i], "."+spec[i:]
	}
	if name == "" || name[0] == '.' || strings.ContainsAny(name, "\\%") {
		return "", "", false
	}
	return name, sub, true
}

// packageExports resolves request in the package folder p/name when that has exports.
func (r *Resolver) packageExports(p, request string, conditions []string) (string, bool, error) {
	name, sub, ok := splitPackage(request)
	if !ok {
		return "", false, nil
	}
	pkg, err := r.readPackage(path.Join(p, name))
	if err != nil || pkg == nil || pkg.Exports == nil {
		return "", false, err
	}
	f, err := r.exports(pkg, sub, "", conditions)
	if err != nil {
		return "", true, err
	}
	if f, err = r.existing(f, path.Join(pkg.Dir, "package.json")); err != nil {
		return "", true, err
	}
	return f, true, nil
}

func (r *Resolver) existing(file, from string) (string, error) {
	if r.stat(file) != 'f' {
		return "", &Error{Code: "MODULE_NOT_FOUND", Message: fmt.Sprintf("Cannot find module '%s'", file)}
	}
	return file, nil
}

// Self resolves request as a reference of a package to itself: ok is false when it is none.
func (r *Resolver) Self(parent, request string, conditions []string) (string, bool, error) {
	pkg, err := r.scope(parent)
	if err != nil || pkg == nil || pkg.Exports == nil || pkg.Name == "" {
		return "", false, nil
	}
	if request != pkg.Name && !strings.HasPrefix(request, pkg.Name+"/") {
		return "", false, nil
	}
	f, err := r.exports(pkg, "."+request[len(pkg.Name):], parent, conditions)
	if err == nil {
		f, err = r.existing(f, parent)
	}
	return f, true, err
}

// Imports resolves "#name" by the imports of parent's package. builtin is set when it maps to a builtin.
func (r *Resolver) Imports(parent, spec string, conditions []string, esm bool) (file, builtin string, err error) {
	if spec == "#" || strings.HasPrefix(spec, "#/") || strings.HasSuffix(spec, "/") {
		return "", "", &Error{Code: "ERR_INVALID_MODULE_SPECIFIER", Kind: 't',
			Message: fmt.Sprintf("Invalid module \"%s\" is not a valid internal imports specifier name%s", spec, importedFrom(parent))}
	}
	pkg, err := r.scope(parent)
	if err != nil {
		return "", "", err
	}
	if pkg != nil && pkg.Imports != nil && pkg.Imports.Kind == 'o' {
		t, star, key := match(pkg.Imports, spec)
		if t != nil {
			f, b, found, err := r.target(pkg, t, key, star, parent, true, conditions, esm)
			if err != nil {
				return "", "", err
			}
			if found {
				return f, b, nil
			}
		}
	}
	where := ""
	if pkg != nil {
		where = " in package " + path.Join(pkg.Dir, "package.json")
	}
	return "", "", &Error{Code: "ERR_PACKAGE_IMPORT_NOT_DEFINED", Kind: 't',
		Message: fmt.Sprintf("Package import specifier \"%s\" is not defined%s%s", spec, where, importedFrom(parent))}
}

func importedFrom(parent string) string {
	if parent == "" {
		return ""
	}
	return " imported from " + parent
}

// exports resolves a subpath ("." or "./x") of pkg.
func (r *Resolver) exports(pkg *Package, sub, parent string, conditions []string) (string, error) {
	t := pkg.Exports
	sugar, err := isSugar(t, pkg)
	if err != nil {
		return "", err
	}
	if sugar {
		t = &Target{Kind: 'o', Keys: []string{"."}, Values: []*Target{t}}
	}
	if x, star, key := match(t, sub); x != nil {
		f, _, found, err := r.target(pkg, x, key, star, parent, false, conditions, false)
		if err != nil {
			return "", err
		}
		if found {
			return f, nil
		}
	}
	msg := fmt.Sprintf("Package subpath '%s' is not defined by \"exports\" in %s", sub, path.Join(pkg.Dir, "package.json"))
	if sub == "." {
		msg = "No \"exports\" main defined in " + path.Join(pkg.Dir, "package.json")
	}
	return "", &Error{Code: "ERR_PACKAGE_PATH_NOT_EXPORTED", Message: msg + importedFrom(parent)}
}

// isSugar: exports without subpaths is exports for ".".
func isSugar(t *Target, pkg *Package) (bool, error) {
	if t.Kind != 'o' {
		return true, nil
	}
	dots := 0
	for _, k := range t.Keys {
		if strings.HasPrefix(k, ".") {
			dots++
		}
	}
	if dots > 0 && dots < len(t.Keys) {
		return false, &Error{Code: "ERR_INVALID_PACKAGE_CONFIG", Message: fmt.Sprintf("Invalid package config %s. \"exports\" cannot contain some keys starting with '.' and some not. "+
			"The exports object must either be an object of package subpath keys or an object of main entry condition name keys only.", path.Join(pkg.Dir, "package.json"))}
	}
	return dots == 0 && len(t.Keys) > 0, nil
}

// match finds the entry of a table for spec: the exact key, or the best pattern with one "*".
func match(t *Target, spec string) (target *Target, star, key string) {
	if t.Kind != 'o' {
		return nil, "", ""
	}
	if x := t.get(spec); x != nil && !strings.Contains(spec, "*") && !strings.HasSuffix(spec, "/") {
		return x, "", spec
	}
	best, bestBase := -1, -1
	for i, k := range t.Keys {
		a := strings.IndexByte(k, '*')
		if a < 0 || strings.LastIndexByte(k, '*') != a {
			continue
		}
		pre, post := k[:a], k[a+1:]
		if strings.HasPrefix(spec, pre) && spec != pre && len(spec) >= len(k) && strings.HasSuffix(spec, post) {
			if a > bestBase || a == bestBase && len(k) > len(t.Keys[best]) {
				best, bestBase, star = i, a, spec[a:len(spec)-len(post)]
			}
		}
	}
	if best < 0 {
		return nil, "", ""
	}
	return t.Values[best], star, t.Keys[best]
}

// target resolves one value of exports or imports. found is false where conditions left nothing.
func (r *Resolver) target(pkg *Package, t *Target, key, star, parent string, imports bool, conditions []string, esm bool) (file, builtin string, found bool, err error) {
	invalid := func(why string) error {
		word := "exports"
		if imports {
			word = "imports"
		}
		rel := ""
		if t.Kind == 's' && !imports && len(t.Str) > 0 && !strings.HasPrefix(t.Str, "./") {
			rel = "; targets must start with \"./\""
		}
		shown := t.Str
		if t.Kind == 's' {
			shown = fmt.Sprintf("%q", t.Str)
		} else if t.Kind == 'n' {
			shown = "null"
		}
		if key == "." && !imports {
			return &Error{Code: "ERR_INVALID_PACKAGE_TARGET", Message: fmt.Sprintf("Invalid \"exports\" main target %s defined in the package config %s%s%s",
				shown, path.Join(pkg.Dir, "package.json"), importedFrom(parent), rel)}
		}
		return &Error{Code: "ERR_INVALID_PACKAGE_TARGET", Message: fmt.Sprintf("Invalid \"%s\" target %s defined for '%s' in the package config %s%s%s",
			word, shown, key, path.Join(pkg.Dir, "package.json"), importedFrom(parent), rel)}
	}
	switch t.Kind {
	case 's':
		s := t.Str
		if !strings.HasPrefix(s, "./") {
			if !imports || strings.HasPrefix(s, "../") || strings.HasPrefix(s, "/") || isURL(s) && !strings.HasPrefix(s, "node:") {
				return "", "", false, invalid("")
			}
			s = strings.ReplaceAll(s, "*", star)
			if id := strings.TrimPrefix(s, "node:"); r.IsBuiltin(id) {
				return "", id, true, nil
			}
			f, err := r.Package(s, path.Join(pkg.Dir, "package.json"), conditions, esm)
			return f, "", err == nil, err
		}
		if badSegments(s[2:]) {
			return "", "", false, invalid("")
		}
		if star != "" && badSegments(star) {
			return "", "", false, &Error{Code: "ERR_INVALID_MODULE_SPECIFIER", Kind: 't',
				Message: fmt.Sprintf("Invalid module \"%s\" request is not a valid match in pattern \"%s\" for the \"%s\" resolution of %s%s",
					strings.Replace(key, "*", star, 1), key, map[bool]string{true: "imports", false: "exports"}[imports], path.Join(pkg.Dir, "package.json"), importedFrom(parent))}
		}
		s = strings.ReplaceAll(s, "*", star)
		if lower := strings.ToLower(s); strings.Contains(lower, "%2f") || strings.Contains(lower, "%5c") {
			return "", "", false, encodedSlash(FileURL(pkg.Dir)+"/"+path.Clean(s), parent)
		}
		if u, err := url.PathUnescape(s); err == nil { // targets are URLs
			s = u
		}
		return path.Join(pkg.Dir, s), "", true, nil
	case 'o':
		for i, k := range t.Keys {
			if isIndex(k) {
				return "", "", false, &Error{Code: "ERR_INVALID_PACKAGE_CONFIG", Message: fmt.Sprintf("Invalid package config %s. \"exports\" cannot contain numeric property keys.", path.Join(pkg.Dir, "package.json"))}
			}
			if k == "default" || slices.Contains(conditions, k) {
				file, builtin, found, err = r.target(pkg, t.Values[i], key, star, parent, imports, conditions, esm)
				if err != nil || found || t.Values[i].Kind == 'n' {
					return
				}
			}
		}
		return "", "", false, nil
	case 'a':
		var last error
		for _, v := range t.Values {
			file, builtin, found, err = r.target(pkg, v, key, star, parent, imports, conditions, esm)
			if err != nil {
				if e, ok := err.(*Error); ok && e.Code == "ERR_INVALID_PACKAGE_TARGET" {
					last = err
					continue
				}
				return
			}
			if found {
				return
			}
			last = nil
		}
		return "", "", false, last
	case 'n':
		return "", "", false, nil
	}
	return "", "", false, invalid("")
}

func isIndex(k string) bool {
	if k == "" || len(k) > 10 {
		return false
	}
	for i := range len(k) {
		if k[i] < '0' || k[i] > '9' {
			return false
		}
	}
	return k == "0" || k[0] != '0'
}

// badSegments: "", ".", ".." and "node_modules" are no parts of a target, however they are encoded.
func badSegments(s string) bool {
	for _, seg := range strings.FieldsFunc(s, func(c rune) bool { return c == '/' || c == '\\' }) {
		if u, err := url.PathUnescape(seg); err == nil {
			seg = u
		}
		if seg == "." || seg == ".." || strings.EqualFold(seg, "node_modules") {
			return true
		}
	}
	return false
}

func isURL(s string) bool {
	i := strings.IndexByte(s, ':')
	if i <= 0 {
		return false
	}
	for _, c := range s[:i] {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.') {
			return false
		}
	}
	return true
}

// NodeModulePaths are the node_modules folders that a module in dir sees, nearest first.
func NodeModulePaths(dir string) (list []string) {
	for {
		if path.Base(dir) != "node_modules" {
			list = append(list, path.Join(dir, "node_modules"))
		}
		if dir == "/" || dir == "." {
			return list
		}
		dir = path.Dir(dir)
	}
}

// Package resolves a bare specifier from the file parent: by ES module rules, or by CommonJS's extensions and folders.
func (r *Resolver) Package(spec, parent string, conditions []string, esm bool) (string, error) {
	if f, ok, err := r.Self(parent, spec, conditions); ok || err != nil {
		return f, err
	}
	if !esm {
		f, err := r.FindPath(spec, NodeModulePaths(path.Dir(parent)), []string{".js", ".json", ".node"}, conditions)
		if err == nil && f == "" {
			err = &Error{Code: "MODULE_NOT_FOUND", Message: fmt.Sprintf("Cannot find module '%s'", spec)}
		}
		return f, err
	}
	name, sub, ok := splitPackage(spec)
	if !ok {
		return "", &Error{Code: "ERR_INVALID_MODULE_SPECIFIER", Kind: 't', Message: fmt.Sprintf("Invalid module \"%s\" is not a valid package name%s", spec, importedFrom(parent))}
	}
	for _, nm := range NodeModulePaths(path.Dir(parent)) {
		dir := path.Join(nm, name)
		if r.stat(dir) != 'd' {
			continue
		}
		pkg, err := r.readPackage(dir)
		if e, ok := err.(*Error); ok {
			return "", &Error{Code: e.Code, Message: fmt.Sprintf("%s while importing \"%s\" from %s.", strings.TrimSuffix(e.Message, "."), spec, parent)}
		} else if err != nil {
			return "", err
		}
		if pkg != nil && pkg.Exports != nil {
			return r.exports(pkg, sub, parent, conditions)
		}
		if sub != "." { // a URL, but without its query
			if i := strings.IndexAny(sub, "?#"); i >= 0 {
				sub = sub[:i]
			}
			if u, err := url.PathUnescape(sub); err == nil {
				sub = u
			}
			file := path.Join(dir, sub)
			if strings.HasSuffix(sub, "/") {
				file += "/"
			}
			return file, nil
		}
		return r.legacyMain(dir, pkg, parent)
	}
	return "", &Error{Code: "ERR_MODULE_NOT_FOUND", Message: fmt.Sprintf("Cannot find package '%s'%s", name, importedFrom(parent))}
}

func importedComma(parent string) string {
	if parent == "" {
		return ""
	}
	return ", imported from " + parent
}

// isModule: what ES modules may no longer do by themselves, a CommonJS package goes on doing without a warning.
func (r *Resolver) isModule(file string) bool {
	format, _, err := r.Format(file)
	return err == nil && format == "module"
}

// legacyMain is the main file of a package without exports, by the ES module loader's rules.
func (r *Resolver) legacyMain(dir string, pkg *Package, parent string) (string, error) {
	if pkg != nil && pkg.Main != "" {
		for _, s := range []string{"", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"} {
			if f := resolvePath(dir, pkg.Main) + s; r.stat(f) == 'f' {
				if s != "" && r.isModule(f) {
					r.warnings = append(r.warnings, Warning{"DEP0151", fmt.Sprintf("Package %s/ has a \"main\" field set to \"%s\", excluding the full filename and extension to the resolved file at \"%s\"%s.\n Automatic extension resolution of the \"main\" field is deprecated for ES modules.",
						dir, pkg.Main, strings.TrimPrefix(f, dir+"/"), importedComma(parent))})
				}
				return f, nil
			}
		}
	}
	for _, s := range []string{"index.js", "index.json", "index.node"} {
		if f := path.Join(dir, s); r.stat(f) == 'f' {
			if r.isModule(f) {
				r.warnings = append(r.warnings, Warning{"DEP0151", fmt.Sprintf("No \"main\" or \"exports\" field defined in the package.json for %s/ resolving the main entry point \"%s\"%s.\nDefault \"index\" lookups for the main are deprecated for ES modules.",
					dir, s, importedComma(parent))})
			}
			return f, nil
		}
	}
	return "", &Error{Code: "ERR_MODULE_NOT_FOUND", Message: fmt.Sprintf("Cannot find package '%s'%s", dir, importedFrom(parent))}
}

// PackageFolder is the folder of the package that the bare specifier spec names, seen from the file parent: "" when it
// has no package.json.
func (r *Resolver) PackageFolder(spec, parent string) (string, error) {
	name, _, ok := splitPackage(spec)
	if !ok {
		return "", &Error{Code: "ERR_INVALID_MODULE_SPECIFIER", Kind: 't', Message: fmt.Sprintf("Invalid module \"%s\" is not a valid package name%s", spec, importedFrom(parent))}
	}
	if p, err := r.scope(parent); err == nil && p != nil && p.Name == name && p.Exports != nil {
		return p.Dir, nil
	}
	for _, nm := range NodeModulePaths(path.Dir(parent)) {
		if dir := path.Join(nm, name); r.stat(dir) == 'd' {
			if p, err := r.readPackage(dir); p != nil || err != nil {
				return dir, err
			}
			return "", nil
		}
	}
	return "", &Error{Code: "ERR_MODULE_NOT_FOUND", Message: fmt.Sprintf("Cannot find package '%s'%s", name, importedFrom(parent))}
}
