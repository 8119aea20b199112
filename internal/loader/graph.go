package loader

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
)

// A Graph reads ahead: given what a module imports, it resolves, reads, transpiles and scans the files, and goes on to
// what they import, on goroutines, siblings at once. What the walk takes for imports is a look at the text: the engine
// has the last word, and asks again for what was overlooked. So the thread that runs JavaScript only compiles and links.
type Graph struct {
	mu      sync.Mutex
	current map[string]bool // URLs of this round: being read, or handed over
	earlier map[string]bool // those of earlier rounds, which are loaded and not read again unless asked for
	scanned map[string]bool // CommonJS files of this round
}

// walkWidth is how many files a walk reads at the same time.
const walkWidth = 8

// NewGraph makes a Graph.
func NewGraph() *Graph {
	g := &Graph{}
	g.Forget()
	return g
}

// Round begins a new round: what was read before is loaded now.
func (g *Graph) Round() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for u := range g.current {
		g.earlier[u] = true
	}
	g.current, g.scanned = map[string]bool{}, map[string]bool{}
}

// Forget makes everything be read anew: after a failure, of which it is not known how much is loaded.
func (g *Graph) Forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.current, g.earlier, g.scanned = map[string]bool{}, map[string]bool{}, map[string]bool{}
}

// A Found is one thing that a walk found out: a *Resolution, a *Source or a *Scan.
type Found any

// A Resolution is what a specifier means to a module.
type Resolution struct {
	Parent, Specifier string
	URL               string
	Err               error
	Warnings          []Warning
}

// A Source is the contents of a file: JavaScript already when the file is TypeScript.
type Source struct {
	URL, Format string
	Text        string
	Bytes       []byte // of WebAssembly
	Map         string // the source map of what was transpiled
	Err         error  // a *TranspileError, or why it could not be read
}

// A Scan is what a CommonJS file exports. Targets are the files of its Reexports, "" when unknown.
type Scan struct {
	File string
	CJSExports
	Targets []string
}

// A Walk says where to begin and by which conditions to resolve.
type Walk struct {
	Resolver        *Resolver // a fork: the walk's own
	Import, Require []string
	Parent          string
	Specifiers      []string
	Deliver         func(Found) // called from any goroutine
}

type walk struct {
	Walk
	graph *Graph
	slots chan struct{}
	tasks sync.WaitGroup
}

// Walk returns when all that the specifiers lead to has been delivered, by this walk or by another that began before.
func (g *Graph) Walk(w Walk) {
	run := &walk{Walk: w, graph: g, slots: make(chan struct{}, walkWidth)}
	for _, s := range w.Specifiers {
		run.resolve(w.Resolver.Fork(), w.Parent, s, true)
	}
	run.tasks.Wait()
}

// resolve finds out what a specifier means and sees to it that the file is read.
func (w *walk) resolve(r *Resolver, parent, specifier string, asked bool) {
	u, err := r.Import(specifier, parent, w.Import)
	if asked || err == nil {
		w.Deliver(&Resolution{parent, specifier, u, err, r.TakeWarnings()})
	} else {
		r.TakeWarnings()
	}
	if err != nil || !strings.HasPrefix(u, "file:") {
		return
	}
	g := w.graph
	g.mu.Lock()
	known := g.current[u] || !asked && g.earlier[u]
	g.current[u] = true
	g.mu.Unlock()
	if known {
		return
	}
	w.tasks.Add(1)
	go func() {
		defer w.tasks.Done()
		w.slots <- struct{}{}
		defer func() { <-w.slots }()
		w.file(w.Resolver.Fork(), u)
	}()
}

