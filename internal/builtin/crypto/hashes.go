package crypto

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"crypto/subtle"
	"hash"
	"reflect"
	"strings"

	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/blake2s"
	"golang.org/x/crypto/ripemd160"
)

// algorithm is a hash function.
type algorithm struct {
	name  string // OpenSSL's, in lower case
	size  int
	block int
	xof   bool
	make  func() hash.Hash
}

// must is for constructors that fail only for keys, which we don't give.
func must(h hash.Hash, err error) hash.Hash {
	if err != nil {
		panic(err)
	}
	return h
}

var algorithms = []algorithm{
	{"md5", 16, 64, false, md5.New},
	{"sha1", 20, 64, false, sha1.New},
	{"sha224", 28, 64, false, sha256.New224},
	{"sha256", 32, 64, false, sha256.New},
	{"sha384", 48, 128, false, sha512.New384},
	{"sha512", 64, 128, false, sha512.New},
	{"sha512-224", 28, 128, false, sha512.New512_224},
	{"sha512-256", 32, 128, false, sha512.New512_256},
	{"sha3-224", 28, 144, false, func() hash.Hash { return sha3.New224() }},
	{"sha3-256", 32, 136, false, func() hash.Hash { return sha3.New256() }},
	{"sha3-384", 48, 104, false, func() hash.Hash { return sha3.New384() }},
	{"sha3-512", 64, 72, false, func() hash.Hash { return sha3.New512() }},
	{"shake128", 16, 168, true, func() hash.Hash { return &xof{sha3.NewSHAKE128(), 16} }},
	{"shake256", 32, 136, true, func() hash.Hash { return &xof{sha3.NewSHAKE256(), 32} }},
	{"ripemd160", 20, 64, false, ripemd160.New},
	{"blake2b512", 64, 128, false, func() hash.Hash { return must(blake2b.New512(nil)) }},
	{"blake2s256", 32, 64, false, func() hash.Hash { return must(blake2s.New256(nil)) }},
	{"md5-sha1", 36, 64, false, func() hash.Hash { return &twice{md5.New(), sha1.New()} }},
}

// otherNames are what else OpenSSL calls them, beyond the patterns that algorithmOf knows.
var otherNames = map[string]string{
	"ripemd": "ripemd160", "rmd160": "ripemd160", "ripemd-160": "ripemd160", "ssl3-md5": "md5", "ssl3-sha1": "sha1",
	"sha1-2": "sha1", "sha-1": "sha1", "sha512/224": "sha512-224", "sha512/256": "sha512-256", "blake2b-512": "blake2b512",
	"blake2s-256": "blake2s256", "shake-128": "shake128", "shake-256": "shake256", "ripemd160withrsa": "ripemd160",
}

// algorithmOf finds an algorithm by any of its names; -1 when there is none.
func algorithmOf(name string) int {
	name = strings.ToLower(name)
	name = strings.TrimPrefix(name, "rsa-")
	name = strings.TrimPrefix(name, "id-rsassa-pkcs1-v1_5-with-")
	name = strings.TrimSuffix(name, "withrsaencryption")
	for _, prefix := range []string{"sha2-", "sha-"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "1" {
			name = "sha" + rest
			break
		}
	}
	if other, ok := otherNames[name]; ok {
		name = other
	}
	for i := range algorithms {
		if algorithms[i].name == name {
			return i
		}
	}
	return -1
}

// xof is a hash with an output as long as one likes.
type xof struct {
	*sha3.SHAKE
	size int
}

func (x *xof) Size() int { return x.size }

// Sum leaves the state as it is: the output is read from a copy.
func (x *xof) Sum(b []byte) []byte {
	s := *x.SHAKE
	out := make([]byte, x.size)
	s.Read(out)
	return append(b, out...)
}

// twice is md5 and sha1 side by side, as TLS 1.0 signed them.
type twice struct{ a, b hash.Hash }

func (t *twice) Write(p []byte) (int, error) { t.a.Write(p); return t.b.Write(p) }
func (t *twice) Sum(b []byte) []byte         { return t.b.Sum(t.a.Sum(b)) }
func (t *twice) Reset()                      { t.a.Reset(); t.b.Reset() }
func (t *twice) Size() int                   { return t.a.Size() + t.b.Size() }
func (t *twice) BlockSize() int              { return 64 }

// clone copies a running hash.
func clone(h hash.Hash) (hash.Hash, error) {
	switch h := h.(type) {
	case *xof:
		s := *h.SHAKE
		return &xof{&s, h.size}, nil
	case *twice:
		a, err := clone(h.a)
		if err != nil {
			return nil, err
		}
		b, err := clone(h.b)
		return &twice{a, b}, err
	case hash.Cloner:
		return h.Clone()
	}
	// The rest of golang.org/x/crypto keeps its state in one struct without pointers.
	c := reflect.New(reflect.TypeOf(h).Elem())
	c.Elem().Set(reflect.ValueOf(h).Elem())
	return c.Interface().(hash.Hash), nil
}

func derivePBKDF2(a *algorithm, password, salt []byte, iterations, n int) ([]byte, error) {
	if n == 0 {
		return nil, nil
	}
	return pbkdf2.Key(a.make, string(password), salt, iterations, n)
}

func deriveHKDF(a *algorithm, key, salt, info []byte, n int) ([]byte, error) {
	if n == 0 {
		return nil, nil
	}
	return hkdf.Key(a.make, key, salt, string(info), n)
}

func newHMAC(a *algorithm, key []byte) hash.Hash { return hmac.New(a.make, key) }

func equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
