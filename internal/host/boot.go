package host

import (
	"time"

	"github.com/hobjs/hob/internal/v8"
)

// bootNatives are what builtin/boot needs before any module: compiling, natives of a folder, time, exit.
func bootNatives(rt *Runtime) Natives {
	return Natives{
		"compile": rt.compileBuiltin,
		"natives": func(c *v8.Call) { // natives(folder) → object, {} for a JavaScript-only folder; asked once for each
			f := c.String(0)
			if _, ok := rt.natives[f]; !ok {
				c.Return(v8.Object())
				return
			}
			c.Return(v8.TakeRef(rt.Isolate.Natives(rt.number(f))))
		},
		"exit": func(c *v8.Call) { rt.Exit(c.Int(0)) },
	}
}

// processStart is what performance.now counts from.
var processStart = time.Now()

// ProcessStart is when this process began to run Go code.
func ProcessStart() time.Time { return processStart }
