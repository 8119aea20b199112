package host

import (
	"io/fs"
	"os"
	"path/filepath"
)

// FS is what modules are loaded from. Names are absolute paths with forward slashes. The operating system is one; a Go
// program may bring another (an embed.FS behind hob.Options.FS).
type FS interface {
	ReadFile(name string) ([]byte, error)
	Stat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	// RealPath resolves symbolic links.
	RealPath(name string) (string, error)
}

type osFS struct{}

func (osFS) ReadFile(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, SysError("open", err).WithPath(name)
	}
	return b, nil
}
func (osFS) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (osFS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (osFS) RealPath(name string) (string, error)       { return filepath.EvalSymlinks(name) }

// FS is where this runtime's modules come from.
func (rt *Runtime) FS() FS {
	if rt.Options.FS != nil {
		return rt.Options.FS
	}
	return osFS{}
}
