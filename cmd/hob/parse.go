package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// settings are what the options say.
type settings struct {
	flags    map[string]any // what JavaScript may ask for: bool, string, int or []string by name
	engine   []string       // options for V8, which also decides on those that nobody knows
	hasEval  bool
	eval     string
	envFiles []envFile
	consumed int // arguments that were options
}

// envFile is a .env file to read; an optional one may be missing.
type envFile struct {
	name     string
	optional bool
}

func newSettings() *settings {
	return &settings{flags: map[string]any{"--warnings": true, "--deprecation": true, "--network-family-autoselection": true,
		"--require-module": true, "--experimental-detect-module": true, "--strip-types": true,
		"--experimental-websocket": true, "--experimental-global-navigator": true, "--addons": true, "--extra-info-on-fatal-exception": true}}
}

// usageError is a mistake on the command line: exit code 9.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func mistake(format string, a ...any) error { return &usageError{fmt.Sprintf(format, a...)} }

// parse takes options from the front of args until something else comes. With env set they are NODE_OPTIONS: all must be
// options, and only some are allowed.
func (s *settings) parse(args []string, env bool) error {
	i := 0
	for i < len(args) {
		arg := args[i]
		if env && (arg == "--" || !strings.HasPrefix(arg, "-") || arg == "-") {
			return mistake("%s is not allowed in NODE_OPTIONS", arg)
		}
		if arg == "--" {
			i++
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			break
		}
		i++
		if arg == "-pe" && !env {
			s.flags["--print"] = true
			arg = "-e"
		} else if (arg == "-p" || arg == "--print") && !env && i < len(args) && !s.hasEval && args[i] != "" && args[i][0] != '-' {
			s.flags["--print"] = true
			arg = "--eval"
		}
		used, err := s.one(arg, args[i:], env)
		if err != nil {
			return err
		}
		i += used
	}
	s.consumed = i
	return nil
}

// one takes one option, with its value from rest when it stands apart, and returns how many of rest were used.
func (s *settings) one(arg string, rest []string, env bool) (used int, err error) {
	name, value, hasValue := strings.Cut(arg, "=")
	if strings.HasPrefix(name, "--") {
		name = "--" + strings.ReplaceAll(name[2:], "_", "-")
	} else if hasValue {
		name, hasValue = arg, false
	}
	on := true
	o := find(name)
	if o == nil && strings.HasPrefix(name, "--no-") {
		if o = find("--" + name[5:]); o != nil {
			on = false
			switch {
			case o.value || o.kind == past:
				return 0, mistake("%s is an invalid negation because it is not a boolean option", arg)
			case o.kind == missing && (o.env || !env):
				return 0, nil // off is how it is
			case o.kind == fixed:
				return 0, mistake("%s is not there yet in hob", arg)
			}
		}
	}
	if env && (o == nil || !o.env) {
		return 0, mistake("%s is not allowed in NODE_OPTIONS", arg)
	}
	if o == nil || o.kind == engine {
		s.engine = append(s.engine, arg)
		if o != nil && o.value && !hasValue && len(rest) > 0 {
			s.engine = append(s.engine, rest[0])
			return 1, nil
		}
		return 0, nil
	}
	if o.value {
		if hasValue {
			if value == "" {
				return 0, mistake("%s requires an argument", arg)
			}
		} else {
			if len(rest) == 0 || strings.HasPrefix(rest[0], "-") && len(rest[0]) > 1 {
				return 0, mistake("%s requires an argument", arg)
			}
			value, used = strings.TrimPrefix(rest[0], `\`), 1
			if !strings.HasPrefix(rest[0], `\-`) {
				value = rest[0]
			}
		}
	}
	return used, s.set(o, on, value)
}

func find(name string) *option {
	if to, ok := aliases[name]; ok {
		name = to
	}
	return options[name]
}

func (s *settings) set(o *option, on bool, value string) error {
	switch o.kind {
	case missing:
		return mistake("%s is not there yet in hob", o.name)
	case boolean:
		s.flags[o.name] = on
	case text:
		if o.name == "--eval" {
			s.hasEval, s.eval = true, value
			return nil
		}
		s.flags[o.name] = value
	case list:
		if strings.HasPrefix(o.name, "--env-file") {
			s.envFiles = append(s.envFiles, envFile{value, o.name == "--env-file-if-exists"})
		}
		old, _ := s.flags[o.name].([]string)
		s.flags[o.name] = append(slices.Clip(old), value)
	case number:
		n, _ := strconv.Atoi(strings.TrimSpace(value))
		s.flags[o.name] = n
	}
	return nil
}

func (s *settings) is(name string) bool {
	on, _ := s.flags[name].(bool)
	return on
}

// check finds what doesn't go together.
func (s *settings) check() error {
	if s.is("--check") && s.hasEval {
		return mistake("either --check or --eval can be used, not both")
	}
	oneOf := func(name string, message string, allowed ...string) error {
		if v, given := s.flags[name].(string); given && !slices.Contains(allowed, v) {
			return mistake("%s", message)
		}
		return nil
	}
	if err := oneOf("--unhandled-rejections", "invalid value for --unhandled-rejections",
		"warn-with-error-codes", "throw", "strict", "warn", "none"); err != nil {
		return err
	}
	if err := oneOf("--trace-require-module", "invalid value for --trace-require-module", "all", "no-node-modules"); err != nil {
		return err
	}
	if err := oneOf("--disable-proto", "invalid mode passed to --disable-proto", "delete", "throw"); err != nil {
		return err
	}
	return oneOf("--input-type", `--input-type must be "module","commonjs", "module-typescript" or "commonjs-typescript"`,
		"module", "commonjs", "module-typescript", "commonjs-typescript")
}
