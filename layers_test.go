package hob_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hobjs/hob/internal/builtin"
	"github.com/hobjs/hob/internal/host"
)

// The rules of docs/architecture.md that a reader can't see from one file, held by tests.

const module = "github.com/hobjs/hob"

// sourceFiles are the repository's files with one of the extensions, as slash paths from its root.
func sourceFiles(t *testing.T, exts ...string) []string {
	var list []string
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && p != "."
		if d.IsDir() && (hidden || d.Name() == "node_modules" || d.Name() == "bin" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !d.IsDir() && slices.Contains(exts, filepath.Ext(p)) {
			list = append(list, filepath.ToSlash(p))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func within(file, dir string) bool { return strings.HasPrefix(file, dir+"/") }

func TestImports(t *testing.T) {
	rules := []struct {
		pkg     string // exactly this import path, or with "/..." it and all below
		allowed func(file string) bool
		why     string
	}{
		{"C", func(f string) bool { return within(f, "internal/v8") }, "cgo stays in internal/v8"},
		{module + "/internal/v8/...", func(f string) bool { return !within(f, "internal/loop") }, "the loop knows nothing of JavaScript"},
		{module + "/internal/host/...", func(f string) bool { return !within(f, "internal/loop") && !within(f, "internal/v8") },
			"the host stands on the loop and the engine, not below them"},
		{module + "/internal/inspect/...", func(f string) bool { return !within(f, "internal/loop") && !within(f, "internal/v8") },
			"what observes is not known to what it observes"},
		{module + "/internal/loop/...", func(f string) bool { return !within(f, "internal/v8") }, "the engine knows no loop"},
		{module + "/internal/builtin/...", func(f string) bool { return within(f, "internal/builtin") || !strings.Contains(f, "/") },
			"the host knows no builtin by name; only the root package joins them"},
		{"github.com/evanw/esbuild/...", func(f string) bool { return f == "internal/loader/transpile.go" }, "one file stands between us and esbuild"},
		{module + "/internal/...", func(f string) bool { return !within(f, "cmd") }, "the command uses the public package only"},
	}
	for _, file := range sourceFiles(t, ".go") {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, imp := range f.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			for _, r := range rules {
				base, below := strings.CutSuffix(r.pkg, "/...")
				if path != base && !(below && strings.HasPrefix(path, base+"/")) {
					continue
				}
				if strings.HasSuffix(file, "_test.go") && strings.HasPrefix(path, module) && r.pkg != module+"/internal/inspect/..." &&
					!within(file, "internal/loop") {
					continue // tests may reach across
				}
				if !r.allowed(file) {
					t.Errorf("%s imports %s: %s", file, path, r.why)
				}
			}
		}
	}
}

func TestFileNamesAndSizes(t *testing.T) {
	const most = 1000
	for _, file := range sourceFiles(t, ".go", ".js", ".mjs", ".cc", ".h", ".ts") {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), "\n"); n >= most {
			t.Errorf("%s has %d lines: past %d it is two subjects", file, n, most)
		}
		if strings.HasSuffix(file, "_js.go") {
			t.Errorf("%s: _js is a GOOS suffix, the go command skips the file", file)
		}
	}
}

var (
	nativeNames = regexp.MustCompile(`(?s)\bconst \{([^}]*)\} = native;`)
	nativeWord  = regexp.MustCompile(`(?:^|[^.\w'"$])native\b(?:[.\[(,)]| =[^=]| \+| \?)`)
	comments    = regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:(?:^|\s)//.*$)`)
)

// TestBuiltinFiles: both halves of a builtin agree, and the JavaScript can be embedded as it is.
func TestBuiltinFiles(t *testing.T) {
	offered, err := host.NativeNames(builtin.Registry())
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]map[string]bool{}
	files, err := filepath.Glob("internal/builtin/*/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal("no builtin files: ", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		src, folder := string(b), filepath.Base(filepath.Dir(file))
		if !strings.HasPrefix(src, "'use strict';\n") {
			t.Errorf("%s does not begin with 'use strict';", file)
		}
		if i := strings.IndexFunc(src, func(r rune) bool { return r > 127 }); i >= 0 {
			t.Errorf("%s:%d is not ASCII: V8 could not use it in place (in strings write \\u escapes)", file, 1+strings.Count(src[:i], "\n"))
		}
		code := comments.ReplaceAllString(src, "")
		for _, m := range nativeNames.FindAllStringSubmatch(code, -1) {
			for part := range strings.SplitSeq(m[1], ",") {
				name, _, _ := strings.Cut(part, ":")
				name, _, _ = strings.Cut(name, "=")
				if name = strings.TrimSpace(name); name == "" {
					continue
				}
				if asked[folder] == nil {
					asked[folder] = map[string]bool{}
				}
				asked[folder][name] = true
				if !slices.Contains(offered[folder], name) {
					t.Errorf("%s asks for the native %s, which %s's Go half does not offer", file, name, folder)
				}
			}
		}
		if m := nativeWord.FindString(nativeNames.ReplaceAllString(code, "")); m != "" && folder != "boot" {
			t.Errorf("%s uses native as a value (%q): write const { ... } = native; at the top", file, strings.TrimSpace(m))
		}
	}
	for folder, names := range offered {
		for _, name := range names {
			if !asked[folder][name] {
				t.Errorf("%s's Go half offers %s, which no JavaScript of the folder asks for", folder, name)
			}
		}
	}
}

// TestPublicIDs: what user code may require is there.
func TestPublicIDs(t *testing.T) {
	r := builtin.Registry()
	for _, id := range r.Public {
		if _, ok := r.Source(id); !ok {
			t.Errorf("public id %q has no file", id)
		}
	}
}
