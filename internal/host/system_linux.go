package host

import "golang.org/x/sys/unix"

func totalMemory() uint64 {
	var s unix.Sysinfo_t
	if unix.Sysinfo(&s) != nil {
		return 2 << 30
	}
	return s.Totalram * uint64(s.Unit)
}

// yieldThread lets V8's worker threads run.
func yieldThread() {
	t := unix.Timespec{Nsec: 50_000}
	unix.Nanosleep(&t, nil)
}
