// Package position tells in which line and column a byte of a stream stands, while the stream
// is read once and in constant memory:
//
//	body := position.NewReader(file, 1<<20)
//	... read body, and come upon something at an offset ...
//	place, ok := body.At(offset)
//
// An index of all lines would grow with the stream, so only the last part of it is kept. It is
// kept in blocks, each with the place where it begins, so that a place is found by looking at
// one block, however long its line is.
//
// A line ends with a line feed, which belongs to it, as a carriage return before it does.
// Columns count code points from 1: a byte that continues a character of UTF-8 does not count.
package position

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"
)

// Place is a line and a column, both counted from 1.
type Place struct{ Line, Column int64 }

// blockSize is small enough to count through for each place that is asked for.
const blockSize = 64 << 10

// Reader passes a stream on, and remembers where it was.
type Reader struct {
	from io.Reader
	// blocks is a ring: the block with the number n stands at n modulo its length.
	blocks []block
	read   int64
	// told is the place that was asked for last, and its offset: the next is mostly not far
	// behind it.
	told   Place
	toldAt int64
}

// block is a part of the stream. Its place is that of its first byte.
type block struct {
	number int64
	place  Place
	text   []byte
}

// NewReader wraps a stream. The places of at least the last window bytes can be asked for.
// Memory is taken as it is needed.
func NewReader(from io.Reader, window int) *Reader {
	r := &Reader{from: from, told: Place{1, 1}, blocks: make([]block, (max(window, 0)+blockSize-1)/blockSize+1)}
	r.blocks[0] = block{place: Place{1, 1}, text: make([]byte, 0, blockSize)}
	return r
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if n < 0 || n > len(p) {
		return n, err // the caller notices
	}
	r.keep(p[:n])
	return n, err
}

// Offset is how many bytes have been read.
func (r *Reader) Offset() int64 { return r.read }

// At tells where the byte at an offset stands, or would stand at the end of what was read. It
// is not ok when that is too far back, or not read yet.
func (r *Reader) At(offset int64) (place Place, ok bool) {
	if offset < 0 || offset > r.read {
		return Place{}, false
	}
	b := &r.blocks[offset/blockSize%int64(len(r.blocks))]
	if b.number != offset/blockSize || b.text == nil {
		return Place{}, false
	}
	from, start := b.place, offset-offset%blockSize
	if r.toldAt >= start && r.toldAt <= offset {
		from, start = r.told, r.toldAt
	}
	r.told, r.toldAt = from.after(b.text[start%blockSize:offset%blockSize]), offset
	return r.told, true
}

func (r *Reader) keep(text []byte) {
	for len(text) > 0 {
		b := &r.blocks[r.read/blockSize%int64(len(r.blocks))]
		n := min(len(text), blockSize-len(b.text))
		b.text = append(b.text, text[:n]...)
		text, r.read = text[n:], r.read+int64(n)
		if len(b.text) == blockSize {
			r.next(b.place.after(b.text))
		}
	}
}

// next begins a block, in the place of the oldest.
func (r *Reader) next(at Place) {
	number := r.read / blockSize
	b := &r.blocks[number%int64(len(r.blocks))]
	if b.text == nil {
		b.text = make([]byte, 0, blockSize)
	}
	b.number, b.place, b.text = number, at, b.text[:0]
}

// after is the place behind a text that begins at p.
func (p Place) after(text []byte) Place {
	if last := bytes.LastIndexByte(text, '\n'); last >= 0 {
		p = Place{p.Line + int64(bytes.Count(text, []byte{'\n'})), 1}
		text = text[last+1:]
	}
	p.Column += int64(codePoints(text))
	return p
}

// codePoints counts the bytes that begin a character, eight at a time. Those that continue
// one have the bits 10 at their top.
func codePoints(text []byte) int {
	n := len(text)
	for ; len(text) >= 8; text = text[8:] {
		word := binary.LittleEndian.Uint64(text)
		n -= bits.OnesCount64(word >> 7 &^ (word >> 6) & 0x0101010101010101)
	}
	for _, b := range text {
		if b&0xC0 == 0x80 {
			n--
		}
	}
	return n
}
