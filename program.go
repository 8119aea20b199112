package hob

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/hobjs/hob/internal/host"
)

// A Program is a main program: what the command hob runs.
type Program struct {
	Options
	// Kind says what Text is: "file" (a path), "eval", "print" or "stdin" (source text), "check" (a path: only its syntax).
	Kind string
	Text string
}

// Run runs the program on the calling goroutine until it ends and returns its exit code. err is set when it could not
// run on: ErrHeapLimit, or ctx's error when that ended first.
func (p Program) Run(ctx context.Context) (exitCode int, err error) {
	return p.run(ctx, false)
}

// RunEmbedded is Run for a program in a larger Go program: process.exit and process.abort end the runtime only.
func (p Program) RunEmbedded(ctx context.Context) (exitCode int, err error) {
	return p.run(ctx, true)
}

func (p Program) run(ctx context.Context, embedded bool) (int, error) {
	if p.Kind == "" {
		p.Kind = "file"
	}
	if p.Kind == "file" || p.Kind == "check" {
		if _, err := os.Getwd(); err != nil {
			return 1, errors.New("hob: the working directory does not exist")
		}
		abs, err := filepath.Abs(p.Text)
		if err != nil {
			return 1, err
		}
		p.Text = abs
	}
	rt, err := host.New(p.Options.host(embedded))
	if err != nil {
		return 1, err
	}
	if ctx.Done() != nil {
		stop := context.AfterFunc(ctx, func() { rt.Interrupt(context.Cause(ctx)) })
		defer stop()
	}
	rt.RunMain(p.Kind, p.Text)
	code, err := rt.Run()
	if embedded {
		rt.Close()
	}
	return code, err
}
