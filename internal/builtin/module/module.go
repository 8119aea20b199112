// Package module is the Go half of builtin/module: what the loaders need of the file system.
package module

import (
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

// Natives is the table that the files of builtin/module see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	return host.Natives{
		"readFile": func(c *v8.Call) {
			b, err := rt.FS().ReadFile(c.String(0))
			if err != nil {
				c.Throw(host.ErrorValue(err))
				return
			}
			c.Return(v8.String(string(b)))
		},
	}
}
