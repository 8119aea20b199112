// Package dns is the Go half of node:dns: the system's look-ups (lookup.go), and a resolver that talks to name servers
// (resolver.go).
package dns

import (
	"github.com/hobjs/hob/internal/host"
)

// Natives is the table that the files of builtin/dns see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, channels: map[int]*channel{}}
	rt.OnClose(func() {
		for _, ch := range m.channels {
			ch.cancel()
		}
	})
	return host.Natives{
		"lookupHost":    m.lookupHost,
		"lookupService": m.lookupService,
		"query":         m.query,
		"cancel":        m.cancel,
		"systemServers": m.systemServers,
		"reverseName":   m.reverseName,
		"hostsNames":    m.hostsNames,
	}
}

type module struct {
	rt       *host.Runtime
	channels map[int]*channel
}
