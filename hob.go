package hob

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/hobjs/hob/internal/builtin"
	"github.com/hobjs/hob/internal/host"
)

// Options of a runtime. The zero value serves.
type Options struct {
	ExecPath string
	ExecArgv []string
	Argv     []string
	Embedded bool
	Flags    map[string]any
}

// Runtime is one JavaScript program's world.
type Runtime struct{ rt *host.Runtime }

// New makes a runtime on the calling goroutine.
func New(o Options) (*Runtime, error) {
	rt, err := host.New(host.Options{Registry: builtin.Registry(), Snapshot: builtin.Snapshot(), ExecPath: o.ExecPath, ExecArgv: o.ExecArgv, Argv: o.Argv,
		Embedded: o.Embedded, Flags: o.Flags})
	if err != nil {
		return nil, err
	}
	return &Runtime{rt}, nil
}

// RunMain runs a program to its end and returns its exit code. kind is "file", "eval", "print", "stdin" or "check".
func (r *Runtime) RunMain(kind, text string) (int, error) {
	if kind == "file" {
		abs, err := filepath.Abs(text)
		if err != nil {
			return 1, err
		}
		text = abs
	}
	if _, err := os.Getwd(); err != nil && kind == "file" {
		return 1, errors.New("the working directory does not exist")
	}
	r.rt.RunMain(kind, text)
	return r.rt.Run()
}

// Close frees the runtime.
func (r *Runtime) Close() { r.rt.Close() }
