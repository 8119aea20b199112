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

// Run runs the program on the calling goroutine, whose thread it keeps, until nothing is left for it to do, and returns its
// exit code: 0, or what process.exit or an exception made of it. err is set when the program could not be started or not run
// on: [ErrHeapLimit], or ctx's cause when that ended first. It is for a Go program that ends then: what the runtime holds is
// left to the end of the process, and process.abort is the end of the process.
func (p Program) Run(ctx context.Context) (exitCode int, err error) {
	return p.run(ctx, false)
}

// RunEmbedded is Run for a program in a larger Go program: everything is freed, and process.abort too ends the runtime only.
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
