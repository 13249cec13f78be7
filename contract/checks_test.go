package contract

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/internal/openapi"
)

const described = `openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      x-confidence: documented
      responses:
        '200':
          description: Things.
          headers:
            X-Request-Id: {required: true, schema: {type: string}}
            X-Left: {schema: {type: integer, minimum: 0}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Things'}
            text/*: {schema: {type: string}}
        '204': {description: None.}
        4XX: {description: Refused.}
components:
  schemas:
    Things:
      type: object
      required: [things]
      properties:
        things:
          type: array
          maxItems: 2
          items:
            type: object
            properties:
              kind: {type: string, enum: [a, b], x-confidence: inferred}
              name: {type: string, pattern: '^[a-z]+$', maxLength: 4}
              size: {type: integer, minimum: 1}
              on: {type: string, format: date}
              gone: {type: string, nullable: true}
`

func thing(t *testing.T, status int, contentType, body string, header map[string]string) *exchange {
	t.Helper()
	doc, err := openapi.Parse(t.Context(), "things.yaml", []byte(described))
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/things", nil)
	require.NoError(t, err)
	response := &http.Response{StatusCode: status, Header: http.Header{}}
	if contentType != "" {
		response.Header.Set("Content-Type", contentType)
	}
	for name, value := range header {
		response.Header.Set(name, value)
	}
	x := newExchange(doc.Operation("listThings"), request, nil, response, []byte(body))
	x.validators = newValidators(&openapi3.T{}, false)
	return x
}

