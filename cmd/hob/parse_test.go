package main

import (
	"reflect"
	"testing"
)

func TestSplitNodeOptions(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
		bad  bool
	}{
		{"", nil, false},
		{"  -r a  --title x ", []string{"-r", "a", "--title", "x"}, false},
		{`-r "a b"`, []string{"-r", "a b"}, false},
		{`"a\\ \"b"`, []string{`a\ "b`}, false},
		{`a\b ""`, []string{`a\b`, ""}, false},
		{`"open`, nil, true},
		{`"a\`, nil, true},
	} {
		got, err := splitNodeOptions(c.in)
		if (err != nil) != c.bad || !c.bad && !reflect.DeepEqual(got, c.want) {
			t.Errorf("splitNodeOptions(%q) = %q, %v", c.in, got, err)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		args     []string
		env      bool
		consumed int
		err      string
		name     string
		value    any
	}{
		{args: []string{"--no-warnings", "x.js", "--title", "t"}, consumed: 1, name: "--warnings", value: false},
		{args: []string{"--pending_deprecation", "--", "-x"}, consumed: 2, name: "--pending-deprecation", value: true},
		{args: []string{"-C", "a", "--conditions=b", "-"}, consumed: 3, name: "--conditions", value: []string{"a", "b"}},
		{args: []string{"--max-http-header-size", "8"}, consumed: 2, name: "--max-http-header-size", value: 8},
		{args: []string{"--require", "-x"}, err: "--require requires an argument"},
		{args: []string{"--title="}, err: "--title= requires an argument"},
		{args: []string{"--no-title"}, err: "--no-title is an invalid negation because it is not a boolean option"},
		{args: []string{"--inspect"}, err: "--inspect is not there yet in hob"},
		{args: []string{"--watch-path=a"}, err: "--watch-path is not there yet in hob"},
		{args: []string{"--no-global-search-paths"}, err: "--no-global-search-paths is not there yet in hob"},
		{args: []string{"--no-use-system-ca", "--global-search-paths", "--napi-modules", "x"}, consumed: 3},
		{args: []string{"--no-napi-modules"}, err: "--no-napi-modules is an invalid negation because it is not a boolean option"},
		{args: []string{"-e", "1"}, env: true, err: "-e is not allowed in NODE_OPTIONS"},
		{args: []string{"file"}, env: true, err: "file is not allowed in NODE_OPTIONS"},
	} {
		s := newSettings()
		err := s.parse(c.args, c.env)
		if c.err != "" {
			if err == nil || err.Error() != c.err {
				t.Errorf("%q: %v, want %s", c.args, err, c.err)
			}
			continue
		}
		if err != nil || s.consumed != c.consumed || !reflect.DeepEqual(s.flags[c.name], c.value) {
			t.Errorf("%q: consumed %d, %v = %v, %v", c.args, s.consumed, c.name, s.flags[c.name], err)
		}
	}
}

func TestPrintTakesItsScript(t *testing.T) {
	for _, args := range [][]string{{"-p", "1"}, {"-pe", "1"}, {"-p", "-e", "1"}, {"-e", "1", "-p"}, {"--print", "1"}} {
		s := newSettings()
		if err := s.parse(args, false); err != nil || s.eval != "1" || !s.is("--print") {
			t.Errorf("%q: %q, %v", args, s.eval, err)
		}
	}
}
