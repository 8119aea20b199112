package loader

import (
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// FileURL is the file: URL of an absolute path, encoded as Node's pathToFileURL does.
func FileURL(name string) string {
	var b strings.Builder
	b.WriteString("file://")
	const hex = "0123456789ABCDEF"
	for i := range len(name) {
		switch c := name[i]; {
		case c <= ' ', c >= 0x7f, strings.IndexByte("\"#%<>?[\\]^`{|}", c) >= 0:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// FilePath is the path of a file: URL, and its query and fragment.
func FilePath(u string) (name, suffix string, err error) {
	rest := strings.TrimPrefix(u, "file://")
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest, suffix = rest[:i], rest[i:]
	}
	name, err = url.PathUnescape(rest)
	return name, suffix, err
}

// ResolveESM is the ES module loader's resolution of spec from the module with the URL parent. The result is a URL: a
// file:, data: or node: one.
func (r *Resolver) ResolveESM(spec, parent string, conditions []string) (string, error) {
	parentFile, _, _ := FilePath(parent)
	if !strings.HasPrefix(parent, "file:") {
		parentFile = ""
	}
	from := parentFile // as messages say it
	if from == "" {
		from = parent
	}
	switch {
	case strings.HasPrefix(spec, "/") || strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../") || spec == "." || spec == "..":
		if parentFile == "" {
			return "", &Error{Code: "ERR_UNSUPPORTED_RESOLVE_REQUEST", Kind: 't',
				Message: fmt.Sprintf("Failed to resolve module specifier \"%s\" from \"%s\": Invalid relative URL or base scheme is not hierarchical.", spec, parent)}
		}
		rel, suffix := spec, ""
		if i := strings.IndexAny(rel, "?#"); i >= 0 {
			rel, suffix = rel[:i], rel[i:]
		}
		if lower := strings.ToLower(rel); strings.Contains(lower, "%2f") || strings.Contains(lower, "%5c") {
			return "", encodedSlash(spec, from)
		}
		u, err := url.PathUnescape(rel)
		if err != nil {
			u = rel
		}
		file := u
		if !path.IsAbs(u) {
			file = path.Join(path.Dir(parentFile), u)
		}
		if strings.HasSuffix(u, "/") || u == "." || u == ".." {
			file = strings.TrimSuffix(file, "/") + "/"
		}
		return r.finish(file, suffix, from)
	case strings.HasPrefix(spec, "#"):
		f, b, err := r.Imports(parentFile, spec, conditions, true)
		if err != nil {
			return "", err
		}
		if b != "" {
			return "node:" + b, nil
		}
		return r.finish(f, "", from)
	case strings.HasPrefix(spec, "node:"):
		if !r.IsBuiltin(spec[5:]) {
			return "", &Error{Code: "ERR_UNKNOWN_BUILTIN_MODULE", Message: "No such built-in module: " + spec}
		}
		return spec, nil
	case strings.HasPrefix(spec, "file:"):
		if lower := strings.ToLower(spec); strings.Contains(lower, "%2f") || strings.Contains(lower, "%5c") {
			return "", encodedSlash(spec, from)
		}
		f, suffix, err := FilePath(spec)
		if err != nil {
			return "", &Error{Code: "ERR_INVALID_URL", Kind: 't', Message: "Invalid URL"}
		}
		return r.finish(f, suffix, from)
	case strings.HasPrefix(spec, "data:"):
		return spec, nil
	case isURL(spec):
		scheme := spec[:strings.IndexByte(spec, ':')+1]
		return "", &Error{Code: "ERR_UNSUPPORTED_ESM_URL_SCHEME",
			Message: fmt.Sprintf("Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. Received protocol '%s'", scheme)}
	}
	if r.IsBuiltin(spec) {
		return "node:" + spec, nil
	}
	if parentFile == "" {
		return "", &Error{Code: "ERR_UNSUPPORTED_RESOLVE_REQUEST", Kind: 't',
			Message: fmt.Sprintf("Failed to resolve module specifier \"%s\" from \"%s\": Invalid relative URL or base scheme is not hierarchical.", spec, parent)}
	}
	f, err := r.Package(spec, parentFile, conditions, true)
	if err != nil {
		return "", err
	}
	return r.finish(f, "", from)
}

func encodedSlash(spec, parent string) error {
	return &Error{Code: "ERR_INVALID_MODULE_SPECIFIER", Kind: 't',
		Message: fmt.Sprintf("Invalid module \"%s\" must not include encoded \"/\" or \"\\\" characters%s", spec, importedFrom(parent))}
}

// Hint is what a specifier that was not found may have been meant to be, by CommonJS's rules: "" when nothing is there.
func (r *Resolver) Hint(spec, parent string) string {
	file, _, err := FilePath(parent)
	if err != nil || !strings.HasPrefix(parent, "file:") {
		return ""
	}
	if i := strings.IndexAny(spec, "?"); i >= 0 {
		spec = spec[:i]
	}
	isFile := strings.HasPrefix(spec, "file:")
	if isFile {
		if spec, _, err = FilePath(spec); err != nil {
			return ""
		}
	}
	extensions := []string{".js", ".json", ".node"}
	conditions := []string{"node", "require"}
	relative := strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../") || spec == "." || spec == ".."
	dirs := NodeModulePaths(path.Dir(file))
	if relative {
		dirs = []string{path.Dir(file)}
	}
	found, err := r.FindPath(spec, dirs, extensions, conditions)
	if err != nil || found == "" {
		return ""
	}
	switch {
	case relative || isFile:
		return fromFolder(file, found)
	case strings.HasPrefix(spec, "/"):
		return FileURL(found)
	}
	for _, dir := range dirs {
		if inside, ok := strings.CutPrefix(found, dir+"/"); ok {
			if !strings.Contains(inside, "/") { // a lone file in node_modules is no package
				return fromFolder(file, found)
			}
			return escapePath(inside)
		}
	}
	return ""
}

// fromFolder is found as a specifier in file: "./…" or "../…".
func fromFolder(file, found string) string {
	rel, err := filepath.Rel(path.Dir(file), found)
	if err != nil {
		return ""
	}
	if !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	return escapePath(rel)
}

func escapePath(s string) string { return strings.TrimPrefix(FileURL(s), "file://") }

// finish checks that file exists and follows its links.
func (r *Resolver) finish(file, suffix, parent string) (string, error) {
	name := file
	if len(file) > 1 {
		name = strings.TrimSuffix(file, "/")
	}
	kind, real := r.stat(name), name
	if kind == 'f' {
		var ok bool
		if real, ok = r.present(name); !ok {
			kind = 0
		}
	}
	switch {
	case kind == 'd':
		return "", &Error{Code: "ERR_UNSUPPORTED_DIR_IMPORT", URL: FileURL(file),
			Message: fmt.Sprintf("Directory import '%s' is not supported resolving ES modules%s", file, importedFrom(parent))}
	case kind != 'f' || strings.HasSuffix(file, "/"):
		return "", &Error{Code: "ERR_MODULE_NOT_FOUND", URL: FileURL(file),
			Message: fmt.Sprintf("Cannot find module '%s'%s", file, importedFrom(parent))}
	}
	return FileURL(real) + suffix, nil
}

// Format is how a file's text is to be read: "module", "commonjs", "json", "wasm", "addon", "module-typescript",
// "commonjs-typescript"; "" when only its syntax can tell (a .js file in a package without "type"); and
// "typescript" likewise.
func (r *Resolver) Format(file string) (format, packageType string, err error) {
	switch ext := path.Ext(file); ext {
	case ".mjs":
		return "module", "", nil
	case ".cjs":
		return "commonjs", "", nil
	case ".json":
		return "json", "", nil
	case ".wasm":
		return "wasm", "", nil
	case ".node":
		return "addon", "", nil
	case ".mts":
		return "module-typescript", "", nil
	case ".cts":
		return "commonjs-typescript", "", nil
	case ".js", ".ts", ".tsx", ".jsx", "":
		p, err := r.scope(file)
		if err != nil {
			return "", "", err
		}
		t := ""
		if p != nil {
			t = p.Type
		}
		switch {
		case ext == ".ts" || ext == ".tsx" || ext == ".jsx":
			if t == "" {
				return "typescript", t, nil
			}
			return t + "-typescript", t, nil
		case t != "":
			return t, t, nil
		}
		return "", "", nil
	default:
		p, err := r.scope(file)
		if err != nil || p == nil {
			return "unknown", "", err
		}
		return "unknown", p.Type, nil
	}
}
