package host

import (
	"os"
	"time"

	"github.com/hobjs/hob/internal/v8"
)

// bootNatives are what builtin/boot needs before any module: compiling, natives of a folder, time, exit.
func bootNatives(rt *Runtime) Natives {
	return Natives{
		"compile": rt.compileBuiltin,
		"natives": func(c *v8.Call) { // natives(folder) → object, {} for a JavaScript-only folder; asked once for each
			f := c.String(0)
			n, ok := rt.natives[f]
			if !ok {
				c.Return(v8.Object())
				return
			}
			rt.nativesMade = append(rt.nativesMade, f)
			c.Return(v8.TakeRef(rt.Isolate.Natives(sortedNatives(n))))
		},
		"publicIds": func(c *v8.Call) { c.Return(v8.Strings(rt.Options.Registry.Public)) },
		"exit":      func(c *v8.Call) { rt.Exit(c.Int(0)) },
		"setExitCode": func(c *v8.Call) {
			rt.SetExitCode(c.Int(0))
		},
		// writeError(text): to standard error, at once. For what must be said when nothing else works.
		"writeError": func(c *v8.Call) {
			if w := rt.Options.Stderr; w != nil {
				w.Write(c.Bytes(0))
				return
			}
			os.Stderr.Write(c.Bytes(0))
		},
		"flag": func(c *v8.Call) { // flag(name) → what the command line said, or undefined
			switch v := rt.Options.Flags[c.String(0)].(type) {
			case bool:
				c.ReturnBool(v)
			case string:
				c.ReturnString(v)
			case int:
				c.ReturnInt(v)
			case []string:
				c.Return(v8.Strings(v))
			}
		},
	}
}

// processStart is what performance.now counts from.
var processStart = time.Now()

// ProcessStart is when this process began to run Go code.
func ProcessStart() time.Time { return processStart }
