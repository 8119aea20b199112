// Command conformance runs Node's own test files against hob and holds the results against the ledger.
//
//	go run ./test/conformance -suite DIR [-only GLOB] [-j N] [-update] [-runtime bin/hob]
//
// DIR holds Node v24.12.0's test/ folder (in it: test/parallel, test/common …); the files are not part of this
// repository. Each file is one process with the options of its "// Flags:" line, a temp folder and ports of its own and
// a time limit; it passes when it exits with 0 and has not skipped itself. The ledger (ledger.txt) has a line for each of the 3,696 files that
// Node 24 itself passes and that need none of its internals: pass, fail, or skip and why. The command fails when a
// file fails that the ledger calls passing, and says which fails have become passes; -update writes them down.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"
)

var (
	suite   = flag.String("suite", "", "folder that holds Node's test/")
	only    = flag.String("only", "*", "glob over the files' names, as parallel/test-fs-*; '*' also matches '/'")
	jobs    = flag.Int("j", 2, "processes at a time")
	update  = flag.Bool("update", false, "write the results to the ledger")
	runtime = flag.String("runtime", "bin/hob", "the program to test")
	ledger  = flag.String("ledger", "test/conformance/ledger.txt", "the ledger")
	limit   = flag.Duration("timeout", 20*time.Second, "time limit of one file")
	verbose = flag.Bool("v", false, "print what failing files printed")
	table   = flag.String("table", "", "write the table by area into this file, between its conformance marks")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

func run() error {
	l, err := readLedger(*ledger)
	if err != nil {
		return err
	}
	if *table != "" && *suite == "" {
		return l.writeTable(*table)
	}
	if *suite == "" {
		return fmt.Errorf("-suite is needed: the folder that holds Node v24.12.0's test/")
	}
	if _, err := os.Stat(filepath.Join(*suite, "test", "common", "index.js")); err != nil {
		return fmt.Errorf("-suite %s: no test/common/index.js in it", *suite)
	}
	bin, err := filepath.Abs(*runtime)
	if err != nil {
		return err
	}
	if _, err := os.Stat(bin); err != nil {
		return fmt.Errorf("%s is not there: run 'make build' first, or give -runtime", *runtime)
	}
	var files []string
	for _, f := range l.files {
		// What skipped itself is asked again when the ledger is written anew.
		e := l.entry[f]
		if (e.state != "skip" || *update && strings.HasPrefix(e.why, saysSkip)) && glob(*only, f) {
			files = append(files, f)
		}
	}
	results := runAll(bin, files)
	var regressed, gained []string
	passed, skipped := 0, 0
	for _, f := range files {
		r := results[f]
		was := l.entry[f].state
		switch {
		case r.skip != "":
			skipped++
			if was == "pass" {
				regressed = append(regressed, f)
			}
		case r.ok:
			passed++
			if was != "pass" {
				gained = append(gained, f)
			}
		case was == "pass":
			regressed = append(regressed, f)
		}
		if !r.ok && *verbose {
			fmt.Printf("--- %s: %s\n%s\n", f, r.why, r.tail)
		}
		if *update {
			switch {
			case r.skip != "":
				l.entry[f] = entry{"skip", saysSkip + r.skip}
			case r.ok:
				l.entry[f] = entry{state: "pass"}
			default:
				l.entry[f] = entry{state: "fail"}
			}
		}
	}
	for _, f := range gained {
		fmt.Println("now passes:", f)
	}
	for _, f := range regressed {
		fmt.Printf("fails, the ledger says pass: %s (%s)\n%s\n", f, results[f].why, results[f].tail)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, len(files)-passed-skipped, skipped)
	if *update {
		if err := l.write(*ledger); err != nil {
			return err
		}
		if *table != "" {
			return l.writeTable(*table)
		}
		return nil
	}
	if len(regressed) > 0 {
		return fmt.Errorf("%d files that the ledger calls passing fail", len(regressed))
	}
	return nil
}

// glob matches name against a pattern in which '*' matches anything.
func glob(pattern, name string) bool {
	re := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
	ok, _ := regexp.MatchString(re, name)
	return ok
}

type result struct {
	ok   bool
	skip string // why the file skipped itself: it exits with 0 then, which is no pass
	why  string
	tail string
}

// saysSkip begins the reason of a file that skips itself.
const saysSkip = "it says: "

var (
	flagLine = regexp.MustCompile(`(?m)^// Flags:\s*(.*)$`)
	skipLine = regexp.MustCompile(`(?m)^1\.\.0 # Skipped:?\s*(.*)$`)
)

// runAll runs the files: those in sequential/ one at a time, after the others.
func runAll(bin string, files []string) map[string]result {
	results := map[string]result{}
	var mu sync.Mutex
	work := make(chan string)
	var wg sync.WaitGroup
	one := func(slot int, f string) {
		r := runFile(bin, slot, f)
		mu.Lock()
		results[f] = r
		if len(results)%250 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d\n", len(results), len(files))
		}
		mu.Unlock()
	}
	for slot := range *jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for f := range work {
				one(slot+1, f)
			}
		}()
	}
	var sequential []string
	for _, f := range files {
		if strings.HasPrefix(f, "sequential/") {
			sequential = append(sequential, f)
			continue
		}
		work <- f
	}
	close(work)
	wg.Wait()
	for _, f := range sequential {
		one(1, f)
	}
	return results
}

