package hob_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnotherModule: a module of its own that imports hob builds with plain go build and runs.
func TestAnotherModule(t *testing.T) {
	if testing.Short() {
		t.Skip("links a program")
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	// The versions that hob requires, so that nothing has to be looked up.
	_, requires, _ := strings.Cut(string(mod), "\nrequire")
	requires, _, _ = strings.Cut(requires, "\ntool ")
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"go.mod": "module example.org/other\n\ngo 1.26.0\n\nrequire github.com/hobjs/hob v0.0.0\n\nreplace github.com/hobjs/hob => " + root +
			"\n\nrequire" + requires + "\n",
		"go.sum": string(sum),
		"main.go": `package main

import (
	"context"
	"fmt"

	"github.com/hobjs/hob"
)

func main() {
	rt, err := hob.New(hob.Options{})
	if err != nil {
		panic(err)
	}
	defer rt.Close()
	v, err := rt.Eval(context.Background(), "6 * 7")
	fmt.Println(v.Int(), err)
}
`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-o", "other", ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod -buildvcs=false", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	out, err := exec.Command(filepath.Join(dir, "other")).CombinedOutput()
	if err != nil || string(out) != "42 <nil>\n" {
		t.Errorf("printed %q, %v", out, err)
	}
}
