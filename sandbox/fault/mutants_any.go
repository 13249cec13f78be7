package fault

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"
)

// anyMutants belong to no operation: one has to be named.
var anyMutants = []Fault{
	// Statuses.
	mutant("teapot", "undeclared-status", "", "Answers 418, which no description declares.", answersAs(http.StatusTeapot), nil),
	mutant("created", "undeclared-status", "", "Answers 201 in the place of 200.", answersAs(http.StatusCreated), nil),
	mutant("no-content", "undeclared-status", "", "Answers 204 without a body in the place of 200.", after(func(x *exchange) {
		if x.answer.status == http.StatusOK {
			x.answer.status, x.answer.body = http.StatusNoContent, nil
			x.answer.header.Del("Content-Type")
		}
	}), nil),
	valid(mutant("bad-request", "status-lie", "", "Refuses with 400 a call that has nothing wrong with it.", before(func(x *exchange) {
		x.refuse(http.StatusBadRequest, "application/json", `{"error":"no","success":false,"errorCode":"NO"}`)
	}), nil)),
	valid(mutant("open-door", "status-lie", "", "Lets everybody in: what should be refused with 401 is answered with 200.", after(func(x *exchange) {
		if x.answer.status == http.StatusUnauthorized {
			x.refuse(http.StatusOK, "application/json", `{}`)
		}
	}), nil)),
	valid(mutant("forgotten-token", "status-lie", "", "Refuses with 401 a caller who is known.", effect{before: func(x *exchange) {
		x.request.Header.Del("Authorization")
	}}, nil)),

	// Headers.
	mutant("html", "wrong-content-type", "", "Sends a page of HTML, and says so.", after(func(x *exchange) {
		x.refuse(x.answer.status, "text/html; charset=utf-8", "<h1>Maintenance</h1>")
	}), nil),
	mutant("json-as-text", "wrong-content-type", "", "Says that JSON is plain text.", labels("text/plain; charset=utf-8"), answers("")),
	mutant("json-as-problem", "wrong-content-type", "", "Says that JSON is a problem report.", labels("application/problem+json"), answers("")),
	mutant("content-type-missing", "missing-header", "", "Does not say what the body is.", after(func(x *exchange) {
		x.answer.header.Del("Content-Type")
	}), nil),
	valid(mutant("challenge-missing", "missing-header", "", "Refuses with 401 and does not say, in WWW-Authenticate, what would be let in.", after(func(x *exchange) {
		x.answer.header.Del("WWW-Authenticate")
	}), nil)),

	// Bodies that are not the JSON they claim to be.
	mutant("html-as-json", "not-json", "", "Sends a page of HTML that claims to be JSON.", after(func(x *exchange) {
		x.answer.body = []byte("<h1>Maintenance</h1>")
	}), nil),
	mutant("empty-body", "empty-body", "", "Answers 200 with an empty body.", changesBody(func([]byte) []byte { return nil }), nil),
	mutant("json-cut", "not-json", "", "Sends half of the JSON, in a message that is whole.", changesBody(func(body []byte) []byte { return body[:len(body)/2] }), answers("")),
	mutant("trailing-comma", "not-json", "", "Puts a comma after the last member or element.", changesBody(func(body []byte) []byte {
		body = bytes.TrimSpace(body)
		last := max(0, len(body)-1) // another fault may have left nothing
		return splice(body, last, last, ",")
	}), answers("")),
	mutant("trailing-bytes", "trailing-bytes", "", "Sends a second JSON value after the first.", changesBody(func(body []byte) []byte {
		return append(bytes.TrimSpace(body), `{"more":true}`...)
	}), answers("")),
	mutant("byte-order-mark", "encoding", "", "Puts a byte order mark in front of the JSON.", changesBody(func(body []byte) []byte {
		return append([]byte("\xef\xbb\xbf"), body...)
	}), answers("")),
	mutant("utf-16", "encoding", "", "Sends the JSON in UTF-16, and says so.", after(func(x *exchange) {
		if x.answer.status == http.StatusOK {
			x.answer.body = inUTF16(x.answer.body)
			x.answer.header.Set("Content-Type", "application/json; charset=utf-16le")
		}
	}), answers("")),
	valid(mutant("invalid-utf-8", "encoding", "", "Puts a byte that is no UTF-8 into the first text.", changesBody(inFirstText("\xff")), answers(""))),
	valid(mutant("lone-surrogate", "encoding", "", "Puts one half of a surrogate pair into the first text.", changesBody(inFirstText(`\ud83d`)), answers(""))),
	mutant("unescaped-control", "not-json", "", "Puts a line break, unescaped, into the first text.", changesBody(inFirstText("\n")), answers("")),
	mutant("deep-nesting", "deep-nesting", "", "Encloses the JSON in 20,000 arrays.", changesBody(func(body []byte) []byte {
		const depth = 20_000
		return slices.Concat(bytes.Repeat([]byte("["), depth), body, bytes.Repeat([]byte("]"), depth))
	}), answers("")),
	mutant("null-body", "null", "", "Sends null in the place of the whole body.", changesBody(func([]byte) []byte { return []byte("null") }), answers("")),
	mutant("json-in-string", "wrong-type", "", "Sends the whole body as a JSON string that holds JSON.", changesBody(func(body []byte) []byte {
		quoted := bytes.NewBufferString(`"`)
		quoted.WriteString(strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(string(body)))
		return append(quoted.Bytes(), '"')
	}), answers("")),

	// Errors.
	mutant("error-shape", "error-shape", "", "Tells what is wrong in another shape, where it refuses a call.", changesErrors("application/json", `{"title":"no","status":400}`), nil),
	mutant("error-list", "error-shape", "", "Tells what is wrong as a list, where it refuses a call.", changesErrors("application/json", `[{"error":"no"}]`), nil),
	mutant("error-html", "error-shape", "", "Sends a page of HTML, and says so, where it refuses a call.", changesErrors("text/html; charset=utf-8", "<h1>No</h1>"), nil),
	mutant("error-empty", "error-shape", "", "Says nothing where it refuses a call.", after(func(x *exchange) {
		if x.answer.status >= http.StatusBadRequest {
			x.answer.body = nil
			x.answer.header.Del("Content-Type")
		}
	}), nil),
}

