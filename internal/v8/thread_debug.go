//go:build hobdebug

package v8

import (
	"fmt"

	"golang.org/x/sys/unix"
)

type threadID int

func currentThread() threadID { return threadID(unix.Gettid()) }

// assertThread panics when the isolate is touched from a thread that does not own it: the race detector can't see into
// C++. Built with -tags hobdebug.
func (iso *Isolate) assertThread() {
	if t := currentThread(); t != iso.thread {
		panic(fmt.Sprintf("v8: isolate of thread %d touched from thread %d", iso.thread, t))
	}
}
