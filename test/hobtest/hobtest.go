// Package hobtest is what tests need that run bin/hob as a program: the binary, and processes that end with the test.
package hobtest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Root is the repository's folder.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

var build sync.Once
var buildErr error

// Binary is the hob program under test: $HOB (make test sets it), or else bin/hob, brought up to date.
func Binary(t testing.TB) string {
	if p := os.Getenv("HOB"); p != "" {
		return p
	}
	p := filepath.Join(Root(), "bin", "hob")
	build.Do(func() {
		os.MkdirAll(filepath.Dir(p), 0o755)
		lock, err := os.Create(filepath.Join(filepath.Dir(p), ".lock")) // other packages' tests run at the same time
		if err != nil {
			buildErr = err
			return
		}
		defer lock.Close()
		syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
		cmd := exec.Command("go", "build", "-o", p, "./cmd/hob")
		cmd.Dir = Root()
		if out, err := cmd.CombinedOutput(); err != nil {
			buildErr = fmt.Errorf("building bin/hob: %v\n%s", err, out)
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return p
}

// Environ is the environment without what steers a runtime: tests mean hob as it is when nothing is set.
func Environ() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		for _, prefix := range []string{"NODE_", "UV_", "FORCE_COLOR=", "NO_COLOR="} {
			if strings.HasPrefix(v, prefix) {
				return true
			}
		}
		return false
	})
}

// Process is a started hob whose output is read line by line.
type Process struct {
	Cmd    *exec.Cmd
	lines  chan string
	mu     sync.Mutex // guards output
	output bytes.Buffer
}

// Start runs hob with args in dir. The process is killed when the test ends.
func Start(t testing.TB, dir string, env []string, args ...string) *Process {
	cmd := exec.Command(Binary(t), args...)
	cmd.Dir = dir
	cmd.Env = append(Environ(), env...)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	p := &Process{Cmd: cmd, lines: make(chan string, 1000)}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		s := bufio.NewScanner(r)
		for s.Scan() {
			p.mu.Lock()
			p.output.WriteString(s.Text() + "\n")
			p.mu.Unlock()
			select {
			case p.lines <- s.Text():
			default:
			}
		}
		close(p.lines)
	}()
	go func() {
		cmd.Wait()
		w.Close()
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		for range p.lines { // until the pipe is closed
		}
		if t.Failed() {
			t.Logf("%s printed:\n%s", strings.Join(args, " "), p.Output())
		}
	})
	return p
}

// Output is what the process printed so far.
func (p *Process) Output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// Line waits for a line that begins with prefix and returns the rest of it.
func (p *Process) Line(t testing.TB, prefix string) string {
	timeout := time.After(2 * time.Minute)
	for {
		select {
		case l, ok := <-p.lines:
			if !ok {
				t.Fatalf("the process ended without printing a line %q; it printed:\n%s", prefix+"...", p.Output())
			}
			if rest, ok := strings.CutPrefix(l, prefix); ok {
				return rest
			}
		case <-timeout:
			t.Fatalf("no line %q after two minutes; the process printed:\n%s", prefix+"...", p.Output())
		}
	}
}
