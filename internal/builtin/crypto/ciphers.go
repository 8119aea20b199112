package crypto

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/poly1305" // the streaming form is what Cipheriv's updates need
)

// cipherKind is a cipher as OpenSSL lists it.
type cipherKind struct {
	name          string // OpenSSL's long name, in lower case
	mode          string
	nid           int
	block, iv     int // block 1: a stream
	key           int
	newBlock      func([]byte) (cipher.Block, error)
	authenticated bool
}

var aesNIDs = map[string][3]int{
	"ecb": {418, 422, 426}, "cbc": {419, 423, 427}, "ofb": {420, 424, 428}, "cfb": {421, 425, 429},
	"gcm": {895, 898, 901}, "ctr": {904, 905, 906}, "cfb8": {653, 654, 655},
}

var cipherKinds = func() map[string]*cipherKind {
	kinds := map[string]*cipherKind{}
	for mode, nids := range aesNIDs {
		for i, bits := range []string{"128", "192", "256"} {
			k := &cipherKind{name: "aes-" + bits + "-" + mode, mode: mode, nid: nids[i], block: 16, iv: 16, key: 16 + 8*i,
				newBlock: aes.NewCipher}
			switch mode {
			case "ecb":
				k.iv = 0
			case "gcm":
				k.iv, k.block, k.authenticated = 12, 1, true
				kinds["id-aes"+bits+"-gcm"] = k
			case "ctr", "ofb", "cfb", "cfb8":
				k.block = 1
			case "cbc":
				kinds["aes"+bits] = k
			}
			kinds[k.name] = k
		}
	}
	kinds["des-ede3-cbc"] = &cipherKind{name: "des-ede3-cbc", mode: "cbc", nid: 44, block: 8, iv: 8, key: 24, newBlock: des.NewTripleDESCipher}
	kinds["des3"] = kinds["des-ede3-cbc"]
	kinds["chacha20-poly1305"] = &cipherKind{name: "chacha20-poly1305", mode: "stream", nid: 1018, block: 1, iv: 12, key: 32,
		authenticated: true}
	return kinds
}()

func cipherOf(name string) *cipherKind { return cipherKinds[strings.ToLower(name)] }

// cipherInfo(name) → [name, mode, nid, block size, IV length, key length, authenticated], undefined when there is none
func cipherInfo(c *v8.Call) {
	k := cipherOf(c.String(0))
	if k == nil {
		return
	}
	name := k.name
	if k.mode == "gcm" {
		name = "id-aes" + name[4:7] + "-gcm"
	}
	c.Return(v8.Array(v8.String(name), v8.String(k.mode), v8.Int(k.nid), v8.Int(k.block), v8.Int(k.iv), v8.Int(k.key),
		v8.Bool(k.authenticated)))
}

// A cipherState is one encryption or decryption under way.
type cipherState interface {
	// update appends what in gives to out.
	update(out, in []byte) []byte
	// final appends the rest. tag is the expected tag when an authenticated cipher decrypts.
	final(out []byte, padding bool, tag []byte) ([]byte, error)
	aad(data []byte)
	tag() []byte
}

// cipherNew(name, key, iv, encrypt) → number
func (m *module) cipherNew(c *v8.Call) {
	k := cipherOf(c.String(0))
	key, iv, encrypt := copyOf(c.Bytes(1)), copyOf(c.Bytes(2)), c.Bool(3)
	s, err := newCipher(k, key, iv, encrypt)
	if err != nil {
		c.Throw(host.ErrorValue(err))
		return
	}
	m.next++
	m.ciphers[m.next] = s
	c.ReturnInt(m.next)
}

func newCipher(k *cipherKind, key, iv []byte, encrypt bool) (cipherState, error) {
	if k.mode == "stream" {
		return newChaCha(key, iv, encrypt)
	}
	b, err := k.newBlock(key)
	if err != nil {
		return nil, err
	}
	switch k.mode {
	case "ctr":
		return &streamCipher{cipher.NewCTR(b, iv)}, nil
	case "ofb":
		return &streamCipher{cipher.NewOFB(b, iv)}, nil
	case "cfb":
		if encrypt {
			return &streamCipher{cipher.NewCFBEncrypter(b, iv)}, nil
		}
		return &streamCipher{cipher.NewCFBDecrypter(b, iv)}, nil
	case "cfb8":
		return &streamCipher{&cfb8{b, copyOf(iv), encrypt}}, nil
	case "gcm":
		return newGCM(b, iv, encrypt), nil
	case "cbc":
		if encrypt {
			return &blockCipher{mode: cipher.NewCBCEncrypter(b, iv), encrypt: true}, nil
		}
		return &blockCipher{mode: cipher.NewCBCDecrypter(b, iv)}, nil
	}
	return &blockCipher{mode: &ecb{b, encrypt}, encrypt: encrypt}, nil
}

