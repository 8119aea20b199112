package process

import (
	"os"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Go's runtime catches every signal: those that end any other process it ignores, or answers with a dump of goroutines.
// A JavaScript program that doesn't listen for a signal ends by it, and its parent sees that. So the command gives these
// signals back to the system until somebody listens.

// givenBack are the signals whose default action is the end of the process, and which Go would not end by. SIGUSR1 is
// not one: Node uses it itself, nobody dies of it.
var givenBack = []syscall.Signal{
	unix.SIGQUIT, unix.SIGILL, unix.SIGTRAP, unix.SIGABRT, unix.SIGALRM, unix.SIGUSR2, unix.SIGVTALRM, unix.SIGXCPU,
	unix.SIGXFSZ, unix.SIGIO, unix.SIGPWR, unix.SIGSYS, unix.SIGSTKFLT,
}

// sigaction is the kernel's struct.
type sigaction struct {
	handler, flags, restorer uintptr
	mask                     uint64
}

// defaults is the process's, as signals are: Go's handler of each signal given back, and how many listen for it.
var defaults struct {
	sync.Mutex
	on        bool
	goHandler map[syscall.Signal]sigaction
	listeners map[syscall.Signal]int
}

// giveBack sets the default action of the signals above, once.
func giveBack() {
	d := &defaults
	d.Lock()
	defer d.Unlock()
	if d.on {
		return
	}
	d.on, d.goHandler, d.listeners = true, map[syscall.Signal]sigaction{}, map[syscall.Signal]int{}
	// What a shell ignores for its background jobs, Go leaves ignored; Node ends by it.
	for _, sig := range []syscall.Signal{unix.SIGINT, unix.SIGHUP} {
		var old sigaction
		if setAction(sig, nil, &old) == nil && old.handler == 1 {
			setAction(sig, &sigaction{}, nil)
		}
	}
	for _, sig := range givenBack {
		var old sigaction
		if setAction(sig, &sigaction{}, &old) == nil {
			if old.handler == 1 { // ignored by whoever started us: it stays so
				setAction(sig, &old, nil)
				continue
			}
			d.goHandler[sig] = old
		}
	}
}

// listen lets Go have a signal, as os/signal wants it, until unlisten has been called as often.
func listen(sig syscall.Signal) {
	d := &defaults
	d.Lock()
	defer d.Unlock()
	if old, ok := d.goHandler[sig]; ok {
		if d.listeners[sig]++; d.listeners[sig] == 1 {
			setAction(sig, &old, nil)
		}
	}
}

func unlisten(sig syscall.Signal) {
	d := &defaults
	d.Lock()
	defer d.Unlock()
	if _, ok := d.goHandler[sig]; ok {
		if d.listeners[sig]--; d.listeners[sig] == 0 {
			setAction(sig, &sigaction{}, nil)
		}
	}
}

func setAction(sig syscall.Signal, to, old *sigaction) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(to)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// Die ends the process by a signal, without Go's dump.
func Die(sig syscall.Signal) {
	setAction(sig, &sigaction{}, nil)
	unix.Kill(os.Getpid(), sig)
	select {}
}
