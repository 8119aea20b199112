package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// areas of work, by file name; the first that matches. The peers' counts are those of Deno 2.9.6 and Bun 1.4.5 on the
// same files, measured once with a limit of 15 s.
var areas = []struct {
	name      string
	re        *regexp.Regexp
	deno, bun int
}{
	{"es-module", regexp.MustCompile(`^es-module/`), 77, 49},
	{"worker", regexp.MustCompile(`test-(worker|messag|broadcastchannel|structuredclone|atomics)`), 101, 115},
	{"child-process", regexp.MustCompile(`test-child-process`), 89, 91},
	{"cluster", regexp.MustCompile(`test-cluster`), 73, 81},
	{"http2", regexp.MustCompile(`test-http2`), 233, 233},
	{"https", regexp.MustCompile(`test-https`), 51, 52},
	{"http", regexp.MustCompile(`test-http-|test-http\.`), 342, 357},
	{"tls", regexp.MustCompile(`test-tls`), 133, 134},
	{"net+pipe", regexp.MustCompile(`test-(net|pipe|socket|listen|tcp)`), 158, 159},
	{"dgram", regexp.MustCompile(`test-dgram`), 60, 66},
	{"dns", regexp.MustCompile(`test-dns`), 13, 12},
	{"fetch+ws", regexp.MustCompile(`test-(fetch|websocket|eventsource|undici)`), 4, 3},
	{"fs", regexp.MustCompile(`test-(fs|file|filehandle)`), 281, 269},
	{"zlib", regexp.MustCompile(`test-zlib`), 56, 51},
	{"webcrypto", regexp.MustCompile(`test-(webcrypto|global-webcrypto)`), 5, 8},
	{"crypto", regexp.MustCompile(`test-(crypto|x509)`), 92, 56},
	{"streams", regexp.MustCompile(`test-(stream|streams|readable|writable|duplex|transform)`), 191, 194},
	{"webstreams", regexp.MustCompile(`test-(webstream|whatwg-(readable|writable|transform|webstreams|events))`), 13, 14},
	{"buffer", regexp.MustCompile(`test-(buffer|blob)`), 61, 48},
	{"events", regexp.MustCompile(`test-(event|eventtarget|events|abort)`), 36, 33},
	{"timers", regexp.MustCompile(`test-(timers|timer|next-tick|set|microtask|queue)`), 61, 59},
	{"process", regexp.MustCompile(`test-(process|signal|beforeexit|exception|uncaught|unhandled|warn|promise|promises|stdin|stdout|stderr|stdio|exit)`), 102, 92},
	{"util+assert", regexp.MustCompile(`test-(util|assert|console|path|url|whatwg-url|whatwg-encoding|urlpattern|querystring|string-decoder|os|punycode|errors|error|parse-args|inspect|mime)`), 145, 79},
	{"async-context", regexp.MustCompile(`test-(async|diagnostics-channel|domain)`), 109, 67},
	{"module", regexp.MustCompile(`test-(module|require|cjs|import|find-package|compile-cache|preload|source-map|typescript|strip)`), 41, 52},
	{"vm+v8", regexp.MustCompile(`test-(vm|v8|heap|gc|shadow)`), 91, 98},
	{"perf", regexp.MustCompile(`test-(perf|performance|trace)`), 17, 45},
	{"readline+repl", regexp.MustCompile(`test-(readline|repl|tty)`), 71, 43},
	{"test runner", regexp.MustCompile(`test-(runner|watch)`), 11, 6},
	{"inspector", regexp.MustCompile(`test-(inspector|debugger|cpu-prof|heap-prof)`), 7, 16},
	{"permission", regexp.MustCompile(`test-permission`), 1, 1},
	{"sqlite", regexp.MustCompile(`test-sqlite`), 14, 0},
	{"other", regexp.MustCompile(``), 79, 68},
}

func areaOf(file string) int {
	for i, a := range areas {
		if a.re.MatchString(file) {
			return i
		}
	}
	return len(areas) - 1
}

const beginMark, endMark = "<!-- conformance: generated, do not edit -->", "<!-- /conformance -->"

// writeTable puts the table by area between the marks in a Markdown file.
func (l *book) writeTable(name string) error {
	total, pass := make([]int, len(areas)), make([]int, len(areas))
	for _, f := range l.files {
		i := areaOf(f)
		total[i]++
		if l.entry[f].state == "pass" {
			pass[i]++
		}
	}
	var b strings.Builder
	b.WriteString("| area | files | hob | Deno | Bun |\n|---|---:|---:|---:|---:|\n")
	row := func(n string, t, p, deno, bun int) {
		pc := func(x int) string { return fmt.Sprintf("%d (%.0f%%)", x, 100*float64(x)/float64(t)) }
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s |\n", n, t, pc(p), pc(deno), pc(bun))
	}
	var t, p, deno, bun int
	for i, a := range areas {
		if total[i] == 0 {
			continue
		}
		row(a.name, total[i], pass[i], a.deno, a.bun)
		t, p, deno, bun = t+total[i], p+pass[i], deno+a.deno, bun+a.bun
	}
	row("**all**", t, p, deno, bun)
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, ok1 := strings.Cut(string(text), beginMark)
	_, after, ok2 := strings.Cut(rest, endMark)
	if !ok1 || !ok2 {
		return fmt.Errorf("%s has no conformance marks", name)
	}
	return os.WriteFile(name, []byte(before+beginMark+"\n"+b.String()+endMark+after), 0o644)
}
