package module

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"github.com/hobjs/hob/internal/v8"
)

// A file of the compile cache is a head of five numbers and what the engine made of one text. Its name comes from the
// text's name and kind; whether it fits the text is in the head.
const (
	cacheMagic = 0x68626331
	cacheHead  = 20
)

func cacheHeader(text string, data []byte) []byte {
	var h []byte
	for _, n := range []uint32{cacheMagic, uint32(len(text)), uint32(len(data)), crc32.ChecksumIEEE([]byte(text)), crc32.ChecksumIEEE(data)} {
		h = binary.LittleEndian.AppendUint32(h, n)
	}
	return h
}

// cacheRead(folder, kind, name, text) → [file, data or undefined, what happened]
func (m *module) cacheRead(c *v8.Call) {
	file := filepath.Join(c.String(0), fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(c.String(1)+"\x00"+c.String(2)))))
	b, err := os.ReadFile(file)
	var data []byte
	var what string
	switch {
	case errors.Is(err, os.ErrNotExist):
		what = " no such file or directory"
	case err != nil:
		what = " " + err.Error()
	case len(b) < cacheHead:
		what = " too short"
	default:
		data = b[cacheHead:]
		numbers := make([]uint32, 5)
		for i := range numbers {
			numbers[i] = binary.LittleEndian.Uint32(b[4*i:])
		}
		if head := cacheHeader(c.String(3), data); string(head) != string(b[:cacheHead]) {
			what = fmt.Sprintf("%d... code hash mismatch: expected %d, actual %d", numbers, binary.LittleEndian.Uint32(head[12:]), numbers[3])
			if numbers[0] != cacheMagic || numbers[2] != uint32(len(data)) || numbers[4] != crc32.ChecksumIEEE(data) {
				what = fmt.Sprintf("%d... cache mismatch", numbers)
			}
			data = nil
		} else {
			what = fmt.Sprintf("%d... success, size=%d", numbers, len(data))
		}
	}
	value := v8.Undefined
	if data != nil {
		value = v8.Bytes(data)
	}
	c.Return(v8.Array(v8.String(file), value, v8.String(what)))
}

// cacheWrite(file, text, data) → [temporary file, why it could not be written or ""]. Whole or not at all.
func (m *module) cacheWrite(c *v8.Call) {
	file, data := c.String(0), c.Bytes(2)
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		c.Return(v8.Array(v8.String(""), v8.String(err.Error())))
		return
	}
	_, err = f.Write(append(cacheHeader(c.String(1), data), data...))
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	why := ""
	if err != nil {
		os.Remove(f.Name())
		why = err.Error()
	}
	c.Return(v8.Array(v8.String(f.Name()), v8.String(why)))
}
