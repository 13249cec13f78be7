package spectest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const description = `
openapi: 3.0.3
info: {title: Things, version: '1'}
servers: [{url: 'https://things.example/v1/'}]
paths:
  /things/all:
    get:
      operationId: listThings
      responses:
        '204': {description: None.}
  /things/{id}:
    get:
      operationId: getThing
      responses:
        '200':
          description: A thing.
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: {type: integer}
                  at: {type: string, format: date-time}
        '500':
          description: Anything.
          content:
            application/json: {}
        '203':
          description: A picture of it.
          content:
            image/png:
              schema: {type: string, format: binary}
`

func TestCheck(t *testing.T) {
	spec, err := Load([]byte(description))
	require.NoError(t, err)
	assert.ElementsMatch(t, []Answer{{"listThings", 204}, {"getThing", 200}, {"getThing", 203}, {"getThing", 500}}, spec.Answers())

	const mediaType = "application/json"
	for _, test := range []struct {
		name, method, path string
		status             int
		contentType, body  string
		problem            string
	}{
		{"conforms", "GET", "/v1/things/1", 200, mediaType, `{"id":9007199254740993}`, ""},
		{"with parameters", "GET", "/v1/things/1?x=1", 200, mediaType + "; charset=utf-8", ` {"id":1} `, ""},
		{"escaped slash", "GET", "/v1/things/1%2F2", 200, mediaType, `{"id":1}`, ""},
		{"no schema", "GET", "/v1/things/1", 500, mediaType, `[]`, ""},
		{"bytes", "GET", "/v1/things/1", 203, "image/png", "\x89PNG", ""},
		{"no bytes", "GET", "/v1/things/1", 203, "image/png", "", "the body is empty"},
		{"JSON for bytes", "GET", "/v1/things/1", 203, mediaType, "{}", `content type "application/json" is not declared`},
		{"no body", "GET", "/v1/things/all", 204, "", "", ""},
		{"a body where none is declared", "GET", "/v1/things/all", 204, "", "{}", "no body is declared"},
		{"a content type where none is declared", "GET", "/v1/things/all", 204, mediaType, "", "no body is declared"},
		{"literal segment first", "GET", "/v1/things/all", 200, mediaType, `{"id":1}`, "listThings: status 200 is not declared"},
		{"wrong type", "GET", "/v1/things/1", 200, mediaType, `{"id":"1"}`, "/id: string, where integer is declared (type)"},
		{"missing property", "GET", "/v1/things/1", 200, mediaType, `{}`, "/id: a required property is missing"},
		{"wrong format", "GET", "/v1/things/1", 200, mediaType, `{"id":1,"at":"today"}`, "/at: string, where a string in the format date-time is declared (format)"},
		{"not JSON", "GET", "/v1/things/1", 200, mediaType, `{`, "the body is not JSON"},
		{"trailing", "GET", "/v1/things/1", 200, mediaType, `{"id":1}{}`, "the body goes on after its JSON"},
		{"other content type", "GET", "/v1/things/1", 200, "text/plain", `{"id":1}`, `content type "text/plain" is not declared`},
		{"no content type", "GET", "/v1/things/1", 200, "", `{"id":1}`, "content type"},
		{"other status", "GET", "/v1/things/1", 404, mediaType, `{}`, "getThing: status 404 is not declared"},
		{"other method", "BREW", "/v1/things/1", 200, mediaType, `{}`, "BREW /v1/things/1 is not declared"},
		{"other path", "GET", "/v1/thing/1", 200, mediaType, `{}`, "GET /v1/thing/1 is not declared"},
		{"empty segment", "GET", "/v1/things/", 200, mediaType, `{}`, "is not declared"},
		{"other prefix", "GET", "/v2/things/1", 200, mediaType, `{}`, "is not declared"},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{}
			if test.contentType != "" {
				header.Set("Content-Type", test.contentType)
			}
			_, err := spec.Check(httptest.NewRequest(test.method, test.path, nil), test.status, header, []byte(test.body))
			if test.problem == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, test.problem)
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no description": "[",
		"no server":      "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {}",
		"no URL":         "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths: {}\nservers: [{url: ':'}]",
	} {
		_, err := Load([]byte(text))
		assert.ErrorContains(t, err, "spectest: ", name)
	}
}
