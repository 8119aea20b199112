package loop

import (
	"syscall"
	_ "unsafe" // for go:linkname
)

// blockingSyscall6 is syscall.Syscall6 for a call that will block: it gives the
// scheduler's processor away before, as Go's own poller does.
//
// Syscall6 keeps it, in the hope of a quick return, until the monitor thread
// takes it away 20 µs to 10 ms later. But what the loop has just made ready (a
// worker of the pool, a goroutine that got an answer) waits in that processor's
// queue. Measured on two cores, GOMAXPROCS 2 and 1: one piece of work through the
// pool and back took 34 and 170 µs with Syscall6, 13 and 20 µs with this; Node
// takes 22 µs for an fs.stat. The price is 200 to 600 ns, most of it before the
// wait, where it delays nobody.
//
// The runtime keeps these two functions linkable, see go.dev/issue/67401. Between
// them the stack may not grow, so all that happens there is the raw call.
//
//go:nosplit
//go:norace
func blockingSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, errno syscall.Errno) {
	entersyscallblock()
	r1, r2, errno = syscall.RawSyscall6(trap, a1, a2, a3, a4, a5, a6)
	exitsyscall()
	return r1, r2, errno
}

//go:linkname entersyscallblock runtime.entersyscallblock
func entersyscallblock()

//go:linkname exitsyscall runtime.exitsyscall
func exitsyscall()
