package crypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"math/rand/v2"
	"testing"
)

// pieces calls f with p cut at random places.
func pieces(r *rand.Rand, p []byte, f func([]byte)) {
	for len(p) > 0 {
		n := min(r.IntN(40), len(p))
		f(p[:n])
		p = p[n:]
	}
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// GCM in pieces gives what Go's gives for the whole: any lengths, any splits, both ways.
func TestGCMAgainstStandardLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 {
		block, err := aes.NewCipher(randomBytes(r, []int{16, 24, 32}[i%3]))
		if err != nil {
			t.Fatal(err)
		}
		iv := randomBytes(r, 12)
		if i%4 == 0 {
			iv = randomBytes(r, 1+r.IntN(70))
		}
		aad, plain := randomBytes(r, r.IntN(70)*r.IntN(2)), randomBytes(r, r.IntN(300)*r.IntN(5)/2)
		whole, err := cipher.NewGCMWithNonceSize(block, len(iv))
		if err != nil {
			t.Fatal(err)
		}
		sealed := whole.Seal(nil, iv, plain, aad)
		text, tag := sealed[:len(plain)], sealed[len(plain):]

		for _, c := range []struct {
			encrypt  bool
			in, want []byte
		}{{true, plain, text}, {false, text, plain}} {
			g := newGCM(block, iv, c.encrypt)
			pieces(r, aad, g.aad)
			var got []byte
			pieces(r, c.in, func(p []byte) { got = g.update(got, p) })
			var expected []byte
			if !c.encrypt {
				expected = tag
			}
			got, err := g.final(got, true, expected)
			if err != nil {
				t.Fatalf("case %d, encrypt %v: %v", i, c.encrypt, err)
			}
			if !bytes.Equal(got, c.want) {
				t.Fatalf("case %d, encrypt %v: wrong text for %d bytes", i, c.encrypt, len(plain))
			}
			if c.encrypt && !bytes.Equal(g.tag(), tag) {
				t.Fatalf("case %d: tag %x, want %x (iv %d, aad %d, text %d bytes)", i, g.tag(), tag, len(iv), len(aad), len(plain))
			}
		}
	}
}

// A tag with one bit wrong is refused.
func TestGCMRefusesWrongTag(t *testing.T) {
	block, _ := aes.NewCipher(make([]byte, 16))
	iv := make([]byte, 12)
	whole, _ := cipher.NewGCM(block)
	sealed := whole.Seal(nil, iv, []byte("text"), nil)
	for bit := range 128 {
		tag := bytes.Clone(sealed[4:])
		tag[bit/8] ^= 1 << (bit % 8)
		g := newGCM(block, iv, false)
		out := g.update(nil, sealed[:4])
		if _, err := g.final(out, true, tag); err == nil {
			t.Fatalf("bit %d of the tag does not matter", bit)
		}
	}
}

// The counter's last 32 bits wrap around on their own, as they do in Go's GCM, whatever the rest of the block is.
func TestGCMCounterWraps(t *testing.T) {
	block, _ := aes.NewCipher(make([]byte, 16))
	r := rand.New(rand.NewPCG(3, 4))
	// Of an IV that is not 12 bytes long the counter is a hash: it starts anywhere. A start near the end is rare, so look
	// for one.
	for range 200000 {
		iv := randomBytes(r, 16)
		g := newGCM(block, iv, true)
		var h, zero [16]byte
		block.Encrypt(h[:], zero[:])
		var hash ghash
		hash.init(h)
		hash.write(iv)
		start := hash.sum(0, len(iv))
		if start[12] != 0xff || start[13] != 0xff {
			continue
		}
		plain := make([]byte, 16<<16+64)
		whole, _ := cipher.NewGCMWithNonceSize(block, 16)
		want := whole.Seal(nil, iv, plain, nil)
		got := g.update(nil, plain)
		if !bytes.Equal(got, want[:len(plain)]) {
			t.Fatal("the key stream is wrong behind the wrap")
		}
		return
	}
	t.Skip("no IV found")
}
