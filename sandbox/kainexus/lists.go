package kainexus

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A List is what an export is made from: an Item List or a People List that somebody
// saved, or a Card on a Board.
//
// Choice(cards): A Card on a Board is a saved list that says which Board it is on. The
// two kinds are exported alike.
type List struct {
	ID    int64     `json:"id"`
	Name  string    `json:"name"`
	Kind  ListKind  `json:"kind"`
	Board string    `json:"board,omitempty"` // the name of the Board that a Card is on
	IDs   []int64   `json:"ids,omitzero"`    // exactly these records, while they exist, in this order unless Order has a key
	Only  Filter    `json:"only,omitzero"`   // without IDs: all records but for those it leaves out
	Order ListOrder `json:"order,omitzero"`  // by id, or as IDs say, unless it has a key
}

// ListKind is what a List lists.
type ListKind string

// The kinds of lists.
const (
	ItemList   ListKind = "items"
	PeopleList ListKind = "people"
)

func (k ListKind) known() bool { return k == ItemList || k == PeopleList }

// Filter is how a List is configured. A record must pass all of its parts that are set,
// and a part of several values by any of them. A list of people has Locations only.
type Filter struct {
	Templates []int64  `json:"templates,omitempty"` // ids
	Statuses  []string `json:"statuses,omitempty"`  // Status Types, or names of Custom Statuses
	Charts    bool     `json:"charts,omitempty"`    // charts only
	Locations []int64  `json:"locations,omitempty"` // ids; not what is below them
	Generated bool     `json:"generated,omitempty"` // items of WithGeneratedItems only
}

// ListOrder is how a List is sorted.
//
// Choice(list-order): A list without an order comes in the order of ids, one of explicit
// ids in theirs. An ordered one has records without a value under the key last, and those
// with the same value by id. Texts compare as they are, by their bytes.
type ListOrder struct {
	Key        string `json:"key,omitempty"` // of the record: summary, dueDate, username ...
	Descending bool   `json:"descending,omitempty"`
}

// orderKeys are what a list can be sorted by: numbers and texts that cannot be objects.
var orderKeys = map[ListKind][]string{
	ItemList: slices.Concat(
		[]string{"id", "summary", "templateName", "status", "customStatus", "parentId", "lastUpdateDate", "likeCount", "ackCount", "voteCount"},
		itemDates,
	),
	PeopleList: {"id", "username", "firstName", "lastName", "email", "userType"},
}

