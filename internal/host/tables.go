package host

import "github.com/hobjs/hob/internal/loop"

// NativeNames lists, by folder, the names of the natives that a registry's modules offer to JavaScript: what a test
// compares with what the JavaScript halves ask for. No isolate is made.
func NativeNames(r *Registry) (map[string][]string, error) {
	l, err := loop.New(loop.Options{})
	if err != nil {
		return nil, err
	}
	rt := &Runtime{Loop: l, Options: Options{Registry: r}, handlers: map[string]any{}}
	names := map[string][]string{}
	for _, m := range rt.hostModules() {
		names[m.Folder], _ = sortedNatives(m.Natives(rt))
	}
	for i := len(rt.closers) - 1; i >= 0; i-- {
		rt.closers[i]()
	}
	rt.closeLoop()
	return names, nil
}