// cipherUpdate(number, data) → Buffer
func (m *module) cipherUpdate(c *v8.Call) {
	in := c.Bytes(1)
	out := m.ciphers[c.Int(0)].update(v8.AllocBytes(len(in) + 32)[:0], in)
	c.Return(v8.Owned(out))
}

// cipherFinal(number, padding, tag) → [Buffer, tag]
func (m *module) cipherFinal(c *v8.Call) {
	s := m.ciphers[c.Int(0)]
	delete(m.ciphers, c.Int(0))
	out, err := s.final(nil, c.Bool(1), c.Bytes(2))
	if err != nil {
		c.Throw(host.ErrorValue(err))
		return
	}
	tag := v8.Undefined
	if t := s.tag(); t != nil {
		tag = v8.Bytes(t)
	}
	c.Return(v8.Array(v8.Bytes(out), tag))
}

func (m *module) cipherAAD(c *v8.Call)  { m.ciphers[c.Int(0)].aad(c.Bytes(1)) }
func (m *module) cipherDrop(c *v8.Call) { delete(m.ciphers, c.Int(0)) }

// cipherError is an error as OpenSSL's queue reports it.
type cipherError struct{ number, reason, code string }

func (e *cipherError) Error() string { return "error:" + e.number + ":Provider routines::" + e.reason }

func (e *cipherError) ErrorValue() v8.Value {
	return v8.ErrorValue(v8.KindError, "", e.Error(), v8.Object("library", v8.String("Provider routines"),
		"reason", v8.String(e.reason), "code", v8.String(e.code)))
}

var (
	errBadDecrypt      = &cipherError{"1C800064", "bad decrypt", "ERR_OSSL_BAD_DECRYPT"}
	errWrongFinalBlock = &cipherError{"1C80006B", "wrong final block length", "ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH"}
	errAuthentication  = errors.New("Unsupported state or unable to authenticate data")
)

// blockCipher gathers whole blocks; decrypting, it keeps the last one, which may be padding.
type blockCipher struct {
	mode    cipher.BlockMode
	encrypt bool
	held    []byte
}

func (s *blockCipher) aad([]byte)  {}
func (s *blockCipher) tag() []byte { return nil }

func (s *blockCipher) update(out, in []byte) []byte {
	size := s.mode.BlockSize()
	s.held = append(s.held, in...)
	n := len(s.held) / size * size
	if !s.encrypt && n == len(s.held) && n > 0 {
		n -= size
	}
	from := len(out)
	out = append(out, s.held[:n]...)
	s.mode.CryptBlocks(out[from:], out[from:])
	s.held = append(s.held[:0], s.held[n:]...)
	return out
}

func (s *blockCipher) final(out []byte, padding bool, _ []byte) ([]byte, error) {
	size := s.mode.BlockSize()
	if s.encrypt {
		if !padding {
			if len(s.held) > 0 {
				return nil, errWrongFinalBlock
			}
			return out, nil
		}
		pad := size - len(s.held)
		for range pad {
			s.held = append(s.held, byte(pad))
		}
		s.mode.CryptBlocks(s.held, s.held)
		return append(out, s.held...), nil
	}
	if len(s.held) != size {
		if !padding && len(s.held) == 0 {
			return out, nil
		}
		return nil, errWrongFinalBlock
	}
	s.mode.CryptBlocks(s.held, s.held)
	if !padding {
		return append(out, s.held...), nil
	}
	pad := int(s.held[size-1])
	if pad == 0 || pad > size {
		return nil, errBadDecrypt
	}
	for _, b := range s.held[size-pad:] {
		if int(b) != pad {
			return nil, errBadDecrypt
		}
	}
	return append(out, s.held[:size-pad]...), nil
}

type ecb struct {
	b       cipher.Block
	encrypt bool
}

func (e *ecb) BlockSize() int { return e.b.BlockSize() }
func (e *ecb) CryptBlocks(dst, src []byte) {
	for size := e.b.BlockSize(); len(src) > 0; src, dst = src[size:], dst[size:] {
		if e.encrypt {
			e.b.Encrypt(dst, src)
		} else {
			e.b.Decrypt(dst, src)
		}
	}
}

// cfb8 feeds back one byte at a time.
type cfb8 struct {
	b       cipher.Block
	shift   []byte
	encrypt bool
}

func (s *cfb8) XORKeyStream(dst, src []byte) {
	var key [16]byte
	for i, in := range src {
		s.b.Encrypt(key[:], s.shift)
		out := in ^ key[0]
		copy(s.shift, s.shift[1:])
		if s.encrypt {
			s.shift[len(s.shift)-1] = out
		} else {
			s.shift[len(s.shift)-1] = in
		}
		dst[i] = out
	}
}

type streamCipher struct{ cipher.Stream }

func (s *streamCipher) aad([]byte)  {}
func (s *streamCipher) tag() []byte { return nil }
func (s *streamCipher) update(out, in []byte) []byte {
	from := len(out)
	out = append(out, in...)
	s.XORKeyStream(out[from:], in)
	return out
}
func (s *streamCipher) final(out []byte, _ bool, _ []byte) ([]byte, error) { return out, nil }

