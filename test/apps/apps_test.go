// Package apps runs frameworks from npm, unmodified, on bin/hob and looks at what they answer over real sockets.
package apps

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hobjs/hob/test/hobtest"
)

// installed skips the test where the packages are not there: make test installs them when there is npm.
func installed(t *testing.T) {
	if _, err := os.Stat("node_modules/.package-lock.json"); err != nil {
		if _, err := exec.LookPath("npm"); err != nil {
			t.Skip("skipped: there is no npm to install the packages with")
		}
		t.Skip("skipped: npm packages are not installed (make npm-apps)")
	}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func do(t *testing.T, method, url, contentType, body string) answer {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	client := http.Client{Timeout: 2 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: body: %v", method, url, err)
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	ax, _ := json.Marshal(x)
	by, _ := json.Marshal(y)
	return bytes.Equal(ax, by)
}

const fileText = "A file that is served as it is.\n"

// TestFrameworks asks the same of each framework.
func TestFrameworks(t *testing.T) {
	installed(t)
	for _, app := range []string{"express.js", "fastify.js", "koa.js", "hono.mjs"} {
		t.Run(app, func(t *testing.T) {
			p := hobtest.Start(t, ".", nil, app)
			base := "http://127.0.0.1:" + p.Line(t, "listening ")
			want := func(a answer, status int, contentType, body string) {
				t.Helper()
				if a.status != status || a.body != body && !sameJSON(a.body, body) {
					t.Errorf("got %d %q, want %d %q", a.status, a.body, status, body)
				}
				if got := a.header.Get("Content-Type"); contentType != "" && !strings.HasPrefix(got, contentType) {
					t.Errorf("Content-Type %q, want %s", got, contentType)
				}
			}
			get := func(path string) answer { t.Helper(); return do(t, "GET", base+path, "", "") }
			want(get("/"), 200, "text/", "home")
			want(get("/users/7?a=1&b=%C3%BC"), 200, "application/json", `{"id":"7","query":{"a":"1","b":"ü"},"ip":"string"}`)
			a := get("/async")
			want(a, 200, "text/", "later")
			if a.header.Get("X-Late") != "yes" {
				t.Error("the header set after the await is missing: ", a.header)
			}
			want(get("/stream"), 200, "", fileText)
			want(get("/static/hello.txt"), 200, "text/plain", fileText)
			want(get("/nope"), 404, "text/", "nothing here")
			want(get("/throw"), 500, "application/json", `{"error":"thrown by a handler"}`)
			body := `{"list":[1,2,3],"text":"` + strings.Repeat("grüß dich ", 500) + `"}`
			want(do(t, "POST", base+"/echo", "application/json", body), 201, "application/json", `{"got":`+body+`}`)
			if a := do(t, "POST", base+"/echo", "application/json", `{"broken`); a.status < 400 || !strings.Contains(a.body, `"error"`) {
				t.Errorf("malformed JSON: got %d %q, want an error of the error handler", a.status, a.body)
			}
			if a := do(t, "HEAD", base+"/", "", ""); a.status != 200 || a.body != "" {
				t.Errorf("HEAD: got %d %q", a.status, a.body)
			}
			want(get("/"), 200, "text/", "home") // it lives
		})
	}
}

// TestBadBytes: a framework's server answers 400 to what is no HTTP, and goes on.
func TestBadBytes(t *testing.T) {
	installed(t)
	p := hobtest.Start(t, ".", nil, "express.js")
	addr := "127.0.0.1:" + p.Line(t, "listening ")
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(2 * time.Minute))
	io.WriteString(c, "this is no http\r\n\r\n")
	b, _ := io.ReadAll(c)
	if !strings.HasPrefix(string(b), "HTTP/1.1 400 Bad Request\r\n") {
		t.Errorf("got %q", b)
	}
	if a := do(t, "GET", "http://"+addr+"/", "", ""); a.body != "home" {
		t.Errorf("afterwards: %+v", a)
	}
}

// TestSockets runs a client program of the same package against the server.
func TestSockets(t *testing.T) {
	installed(t)
	for _, app := range []struct{ server, client, done string }{
		{"ws.js", "ws_client.js", "ws ok"},
		{"socketio.js", "socketio_client.js", "socket.io ok"},
	} {
		t.Run(app.server, func(t *testing.T) {
			port := hobtest.Start(t, ".", nil, app.server).Line(t, "listening ")
			hobtest.Start(t, ".", nil, app.client, port).Line(t, app.done)
		})
	}
}
