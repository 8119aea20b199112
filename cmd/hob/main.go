// Command hob runs JavaScript programs written for Node.js.
package main

import (
	"fmt"
	"os"

	"github.com/hobjs/hob"
)

func main() { os.Exit(run()) }

func run() int {
	self, _ := os.Executable()
	kind, text, argv := "file", "", os.Args[1:]
	if len(argv) > 1 && argv[0] == "-e" {
		kind, text, argv = "eval", argv[1], argv[2:]
	} else if len(argv) > 0 {
		text = argv[0]
	}
	rt, err := hob.New(hob.Options{ExecPath: self, Argv: argv})
	if err != nil {
		fmt.Fprintln(os.Stderr, "hob:", err)
		return 1
	}
	code, err := rt.RunMain(kind, text)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hob:", err)
	}
	return code
}
