package fault

import (
	"net/http"
	"strconv"
)

// paging is how a product cuts a list into pages.
type paging struct {
	// elements is where a page has its elements.
	elements string
	// start is the query parameter that says where a page starts. It counts pages, unless
	// step names the parameter with the number of elements between two starts.
	start, step string
}

var (
	recordPages = paging{elements: "/records", start: "pageIndex"}
	itemPages   = paging{elements: "/items", start: "offset", step: "limit"}
)

// needs is what an operation must have to be paged like this.
func (p paging) needs() need { return both(answers(p.elements), takes(p.start)) }

// started is where the page starts that the caller asks for.
func (p paging) started(x *exchange) int {
	start, _ := strconv.Atoi(x.request.URL.Query().Get(p.start))
	return start
}

// pageAt asks the sandbox for the elements of the page with another start.
func (p paging) pageAt(x *exchange, start int) []string {
	query := x.request.URL.Query()
	query.Set(p.start, strconv.Itoa(start))
	page := x.askFor(http.MethodGet, x.request.URL.Path, query)
	if list, ok := find(page.body, p.elements); ok && page.status == http.StatusOK {
		return texts(page.body, list)
	}
	return nil
}

// later changes the elements of all pages but the first.
func (p paging) later(to func(x *exchange, list []string) []string) effect {
	return after(func(x *exchange) {
		if x.answer.status == http.StatusOK && p.started(x) > 0 {
			x.answer.edit(p.elements, elements(func(list []string) []string { return to(x, list) }))
		}
	})
}

// repeat puts the first element of the first page in the place of a later page's first.
func (p paging) repeat() effect {
	return p.later(func(x *exchange, list []string) []string {
		if first := p.pageAt(x, 0); len(first) > 0 && len(list) > 0 {
			list[0] = first[0]
		}
		return list
	})
}

// skip leaves out the first element of later pages.
func (p paging) skip() effect {
	return p.later(func(_ *exchange, list []string) []string { return list[min(1, len(list)):] })
}

// oversize adds the first element of the next page.
func (p paging) oversize() effect {
	return after(func(x *exchange) {
		step := 1
		if p.step != "" {
			step, _ = strconv.Atoi(x.request.URL.Query().Get(p.step))
		}
		if x.answer.status != http.StatusOK || step == 0 {
			return
		}
		next := p.pageAt(x, p.started(x)+step)
		x.answer.edit(p.elements, elements(func(list []string) []string { return append(list, next[:min(1, len(next))]...) }))
	})
}

// unstable turns the order of a page round on every second call.
func (p paging) unstable() effect {
	return after(func(x *exchange) {
		if x.answer.status == http.StatusOK && x.call%2 == 0 {
			x.answer.edit(p.elements, reverse)
		}
	})
}
