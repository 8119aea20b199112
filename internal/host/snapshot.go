package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hobjs/hob/internal/v8"
)

// A Snapshot is a start-up snapshot: V8's heap with the builtins loaded, and what must be equal for it to be of use.
type Snapshot struct {
	Fingerprint string   // of the builtin files, the natives and V8's version
	Folders     []Folder // whose natives are in it, in the order of their numbers
	Blob        []byte
}

// Folder is a table of natives in a snapshot. Its functions call Go by their position among all, so that the names must
// be what they were.
type Folder struct {
	Name    string
	Natives string // names, sorted, separated by blanks
}

// fits reports whether the natives that a snapshot refers to are those of this program.
func (s *Snapshot) fits(natives map[string]Natives) bool {
	for _, f := range s.Folders {
		names, _ := sortedNatives(natives[f.Name])
		if strings.Join(names, " ") != f.Natives {
			return false
		}
	}
	return true
}

// MakeSnapshot loads the builtins of preload in a process that has made no isolate yet, and freezes the heap.
func MakeSnapshot(o Options, fingerprint string, preload []string) (*Snapshot, error) {
	o.Creator, o.Snapshot = true, nil
	rt, err := New(o)
	if err != nil {
		return nil, err
	}
	defer rt.Close()
	ids := make([]v8.Value, len(preload))
	for i, id := range preload {
		ids[i] = v8.String(id)
	}
	if err := rt.Isolate.CallVoid(rt.entry["preload"], v8.Array(ids...)); err != nil {
		return nil, fmt.Errorf("loading the builtins: %w", err)
	}
	blob, err := rt.Isolate.CreateSnapshot(rt.boot)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Fingerprint: fingerprint, Blob: blob}
	for _, f := range rt.numbered {
		s.Folders = append(s.Folders, Folder{f.name, strings.Join(f.natives, " ")})
	}
	return s, nil
}

type snapshotHead struct {
	Fingerprint string
	Folders     []Folder
}

// Encode is the file form: a line of JSON, then the blob at an offset that is a multiple of 16.
func (s *Snapshot) Encode() ([]byte, error) {
	head, err := json.Marshal(snapshotHead{s.Fingerprint, s.Folders})
	if err != nil {
		return nil, err
	}
	for (len(head)+1)%16 != 0 {
		head = append(head, ' ')
	}
	return append(append(head, '\n'), s.Blob...), nil
}

// DecodeSnapshot is Encode's inverse. The blob is not copied.
func DecodeSnapshot(b []byte) (*Snapshot, error) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return nil, errors.New("no snapshot")
	}
	var h snapshotHead
	if err := json.Unmarshal(b[:i], &h); err != nil {
		return nil, err
	}
	return &Snapshot{Fingerprint: h.Fingerprint, Folders: h.Folders, Blob: b[i+1:]}, nil
}
