package builtin

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"sort"
	"unsafe"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

// The start-up snapshot, when one has been made (make build): snapshot/hob.bin, git-ignored. Without it a runtime
// compiles the builtins it needs, which takes about three times as long.
//
//go:embed all:snapshot
var snapshotFiles embed.FS

// Preload are the builtins that the snapshot holds besides those that every start needs.
var Preload = []string{
	"module/main", "module/cjs", "module/esm", "module/graph", "module/builtins", "process/stdio", "process/exit", "process/uncaught",
	"process/rejections", "process/signals", "process/features", "process/env", "console/global", "events", "stream",
	"util/inspect", "path", "url", "buffer", "timers", "fs", "util", "process/prototype_access", "module/source_map",
	"console", "process/object",
}

// Snapshot is the embedded start-up snapshot if it was made from exactly these builtins, else nil.
func Snapshot() *host.Snapshot {
	var b []byte
	for _, f := range embeddedFiles(&snapshotFiles) {
		if f.name == "snapshot/hob.bin" {
			b = inPlace(f.data)
		}
	}
	s, err := host.DecodeSnapshot(b)
	if err != nil || s.Fingerprint != Fingerprint() {
		return nil
	}
	return s
}

// inPlace is the bytes of an embedded file, not copied as ReadFile would: V8 only reads them. It reads words, so a file
// that the linker did not align is copied after all.
func inPlace(data string) []byte {
	if p := unsafe.StringData(data); uintptr(unsafe.Pointer(p))%8 == 0 {
		return unsafe.Slice(p, len(data))
	}
	return []byte(data)
}

// embedded mirrors a file of embed.FS: the go command has hashed each when it built the program, so that 200 files are
// compared without reading them. snapshot_test.go checks that the mirror is true.
type embedded struct {
	name string
	data string
	hash [16]byte
}

func embeddedFiles(fs *embed.FS) []embedded {
	list := *(**[]embedded)(unsafe.Pointer(fs))
	if list == nil {
		return nil
	}
	return *list
}

// sources are all builtin files in the order of their names.
func sources() []string {
	list := embeddedFiles(&files)
	out := make([]string, 0, len(list))
	for i := range list {
		if f := &list[i]; f.name[len(f.name)-1] != '/' {
			out = append(out, f.data)
		}
	}
	return out
}

// Fingerprint identifies what a snapshot depends on: the builtin files, the tables of natives, V8's version.
func Fingerprint() string {
	h := sha256.New()
	list := embeddedFiles(&files)
	for i := range list {
		h.Write([]byte(list[i].name))
		h.Write(list[i].hash[:])
	}
	h.Write([]byte(v8.Version() + v8.NativesList()))
	folders := make([]string, len(modules))
	for i, m := range modules {
		folders[i] = m.Folder
	}
	sort.Strings(folders)
	for _, f := range folders {
		h.Write([]byte(f))
	}
	return hex.EncodeToString(h.Sum(nil))
}
