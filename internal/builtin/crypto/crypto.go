// Package crypto is the Go half of node:crypto, on Go's own crypto packages.
//
// Small updates of a hash are gathered by JavaScript in one shared buffer ("the stage"), so that hashing a short text is
// one crossing; its digest comes back in the same memory.
package crypto

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/crypto/scrypt"
)

type module struct {
	rt *host.Runtime
	// Running hashes that JavaScript knows by a number.
	running map[int]hash.Hash
	next    int
	idle    [][]hash.Hash // per algorithm: reset and ready
	ciphers map[int]cipherState
}

// Natives is the table that crypto's JavaScript sees.
func Natives(rt *host.Runtime) host.Natives {
	m := &module{rt: rt, running: map[int]hash.Hash{}, idle: make([][]hash.Hash, len(algorithms)),
		ciphers: map[int]cipherState{}}
	return host.Natives{
		"algorithm":       m.algorithm,
		"hashOnce":        m.hashOnce,
		"hashUpdate":      m.hashUpdate,
		"hashCopy":        m.hashCopy,
		"hashDigest":      m.hashDigest,
		"hashDrop":        m.hashDrop,
		"hmacOnce":        m.hmacOnce,
		"hmacStart":       m.hmacStart,
		"random":          m.random,
		"uuids":           uuids,
		"timingSafeEqual": timingSafeEqual,
		"pbkdf2":          m.pbkdf2,
		"hkdf":            m.hkdf,
		"scrypt":          m.scrypt,
		"cipherInfo":      cipherInfo,
		"cipherNew":       m.cipherNew,
		"cipherUpdate":    m.cipherUpdate,
		"cipherFinal":     m.cipherFinal,
		"cipherAAD":       m.cipherAAD,
		"cipherDrop":      m.cipherDrop,
	}
}

// algorithm(name) → [number, size, block size, is an XOF], undefined when there is none of that name.
func (m *module) algorithm(c *v8.Call) {
	i := algorithmOf(c.String(0))
	if i < 0 {
		return
	}
	a := &algorithms[i]
	c.Return(v8.Array(v8.Int(i), v8.Int(a.size), v8.Int(a.block), v8.Bool(a.xof), v8.String(a.name)))
}

func (m *module) take(i int) hash.Hash {
	if list := m.idle[i]; len(list) > 0 {
		h := list[len(list)-1]
		m.idle[i] = list[:len(list)-1]
		return h
	}
	return algorithms[i].make()
}

func (m *module) put(i int, h hash.Hash) {
	if len(m.idle[i]) < 4 {
		h.Reset()
		m.idle[i] = append(m.idle[i], h)
	}
}

// sum writes the digest into dst. size is for XOFs.
func sum(h hash.Hash, dst []byte, size int) int {
	if x, ok := h.(*xof); ok {
		s := *x.SHAKE
		s.Read(dst[:size])
		return size
	}
	return len(h.Sum(dst[:0]))
}

// hashOnce(algorithm, data, length, out, size): the digest of data[:length] is written to out; data and out may be the
// same memory.
func (m *module) hashOnce(c *v8.Call) {
	i := c.Int(0)
	h := m.take(i)
	data := c.Bytes(1)
	if n := c.Int(2); n >= 0 {
		data = data[:n]
	}
	h.Write(data)
	c.ReturnInt(sum(h, c.Bytes(3), c.Int(4)))
	m.put(i, h)
}

// hashUpdate(number or 0, algorithm, data, length) → number
func (m *module) hashUpdate(c *v8.Call) {
	id := c.Int(0)
	h := m.running[id]
	if h == nil {
		id, h = m.start(m.take(c.Int(1)))
	}
	data := c.Bytes(2)
	if n := c.Int(3); n >= 0 {
		data = data[:n]
	}
	h.Write(data)
	c.ReturnInt(id)
}

func (m *module) start(h hash.Hash) (int, hash.Hash) {
	m.next++
	m.running[m.next] = h
	return m.next, h
}

// hashCopy(number) → number
func (m *module) hashCopy(c *v8.Call) {
	h, err := clone(m.running[c.Int(0)])
	if err != nil {
		c.Throw(host.ErrorValue(err))
		return
	}
	id, _ := m.start(h)
	c.ReturnInt(id)
}

