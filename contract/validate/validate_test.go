package validate

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/contract/schema"
)

// found is what a validator says of an answer, and the body that passed through it.
func found(t testing.TB, v *Validator, operation string, status int, contentType, body string) (findings []*Finding, text string) {
	t.Helper()
	response := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	if contentType != "" {
		response.Header.Set("Content-Type", contentType)
	}
	checked := v.Validate(operation, response, func(finding error, offset int64) {
		f, ok := errors.AsType[*Finding](finding)
		require.True(t, ok)
		assert.Equal(t, f.Offset, offset)
		findings = append(findings, f)
	})
	read, err := io.ReadAll(checked)
	require.NoError(t, err)
	require.NoError(t, checked.Close())
	return findings, string(read)
}

// Every schema of every answer that the clients may get can be used.
func TestAllAnswersCanBeValidated(t *testing.T) {
	kainexus, err := KaiNexus(schema.Options{})
	require.NoError(t, err)
	kinabase, err := Kinabase(schema.Options{})
	require.NoError(t, err)
	answers := 0
	for _, v := range []*Validator{kainexus, kinabase} {
		for _, op := range v.document.Operations {
			for status := 200; status < 300; status++ {
				if _, response := op.Response(status); response == nil || response.Content[jsonType] == nil {
					continue
				}
				findings, _ := found(t, v, op.ID, status, jsonType, "!")
				require.Len(t, findings, 1, op.ID)
				assert.Equal(t, schema.Malformed, findings[0].Class, op.ID)
				answers++
			}
		}
	}
	assert.Greater(t, answers, 35)
}