// putList adds or replaces a saved list.
func (d *draft) putList(list List) error {
	if err := d.checkList(list); err != nil {
		return err
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	record, err := decode[List](text)
	if err != nil {
		return err
	}
	d.own(&d.lists).set(record)
	return nil
}

// deleteList takes a saved list away, and nothing of what it lists.
func (d *draft) deleteList(id int64) error {
	if !d.lists.has(id) {
		return missing("there is no list %d", id)
	}
	d.own(&d.lists).remove(id)
	return nil
}

func (d *draft) checkList(list List) error {
	switch {
	case list.ID < 1:
		return invalid("a list needs an id above 0")
	case list.Name == "":
		return invalid("a list needs a name")
	case !list.Kind.known():
		return invalid("the kind of a list is %s or %s, not %s", ItemList, PeopleList, name(string(list.Kind)))
	case list.IDs != nil && !list.Only.empty():
		return invalid("a list has ids or a filter, not both")
	case list.Kind == PeopleList && !(Filter{Locations: list.Only.Locations}).equal(list.Only):
		return invalid("a list of people is filtered by locations only")
	case list.Order.Key == "" && list.Order.Descending:
		return invalid("a descending list needs a key to be ordered by")
	case list.Order.Key != "" && !slices.Contains(orderKeys[list.Kind], list.Order.Key):
		return invalid("a list is ordered by one of %s", strings.Join(orderKeys[list.Kind], ", "))
	}
	seen := map[int64]bool{}
	for _, id := range list.IDs {
		if seen[id] {
			return invalid("the record %d is in the list twice", id)
		}
		seen[id] = true
	}
	return d.checkFilter(list.Only)
}

func (d *draft) checkFilter(only Filter) error {
	for _, id := range only.Templates {
		if !slices.ContainsFunc(templates, func(t template) bool { return t.id == id }) {
			return invalid("there is no template %d; there are %s", id, templateCatalog())
		}
	}
	for _, status := range only.Statuses {
		if _, ok := typeOfStatus(status); !ok && !isStatusType(status) {
			return invalid("there is no status %s; there are %s and the names %s", name(status), allStatusTypes(), allStatusNames())
		}
	}
	for _, id := range only.Locations {
		if !d.locations.has(id) {
			return invalid("there is no Network Location %d", id)
		}
	}
	return nil
}

// list is the saved list of an id.
func (s *state) list(id int64) (List, bool) {
	record, ok := s.lists.get(id)
	if !ok {
		return List{}, false
	}
	list, err := listOf(record)
	return list, err == nil
}

// savedLists are all lists, by id.
func (s *state) savedLists() []List {
	lists := []List{}
	for record := range s.lists.all() {
		if list, err := listOf(record); err == nil {
			lists = append(lists, list)
		}
	}
	return lists
}

func listOf(record document) (list List, err error) {
	text, err := json.Marshal(record)
	if err != nil {
		return list, err
	}
	return list, json.Unmarshal(text, &list)
}

// listed are the ids of what a saved list has now, in its order. The records of large
// lists are made one by one as they are answered.
//
// Choice(list-of-another-kind): The id of a People List where an Item List is wanted, or
// the other way round, or of a record, answers 403 ACCESS_DENIED, as an unknown id does.
func (s *state) listed(id int64, kind ListKind) ([]int64, error) {
	list, ok := s.list(id)
	if !ok || list.Kind != kind {
		return nil, denied("there is no list of %s with the id %d", kind, id)
	}
	// Choice(list-of-missing-records): A saved list of explicit ids may name records that do not
	// exist, be it not yet or no longer. It leaves them out while they do not.
	records := map[ListKind]*table{ItemList: s.items, PeopleList: s.users}[kind]
	ids := []int64{}
	for _, id := range list.IDs {
		if records.has(id) {
			ids = append(ids, id)
		}
	}
	if list.IDs == nil {
		for id, outline := range records.outlines() {
			if list.Only.passes(outline, s.items.drawn.has(id)) {
				ids = append(ids, id)
			}
		}
	}
	if list.Order.Key != "" {
		list.Order.sort(ids, records)
	}
	return ids, nil
}

func (f Filter) empty() bool { return f.equal(Filter{}) }

func (f Filter) equal(other Filter) bool {
	return slices.Equal(f.Templates, other.Templates) && slices.Equal(f.Statuses, other.Statuses) &&
		slices.Equal(f.Locations, other.Locations) && f.Charts == other.Charts && f.Generated == other.Generated
}

// placeKeys are where items and people say where they are.
var placeKeys = slices.Concat(locationLists, []string{"networkLocations"})

// passes tells whether a record is in the list.
//
// Choice(list-locations): A list of some locations has the items that are at one of them
// in any way, originating, responsible or participating, and the people who are at one;
// what is at a location below does not count.
func (f Filter) passes(record document, generated bool) bool {
	at := func(key string) bool {
		return slices.ContainsFunc(record.stored(key), func(l document) bool { return slices.Contains(f.Locations, l.id()) })
	}
	switch {
	case f.Generated && !generated,
		f.Charts && !record.has("chart"),
		len(f.Templates) > 0 && !slices.Contains(f.Templates, record.integer("templateId")),
		len(f.Statuses) > 0 && !slices.Contains(f.Statuses, record.text("status")) && !slices.Contains(f.Statuses, record.text("customStatus")),
		len(f.Locations) > 0 && !slices.ContainsFunc(placeKeys, at):
		return false
	}
	return true
}

// sort puts records in the order of their values, and those without one last.
func (o ListOrder) sort(ids []int64, records *table) {
	type sorted struct {
		id   int64
		has  bool
		n    float64
		text string
	}
	all := make([]sorted, len(ids))
	for i, id := range ids {
		record := document{o.Key: records.value(id, o.Key)}
		all[i] = sorted{id, record.has(o.Key), record.float(o.Key), record.text(o.Key)}
	}
	slices.SortFunc(all, func(a, b sorted) int {
		if a.has != b.has {
			return map[bool]int{true: -1, false: 1}[a.has]
		}
		by := cmp.Or(cmp.Compare(a.n, b.n), strings.Compare(a.text, b.text))
		if o.Descending {
			by = -by
		}
		return cmp.Or(by, cmp.Compare(a.id, b.id))
	})
	for i := range all {
		ids[i] = all[i].id
	}
}

// addLists puts the lists of [WithList].
func (d *draft) addLists(lists []List) error {
	for _, list := range lists {
		if err := d.putList(list); err != nil {
			return fmt.Errorf("kainexus: WithList: list %d: %w", list.ID, err)
		}
	}
	return nil
}
