package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/internal/openapi"
)

// body is an answer to hold against what an operation declares.
type body struct {
	name      string
	product   string
	operation string
	target    string // of a request that has this answer
	text      []byte
	// typed makes what a client decodes the answer into.
	typed func() any
}

// makers make the bodies that can be asked for, in the order of the table.
var makers = []struct {
	name string
	make func(name string) body
}{
	{"items-20", func(name string) body { return items(name, 20, 1) }},
	{"records-300", func(name string) body { return records(name, 300, 2) }},
	{"items-20000", func(name string) body { return items(name, 20_000, 3) }},
}

// bodies makes those that are asked for.
func bodies(wanted string) ([]body, error) {
	var list []body
	for _, name := range strings.Split(wanted, ",") {
		at := slices.IndexFunc(makers, func(m struct {
			name string
			make func(string) body
		}) bool {
			return m.name == name
		})
		if at < 0 {
			return nil, fmt.Errorf("there is no body %q: want some of %s", name, bodyNames())
		}
		list = append(list, makers[at].make(name))
	}
	return list, nil
}

func bodyNames() string {
	var names []string
	for _, m := range makers {
		names = append(names, m.name)
	}
	return strings.Join(names, ",")
}

// described finds the operation of a body.
func (b body) described() (*openapi.Document, *openapi.Operation, error) {
	doc, err := openapi.Ours(b.product)
	if err != nil {
		return nil, nil, err
	}
	op := doc.Operation(b.operation)
	if op == nil {
		return nil, nil, fmt.Errorf("%s describes no %s", b.product, b.operation)
	}
	return doc, op, nil
}

// items is a list as KaiNexus answers it.
func items(name string, count int, seed uint64) body {
	w := newWriter(seed)
	w.braces(func() {
		w.raw("count", fmt.Sprint(count))
		w.raw("totalCount", fmt.Sprint(count))
		w.raw("offset", "0")
		w.raw("limit", fmt.Sprint(count))
		w.list("items", count, count, func() { item(w) })
	})
	return body{name, "kainexus", "listItems", "/api/public/v1/json/itemList?id=700", w.b, func() any { return new(kainexusapi.ItemPage) }}
}

var (
	statuses  = []string{"DRAFT", "NEW", "PLANNED", "ACTIVE", "RES_SUBMITTED", "COMPLETE", "DEFERRED", "DELETED"}
	templates = []string{"Idea", "Project", "Safety Incident", "A3", "Kaizen Event"}
	names     = []string{"Zoë", "John", "Amina", "Tariq", "Søren", "Mary-Ann", "Li", "Müller", "O'Brien", "Khan", "Okafor", "Van der Berg"}
	places    = []string{"Hall 3", "Shipping", "Zürich", "Emergency Department", "North Campus", "Line 12"}
)

// item is one of them. Who and what takes part differs from item to item, and so do the
// members that are there.
func item(w *writer) {
	id := w.random.IntN(90_000_000)
	w.integer("templateId", 400)
	w.text("templateName", w.one(templates))
	w.raw("id", fmt.Sprint(id))
	w.text("summary", w.sentence(3, 14))
	w.text("link", fmt.Sprintf("https://example.kainexus.com/link/i/%d", id))
	if w.chance(4) {
		w.integer("parentId", 90_000_000)
		w.text("parentSummary", w.sentence(3, 9))
	}
	w.text("status", w.one(statuses))
	if !w.chance(3) {
		w.text("customStatus", strings.ToUpper(w.sentence(1, 3)))
	}
	if w.chance(5) {
		w.raw("suppressNotifications", "true")
	}
	w.list("fields", 1, 5, func() { field(w) })
	if !w.chance(4) {
		w.list("attributes", 1, 3, func() { attribute(w) })
	}
	if w.chance(5) {
		w.list("milestones", 1, 3, func() {
			w.integer("id", 90_000_000)
			w.text("name", w.sentence(1, 4))
			w.text("status", "NOT_READY")
		})
	}
	team(w)
	dates(w)
	if w.chance(2) {
		w.object("resolutionActual", func() { resolution(w) })
	}
	w.integer("likeCount", 40)
	w.integer("ackCount", 300)
	w.integer("voteCount", 12)
}

func field(w *writer) {
	w.integer("id", 9_000)
	w.text("name", w.sentence(1, 3))
	switch w.random.IntN(4) {
	case 0:
		w.amount("numericValue")
	case 1:
		w.text("dateValue", stamp(w))
	default:
		text := w.sentence(4, 40)
		w.text("value", text)
		if w.chance(2) {
			w.text("htmlValue", "<p>"+strings.ReplaceAll(text, "\n", "</p><p class=\"x\">")+"</p>")
		}
	}
}

