// Package process is the Go half of builtin/process.
package process

import (
	"os"
	"time"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

// Natives is the table that the files of builtin/process see as `native`.
func Natives(rt *host.Runtime) host.Natives {
	return host.Natives{
		"argv": func(c *v8.Call) {
			c.Return(v8.Strings(append([]string{rt.Options.ExecPath}, rt.Options.Argv...)))
		},
		"environ": func(c *v8.Call) { c.Return(v8.Strings(rt.Environ())) },
		"cwd": func(c *v8.Call) {
			d, err := os.Getwd()
			if err != nil {
				c.Throw(host.ErrorValue(host.SysError("uv_cwd", err)))
				return
			}
			c.ReturnString(d)
		},
		"exit": func(c *v8.Call) { rt.Exit(c.Int(0)) },
		"writeOut": func(c *v8.Call) {
			f := os.Stdout
			if c.Int(0) == 2 {
				f = os.Stderr
			}
			f.Write(c.Bytes(1))
		},
		"hrtime": func(c *v8.Call) { c.ReturnFloat(float64(time.Since(host.ProcessStart())) / 1e6) },
	}
}