// hashDigest(number, algorithm, data, length, out, size): data[:length] is what is still to be added.
func (m *module) hashDigest(c *v8.Call) {
	id, i := c.Int(0), c.Int(1)
	h := m.running[id]
	if h == nil {
		return
	}
	delete(m.running, id)
	h.Write(c.Bytes(2)[:c.Int(3)])
	c.ReturnInt(sum(h, c.Bytes(4), c.Int(5)))
	if i >= 0 {
		m.put(i, h)
	}
}

func (m *module) hashDrop(c *v8.Call) { delete(m.running, c.Int(0)) }

// hmacOnce(algorithm, key, data, length, out)
func (m *module) hmacOnce(c *v8.Call) {
	h := newHMAC(&algorithms[c.Int(0)], c.Bytes(1))
	h.Write(c.Bytes(2)[:c.Int(3)])
	c.ReturnInt(sum(h, c.Bytes(4), 0))
}

// hmacStart(algorithm, key) → number
func (m *module) hmacStart(c *v8.Call) {
	id, _ := m.start(newHMAC(&algorithms[c.Int(0)], c.Bytes(1)))
	c.ReturnInt(id)
}

// random(buffer, offset, size, callback)
func (m *module) random(c *v8.Call) {
	from, n := c.Int(1), c.Int(2)
	if !c.IsFunction(3) {
		rand.Read(c.Bytes(0)[from : from+n])
		return
	}
	b := c.Backing(0)
	m.rt.Async(loop.LaneCrypto, c.Callback(3), func() (v8.Value, error) {
		rand.Read(b.Data[from : from+n])
		b.Release()
		return v8.Undefined, nil
	})
}

// uuids(buffer): fills it with the text of random UUIDs, 36 bytes each.
func uuids(c *v8.Call) {
	text := c.Bytes(0)
	raw := make([]byte, len(text)/36*16)
	rand.Read(raw)
	for ; len(raw) > 0; raw, text = raw[16:], text[36:] {
		raw[6] = raw[6]&0x0f | 0x40
		raw[8] = raw[8]&0x3f | 0x80
		hex.Encode(text, raw[:4])
		text[8] = '-'
		hex.Encode(text[9:], raw[4:6])
		text[13] = '-'
		hex.Encode(text[14:], raw[6:8])
		text[18] = '-'
		hex.Encode(text[19:], raw[8:10])
		text[23] = '-'
		hex.Encode(text[24:], raw[10:16])
	}
}

func timingSafeEqual(c *v8.Call) { c.ReturnBool(equal(c.Bytes(0), c.Bytes(1))) }

// derive runs a key derivation: at once, or on the pool with a callback at argument cb. The arguments that work gets are
// copies of secrets: they are short.
func (m *module) derive(c *v8.Call, cb int, work func() ([]byte, error)) {
	m.rt.Do(c, cb, loop.LaneCrypto, func() (v8.Value, error) {
		b, err := work()
		if err != nil {
			return v8.Undefined, err
		}
		return v8.Bytes(b), nil
	})
}

func copyOf(b []byte) []byte { return append([]byte(nil), b...) }

// pbkdf2(algorithm, password, salt, iterations, length, callback)
func (m *module) pbkdf2(c *v8.Call) {
	a, password, salt, iterations, n := &algorithms[c.Int(0)], copyOf(c.Bytes(1)), copyOf(c.Bytes(2)), c.Int(3), c.Int(4)
	m.derive(c, 5, func() ([]byte, error) { return derivePBKDF2(a, password, salt, iterations, n) })
}

// hkdf(algorithm, key, salt, info, length, callback)
func (m *module) hkdf(c *v8.Call) {
	a, key, salt, info, n := &algorithms[c.Int(0)], copyOf(c.Bytes(1)), copyOf(c.Bytes(2)), copyOf(c.Bytes(3)), c.Int(4)
	m.derive(c, 5, func() ([]byte, error) { return deriveHKDF(a, key, salt, info, n) })
}

// scrypt(password, salt, N, r, p, length, callback)
func (m *module) scrypt(c *v8.Call) {
	password, salt, n, r, p, size := copyOf(c.Bytes(0)), copyOf(c.Bytes(1)), c.Int(2), c.Int(3), c.Int(4), c.Int(5)
	m.derive(c, 6, func() ([]byte, error) {
		if size == 0 {
			return nil, nil
		}
		b, err := scrypt.Key(password, salt, n, r, p, size)
		if err != nil {
			return nil, fmt.Errorf("scrypt: %w", err)
		}
		return b, nil
	})
}
