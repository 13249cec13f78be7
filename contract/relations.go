package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// The checks of this file look at several exchanges, or at what an envelope says of
// itself. They read the bodies as they came, so that a generated type cannot hide
// anything, and pass over what bodyConforms has already found wrong.

var pagingEchoed = CheckInfo{"paging_echoed", "The envelope repeats the page or the offset that was asked for."}

// checkEcho compares query parameters with the properties of the same name.
// Parameters that were not sent have their default, where defaults names one.
func checkEcho(x *exchange, defaults map[string]int64) []violation {
	var violations []violation
	query := x.request.URL.Query()
	for _, name := range sortedKeys(defaults) {
		want := defaults[name]
		if text := query.Get(name); text != "" {
			sent, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				continue
			}
			want = sent
		}
		if got, ok := integer(member(x.value, name)); ok && got != want {
			violations = append(violations, violation{
				pointer: "/" + name,
				message: fmt.Sprintf("not the %d that was asked for", want),
				value:   strconv.FormatInt(got, 10),
			})
		}
	}
	return violations
}

var countMatches = CheckInfo{"count_matches", "The envelope's count, or its page size, agrees with how many elements there are."}

// checkCount wants exactly as many elements as the envelope counts.
func checkCount(x *exchange, count, elements string) []violation {
	list, ok := member(x.value, elements).([]any)
	if !ok {
		return nil
	}
	if n, ok := integer(member(x.value, count)); ok && n != int64(len(list)) {
		return []violation{{
			pointer: "/" + count,
			message: fmt.Sprintf("not the number of elements in /%s, which has %d", elements, len(list)),
			value:   strconv.FormatInt(n, 10),
		}}
	}
	return nil
}

// checkPageSize wants at most as many elements as a page holds.
func checkPageSize(x *exchange, size, elements string) []violation {
	list, _ := member(x.value, elements).([]any)
	if n, ok := integer(member(x.value, size)); ok && int64(len(list)) > n {
		return []violation{{pointer: "/" + elements, message: fmt.Sprintf("%d elements, which is more than /%s says", len(list), size)}}
	}
	return nil
}

// walk is the pages of one collection, in order.
type walk struct {
	pages []*exchange
	// elements and total are the names of the envelope's properties.
	elements, total string
	// complete says that the walk ended at a page that was not full.
	complete bool
}

// ids are those of all elements, page by page.
func (w walk) ids() []string {
	var list []string
	for _, page := range w.pages {
		elements, _ := member(page.value, w.elements).([]any)
		list = append(list, ids(elements)...)
	}
	return list
}

// totals are what each page says of the whole, where it says anything.
func (w walk) totals() []int64 {
	var list []int64
	for _, page := range w.pages {
		if n, ok := integer(member(page.value, w.total)); ok {
			list = append(list, n)
		}
	}
	return list
}

// steady tells whether every page gives the same total. When it does not, the
// collection may have changed in the meantime.
func (w walk) steady() bool { return len(slices.Compact(w.totals())) <= 1 }

// repeated are the ids that the walk has more than once.
func (w walk) repeated() map[string]bool {
	seen, twice := map[string]bool{}, map[string]bool{}
	for _, id := range w.ids() {
		if id != "" && seen[id] {
			twice[id] = true
		}
		seen[id] = true
	}
	return twice
}

// A walk reads at most this many elements and pages. A collection that is larger, or a
// server that answers full pages for ever, is not read to the end.
const (
	maxWalk  = 3000
	maxPages = 30
)

// walkThrough reads pages until one is not full, or one page behind the total. The
// total is negative where the server does not tell it.
func (r *run) walkThrough(elements, total string, size int, expected int64, page func(index int) *exchange) walk {
	w := walk{elements: elements, total: total}
	if expected < 0 || expected > maxWalk {
		expected = maxWalk
	}
	for index := 0; int64(index*size) <= expected && index < maxPages; index++ {
		x := page(index)
		if x == nil {
			break
		}
		w.pages = append(w.pages, x)
		if list, _ := member(x.value, elements).([]any); len(list) < size {
			w.complete = true
			break
		}
	}
	return w
}

// pageSizeFor chooses the size of pages so that there are at least three of them.
func pageSizeFor(total int64, largest int) int {
	if total < 0 {
		return min(10, largest)
	}
	return int(min(max((total+2)/3, 1), int64(largest)))
}

// totalOf reads a total, negative where there is none.
func totalOf(x *exchange, name string) int64 {
	if n, ok := integer(member(x.value, name)); ok && n >= 0 {
		return n
	}
	return -1
}

