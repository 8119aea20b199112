package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/hobjs/hob"
)

// splitNodeOptions splits NODE_OPTIONS at blanks. Double quotes hold words together, a backslash within them takes the next
// character as it is.
func splitNodeOptions(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	started, quoted := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && quoted:
			if i+1 == len(s) {
				return nil, mistake("invalid value for NODE_OPTIONS (invalid escape)")
			}
			i++
			c = s[i]
		case c == ' ' && !quoted:
			if started {
				words = append(words, word.String())
				word.Reset()
			}
			started = false
			continue
		case c == '"':
			quoted = !quoted
			started = true
			continue
		}
		started = true
		word.WriteByte(c)
	}
	if quoted {
		return nil, mistake("invalid value for NODE_OPTIONS (unterminated string)")
	}
	if started {
		words = append(words, word.String())
	}
	return words, nil
}

// loadEnvFiles sets the variables that the files of --env-file and --env-file-if-exists hold and the environment does not.
func loadEnvFiles(s *settings) error {
	values := map[string]string{}
	read := func(name string, optional bool) error {
		b, err := os.ReadFile(name)
		if err != nil {
			if optional && errors.Is(err, fs.ErrNotExist) {
				fmt.Fprintf(os.Stderr, "%s not found. Continuing without it.\n", name)
				return nil
			}
			return mistake("%s: not found", name)
		}
		for _, line := range hob.ParseEnv(string(b)) {
			k, v, _ := strings.Cut(line, "=")
			values[k] = v
		}
		return nil
	}
	for _, f := range s.envFiles {
		if err := read(f.name, f.optional); err != nil {
			return err
		}
	}
	for k, v := range values {
		if _, set := os.LookupEnv(k); !set && k != "" {
			os.Setenv(k, v)
		}
	}
	return nil
}
