// Package js runs the JavaScript files beside it, one behaviour a file, each as one process of hob. A file passes when
// it exits with 0. Comments at its top say otherwise:
//
//	// Flags: --no-warnings      options before the file's name
//	// Exit: 7                   the exit code that is right
//	// Stdout: text              a line of the output; all such lines are the whole output, in order
package js

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hobjs/hob/test/hobtest"
)

func TestFiles(t *testing.T) {
	bin := hobtest.Binary(t)
	turns := make(chan struct{}, 2) // two processes at a time, whatever -parallel says
	count := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "fixtures" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !slices.Contains([]string{".js", ".cjs", ".mjs", ".ts"}, filepath.Ext(file)) {
			return nil
		}
		count++
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			turns <- struct{}{}
			defer func() { <-turns }()
			runFile(t, bin, file)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count == 0 {
		t.Fatal("there are no files")
	}
}

func runFile(t *testing.T, bin, file string) {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var flags, stdout []string
	exit := 0
	for line := range strings.Lines(string(src)) {
		line = strings.TrimSuffix(line, "\n")
		if v, ok := strings.CutPrefix(line, "// Flags: "); ok {
			flags = append(flags, strings.Fields(v)...)
		} else if v, ok := strings.CutPrefix(line, "// Exit: "); ok {
			if exit, err = strconv.Atoi(v); err != nil {
				t.Fatal("malformed Exit line: ", line)
			}
		} else if v, ok := strings.CutPrefix(line, "// Stdout: "); ok {
			stdout = append(stdout, v)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, append(flags, file)...)
	cmd.Env = append(hobtest.Environ(), "TEST_TMP="+t.TempDir())
	var out, errOut strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errOut
	cmd.WaitDelay = time.Minute // if a child of its own has the output open
	err = cmd.Run()
	code := 0
	if x := (*exec.ExitError)(nil); errors.As(err, &x) {
		code = x.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	switch {
	case ctx.Err() != nil:
		t.Error("no end after two minutes")
	case code != exit:
		t.Errorf("exit code %d, want %d", code, exit)
	case stdout != nil && out.String() != strings.Join(stdout, "\n")+"\n":
		t.Errorf("printed %q, want %q", out.String(), strings.Join(stdout, "\n")+"\n")
	}
	if t.Failed() {
		t.Logf("stdout:\n%s\nstderr:\n%s", out.String(), errOut.String())
	}
}
