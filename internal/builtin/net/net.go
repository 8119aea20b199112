package net

import "github.com/hobjs/hob/internal/host"

// Of is the runtime's sockets, shared by node:net, node:http and whoever else has streams.
func Of(rt *host.Runtime) *Hub {
	return host.Shared(rt, "net.Hub", func() *Hub {
		h := NewHub(rt.Loop)
		rt.OnClose(h.Close)
		return h
	})
}

type module struct{}
