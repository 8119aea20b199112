package hob

import (
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/hobjs/hob/internal/builtin/process"
	"github.com/hobjs/hob/internal/dotenv"
	"github.com/hobjs/hob/internal/v8"
)

// What the command needs beside Program.

// V8Options sets those of a command line's options that are V8's, and --v8-pool-size=N, for all runtimes of the process,
// and returns the others. To be called before the first runtime is made.
func V8Options(options []string) (unknown []string) {
	options = slices.DeleteFunc(slices.Clone(options), func(o string) bool {
		size, ok := strings.CutPrefix(o, "--v8-pool-size=")
		n, err := strconv.Atoi(size)
		if !ok || err != nil {
			return false
		}
		v8.SetThreads(n)
		return true
	})
	if len(options) == 0 {
		return nil
	}
	return v8.TakeFlags(options)
}

// ParseEnv reads the text of a .env file: "KEY=value" for each variable, in the order they come in.
func ParseEnv(text string) []string {
	vars := dotenv.Parse(text)
	lines := make([]string, len(vars))
	for i, v := range vars {
		lines[i] = v.Name + "=" + v.Value
	}
	return lines
}

// Abort ends the process by SIGABRT, as Node ends when it can't go on. Shells see exit code 134.
func Abort() { process.Die(syscall.SIGABRT) }
