// Package dns is the Go half of node:dns: the system's look-ups (lookup.go), and a resolver that talks to name servers
// (resolver.go).
package dns

import (
	"github.com/hobjs/hob/internal/host"
)

// Natives is the table that the files of builtin/dns see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt}
	return host.Natives{
		"lookupHost":    m.lookupHost,
		"lookupService": m.lookupService,
	}
}

type module struct {
	rt *host.Runtime
}
