package hob

import (
	"io/fs"
	"path"
	"strings"

	"github.com/hobjs/hob/internal/host"
)

// mounted shows an fs.FS at "/" to the module loader.
type mounted struct{ fs fs.FS }

func inside(name string) string {
	name = strings.TrimPrefix(path.Clean(name), "/")
	if name == "" {
		return "."
	}
	return name
}

func (m mounted) ReadFile(name string) ([]byte, error) {
	b, err := fs.ReadFile(m.fs, inside(name))
	if err != nil {
		return nil, host.SysError("open", err).WithPath(name)
	}
	return b, nil
}
func (m mounted) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(m.fs, inside(name)) }
func (m mounted) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(m.fs, inside(name)) }
func (m mounted) RealPath(name string) (string, error)       { return path.Clean(name), nil }
