package builtin_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hobjs/hob/internal/builtin"
	"github.com/hobjs/hob/internal/host"
)

// A program with a server, a client, a timer, a file read and a promise: all that a runtime has to give back.
const program = `
const http = require('node:http');
const fs = require('node:fs');
let open = 3;
const done = () => { if (--open === 0) finish(); };
const server = http.createServer((req, res) => setTimeout(() => res.end('answer ' + req.url), 1)).listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, path: '/x', agent: false }, (res) => {
    res.setEncoding('utf8').on('data', (d) => { if (d !== 'answer /x') throw new Error(d); }).on('end', done);
  });
});
fs.readFile('/proc/self/stat', (err) => { if (err) throw err; done(); });
const interval = setInterval(() => {}, 1000);
(async () => { await fs.promises.stat('/'); done(); })();
function finish() {
  console.log('finished');
  if (%s) return; // the server, the interval and the connections are left open
  clearInterval(interval);
  server.close();
}
`

var errStop = errors.New("stopped by the test")

// live runs one runtime on a thread of its own. One whose program leaves things open is stopped from outside.
func live(leave bool) error {
	result := make(chan error)
	go func() { // a goroutine that ends locked takes its thread with it, so that none is reused
		result <- func() error {
			out := &output{finished: make(chan struct{})}
			rt, err := host.New(host.Options{Registry: builtin.Registry(), Snapshot: builtin.Snapshot(), Embedded: true, Stdout: out, Stderr: out})
			if err != nil {
				return err
			}
			defer rt.Close()
			if leave {
				go func() {
					select {
					case <-out.finished:
					case <-time.After(2 * time.Minute):
					}
					rt.Interrupt(errStop)
				}()
			}
			rt.RunMain("eval", fmt.Sprintf(program, strconv.FormatBool(leave)))
			code, err := rt.Run()
			if leave && errors.Is(err, errStop) {
				err, code = nil, 0
			}
			if err != nil || code != 0 || !strings.Contains(out.String(), "finished\n") {
				return fmt.Errorf("code %d, error %v, printed %q", code, err, out.String())
			}
			return nil
		}()
	}()
	return <-result
}

type output struct {
	mu       sync.Mutex
	text     bytes.Buffer
	finished chan struct{}
	once     sync.Once
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.text.Write(b)
	if bytes.Contains(o.text.Bytes(), []byte("finished\n")) {
		o.once.Do(func() { close(o.finished) })
	}
	return n, err
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func openFiles(t *testing.T) int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	return len(list)
}

// status reads a number of /proc/self/status, sizes in KB.
func status(t *testing.T, key string) int {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc")
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, key+":"); ok {
			n, _ := strconv.Atoi(strings.Fields(v)[0])
			return n
		}
	}
	return 0
}

// TestManyRuntimes starts and stops 200 runtimes, four side by side, each with its own thread, loop, server and timers;
// half of them are stopped with everything open. Descriptors, goroutines, threads and memory return.
func TestManyRuntimes(t *testing.T) {
	total, warm := 200, 24
	if testing.Short() {
		total = 60
	}
	work := make(chan bool)
	var workers sync.WaitGroup
	var progress sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for leave := range work {
				if err := live(leave); err != nil {
					t.Error(err)
				}
				progress.Done()
			}
		})
	}
	run := func(n int) {
		progress.Add(n)
		for i := range n {
			work <- i%2 == 1
		}
		progress.Wait()
	}
	settled := func(f func() int, limit int) (v int) { // what ends on other goroutines may take a moment
		for end := time.Now().Add(time.Minute); ; runtime.Gosched() {
			if v = f(); v <= limit || time.Now().After(end) {
				return v
			}
		}
	}
	// A runtime that leaves a thread or a page behind leaves hundreds. How many threads Go keeps for later, and what the
	// allocators do, is the machine's affair.
	const moreThreads, moreMemory = 40, 150 << 10 // KB; an isolate is 2 MB and more

	run(warm) // V8's own threads, caches and free lists come into being
	runtime.GC()
	files, routines, threads, memory := openFiles(t), runtime.NumGoroutine(), status(t, "Threads"), status(t, "VmRSS")
	run(total - warm)
	close(work)
	workers.Wait()
	routines -= 4 // the workers
	runtime.GC()
	if n := settled(func() int { return openFiles(t) }, files); n > files {
		t.Errorf("%d descriptors are open, %d were", n, files)
	}
	if n := settled(runtime.NumGoroutine, routines+1); n > routines+1 {
		t.Errorf("%d goroutines, %d were", n, routines)
	}
	if n := settled(func() int { return status(t, "Threads") }, threads+moreThreads); n > threads+moreThreads {
		t.Errorf("%d threads, %d were", n, threads)
	}
	if n := status(t, "VmRSS"); n > memory+moreMemory {
		t.Errorf("resident memory grew from %d to %d KB", memory, n)
	} else {
		t.Logf("resident memory: %d KB after %d runtimes, %d after %d", memory, warm, n, total)
	}
}

// TestReferencesReturn: what a program did leaves no references in the isolate's table, however often it does it.
func TestReferencesReturn(t *testing.T) {
	out := &output{finished: make(chan struct{})}
	rt, err := host.New(host.Options{Registry: builtin.Registry(), Snapshot: builtin.Snapshot(), Embedded: true, Stdout: out, Stderr: out})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	run := func(src string) {
		rt.RunMain("eval", src)
		for rt.Loop.Alive() && !rt.Exiting() {
			rt.Loop.RunOnce(true)
		}
		if err := rt.Err(); err != nil {
			t.Fatal(err, out.String())
		}
	}
	src := fmt.Sprintf(program, "false")
	src = "{" + src + "}"
	run(src)
	run(src)
	before := rt.Isolate.Refs()
	for range 10 {
		run(src)
	}
	if n := rt.Isolate.Refs(); n > before {
		t.Errorf("%d references after ten more runs, %d before", n, before)
	}
	if n := strings.Count(out.String(), "finished\n"); n != 12 {
		t.Errorf("%d of 12 runs finished: %s", n, out.String())
	}
}
