package kainexus

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// A population is any number of items of which none is held: whoever asks for one gets a
// copy of a prototype with an id, a title, dates and numbers of its own. The same seed and
// the same place always give the same item.
type population struct {
	count      int
	seed       uint64
	prototypes []document
}

const (
	// firstGeneratedID begins the range of ids of generated items.
	firstGeneratedID = 10_000_000
	// maxGenerated is how many there may be.
	maxGenerated = 1_000_000
)

func newPopulation(count int, seed uint64) (*population, error) {
	prototypes, err := prototypes()
	return &population{count: count, seed: seed, prototypes: prototypes}, err
}

func (p *population) last() int64 { return firstGeneratedID + int64(p.count) - 1 }

// has tells whether an id is in the range. It may be asked of no population at all.
func (p *population) has(id int64) bool {
	return p != nil && id >= firstGeneratedID && id <= p.last()
}

func (p *population) prototype(id int64) document {
	return p.prototypes[p.number(id)%uint64(len(p.prototypes))]
}

// number is as good as random, and always the same for an id: the step of SplitMix64.
func (p *population) number(id int64) uint64 {
	n := p.seed + uint64(id-firstGeneratedID+1)*0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// variedKeys are those whose values value varies, if the prototype has any.
var variedKeys = []string{
	"id", "summary", "likeCount", "voteCount", "createDate", "lastUpdateDate", "startDate", "assignDate", "dueDate", "reviewDate",
	"resolutionSubmitDate", "completeDate",
}

// value is what the item of an id has under a key, fields apart.
func (p *population) value(id int64, key string) any {
	stored, n := p.prototype(id)[key], p.number(id)
	switch {
	case stored == nil || !slices.Contains(variedKeys, key):
		return stored
	case key == "id":
		return num(id)
	case key == "summary":
		return fmt.Sprintf("%s, no. %d", stored, id-firstGeneratedID+1)
	case key == "likeCount":
		return num(int64(n >> 8 % 20))
	case key == "voteCount":
		return num(int64(n >> 16 % 10))
	}
	text, _ := stored.(string)
	at, _ := time.Parse(timestampLayout, text) // putItem has looked at it
	return timestamp(at.AddDate(0, 0, int(n>>32%300)))
}

// draw makes an item. What it varies decides over no saved list but through its order.
//
// Choice(generated-items): Generated items are ideas, tasks and observations in every
// status. They have ids from 10000000 on, no outcome and no chart.
func (p *population) draw(id int64) document {
	n := p.number(id)
	item := maps.Clone(p.prototype(id))
	for _, key := range variedKeys {
		if item.has(key) {
			item[key] = p.value(id, key)
		}
	}
	fields := slices.Clone(item["fields"].([]any))
	for i, field := range fields {
		if f, _ := asDocument(field); f.id() == hours.id {
			varied := f.clone()
			varied["numericValue"] = json.Number(fmt.Sprintf("%d.%d0", n>>24%100, n>>40%10))
			fields[i] = varied
		}
	}
	item["fields"] = fields
	return item
}

// prototypes are made as any item is, in an organization of their own: what becomes of
// users and locations later changes nothing about them.
var prototypes = sync.OnceValues(func() ([]document, error) {
	d := newDraft(emptyState(), seedStart)
	d.seeding = true
	if err := seedOrganization(d); err != nil {
		return nil, err
	}
	for _, sent := range seedPrototypes() {
		if _, err := d.putItem(sent, false); err != nil {
			return nil, err
		}
	}
	return slices.Collect(d.items.all()), nil
})

// seedPrototypes are ideas, tasks and observations, without what only one item can have.
func seedPrototypes() []document {
	items := []document{}
	for i := range 3 * len(seedStatuses) {
		item := seedIdea(i)
		switch i % 3 {
		case 1:
			item = seedTask(i)
		case 2:
			item = seedObservation(i)
			item["status"] = seedStatuses[i%len(seedStatuses)]
		}
		delete(item, "parentId")
		delete(item, "resolutionActual")
		item["id"] = num(int64(i + 1))
		item["summary"] = []string{"Shorten the way", "Repair the guard", "Spill on the floor"}[i%3]
		items = append(items, item)
	}
	return items
}

// generatedListID is the saved list of all generated items.
const generatedListID = 700

// generate adds the items of [WithGeneratedItems], and the list of them.
func (d *draft) generate(wanted *generated) error {
	if wanted == nil {
		return nil
	}
	for id := range d.items.outlines() {
		if id >= firstGeneratedID && id < firstGeneratedID+int64(wanted.count) {
			return fmt.Errorf("kainexus: WithGeneratedItems: the id %d is taken by an item of WithItems", id)
		}
	}
	p, err := newPopulation(wanted.count, wanted.seed)
	if err != nil {
		return err
	}
	d.own(&d.items).populate(p)
	return d.putList(List{ID: generatedListID, Name: "Generated items", Kind: ItemList, Only: Filter{Generated: true}})
}