// walkTwice judges whether pages fit together. When they do not, they are read once
// more, and only what both readings show is said: on a live tenant something may have
// changed meanwhile.
func (r *run) walkTwice(operation string, read func() walk) walk {
	w := read()
	if len(w.pages) == 0 {
		return w
	}
	before := w
	_, incomplete := checkComplete(w)
	_, repeated := checkDisjoint(w, nil)
	if len(incomplete)+len(repeated) > 0 || !w.steady() {
		again := read()
		if len(again.pages) == 0 {
			return w
		}
		w = again
	}
	// An element that both readings have twice did not move in between.
	x, violations := checkDisjoint(w, before.repeated())
	r.judge(pagesDisjoint, x, violations)
	switch {
	case w.steady():
		x, violations = checkComplete(w)
		r.judge(pagesComplete, x, violations)
	case slices.Equal(before.totals(), w.totals()):
		r.judge(pagesComplete, w.pages[0], []violation{{
			pointer: "/" + w.total,
			message: "another total on each page, and the same ones when the pages are read again",
		}})
	default:
		r.tallies[operation].remark = "the total kept changing, so whether the pages are complete was not judged"
	}
	return w
}

var pagesComplete = CheckInfo{"pages_complete", "The pages of a collection hold as many elements together as the total says."}

func checkComplete(w walk) (*exchange, []violation) {
	first := w.pages[0]
	total, ok := integer(member(first.value, w.total))
	if !ok {
		return first, nil
	}
	if n := len(w.ids()); int64(n) > total || (w.complete && int64(n) != total) {
		return first, []violation{{
			pointer: "/" + w.total,
			message: fmt.Sprintf("not what %d pages hold together, which is %d", len(w.pages), n),
			value:   strconv.FormatInt(total, 10),
		}}
	}
	return first, nil
}

var pagesDisjoint = CheckInfo{"pages_disjoint", "No element stands on two pages of a collection, or twice on one."}

// checkDisjoint looks for an element that stands on two pages, or twice on one. An element
// on two pages may have moved between them, unless it is among those known to repeat;
// without such a list, all count.
func checkDisjoint(w walk, known map[string]bool) (*exchange, []violation) {
	seen := map[string]int{}
	for number, page := range w.pages {
		elements, _ := member(page.value, w.elements).([]any)
		for i, id := range ids(elements) {
			if id == "" {
				continue
			}
			if earlier, ok := seen[id]; ok && (known == nil || known[id] || earlier == number) {
				return page, []violation{{
					pointer: fmt.Sprintf("/%s/%d", w.elements, i),
					message: fmt.Sprintf("an element of page %d that page %d has already", number, earlier),
					value:   id,
				}}
			}
			seen[id] = number
		}
	}
	return w.pages[len(w.pages)-1], nil
}

var allEqualsPages = CheckInfo{"all_equals_pages", "The call for everything answers the same elements as the pages together."}

func checkAllEqualsPages(all *exchange, pages walk) []violation {
	elements, ok := all.value.([]any)
	if !ok {
		return nil
	}
	whole, paged := ids(elements), pages.ids()
	onPages, inAll := map[string]bool{}, map[string]bool{}
	for _, id := range paged {
		onPages[id] = true
	}
	for i, id := range whole {
		inAll[id] = true
		if !onPages[id] {
			return []violation{{pointer: fmt.Sprintf("/%d", i), message: "an element that no page has", value: id}}
		}
	}
	for _, id := range paged {
		if !inAll[id] {
			return []violation{{message: "an element is missing that a page has", value: id}}
		}
	}
	if len(whole) != len(paged) {
		return []violation{{message: fmt.Sprintf("%d elements, where the pages have %d", len(whole), len(paged))}}
	}
	return nil
}

var listAgreesWithGet = CheckInfo{"list_agrees_with_get", "What a list names can be read by its id, and is the same thing."}

// checkSame wants the exchange to answer the thing with the id. The pointer leads to
// the id within the body.
func checkSame(x *exchange, id string, pointer ...string) []violation {
	if x.status == http.StatusNotFound {
		return []violation{{message: "not found, although a list has just named it"}}
	}
	if !x.succeeded() {
		return nil
	}
	value := x.value
	for _, name := range pointer[:len(pointer)-1] {
		value = member(value, name)
	}
	if got := ids([]any{value})[0]; got != "" && got != id {
		return []violation{{pointer: jsonPointer(pointer), message: "not the id that was asked for", value: got}}
	}
	return nil
}

var recordGeneration = CheckInfo{"record_generation", "A record has its values under data, or is of the 2023 edition and has a recordId beside them."}

func checkGeneration(x *exchange, records []any, pointer string) []violation {
	for i, record := range records {
		_, current := member(record, "data").(map[string]any)
		if !current && member(record, "recordId") == nil {
			at := fmt.Sprintf("%s/%d", pointer, i)
			if _, single := x.value.(map[string]any); single && pointer == "" {
				at = ""
			}
			return []violation{{pointer: at, message: "neither data, as today, nor recordId, as in the 2023 edition"}}
		}
	}
	return nil
}

var writeTakesEffect = CheckInfo{"write_takes_effect", "What was written is what is read afterwards, and what was deleted is gone."}

// checkGone wants a deleted thing not to be readable any more.
func checkGone(x *exchange) []violation {
	if x.succeeded() {
		return []violation{{message: "still there after it was deleted"}}
	}
	return nil
}
