// Package examples runs the examples and compares what they print, so that none can rot.
package examples

import (
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hobjs/hob/test/hobtest"
)

func TestHello(t *testing.T) {
	p := hobtest.Start(t, "hello", []string{"PORT=0"}, "server.js")
	res, err := (&http.Client{Timeout: 2 * time.Minute}).Get("http://127.0.0.1:" + p.Line(t, "http://localhost:"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || string(b) != "Hello from hob\n" || res.StatusCode != 200 {
		t.Errorf("got %d %q %v", res.StatusCode, b, err)
	}
}

// TestThreeClients: the order of events is the proof that nobody waits for anybody. Which of the three requests is read
// first is the kernel's choice, and so is whether a file or the next packet is there first; all else is certain.
func TestThreeClients(t *testing.T) {
	// The query takes longer than a busy machine could keep the rest from happening.
	p := hobtest.Start(t, "three-clients", []string{"QUERY_MS=2000"}, "server.js")
	p.Line(t, "closed")
	expected, err := os.ReadFile("three-clients/expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	got, want := strings.Split(p.Output(), "\n"), strings.Split(string(expected), "\n")
	if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Fatalf("printed:\n%s\nwant these lines:\n%s", p.Output(), expected)
	}
	at := func(line string) int { return slices.Index(got, line) }
	for _, order := range [][2]string{
		{"/file: asked", "/query: answered"}, {"/now: received", "/query: answered"},
		{"/file: received", "/query: answered"}, {"/query: answered", "/query: received"}, {"/query: received", "closed"},
	} {
		if at(order[0]) > at(order[1]) {
			t.Errorf("%q came after %q:\n%s", order[0], order[1], p.Output())
		}
	}
}
