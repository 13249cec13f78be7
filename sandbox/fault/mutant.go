package fault

import (
	"net/http"
	"strings"

	"github.com/kaikina/kaikina/internal/openapi"
)

// breaks is a fault that changes an answer at a pointer so that it no longer fits its
// schema. Only answers with status 200 are changed, and only where the pointer leads.
func breaks(id, kind, operation, pointer string, how change, doc string) Fault {
	return mutant(id, kind, operation, doc, edits200(pointer, how), answers(pointer))
}

// lies is a fault that changes an answer at a pointer so that it still fits its schema.
func lies(id, kind, operation, pointer string, how change, doc string) Fault {
	f := breaks(id, kind, operation, pointer, how, doc)
	f.SchemaValid = true
	return f
}

// mutant is a fault with an effect of its own.
func mutant(id, kind, operation, doc string, e effect, needs need) Fault {
	return Fault{ID: id, Kind: kind, Doc: doc, Class: Contract, Operation: operation, start: plain(e), needs: needs}
}

// valid marks a mutant whose answers still fit their schema.
func valid(f Fault) Fault {
	f.SchemaValid = true
	return f
}

// edits200 changes a successful answer at a pointer.
func edits200(pointer string, how change) effect {
	return after(func(x *exchange) {
		if x.answer.status == http.StatusOK {
			x.answer.edit(pointer, how)
		}
	})
}

// edit changes the body where the pointer leads. Bodies without such a place, and bodies
// that are no JSON, stay as they are.
func (a *answer) edit(pointer string, how change) {
	if p, ok := find(a.body, pointer); ok {
		a.body = how(a.body, p)
	}
}

// changesBody puts another text in the place of a successful answer's.
func changesBody(to func(body []byte) []byte) effect {
	return after(func(x *exchange) {
		if x.answer.status == http.StatusOK {
			x.answer.body = to(x.answer.body)
		}
	})
}

// answers needs a value at the pointer to be declared for successful answers. What is
// declared of the last element is what is declared of any.
func answers(pointer string) need {
	declared := strings.ReplaceAll(pointer, "/last", "/*")
	return func(op *openapi.Operation) string {
		switch {
		case op.Declares(http.StatusOK, declared):
			return ""
		case pointer == "":
			return "its answer is no JSON"
		default:
			return "its answer has no " + pointer
		}
	}
}

// takes needs a query parameter to be declared.
func takes(parameter string) need {
	return func(op *openapi.Operation) string {
		if op.Takes(parameter) {
			return ""
		}
		return "it takes no " + parameter
	}
}

// both needs two things.
func both(a, b need) need {
	return func(op *openapi.Operation) string {
		if lack := a(op); lack != "" {
			return lack
		}
		return b(op)
	}
}

// is needs the operation to be one of those named.
func is(ids ...string) need {
	return func(op *openapi.Operation) string {
		for _, id := range ids {
			if op.ID == id {
				return ""
			}
		}
		return "it is only for " + strings.Join(ids, " and ")
	}
}

// ignores takes a query parameter out of the request before the sandbox sees it.
func ignores(parameters ...string) effect {
	return before(func(x *exchange) {
		target := *x.request.URL
		query := target.Query()
		for _, parameter := range parameters {
			query.Del(parameter)
		}
		target.RawQuery = query.Encode()
		x.request.URL = &target
		x.request.RequestURI = target.RequestURI()
	})
}

// asks changes the request's JSON at a pointer before the sandbox sees it.
func asks(pointer string, how change) effect {
	return before(func(x *exchange) {
		if p, ok := find(x.body, pointer); ok {
			x.setBody(how(x.body, p))
		}
	})
}
