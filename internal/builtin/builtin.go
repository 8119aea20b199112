// Package builtin registers the Node modules: one folder each, both halves side by side. See docs/add-a-builtin.md.
package builtin

import (
	"embed"
	"strings"
	"unsafe"

	"github.com/hobjs/hob/internal/builtin/async_hooks"
	"github.com/hobjs/hob/internal/builtin/child_process"
	"github.com/hobjs/hob/internal/builtin/crypto"
	"github.com/hobjs/hob/internal/builtin/dgram"
	"github.com/hobjs/hob/internal/builtin/dns"
	"github.com/hobjs/hob/internal/builtin/fs"
	"github.com/hobjs/hob/internal/builtin/http"
	"github.com/hobjs/hob/internal/builtin/module"
	"github.com/hobjs/hob/internal/builtin/net"
	"github.com/hobjs/hob/internal/builtin/os"
	"github.com/hobjs/hob/internal/builtin/perf_hooks"
	"github.com/hobjs/hob/internal/builtin/process"
	"github.com/hobjs/hob/internal/builtin/tty"
	"github.com/hobjs/hob/internal/builtin/vm"
	"github.com/hobjs/hob/internal/builtin/zlib"
	"github.com/hobjs/hob/internal/host"
)

//go:embed */*.js
var files embed.FS

// modules are the folders with a Go half, one line each.
var modules = []host.Module{
	{Folder: "async_hooks", Natives: async_hooks.Natives},
	{Folder: "child_process", Natives: child_process.Natives},
	{Folder: "crypto", Natives: crypto.Natives},
	{Folder: "dgram", Natives: dgram.Natives},
	{Folder: "dns", Natives: dns.Natives},
	{Folder: "fs", Natives: fs.Natives},
	{Folder: "http", Natives: http.Natives},
	{Folder: "module", Natives: module.Natives},
	{Folder: "net", Natives: net.Natives},
	{Folder: "os", Natives: os.Natives},
	{Folder: "perf_hooks", Natives: perf_hooks.Natives},
	{Folder: "process", Natives: process.Natives},
	{Folder: "timers", Natives: host.TimersModule},
	{Folder: "tty", Natives: tty.Natives},
	{Folder: "vm", Natives: vm.Natives},
	{Folder: "zlib", Natives: zlib.Natives},
}

// public are the ids that user code may require, with or without "node:".
var public = []string{
	"_http_agent", "_http_client", "_http_common", "_http_incoming", "_http_outgoing", "_http_server",
	"_stream_duplex", "_stream_passthrough", "_stream_readable", "_stream_transform", "_stream_writable",
	"assert", "assert/strict", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto",
	"dgram", "diagnostics_channel", "dns", "dns/promises", "domain", "events", "fs", "fs/promises", "http", "http2",
	"https", "inspector", "module", "net", "os", "path", "path/posix", "path/win32", "perf_hooks", "process", "punycode",
	"querystring", "readline", "readline/promises", "repl", "stream", "stream/consumers", "stream/promises", "stream/web",
	"string_decoder", "sys", "test", "test/reporters", "timers", "timers/promises", "tls", "tty", "url", "util", "util/types",
	"v8", "vm", "worker_threads", "zlib",
}

// Registry is what a host.Runtime is made with.
func Registry() *host.Registry {
	return &host.Registry{Source: source, Sources: sources, Modules: modules, Public: public}
}

// source is the file of an id: "a" is a/a.js, "a/b" is a/b.js.
func source(id string) (string, bool) {
	name := id
	if !strings.Contains(id, "/") {
		name = id + "/" + id
	}
	b, err := files.ReadFile(name + ".js")
	if err != nil {
		return "", false
	}
	return unsafe.String(unsafe.SliceData(b), len(b)), true
}
