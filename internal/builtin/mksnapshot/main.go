// Command mksnapshot writes the start-up snapshot that package builtin embeds. It makes it anew only when what it depends
// on has changed: the builtin files, the natives, V8.
package main

import (
	"fmt"
	"os"

	"github.com/hobjs/hob/internal/builtin"
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: mksnapshot FILE")
		os.Exit(2)
	}
	// Functions are compiled when the snapshot is made instead of when a start first calls them.
	v8.Init("--no-lazy")
	s, err := host.MakeSnapshot(host.Options{Registry: builtin.Registry()}, builtin.Fingerprint(), builtin.Preload)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mksnapshot:", err)
		os.Exit(1)
	}
	b, err := s.Encode()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mksnapshot:", err)
		os.Exit(1)
	}
	if old, err := os.ReadFile(os.Args[1]); err == nil && string(old) == string(b) {
		return
	}
	if err := os.WriteFile(os.Args[1], b, 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "mksnapshot:", err)
		os.Exit(1)
	}
}