func runFile(bin string, slot int, file string) result {
	src, err := os.ReadFile(filepath.Join(*suite, "test", file))
	if err != nil {
		return result{why: "not in the suite"}
	}
	var args []string
	for _, m := range flagLine.FindAllStringSubmatch(string(src), -1) {
		args = append(args, strings.Fields(m[1])...)
	}
	args = append(args, path.Join("test", file))
	tmp, err := os.MkdirTemp("", "hob-conformance-")
	if err != nil {
		return result{why: err.Error()}
	}
	defer os.RemoveAll(tmp)
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Dir = *suite
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TEST_THREAD_ID=" + fmt.Sprint(slot),
		"TEST_SERIAL_ID=" + fmt.Sprint(slot), "NODE_TEST_DIR=" + tmp, "NODE_TEST_KNOWN_GLOBALS=0", "NODE_SKIP_FLAG_CHECK=1", "NO_COLOR=1"}
	// A process group of its own: whatever the file started ends with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
	out := &tail{}
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	if cmd.Process != nil {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	r := result{ok: err == nil, tail: out.String()}
	if m := skipLine.FindStringSubmatch(r.tail); err == nil && m != nil {
		r.skip = strings.TrimSpace(m[1])
		if r.skip == "" {
			r.skip = "no reason"
		}
	}
	if err != nil {
		r.why = err.Error()
		if ctx.Err() != nil {
			r.why = "time limit"
		}
	}
	return r
}

// tail keeps the last part of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if len(t.b) > 4000 {
		t.b = t.b[len(t.b)-2000:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}

// --- the ledger

type entry struct{ state, why string }

type book struct {
	files []string
	entry map[string]entry
}

func readLedger(name string) (*book, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	l := &book{entry: map[string]entry{}}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		state, rest, _ := strings.Cut(line, " ")
		file, why, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if state != "pass" && state != "fail" && state != "skip" {
			return nil, fmt.Errorf("%s: a line begins with %q", name, state)
		}
		if state == "skip" && why == "" {
			return nil, fmt.Errorf("%s: %s is skipped without a reason", name, file)
		}
		l.files = append(l.files, file)
		l.entry[file] = entry{state, why}
	}
	sort.Strings(l.files)
	return l, nil
}

func (l *book) write(name string) error {
	var b strings.Builder
	b.WriteString("# Node v24.12.0's test files and what hob makes of them: pass, fail, or skip and why. Written by\n" +
		"# go run ./test/conformance -suite DIR -update; read by the same command to tell a regression.\n")
	for _, f := range l.files {
		e := l.entry[f]
		b.WriteString(e.state + " " + f)
		if e.why != "" {
			b.WriteString(" " + e.why)
		}
		b.WriteByte('\n')
	}
	return os.WriteFile(name, []byte(b.String()), 0o644)
}
