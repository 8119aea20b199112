package loop

// WakeFD is the eventfd that ends a wait when 8 bytes are written to it: for a C++ library with threads of its own,
// which can't Post. Nothing is called on a wake-up; a Prepare hook can look for what came.
func (l *Loop) WakeFD() int { return l.mailbox.wakeFd }