// An answer that the description does not have is a finding, whatever its body.
func TestWhatIsNotDeclared(t *testing.T) {
	v, err := Kinabase(schema.Options{})
	require.NoError(t, err)
	const record = `{"id":"r","data":{}}`
	for _, test := range []struct {
		name, operation   string
		status            int
		contentType, body string
		want              []string
	}{
		{"as declared", "getRecord", 200, "application/json; charset=utf-8", record, nil},
		{"status", "getRecord", 202, jsonType, record, []string{"status invalid"}},
		{"operation", "getEverything", 200, jsonType, record, []string{"operation unchecked"}},
		{"content type", "getRecord", 200, "text/html", record, []string{"content-type invalid"}},
		{"no content type", "getRecord", 200, "", record, []string{"content-type invalid"}},
		{"content type of no sense", "getRecord", 200, ";", record, []string{"content-type invalid"}},
		{"another JSON", "getRecord", 200, "application/problem+json", `{"id":7,"data":{}}`, []string{"content-type invalid", "type invalid"}},
		{"body", "getRecord", 200, jsonType, `{"id":7,"data":{}}`, []string{"type invalid"}},
		{"nothing", "getRecord", 200, jsonType, ``, []string{"json malformed"}},
		{"twice", "getRecord", 200, jsonType, `{"id":"r","id":"s","data":{}}`, []string{"duplicate malformed"}},
		{"inexact", "getRecord", 200, jsonType, `{"id":"r","data":{},"numericId":1.0}`, nil},
		{"undeclared, which is allowed", "getRecord", 200, jsonType, `{"id":"r","data":{},"extra":1}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			findings, text := found(t, v, test.operation, test.status, test.contentType, test.body)
			assert.Equal(t, test.body, text)
			var told []string
			for _, f := range findings {
				told = append(told, f.Keyword+" "+f.Class.String())
				assert.Equal(t, test.operation, f.Operation)
				assert.Equal(t, test.status, f.Status)
			}
			assert.Equal(t, test.want, told)
		})
	}
	strict, err := Kinabase(schema.Options{Strict: true})
	require.NoError(t, err)
	findings, _ := found(t, strict, "getRecord", 200, jsonType, `{"id":"r","data":{},"extra":1}`)
	require.Len(t, findings, 1)
	assert.Equal(t, schema.Undeclared, findings[0].Class)

	kainexus, err := KaiNexus(schema.Options{})
	require.NoError(t, err)
	findings, _ = found(t, kainexus, "exportItems", 200, "application/octet-stream", "PK")
	assert.Empty(t, findings, "no JSON is declared for workbooks")
}

// A description of one's own is taken as ours is, and a schema in it that cannot be used is a
// finding, not a pass.
func TestParse(t *testing.T) {
	const text = `
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a:
    get:
      operationId: good
      responses: {'200': {description: d, content: {application/json: {schema: {type: integer}}, text/plain: {schema: {type: string}}}}}
  /b:
    get:
      operationId: bad
      responses: {'200': {description: d, content: {application/json: {schema: {type: string, pattern: '(?i)a'}}}}}
`
	v, err := Parse(t.Context(), "mine.yaml", []byte(text), schema.Options{})
	require.NoError(t, err)
	findings, _ := found(t, v, "good", 200, jsonType, `"x"`)
	require.Len(t, findings, 1)
	assert.EqualError(t, findings[0], "the body: string, where integer is declared (type, mine.yaml:8)")
	findings, _ = found(t, v, "good", 200, "text/plain", `x`)
	assert.Empty(t, findings, "which is declared besides")
	findings, _ = found(t, v, "bad", 200, jsonType, `"x"`)
	require.Len(t, findings, 1)
	assert.Equal(t, schema.Unchecked, findings[0].Class)
	assert.ErrorContains(t, findings[0], "the body: not validated, since its schema cannot be used")

	v, err = Parse(t.Context(), "mine.yaml", []byte(strings.NewReplacer("3.0.3", "3.1.0", "type: integer", "type: [integer, 'null']", "(?i)a", "a").Replace(text)), schema.Options{})
	require.NoError(t, err)
	findings, _ = found(t, v, "good", 200, jsonType, `null`)
	assert.Empty(t, findings, "the version says what its schemas mean")

	_, err = Parse(t.Context(), "mine.yaml", []byte("openapi: 3.0.3"), schema.Options{})
	require.ErrorContains(t, err, "mine.yaml")
	_, err = Kinabase(schema.Options{MaxDepth: -1})
	require.ErrorContains(t, err, "MaxDepth")
	_, err = ours("kaizen", schema.Options{})
	require.ErrorContains(t, err, "kaizen")
}

// A request's schema is not a response's: the direction is not the caller's choice.
func TestDirectionIsGiven(t *testing.T) {
	v, err := Kinabase(schema.Options{Direction: schema.Request, Dialect: schema.OpenAPI31})
	require.NoError(t, err)
	assert.Equal(t, schema.Options{}.In(v.document.T), v.options)
}

func TestFinding(t *testing.T) {
	f := &Finding{Operation: "getRecord", Status: 200, Finding: schema.Finding{
		Pointer: "/data/a s3cret~1b", Keyword: "type", Message: "number, where string is declared", Offset: 17, File: "kinabase.yaml", Line: 12,
	}}
	assert.EqualError(t, f, "/data/a s3cret~1b: number, where string is declared (type, kinabase.yaml:12)")
	assert.Equal(t, "[operation=getRecord status=200 class=invalid pointer=/data/a s3cret~1b keyword=type message=number, where string is declared offset=17 source=kinabase.yaml:12]", f.LogValue().String())

	safe := f.Redacted(func(text string) string { return strings.ReplaceAll(text, "s3cret/", "~") })
	assert.EqualError(t, safe, "/data/a ~0b: number, where string is declared (type, kinabase.yaml:12)")
	assert.Contains(t, f.Pointer, "s3cret", "the finding itself stays what it is")

	f.Pointer, f.Line = "/"+strings.Repeat("\n", 300), 0
	assert.EqualError(t, f, "/"+strings.Repeat(`\n`, 199)+"...: number, where string is declared (type)")
	assert.NotContains(t, f.LogValue().String(), "source")
}

// Many may ask at the same time, for answers of the same kind.
func TestConcurrentUse(t *testing.T) {
	v, err := Kinabase(schema.Options{})
	require.NoError(t, err)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			for range 20 {
				findings, _ := found(t, v, "getRecord", 200, jsonType, fmt.Sprintf(`{"id":%d,"data":{}}`, i))
				assert.Len(t, findings, 1)
			}
		})
	}
	all.Wait()
	compiled := 0
	v.compiled.Range(func(any, any) bool { compiled++; return true })
	assert.Equal(t, 1, compiled)
}
