package crypto

import "encoding/binary"

// ghash is GCM's hash, updated piece by piece, with a table of four bits. Go's GCM does not offer it, and takes only whole
// messages, while Cipheriv gives out bytes at every update.
type ghash struct {
	table       [16]element
	y           element
	held        [16]byte
	nHeld       int
	nAAD, nData uint64
	inData      bool
}

// element of GF(2^128), bit-reflected as GCM writes it.
type element struct{ low, high uint64 }

// reduction[i] is what the four bits i shifted out at the end add at the front.
var reduction = [16]uint16{
	0x0000, 0x1c20, 0x3840, 0x2460, 0x7080, 0x6ca0, 0x48c0, 0x54e0,
	0xe100, 0xfd20, 0xd940, 0xc560, 0x9180, 0x8da0, 0xa9c0, 0xb5e0,
}

func reverse4(i int) int {
	return i<<3&8 | i<<1&4 | i>>1&2 | i>>3&1
}

func double(x element) element {
	carry := x.high & 1
	d := element{x.low >> 1, x.high>>1 | x.low<<63}
	if carry != 0 {
		d.low ^= 0xe100000000000000
	}
	return d
}

func (g *ghash) init(h [16]byte) {
	x := element{binary.BigEndian.Uint64(h[:8]), binary.BigEndian.Uint64(h[8:])}
	g.table[reverse4(1)] = x
	for i := 2; i < 16; i += 2 {
		g.table[reverse4(i)] = double(g.table[reverse4(i/2)])
		d := g.table[reverse4(i)]
		g.table[reverse4(i+1)] = element{d.low ^ x.low, d.high ^ x.high}
	}
}

func (g *ghash) block(b []byte) {
	g.y.low ^= binary.BigEndian.Uint64(b)
	g.y.high ^= binary.BigEndian.Uint64(b[8:])
	var z element
	for _, word := range [2]uint64{g.y.high, g.y.low} {
		for range 16 {
			top := z.high & 15
			z.high = z.high>>4 | z.low<<60
			z.low = z.low>>4 ^ uint64(reduction[top])<<48
			t := &g.table[word&15]
			z.low ^= t.low
			z.high ^= t.high
			word >>= 4
		}
	}
	g.y = z
}

func (g *ghash) write(p []byte) {
	if g.nHeld > 0 {
		n := copy(g.held[g.nHeld:], p)
		g.nHeld += n
		p = p[n:]
		if g.nHeld < 16 {
			return
		}
		g.block(g.held[:])
		g.nHeld = 0
	}
	for ; len(p) >= 16; p = p[16:] {
		g.block(p)
	}
	g.nHeld = copy(g.held[:], p)
}

// pad ends a part with zeros.
func (g *ghash) pad() {
	if g.nHeld > 0 {
		clear(g.held[g.nHeld:])
		g.block(g.held[:])
		g.nHeld = 0
	}
}

func (g *ghash) aad(p []byte) {
	g.nAAD += uint64(len(p))
	g.write(p)
}

func (g *ghash) data(p []byte) {
	if !g.inData {
		g.inData = true
		g.pad()
	}
	g.nData += uint64(len(p))
	g.write(p)
}

func (g *ghash) final() [16]byte { return g.sum(int(g.nAAD), int(g.nData)) }

func (g *ghash) sum(nAAD, nData int) (out [16]byte) {
	g.pad()
	var lengths [16]byte
	binary.BigEndian.PutUint64(lengths[:], uint64(nAAD)*8)
	binary.BigEndian.PutUint64(lengths[8:], uint64(nData)*8)
	g.block(lengths[:])
	binary.BigEndian.PutUint64(out[:], g.y.low)
	binary.BigEndian.PutUint64(out[8:], g.y.high)
	return out
}

func littleEndian(values ...uint64) (b []byte) {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return b
}
