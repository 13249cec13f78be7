package kinabase

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// maxGenerated is how many records one WithGeneratedRecords makes at most.
const maxGenerated = 1_000_000

// batch are records whose values are drawn whenever they are asked for. The same batch
// always draws the same: what a Storage has of it is its parameters, so a draw must
// never come out differently in a later version of this package.
type batch struct {
	collection *collection
	first      int64 // the number of the first of them
	count      int64
	seed       uint64
	// targets are the ids that the linked fields draw from, by field key.
	targets map[string][]string
}

// maxTargets is how many records of the target a linked field draws from.
const maxTargets = 16

// newBatch is a batch that goes on after the records there are.
func newBatch(c *collection, count int, seed uint64) *batch {
	b := &batch{collection: c, first: c.numbered + 1, count: int64(count), seed: seed, targets: map[string][]string{}}
	for _, f := range c.fields {
		if !f.links() {
			continue
		}
		for _, r := range f.target.records[:min(maxTargets, len(f.target.records))] {
			b.targets[f.Key] = append(b.targets[f.Key], r.id)
		}
	}
	return b
}

func (b *batch) has(number int64) bool { return number >= b.first && number-b.first < b.count }

// fill adds the records of the batch that were not removed.
func (b *batch) fill() error {
	c := b.collection
	records := make([]record, b.count) // at once, which is quicker than one after another
	for i := range records {
		r := &records[i]
		r.number = b.first + int64(i)
		r.id, r.batch = c.recordID(r.number), b
		r.createdAt = seedStart.Add(time.Duration(i) * time.Minute)
		r.updatedAt = r.createdAt
		if c.byID[r.id] != nil {
			return fmt.Errorf("a record has the ID %s, which belongs to a generated one", name(r.id))
		}
		if !c.removed[r.id] {
			c.append(r)
		}
	}
	c.batches = append(c.batches, b)
	c.numbered = max(c.numbered, b.first+b.count-1)
	return nil
}

// draw are the values of the record with a number. A field that is not required has
// none in one record of eight.
func (b *batch) draw(number int64) map[string]json.RawMessage {
	d := drawing{rand.NewPCG(b.seed, uint64(number))}
	values := make(map[string]json.RawMessage, len(b.collection.fields))
	for _, f := range b.collection.fields {
		if f.derived() {
			continue
		}
		unset := d.below(8) == 0
		if value := d.value(f, number, b.targets[f.Key]); value != nil && (f.Required || !unset) {
			values[f.Key] = encode(value)
		}
	}
	return values
}

// drawing draws values. It does so by arithmetic of its own, since what a rand.Rand
// makes of a source may change.
type drawing struct{ source *rand.PCG }

func (d drawing) below(n int) int { return int(d.source.Uint64() % uint64(n)) }

func (d drawing) word() string {
	words := []string{"amber", "bearing", "casting", "delta", "engine", "flange", "gasket", "hinge", "inlet", "joint", "kiln", "lathe", "mandrel", "nozzle", "outlet", "press"}
	return words[d.below(len(words))]
}

func (d drawing) words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = d.word()
	}
	return strings.Join(words, " ")
}

// hundredths is an amount with two decimals.
func (d drawing) hundredths(below int) json.Number {
	return json.Number(fmt.Sprintf("%d.%02d", d.below(below), d.below(100)))
}

func (d drawing) moment() time.Time {
	return seedStart.Add(time.Duration(d.below(365*24*60)) * time.Minute)
}

func (d drawing) file(kind string) any {
	file := d.word() + kind
	return map[string]string{"name": file, "url": "https://files.example.com/" + file}
}

// value is a value of a field, or nil where there is none to draw.
func (d drawing) value(f *field, number int64, targets []string) any {
	switch f.Kind {
	case KindEmail:
		return d.word() + "@example.com"
	case KindWebsite:
		return "https://" + d.word() + ".example.com"
	case KindPhone:
		return fmt.Sprintf("+44 1632 960%03d", d.below(1000))
	case KindNumber, KindCurrency:
		return d.hundredths(10_000)
	case KindPercentage:
		return d.below(101)
	case KindRating:
		return 1 + d.below(5)
	case KindDuration:
		return d.below(24 * 60 * 60)
	case KindDate:
		return d.moment().Format(time.DateOnly)
	case KindDateTime:
		return d.moment().Format(time.RFC3339)
	case KindYesNo:
		return d.below(2) == 1
	case KindSelect, KindStage:
		return f.Options[d.below(len(f.Options))]
	case KindMultiSelect:
		from := d.below(len(f.Options))
		return f.Options[from : from+1+d.below(len(f.Options)-from)]
	case KindColleague:
		return reference{fmt.Sprintf("colleague-%d", 1+d.below(20))}
	case KindLinked, KindLinkedMany:
		return d.links(f, targets)
	case KindFile:
		return d.file(".pdf")
	case KindImage:
		return d.file(".png")
	case KindLocation:
		return map[string]json.Number{"latitude": "5" + d.hundredths(10), "longitude": d.hundredths(2)}
	case KindJSON:
		return map[string]any{"number": number, "word": d.word()}
	case KindRichText:
		return "<p>" + d.words(4) + "</p>"
	}
	return fmt.Sprintf("%s %d", d.words(2), number)
}

func (d drawing) links(f *field, targets []string) any {
	if len(targets) == 0 {
		return nil
	}
	from := d.below(len(targets))
	if f.Kind == KindLinked {
		return reference{targets[from]}
	}
	links := []reference{}
	for _, id := range targets[from : from+1+d.below(min(3, len(targets)-from))] {
		links = append(links, reference{id})
	}
	return links
}
