package hob_test

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hobjs/hob"
)

// slowFS is a file system whose slow folder opens no file before it is released.
type slowFS struct {
	fstest.MapFS
	released chan struct{}

	mu      sync.Mutex
	opened  map[string]int
	waiting int
}

func (f *slowFS) Open(name string) (fs.File, error) {
	if path.Dir(name) == "slow" {
		f.mu.Lock()
		f.opened[name]++
		f.waiting++
		f.mu.Unlock()
		<-f.released
		f.mu.Lock()
		f.waiting--
		f.mu.Unlock()
	}
	return f.MapFS.Open(name)
}

func (f *slowFS) ReadFile(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	file.Close()
	return f.MapFS.ReadFile(name)
}

func (f *slowFS) Stat(name string) (fs.FileInfo, error) { return f.MapFS.Stat(name) }

// While import() waits for its files the loop turns: timers, immediates and HTTP requests go on.
func TestImportDoesNotBlock(t *testing.T) {
	f := &slowFS{MapFS: fstest.MapFS{}, released: make(chan struct{}), opened: map[string]int{}}
	main := ""
	for i := range 20 {
		main += fmt.Sprintf("import './slow/m%d.ts';\n", i)
		f.MapFS[fmt.Sprintf("slow/m%d.ts", i)] = &fstest.MapFile{Data: []byte("(globalThis.ran as number) += 1; import './leaf.cjs'")}
	}
	f.MapFS["main.mjs"] = &fstest.MapFile{Data: []byte(main + "export default globalThis.ran")}
	f.MapFS["slow/leaf.cjs"] = &fstest.MapFile{Data: []byte("globalThis.ran += 100")}
	f.MapFS["slow/package.json"] = &fstest.MapFile{Data: []byte(`{"type":"module"}`)}

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := hob.New(hob.Options{FS: f})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var once sync.Once
	if err := r.Set(ctx, "release", func() { once.Do(func() { close(f.released) }) }); err != nil {
		t.Fatal(err)
	}
	// Siblings that are read one after the other would never be two.
	if err := r.Set(ctx, "waiting", func() int { f.mu.Lock(); defer f.mu.Unlock(); return f.waiting }); err != nil {
		t.Fatal(err)
	}
	v, err := r.Eval(ctx, `
		globalThis.ran = 0;
		const done = [];
		const both = Promise.all([import('file:///main.mjs'), import('file:///slow/m3.ts').then(() => import('file:///main.mjs'))])
			.then(([a, b]) => { done.push('import ' + a.default + (a === b)); });
		let intervals = 0;
		let immediates = 0;
		const { promise, resolve, reject } = Promise.withResolvers();
		const timer = setInterval(() => { intervals++; }, 1);
		const again = () => { if (done.length === 0) { immediates++; setImmediate(again); } };
		again();
		const { createServer, get } = process.getBuiltinModule('http');
		const server = createServer((req, res) => res.end(req.url)).listen(0, '127.0.0.1', () => {
			const ask = (n) => get({ port: server.address().port, path: '/' + n }, (res) => {
				res.resume().on('end', () => {
					if (n < 3 || intervals < 3 || immediates < 3 || waiting() < 2) return ask(n + 1);
					done.push('served');
					release();
					both.then(() => { clearInterval(timer); server.close(); resolve(done.join()); }, reject);
				});
			}).on('error', reject);
			ask(1);
		});
		promise`)
	if err != nil {
		t.Fatal(err)
	}
	var got string
	if err := v.Decode(ctx, &got); err != nil {
		t.Fatal(err)
	}
	if want := "served,import 120true"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for name, n := range f.opened {
		if n != 1 && name != "slow/package.json" {
			t.Errorf("%s was opened %d times", name, n)
		}
	}
}

// The thread of module.register's hooks ends with its runtime.
func TestHooksThreadEnds(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	before := runtime.NumGoroutine()
	for range 10 {
		r, err := hob.New(hob.Options{FS: fstest.MapFS{"hooks.mjs": {Data: []byte(
			"export const load = (url, context, next) => url === 'x:y' ? { format: 'module', source: 'export default 7', shortCircuit: true } : next(url, context);" +
				"export const resolve = (specifier, context, next) => specifier === 'x:y' ? { url: specifier, shortCircuit: true } : next(specifier, context);" +
				"setInterval(() => {}, 1000)")}}})
		if err != nil {
			t.Fatal(err)
		}
		v, err := r.Eval(ctx, "process.getBuiltinModule('module').register('file:///hooks.mjs'); import('x:y').then((m) => m.default)")
		if err != nil {
			t.Fatal(err)
		}
		var got int
		if err := v.Decode(ctx, &got); err != nil || got != 7 {
			t.Error(got, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); runtime.Gosched() {
		if runtime.NumGoroutine() <= before+3 {
			return
		}
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
