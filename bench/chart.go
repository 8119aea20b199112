package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// A panel is one group of bars: a workload's figure, for every peer relative to Node's.
type panel struct {
	title, workload, key string
	unit                 func(float64) string
}

var panels = []struct {
	heading string
	list    []panel
}{
	{"Requests per second, Node 24 = 1 (more is better)", []panel{
		{"hello world", "hello", "requests/s", thousands},
		{"async handler, JSON", "async", "requests/s", thousands},
		{"Express 5", "express", "requests/s", thousands},
		{"POST 1 KB JSON", "post", "requests/s", thousands},
		{"1 MB file", "file", "requests/s", thousands},
	}},
	{"CPU time per request, Node 24 = 1 (less is better)", []panel{
		{"hello world", "hello", "cpu ns/request", micro},
		{"async handler, JSON", "async", "cpu ns/request", micro},
		{"Express 5", "express", "cpu ns/request", micro},
		{"POST 1 KB JSON", "post", "cpu ns/request", micro},
		{"1 MB file", "file", "cpu ns/request", micro},
	}},
	{"Start and memory, Node 24 = 1 (less is better)", []panel{
		{"start, print a line: time", "start", "wall ms", func(v float64) string { return fmt.Sprintf("%.0f ms", v) }},
		{"start: peak memory", "start", "peak memory KB", func(v float64) string { return fmt.Sprintf("%.0f MB", v/1024) }},
		{"idle connection", "idle", "peak KB/connection", func(v float64) string { return fmt.Sprintf("%.1f KB", v) }},
	}},
}

func thousands(v float64) string {
	if v < 10000 {
		return fmt.Sprintf("%.0f/s", v)
	}
	return fmt.Sprintf("%.1fk/s", v/1000)
}

func micro(v float64) string {
	if v >= 100e3 {
		return fmt.Sprintf("%.0f µs", v/1000)
	}
	return fmt.Sprintf("%.1f µs", v/1000)
}

var colours = map[string]string{"hob": "#e4572e", "node24": "#76a665", "bun": "#b39b7d"}

const (
	chartWidth = 760
	labelWidth = 190
	barHeight  = 13
	barScale   = 400 // longest bar, in pixels
)

// chart draws raw results as SVG: medians, relative to Node's.
func chart(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var r results
	if err := json.Unmarshal(b, &r); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	var s strings.Builder
	y := 28
	text := func(x int, anchor, colour, content string) {
		fmt.Fprintf(&s, `<text x="%d" y="%d" text-anchor="%s" fill="%s">%s</text>`+"\n", x, y, anchor, colour, content)
	}
	for _, group := range panels {
		longest := 1.0
		for _, p := range group.list {
			for name := range r.Peers {
				if ratio := r.median(p, name) / r.median(p, "node24"); !math.IsNaN(ratio) {
					longest = max(longest, ratio)
				}
			}
		}
		y += 6
		text(12, "start", "#555", group.heading)
		y += 20
		for _, p := range group.list {
			if math.IsNaN(r.median(p, "hob")) {
				continue
			}
			for i, name := range []string{"hob", "node24", "bun"} {
				v := r.median(p, name)
				ratio := v / r.median(p, "node24")
				if math.IsNaN(ratio) { // not measured
					continue
				}
				if i == 0 {
					text(labelWidth-8, "end", "#888", p.title)
				}
				width := max(int(ratio/longest*barScale), 1)
				fmt.Fprintf(&s, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", labelWidth, y-10, width, barHeight-2, colours[name])
				text(labelWidth+width+6, "start", "#888", fmt.Sprintf("%s  %.2f  (%s)", name, ratio, p.unit(v)))
				y += barHeight
			}
			y += 7
		}
		y += 12
	}
	text(12, "start", "#888", fmt.Sprintf("%s, %s, %s cores, Linux %s. Node %s, Bun %s. Medians.",
		r.Time[:10], r.Machine["cpu"], r.Machine["cores"], r.Machine["kernel"], r.Peers["node24"], r.Peers["bun"]))
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11">`+"\n%s</svg>\n", chartWidth, y+14, s.String())
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, []byte(svg), 0o644)
}

// median of a panel's figure for one peer; NaN when there is none.
func (r *results) median(p panel, peer string) float64 {
	var v []float64
	for _, s := range r.Samples {
		if s.Workload == p.workload && s.Peer == peer {
			v = append(v, s.Values[p.key])
		}
	}
	if len(v) == 0 {
		return math.NaN()
	}
	return median(v)
}