// file reads one file and goes on to what it imports.
func (w *walk) file(r *Resolver, u string) {
	s := &Source{URL: u}
	name, _, err := FilePath(u)
	if err == nil {
		s.Format, _, err = r.Format(name)
	}
	if err != nil || s.Format == "addon" || s.Format == "unknown" {
		s.Err = err
		w.Deliver(s)
		return
	}
	b, err := r.fs.ReadFile(name)
	switch {
	case err != nil:
		s.Err = err
	case s.Format == "wasm":
		s.Bytes = b
	default:
		s.Text = strings.TrimPrefix(string(b), "\ufeff")
	}
	if err == nil && strings.HasSuffix(s.Format, "typescript") {
		out, err := Transpile(name, s.Text, s.Format == "commonjs-typescript", r.TSConfigFor(name))
		if err != nil {
			s.Text, s.Err = "", err
		} else {
			s.Text, s.Map = out.Code, out.Map
		}
	}
	w.Deliver(s)
	if s.Err != nil {
		return
	}
	isModule := strings.HasPrefix(s.Format, "module")
	switch s.Format {
	case "json", "wasm":
	case "module", "module-typescript", "", "typescript":
		specifiers, syntax := ModuleImports(s.Text)
		isModule = isModule || syntax
		if isModule {
			for _, spec := range specifiers {
				// What is only guessed to be an import is not looked for just anywhere.
				if !path.IsAbs(spec) && !isURL(spec) {
					w.resolve(r, u, spec, false)
				}
			}
		}
		fallthrough
	default:
		if !isModule {
			w.scan(r, name, s.Text)
		}
	}
}

// scan looks for the exports of a CommonJS file, and of those that it exports whole.
func (w *walk) scan(r *Resolver, name, text string) {
	g := w.graph
	g.mu.Lock()
	known := g.scanned[name]
	g.scanned[name] = true
	g.mu.Unlock()
	if known {
		return
	}
	s := &Scan{File: name, CJSExports: CommonJSExports(text)}
	for _, request := range s.Reexports {
		target := w.required(r, name, request)
		s.Targets = append(s.Targets, target)
	}
	w.Deliver(s)
	for _, target := range s.Targets {
		if target == "" {
			continue
		}
		format, _, err := r.Format(target)
		if err != nil || format != "commonjs" && format != "" {
			continue
		}
		if b, err := r.fs.ReadFile(target); err == nil {
			w.scan(r, target, string(b))
		}
	}
}

// required is the file that require(request) loads in the file name: "" when that is not plain.
func (w *walk) required(r *Resolver, name, request string) string {
	if r.IsBuiltin(request) || strings.HasPrefix(request, "node:") || strings.HasPrefix(request, "#") {
		return ""
	}
	defer r.TakeWarnings()
	dir := path.Dir(name)
	dirs := NodeModulePaths(dir)
	if strings.HasPrefix(request, ".") {
		dirs = []string{dir}
	} else if _, ok, err := r.Self(name, request, w.Require); ok || err != nil {
		return ""
	}
	f, err := r.FindPath(request, dirs, []string{".js", ".json", ".node"}, w.Require)
	if err != nil {
		return ""
	}
	return f
}

// Import is the ES module loader's resolution with all that hob adds to it: TypeScript's habits, and a hint in the error.
func (r *Resolver) Import(specifier, parent string, conditions []string) (string, error) {
	u, err := r.ResolveESM(specifier, parent, conditions)
	if err == nil {
		return u, nil
	}
	if strings.HasPrefix(parent, "file:") {
		file, _, _ := FilePath(parent)
		spec := specifier
		if strings.HasPrefix(spec, "file:") {
			spec, _, _ = FilePath(spec)
		}
		if ts := r.TypeScriptResolve(spec, file); ts != "" {
			return FileURL(ts), nil
		}
	}
	var e *Error
	if errors.As(err, &e) && (e.Code == "ERR_MODULE_NOT_FOUND" || e.Code == "ERR_UNSUPPORTED_DIR_IMPORT") {
		if hint := r.Hint(specifier, parent); hint != "" {
			hinted := *e
			hinted.Message += fmt.Sprintf("\nDid you mean to import \"%s\"?", hint)
			return "", &hinted
		}
	}
	return "", err
}
