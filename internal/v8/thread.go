//go:build !hobdebug

package v8

type threadID struct{}

func currentThread() threadID { return threadID{} }

func (iso *Isolate) assertThread() {}