// gcm is GCM piece by piece: Go's own wants the whole message at once. The key stream is CTR; GHASH is computed over
// the ciphertext with Go's GCM's... see ghash.
type gcm struct {
	ctr     cipher.Stream
	left    uint64 // bytes until the counter's 32 bits have run out. Go's CTR would carry into the rest
	block   cipher.Block
	wrapped [16]byte // the counter that comes then
	encrypt bool
	hash    ghash
	mask    [16]byte
	full    []byte
}

func newGCM(b cipher.Block, iv []byte, encrypt bool) *gcm {
	g := &gcm{encrypt: encrypt}
	var zero, counter [16]byte
	var h [16]byte
	b.Encrypt(h[:], zero[:])
	g.hash.init(h)
	if len(iv) == 12 {
		copy(counter[:], iv)
		counter[15] = 1
	} else {
		j := g.hash
		j.write(iv)
		counter = j.sum(0, len(iv))
	}
	b.Encrypt(g.mask[:], counter[:])
	for i := 15; i >= 12; i-- {
		counter[i]++
		if counter[i] != 0 {
			break
		}
	}
	g.ctr = cipher.NewCTR(b, counter[:])
	g.left = (1<<32 - uint64(binary.BigEndian.Uint32(counter[12:]))) * 16
	clear(counter[12:])
	g.block, g.wrapped = b, counter
	return g
}

func (g *gcm) xor(out, in []byte) {
	if uint64(len(in)) > g.left {
		g.ctr.XORKeyStream(out[:g.left], in[:g.left])
		out, in = out[g.left:], in[g.left:]
		g.ctr, g.left = cipher.NewCTR(g.block, g.wrapped[:]), math.MaxUint64 // a message is shorter than one round of the counter
	}
	g.ctr.XORKeyStream(out, in)
	g.left -= uint64(len(in))
}

func (g *gcm) aad(data []byte) { g.hash.aad(data) }

func (g *gcm) update(out, in []byte) []byte {
	from := len(out)
	out = append(out, in...)
	if !g.encrypt {
		g.hash.data(in)
	}
	g.xor(out[from:], in)
	if g.encrypt {
		g.hash.data(out[from:])
	}
	return out
}

func (g *gcm) final(out []byte, _ bool, tag []byte) ([]byte, error) {
	sum := g.hash.final()
	subtle.XORBytes(sum[:], sum[:], g.mask[:])
	if !g.encrypt && (len(tag) == 0 || subtle.ConstantTimeCompare(sum[:len(tag)], tag) != 1) {
		return nil, errAuthentication
	}
	g.full = sum[:]
	return out, nil
}

func (g *gcm) tag() []byte {
	if g.encrypt {
		return g.full
	}
	return nil
}

// chaCha is ChaCha20-Poly1305 piece by piece.
type chaCha struct {
	stream        *chacha20.Cipher
	mac           *poly1305.MAC
	encrypt       bool
	nAAD, nText   uint64
	full          []byte
	authenticated bool
}

func newChaCha(key, iv []byte, encrypt bool) (*chaCha, error) {
	nonce := make([]byte, 12)
	copy(nonce[12-len(iv):], iv)
	stream, err := chacha20.NewUnauthenticatedCipher(key, nonce)
	if err != nil {
		return nil, err
	}
	var polyKey [32]byte
	stream.XORKeyStream(polyKey[:], polyKey[:])
	stream.SetCounter(1)
	return &chaCha{stream: stream, mac: poly1305.New(&polyKey), encrypt: encrypt}, nil
}

func (s *chaCha) aad(data []byte) {
	s.mac.Write(data)
	s.nAAD += uint64(len(data))
}

// pad fills up to 16 bytes.
func (s *chaCha) pad(n uint64) {
	if n%16 != 0 {
		var zero [16]byte
		s.mac.Write(zero[n%16:])
	}
}

func (s *chaCha) update(out, in []byte) []byte {
	if !s.authenticated {
		s.authenticated = true
		s.pad(s.nAAD)
	}
	from := len(out)
	out = append(out, in...)
	if !s.encrypt {
		s.mac.Write(in)
	}
	s.stream.XORKeyStream(out[from:], in)
	if s.encrypt {
		s.mac.Write(out[from:])
	}
	s.nText += uint64(len(in))
	return out
}

func (s *chaCha) final(out []byte, _ bool, tag []byte) ([]byte, error) {
	if !s.authenticated {
		s.pad(s.nAAD)
	}
	s.pad(s.nText)
	s.mac.Write(littleEndian(s.nAAD, s.nText))
	sum := s.mac.Sum(nil)
	if !s.encrypt && (len(tag) == 0 || subtle.ConstantTimeCompare(sum[:len(tag)], tag) != 1) {
		return nil, errAuthentication
	}
	s.full = sum
	return out, nil
}

func (s *chaCha) tag() []byte {
	if s.encrypt {
		return s.full
	}
	return nil
}
