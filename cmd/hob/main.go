// Command hob runs JavaScript programs written for Node.js. The options are in options.go, how they are read in parse.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"github.com/hobjs/hob"
)

const (
	exitUsage = 9
	version   = "v24.12.0\n" // of Node.js; hob's own is process.versions.hob
)

func main() { os.Exit(run()) }

func run() int {
	// The program's thread is one; the loop's poller and the rings need another to run beside it.
	if runtime.GOMAXPROCS(0) < 2 {
		runtime.GOMAXPROCS(2)
	}
	s, err := readOptions(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %s\n", os.Args[0], err)
		return exitUsage
	}
	switch {
	case s.is("--version"):
		fmt.Print(version)
		return 0
	case s.is("--completion-bash"):
		fmt.Print(completion())
		return 0
	case s.is("--help"):
		fmt.Print(help)
		return 0
	}
	if s.is("--v8-options") {
		hob.V8Options([]string{"--help"}) // V8 prints them
		return 0
	}
	if rest := hob.V8Options(s.engine); len(rest) > 0 {
		for _, o := range rest {
			fmt.Fprintf(os.Stderr, "%s: bad option: %s\n", os.Args[0], o)
		}
		return exitUsage
	}
	kind, text, argv, err := program(s, os.Args[1+s.consumed:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %s\n", os.Args[0], err)
		return exitUsage
	}
	self, _ := os.Executable()
	p := hob.Program{Kind: kind, Text: text, Options: hob.Options{
		ExecPath: self, ExecArgv: os.Args[1 : 1+execArgs(s)], Argv: argv, Flags: s.flags, EnvFlags: envFlags(),
	}}
	code, err := p.Run(context.Background())
	switch {
	case errors.Is(err, hob.ErrHeapLimit):
		fmt.Fprint(os.Stderr, "\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n")
		hob.Abort()
	case err != nil:
		fmt.Fprintln(os.Stderr, "hob:", err)
	}
	return code
}

// execArgs is how many arguments are process.execArgv: the options, without the "--" that ends them.
func execArgs(s *settings) int {
	if n := s.consumed; n > 0 && os.Args[n] == "--" {
		return n - 1
	}
	return s.consumed
}

// readOptions reads .env files, NODE_OPTIONS and the command line, which has the last word.
func readOptions(args []string) (*settings, error) {
	first := newSettings()
	if err := first.parse(args, false); err != nil {
		return nil, err
	}
	if err := loadEnvFiles(first); err != nil {
		return nil, err
	}
	s := newSettings()
	words, err := splitNodeOptions(os.Getenv("NODE_OPTIONS"))
	if err != nil {
		return nil, err
	}
	if err := s.parse(words, true); err != nil {
		return nil, err
	}
	if err := s.parse(args, false); err != nil {
		return nil, err
	}
	if os.Getenv("NODE_PENDING_DEPRECATION") == "1" {
		s.flags["--pending-deprecation"] = true
	}
	if os.Getenv("NODE_PRESERVE_SYMLINKS") == "1" {
		s.flags["--preserve-symlinks"] = true
	}
	if os.Getenv("NODE_PRESERVE_SYMLINKS_MAIN") == "1" {
		s.flags["--preserve-symlinks-main"] = true
	}
	if f := os.Getenv("NODE_REDIRECT_WARNINGS"); f != "" && s.flags["--redirect-warnings"] == nil {
		s.flags["--redirect-warnings"] = f
	}
	return s, s.check()
}

// program says what to run: of which kind text is, and process.argv behind the executable.
func program(s *settings, args []string) (kind, text string, argv []string, err error) {
	check := s.is("--check")
	switch {
	case s.hasEval:
		if s.is("--print") {
			return "print", s.eval, args, nil
		}
		return "eval", s.eval, args, nil
	case s.is("--interactive"), len(args) == 0 && terminal():
		return "", "", nil, mistake("the REPL is not there yet in hob")
	case len(args) == 0 || args[0] == "-":
		b, err := io.ReadAll(os.Stdin)
		if err != nil {
			return "", "", nil, mistake("%s", err)
		}
		kind = "stdin"
		if check {
			kind = "check-stdin"
		} else if s.is("--print") {
			kind = "print"
		}
		return kind, string(b), args, nil
	case check:
		return "check", args[0], args, nil
	}
	return "file", args[0], args, nil
}

func terminal() bool {
	var t [64]byte // room for a termios
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, 0, syscall.TCGETS, uintptr(unsafe.Pointer(&t)))
	return errno == 0
}