func TestExchangeChecks(t *testing.T) {
	const ok = `{"things":[]}`
	id := map[string]string{"X-Request-Id": "1"}
	tests := []struct {
		name        string
		check       exchangeCheck
		status      int
		contentType string
		body        string
		header      map[string]string
		// want is pointer and message of each violation.
		want [][2]string
	}{
		{"declared", statusDeclared, 200, "application/json", ok, id, nil},
		{"declared by range", statusDeclared, 418, "", "", nil, nil},
		{"undeclared", statusDeclared, 500, "", "", nil, [][2]string{{"", "status 500 is not among those declared: 200, 204, 4XX"}}},

		{"type", contentTypeDeclared, 200, "application/json; charset=utf-8", ok, id, nil},
		{"type by range", contentTypeDeclared, 200, "text/csv", "a,b", id, nil},
		{"no body where none is declared", contentTypeDeclared, 204, "", "", nil, nil},
		{"other type", contentTypeDeclared, 200, "application/xml", "<a/>", id, [][2]string{{"", "content type application/xml, where application/json, text/* is declared"}}},
		{"no type", contentTypeDeclared, 200, "", ok, id, [][2]string{{"", "no content type, where application/json, text/* is declared"}}},
		{"no body", contentTypeDeclared, 200, "", "", id, [][2]string{{"", "no body, where application/json, text/* is declared"}}},
		{"body where none is declared", contentTypeDeclared, 204, "text/plain", "hi", nil, [][2]string{{"", "a body of 2 bytes, where none is declared"}}},
		{"unreadable type", contentTypeDeclared, 200, "no type/;;", ok, id, [][2]string{{"", "a content type that cannot be read, where application/json, text/* is declared"}}},

		{"headers", headersConform, 200, "application/json", ok, map[string]string{"X-Request-Id": "1", "X-Left": "3"}, nil},
		{"header missing", headersConform, 200, "application/json", ok, nil, [][2]string{{"", "the header X-Request-Id is missing"}}},
		{"header of another type", headersConform, 200, "application/json", ok, map[string]string{"X-Request-Id": "1", "X-Left": "many"}, [][2]string{{"", "the header X-Left does not fit its schema: integer"}}},
		{"header out of range", headersConform, 200, "application/json", ok, map[string]string{"X-Request-Id": "1", "X-Left": "-1"}, [][2]string{{"", "the header X-Left does not fit its schema: integer"}}},

		{"body", bodyConforms, 200, "application/json", `{"things":[{"kind":"a","name":"x","size":1,"on":"2026-01-31","gone":null}]}`, id, nil},
		{"text", bodyConforms, 200, "text/plain", "hi", id, nil},
		{"empty text", bodyConforms, 200, "text/plain", "", id, [][2]string{{"", "the body is empty"}}},
		{"required property", bodyConforms, 200, "application/json", `{}`, id, [][2]string{{"/things", "a required property is missing"}}},
		{"type of a property", bodyConforms, 200, "application/json", `{"things":"none"}`, id, [][2]string{{"/things", "string, where array is declared"}}},
		{"enum", bodyConforms, 200, "application/json", `{"things":[{"kind":"c"}]}`, id, [][2]string{{"/things/0/kind", "a value that is none of the 2 declared"}}},
		{"pattern", bodyConforms, 200, "application/json", `{"things":[{"name":"X"}]}`, id, [][2]string{{"/things/0/name", "a string that does not match ^[a-z]+$"}}},
		{"length", bodyConforms, 200, "application/json", `{"things":[{"name":"abcde"}]}`, id, [][2]string{{"/things/0/name", "a string that breaks maxLength"}}},
		{"minimum", bodyConforms, 200, "application/json", `{"things":[{"size":0}]}`, id, [][2]string{{"/things/0/size", "a number that breaks minimum"}}},
		{"format", bodyConforms, 200, "application/json", `{"things":[{"on":"tomorrow"}]}`, id, [][2]string{{"/things/0/on", "a value that is not in the format date"}}},
		{"null", bodyConforms, 200, "application/json", `{"things":[{"name":null}]}`, id, [][2]string{{"/things/0/name", "null, where string is declared"}}},
		{"several at once", bodyConforms, 200, "application/json", `{"things":[{"name":1},{"size":"1"}]}`, id, [][2]string{{"/things/0/name", "number, where string is declared"}, {"/things/1/size", "string, where integer is declared"}}},
		{"too many", bodyConforms, 200, "application/json", `{"things":[{},{},{}]}`, id, [][2]string{{"/things", "an array that breaks maxItems"}}},
		{"not JSON", bodyConforms, 200, "application/json", `{"things":[}`, id, [][2]string{{"", "the body is not JSON at byte 12"}}},
		{"cut off", bodyConforms, 200, "application/json", `{"things":[`, id, [][2]string{{"", "the body is not JSON, or ends too early"}}},
		{"goes on", bodyConforms, 200, "application/json", ok + ok, id, [][2]string{{"", "the body goes on after its JSON value"}}},
	}
	for _, test := range tests {
		t.Run(test.check.ID+"/"+test.name, func(t *testing.T) {
			x := thing(t, test.status, test.contentType, test.body, test.header)
			require.True(t, test.check.applies(x))
			var got [][2]string
			for _, v := range test.check.run(x) {
				got = append(got, [2]string{v.pointer, v.message})
			}
			assert.ElementsMatch(t, test.want, got)
		})
	}
}

func TestAFindingKnowsHowSureTheDescriptionIs(t *testing.T) {
	x := thing(t, 200, "application/json", `{"things":[{"kind":"c"}]}`, nil)
	violations := bodyConforms.run(x)
	require.Len(t, violations, 1)
	assert.Equal(t, "inferred", violations[0].confidence)
	assert.Positive(t, violations[0].line)
	assert.Equal(t, "documented", confidence(x), "the operation's, where the response has none")
}

func TestFingerprintsPassOverIndexes(t *testing.T) {
	a := Finding{Check: "c", Operation: "o", Status: 200, Pointer: "/records/3/id"}
	b := a
	b.Pointer = "/records/17/id"
	assert.Equal(t, fingerprint(a), fingerprint(b))
	b.Pointer = "/records/17/name"
	assert.NotEqual(t, fingerprint(a), fingerprint(b))
	b = a
	b.Status = 404
	assert.NotEqual(t, fingerprint(a), fingerprint(b))
}

// answer is an exchange of which only the body and the query matter.
func answer(t *testing.T, query, body string) *exchange {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/things?"+query, nil)
	require.NoError(t, err)
	x := &exchange{request: request, status: 200, body: []byte(body)}
	x.value, x.valueErr = decodeJSON(x.body)
	require.NoError(t, x.valueErr)
	return x
}

