package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// writer writes drawn JSON without white space, as both APIs send it. The same seed always
// gives the same body.
type writer struct {
	b      []byte
	random *rand.Rand
}

func newWriter(seed uint64) *writer {
	return &writer{random: rand.New(rand.NewPCG(seed, 1))}
}

// next separates a member or an element from the one before.
func (w *writer) next() {
	if last := w.b[len(w.b)-1]; last != '{' && last != '[' {
		w.b = append(w.b, ',')
	}
}

func (w *writer) name(name string) {
	w.next()
	w.b = append(strconv.AppendQuote(w.b, name), ':')
}

func (w *writer) object(name string, members func()) {
	w.name(name)
	w.braces(members)
}

func (w *writer) braces(members func()) {
	w.b = append(w.b, '{')
	members()
	w.b = append(w.b, '}')
}

// list writes between least and most objects.
func (w *writer) list(name string, least, most int, members func()) {
	w.name(name)
	w.b = append(w.b, '[')
	for range least + w.random.IntN(most-least+1) {
		w.next()
		w.braces(members)
	}
	w.b = append(w.b, ']')
}

func (w *writer) text(name, value string) {
	w.name(name)
	w.b = append(w.b, '"')
	for i := range len(value) {
		switch c := value[i]; c {
		case '"', '\\':
			w.b = append(w.b, '\\', c)
		case '\n':
			w.b = append(w.b, '\\', 'n')
		default:
			w.b = append(w.b, c)
		}
	}
	w.b = append(w.b, '"')
}

// raw writes a value that is JSON already.
func (w *writer) raw(name, value string) {
	w.name(name)
	w.b = append(w.b, value...)
}

func (w *writer) integer(name string, below int) {
	w.name(name)
	w.b = strconv.AppendInt(w.b, int64(w.random.IntN(below)), 10)
}

// amount writes a number with up to two decimals.
func (w *writer) amount(name string) {
	w.name(name)
	w.b = strconv.AppendFloat(w.b, float64(w.random.IntN(9_000_000)-500_000)/100, 'f', -1, 64)
}

// chance is true once in so many times.
func (w *writer) chance(in int) bool { return w.random.IntN(in) == 0 }

func (w *writer) one(of []string) string { return of[w.random.IntN(len(of))] }

// moment is a time of the last years.
func (w *writer) moment() time.Time {
	return time.Unix(1_500_000_000+w.random.Int64N(260_000_000), w.random.Int64N(1e9)).UTC()
}

func (w *writer) uuid() string {
	a, b := w.random.Uint64(), w.random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xFFFF, a&0xFFF, b>>48&0x3FFF|0x8000, b&0xFFFFFFFFFFFF)
}

var words = strings.Fields(`the a of to and before after each every shift line cell press label printer shelf pallet drawing
fixture operator setup changeover scrap waste minutes walks twice week measure sheet checklist board supplier delivery
packing station torque wrench calibrated Müller naïve façade Zürich “quoted” 5S kaizen gemba standard work training audit`)

// sentence has between least and most words. Some are beyond ASCII, and a few need escape
// sequences.
func (w *writer) sentence(least, most int) string {
	var text strings.Builder
	for i := range least + w.random.IntN(most-least+1) {
		switch {
		case i == 0:
		case w.chance(40):
			text.WriteString(".\n")
		default:
			text.WriteByte(' ')
		}
		word := w.one(words)
		if w.chance(60) {
			word = `"` + word + `"`
		}
		text.WriteString(word)
	}
	return text.String()
}