// answersAs sends what was a success with another status.
func answersAs(status int) effect {
	return after(func(x *exchange) { x.answer.status = status })
}

// labels says that the body is something else than it is.
func labels(contentType string) effect {
	return after(func(x *exchange) { x.answer.header.Set("Content-Type", contentType) })
}

func changesErrors(contentType, body string) effect {
	return after(func(x *exchange) {
		if x.answer.status >= http.StatusBadRequest {
			x.refuse(x.answer.status, contentType, body)
		}
	})
}

// inFirstText puts raw bytes into the first string that is no name of a member. One that
// starts with a digit is passed over: it may be a moment, whose form the schema knows.
func inFirstText(raw string) func([]byte) []byte {
	return func(body []byte) []byte {
		root, ok := find(body, "")
		if !ok {
			return body
		}
		if p, ok := firstText(body, root); ok {
			return prefix(raw)(body, p)
		}
		return body
	}
}

func firstText(text []byte, p place) (place, bool) {
	if text[p.start] == '"' && !strings.ContainsRune("0123456789", rune(text[p.start+1])) {
		return p, true
	}
	for _, child := range inside(text, p) {
		if found, ok := firstText(text, child); ok {
			return found, true
		}
	}
	return place{}, false
}

// inUTF16 writes text with the low byte first, as Windows does.
func inUTF16(text []byte) []byte {
	var encoded []byte
	for _, unit := range utf16.Encode([]rune(string(text))) {
		encoded = append(encoded, byte(unit), byte(unit>>8))
	}
	return encoded
}