func pagesOf(t *testing.T, complete bool, bodies ...string) walk {
	t.Helper()
	w := walk{elements: "items", total: "total", complete: complete}
	for _, body := range bodies {
		w.pages = append(w.pages, answer(t, "", body))
	}
	return w
}

func TestRelations(t *testing.T) {
	defaults := map[string]int64{"offset": 0, "limit": 10}
	second := func(_ *exchange, violations []violation) []violation { return violations }
	tests := []struct {
		name string
		got  []violation
		// want is pointer and part of the message; empty when nothing is wrong.
		want [2]string
	}{
		{"echo", checkEcho(answer(t, "offset=5&limit=3", `{"offset":5,"limit":3}`), defaults), [2]string{}},
		{"echo of defaults", checkEcho(answer(t, "", `{"offset":0,"limit":10}`), defaults), [2]string{}},
		{"no echo at all is the schema's matter", checkEcho(answer(t, "offset=5", `{}`), defaults), [2]string{}},
		{"wrong echo", checkEcho(answer(t, "offset=5", `{"offset":0}`), defaults), [2]string{"/offset", "not the 5 that was asked for"}},
		{"wrong default", checkEcho(answer(t, "", `{"limit":11}`), defaults), [2]string{"/limit", "not the 10"}},

		{"count", checkCount(answer(t, "", `{"count":2,"items":[1,2]}`), "count", "items"), [2]string{}},
		{"no count", checkCount(answer(t, "", `{"items":[1,2]}`), "count", "items"), [2]string{}},
		{"wrong count", checkCount(answer(t, "", `{"count":3,"items":[1,2]}`), "count", "items"), [2]string{"/count", "which has 2"}},
		{"page", checkPageSize(answer(t, "", `{"size":2,"items":[1,2]}`), "size", "items"), [2]string{}},
		{"overfull page", checkPageSize(answer(t, "", `{"size":1,"items":[1,2]}`), "size", "items"), [2]string{"/items", "2 elements"}},

		{"complete", second(checkComplete(pagesOf(t, true, `{"total":2,"items":[{"id":1}]}`, `{"total":2,"items":[{"id":2}]}`))), [2]string{}},
		{"incomplete", second(checkComplete(pagesOf(t, true, `{"total":3,"items":[{"id":1}]}`, `{"total":3,"items":[{"id":2}]}`))), [2]string{"/total", "2 pages hold together, which is 2"}},
		{"not read to the end", second(checkComplete(pagesOf(t, false, `{"total":3,"items":[{"id":1}]}`))), [2]string{}},
		{"more than the total", second(checkComplete(pagesOf(t, false, `{"total":1,"items":[{"id":1},{"id":2}]}`))), [2]string{"/total", "1 pages hold together, which is 2"}},
		{"disjoint", second(checkDisjoint(pagesOf(t, true, `{"items":[{"id":1}]}`, `{"items":[{"id":2},{}]}`, `{"items":[{}]}`), nil)), [2]string{}},
		{"repeated", second(checkDisjoint(pagesOf(t, true, `{"items":[{"id":"1"}]}`, `{"items":[{"id":"2"},{"id":"1"}]}`), nil)), [2]string{"/items/1", "page 0 has already"}},
		{"repeated on one page", second(checkDisjoint(pagesOf(t, true, `{"items":[{"id":"1"},{"id":"1"}]}`), nil)), [2]string{"/items/1", "page 0"}},

		{"moved to another page in between", second(checkDisjoint(pagesOf(t, true, `{"items":[{"id":"1"}]}`, `{"items":[{"id":"1"}]}`), map[string]bool{})), [2]string{}},
		{"known to stand on two", second(checkDisjoint(pagesOf(t, true, `{"items":[{"id":"1"}]}`, `{"items":[{"id":"1"}]}`), map[string]bool{"1": true})), [2]string{"/items/0", "page 0"}},

		{"all equals pages", checkAllEqualsPages(answer(t, "", `[{"id":2},{"id":1}]`), pagesOf(t, true, `{"items":[{"id":1}]}`, `{"items":[{"id":2}]}`)), [2]string{}},
		{"all has less", checkAllEqualsPages(answer(t, "", `[{"id":1}]`), pagesOf(t, true, `{"items":[{"id":1},{"id":2}]}`)), [2]string{"", "missing that a page has"}},
		{"all has more", checkAllEqualsPages(answer(t, "", `[{"id":1},{"id":2}]`), pagesOf(t, true, `{"items":[{"id":1}]}`)), [2]string{"/1", "that no page has"}},
		{"all has one twice", checkAllEqualsPages(answer(t, "", `[{"id":1},{"id":1}]`), pagesOf(t, true, `{"items":[{"id":1}]}`)), [2]string{"", "2 elements, where the pages have 1"}},

		{"same", checkSame(answer(t, "", `{"item":{"id":7}}`), "7", "item", "id"), [2]string{}},
		{"another", checkSame(answer(t, "", `{"item":{"id":8}}`), "7", "item", "id"), [2]string{"/item/id", "not the id"}},

		{"record of today", checkGeneration(answer(t, "", `{}`), decode(t, `[{"id":"a","data":{}}]`), "/records"), [2]string{}},
		{"record of 2023", checkGeneration(answer(t, "", `{}`), decode(t, `[{"id":"a","recordId":1}]`), "/records"), [2]string{}},
		{"record of neither", checkGeneration(answer(t, "", `{}`), decode(t, `[{"id":"a","data":{}},{"id":"b","data":null}]`), "/records"), [2]string{"/records/1", "neither data"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.want[1] == "" {
				assert.Empty(t, test.got)
				return
			}
			require.Len(t, test.got, 1)
			assert.Equal(t, test.want[0], test.got[0].pointer)
			assert.Contains(t, test.got[0].message, test.want[1])
		})
	}
}