func attribute(w *writer) {
	w.integer("id", 9_000)
	w.text("name", w.sentence(1, 2))
	if w.chance(4) {
		w.text("score", fmt.Sprint(w.random.IntN(100)))
	}
	w.list("values", 1, 4, func() {
		w.integer("id", 90_000)
		w.text("name", w.sentence(1, 3))
	})
}

func team(w *writer) {
	person := func() { person(w) }
	location := func() {
		w.integer("id", 4_000)
		w.text("name", w.one(places))
	}
	w.list("authors", 1, 2, person)
	if w.chance(2) {
		w.list("collaborators", 1, 4, person)
	}
	if !w.chance(4) {
		w.object("responsible", person)
	}
	if w.chance(3) {
		w.object("assigner", person)
	}
	for _, role := range []string{"sponsors", "facilitators", "leaders", "participants"} {
		if w.chance(6) {
			w.list(role, 1, 2, person)
		}
	}
	w.list("followers", 0, 3, person)
	w.list("participatingLocations", 0, 2, location)
	w.list("originatingLocations", 1, 1, location)
	if w.chance(2) {
		w.list("responsibleLocations", 0, 2, location)
	}
}

func person(w *writer) {
	first, last := w.one(names), w.one(names)
	w.integer("id", 60_000)
	w.text("username", fmt.Sprintf("user%d", w.random.IntN(60_000)))
	if w.chance(2) {
		w.text("firstName", first)
		w.text("lastName", last)
		w.text("email", fmt.Sprintf("user.%d@example.com", w.random.IntN(60_000)))
	}
}

// stamp is a moment as KaiNexus writes it.
func stamp(w *writer) string { return w.moment().Format("2006-01-02T15:04:05.000-0700") }

func dates(w *writer) {
	w.text("createDate", stamp(w))
	w.text("lastUpdateDate", stamp(w))
	if w.chance(3) {
		w.raw("startDate", "null")
	} else {
		w.text("startDate", stamp(w))
	}
	for _, name := range []string{"assignDate", "dueDate", "reviewDate", "resolutionSubmitDate", "completeDate"} {
		if w.chance(2) {
			w.text(name, stamp(w))
		}
	}
}

func resolution(w *writer) {
	w.text("result", "CHANGE")
	if w.chance(4) {
		w.raw("impacts", "null")
		return
	}
	w.list("impacts", 0, 2, func() {
		w.integer("typeId", 40)
		w.text("typeName", w.sentence(1, 2))
		w.integer("id", 90_000_000)
		w.text("title", w.sentence(2, 6))
		w.text("valueType", "ONE_TIME")
		w.amount("amount")
		w.text("currencyCode", "USD")
		w.amount("calculatedValue")
	})
}

// records is a full page as Kinabase answers it.
func records(name string, count int, seed uint64) body {
	w := newWriter(seed)
	w.braces(func() {
		w.list("records", count, count, func() { record(w) })
		w.raw("totalRecords", "1500")
		w.raw("pageIndex", "0")
		w.raw("pageSize", fmt.Sprint(count))
	})
	return body{name, "kinabase", "listRecords", "/collections/suppliers", w.b, func() any { return new(kinabaseapi.RecordPage) }}
}

// record has the fields of a collection, of which some are empty.
func record(w *writer) {
	w.text("id", w.uuid())
	w.integer("numericId", 90_000)
	w.object("data", func() {
		w.text("supplier", w.sentence(1, 4))
		w.text("contact", w.one(names)+" "+w.one(names))
		w.amount("total")
		w.text("orderedOn", w.moment().Format("2006-01-02T15:04:05Z"))
		if w.chance(2) {
			w.text("notes", w.sentence(5, 40))
		}
		if w.chance(3) {
			w.raw("approved", "false")
		}
		w.object("site", func() { w.text("id", w.uuid()) })
	})
	switch w.random.IntN(3) {
	case 0:
		w.list("external", 1, 2, func() {
			w.text("key", "xero")
			w.text("id", w.uuid())
		})
	default:
		w.raw("external", "null")
	}
	w.raw("lists", "null")
	w.raw("fileStorage", "null")
	w.text("createdAt", w.moment().Format("2006-01-02T15:04:05Z"))
	w.text("updatedAt", w.moment().Format("02/01/2006 15:04:05 -07:00"))
}
