// Package async_hooks gives node:async_hooks a part in the callbacks that natives keep.
package async_hooks

import (
	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
)

// Natives is the table that ids.js sees as `native`.
func Natives(rt *host.Runtime) host.Natives {
	return host.Natives{
		// wrapCallbacks(wrap): from now on wrap(callback, native) makes what is called in the callback's place, for each
		// callback that a native keeps; native is the name of that, as "fs.open". A callback is kept about 1 us later for it.
		"wrapCallbacks": func(c *v8.Call) {
			wrap := c.Ref(0)
			rt.OnClose(func() { rt.Isolate.Free(wrap) })
			rt.Isolate.WrapCallback = func(c *v8.Call, i int) v8.Ref {
				r, err := rt.Isolate.Call(wrap, c.Arg(i), v8.String(rt.NativeName(c.ID())))
				if err != nil {
					return 0 // the process is exiting: a hook threw
				}
				return r.Ref
			}
		},
	}
}