func decode(t *testing.T, text string) []any {
	t.Helper()
	value, err := decodeJSON([]byte(text))
	require.NoError(t, err)
	return value.([]any)
}

func TestStatusesThatProveNothing(t *testing.T) {
	tests := []struct {
		status                   int
		unexpected, notRefused   bool
		stillThere, listDisagree bool
	}{
		{status: 200, notRefused: true, stillThere: true},
		{status: 400, unexpected: true, notRefused: true},
		{status: 401}, {status: 403}, {status: 429, notRefused: true},
		{status: 404, notRefused: true, listDisagree: true},
	}
	for _, test := range tests {
		x := answer(t, "", `{}`)
		x.status, x.declared = test.status, thing(t, 200, "", "", nil).declared
		assert.Equal(t, test.unexpected, len(checkExpected(x)) > 0, "%d: expected", test.status)
		assert.Equal(t, test.notRefused, len(checkRefused(x)) > 0, "%d: refused", test.status)
		assert.Equal(t, test.stillThere, len(checkGone(x)) > 0, "%d: gone", test.status)
		assert.Equal(t, test.listDisagree, len(checkSame(x, "1", "id")) > 0, "%d: same", test.status)
	}
}

func TestUndecodedQuotesNothing(t *testing.T) {
	var into struct {
		Total int `json:"total"`
	}
	err := json.Unmarshal([]byte(`{"total":12.345}`), &into)
	require.ErrorContains(t, err, "12.345", "which is why the decoder's words are not used")
	violations := undecoded(err)
	require.Len(t, violations, 1)
	assert.Equal(t, violation{pointer: "/total", message: "the generated client cannot decode a JSON number into a Go int"}, violations[0])
	assert.NotContains(t, undecoded(errors.New("at 'Ada'"))[0].message, "Ada")
	assert.Empty(t, undecoded(nil))
}

func TestChecksAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, check := range Checks() {
		assert.Regexp(t, `^[a-z_]+$`, check.ID)
		assert.NotEmpty(t, check.Doc)
		assert.False(t, seen[check.ID], check.ID)
		seen[check.ID] = true
	}
	assert.Len(t, seen, 16)
}
