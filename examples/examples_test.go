// Package examples runs the examples and compares what they print, so that none can rot.
package examples

import (
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/hobjs/hob/test/hobtest"
)

func TestHello(t *testing.T) {
	p := hobtest.Start(t, "hello", []string{"PORT=0"}, "server.js")
	res, err := (&http.Client{Timeout: 10 * time.Second}).Get("http://localhost:" + p.Line(t, "http://localhost:"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || string(b) != "Hello from hob\n" || res.StatusCode != 200 {
		t.Errorf("got %d %q %v", res.StatusCode, b, err)
	}
}

// TestThreeClients: the order of events is the proof that nobody waits for anybody.
func TestThreeClients(t *testing.T) {
	p := hobtest.Start(t, "three-clients", nil, "server.js")
	p.Line(t, "closed")
	want, err := os.ReadFile("three-clients/expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Output(); got != string(want) {
		t.Errorf("printed:\n%s\nwant:\n%s", got, want)
	}
}
