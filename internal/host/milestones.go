package host

import "time"

// Milestone is a point of a runtime's life that performance.nodeTiming shows.
type Milestone int

const (
	RuntimeStart Milestone = iota
	V8Start
	EnvironmentReady // V8 is up, builtins begin to load
	BootstrapComplete
	LoopStart
	LoopExit
	numMilestones
)

// milestones are times since ProcessStart; 0 has not happened yet.
type milestones [numMilestones]time.Duration

// reach notes the first time that the runtime gets to m.
func (s *milestones) reach(m Milestone) {
	if s[m] == 0 {
		s[m] = time.Since(processStart)
	}
}

// Milestones returns the times since ProcessStart at which the runtime got where, 0 for where it has not been.
func (rt *Runtime) Milestones() [numMilestones]time.Duration { return rt.milestones }
