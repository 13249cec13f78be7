package jsonbody

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func nested(levels int) string {
	return `{"a":` + strings.Repeat("[", levels-1) + strings.Repeat("]", levels-1) + `}`
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ name, text, problem string }{
		{"object", ` {"a": 1} `, ""},
		{"brackets in a text", `{"a":"` + strings.Repeat(`[\"{`, MaxDepth) + `"}`, ""},
		{"brackets side by side", `{"a":[` + strings.Repeat("[],", MaxDepth) + `[]]}`, ""},
		{"as deep as allowed", nested(MaxDepth), ""},
		{"digits in a text", `{"a":"` + strings.Repeat("9", MaxNumber+1) + `"}`, ""},
		{"numbers side by side", `{"a":[` + strings.Repeat("1.5e3,", MaxNumber) + `1]}`, ""},
		{"a number as long as allowed", `{"a":` + strings.Repeat("9", MaxNumber) + `}`, ""},
		{"too long a number", `{"a":` + strings.Repeat("9", MaxNumber+1) + `}`, "the body has a number of more than 1000 characters"},
		{"too long a fraction", `{"a":-0.` + strings.Repeat("9", MaxNumber) + `}`, "the body has a number of more than 1000 characters"},
		{"too deep", nested(MaxDepth + 1), "the body is nested more than 1000 levels deep"},
		{"empty", "", "the body is empty; it must be a JSON object"},
		{"null", "null", "the body must be a JSON object"},
		{"array", "[{}]", "the body must be a JSON object"},
		{"two objects", "{}{}", "the body is not valid JSON at byte 3"},
		{"cut short", `{"a":`, "the body is not valid JSON at byte 5"},
		{"not UTF-8", "{\"\xff\":1}", "the body is not UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.text))
			if test.problem == "" {
				require.NoError(t, err)
				return
			}
			assert.EqualError(t, err, test.problem)
		})
	}
}

func TestRead(t *testing.T) {
	read := func(contentType, body string) (Object, error) {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		request.Header.Set("Content-Type", contentType)
		return Read(httptest.NewRecorder(), request)
	}
	object, err := read("application/JSON; charset=utf-8", `{"a":1.50}`)
	require.NoError(t, err)
	assert.Equal(t, map[string]json.RawMessage{"a": json.RawMessage("1.50")}, object.Members())

	for name, contentType := range map[string]string{"none": "", "another": "text/json", "malformed": "application/json; x"} {
		_, err := read(contentType, `{}`)
		assert.EqualError(t, err, "the header Content-Type must be application/json", name)
	}

	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"a":1}`))
	request.Header.Set("Content-Type", "text/plain")
	object, err = ReadUntyped(httptest.NewRecorder(), request)
	require.NoError(t, err)
	assert.True(t, object.Has("a"))

	filled := `{"a":"` + strings.Repeat("x", MaxBytes-len(`{"a":""}`)) + `"}`
	_, err = read("application/json", filled)
	assert.NoError(t, err)
	_, err = read("application/json", filled+" ")
	assert.EqualError(t, err, "the body is larger than 10485760 bytes")

	request = httptest.NewRequest(http.MethodPost, "/", brokenBody{})
	request.Header.Set("Content-Type", "application/json")
	_, err = Read(httptest.NewRecorder(), request)
	assert.EqualError(t, err, "the body could not be read to its end")

	request.Body = nil
	_, err = Read(httptest.NewRecorder(), request)
	assert.EqualError(t, err, "the body is empty; it must be a JSON object")
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, errors.New("cut") }

func TestObject(t *testing.T) {
	body, err := Parse([]byte(`{"text":"x","empty":"","null":null,"number":1,"object":{"in":{"key":1}},"objects":[{"id":1},{}],"texts":["a","b"],"mixed":["a",1]}`))
	require.NoError(t, err)
	inner, err := body.Object("object")
	require.NoError(t, err)
	inner, err = inner.Object("in")
	require.NoError(t, err)
	assert.Equal(t, "object.in", inner.Path())
	objects, err := body.Objects("objects", 2)
	require.NoError(t, err)
	require.Len(t, objects, 2)
	texts, err := body.Strings("texts", 2)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, texts)
	optional, err := body.OptionalString("text")
	require.NoError(t, err)
	assert.Equal(t, "x", *optional)
	for _, key := range []string{"null", "absent"} {
		optional, err := body.OptionalString(key)
		require.NoError(t, err)
		assert.Nil(t, optional)
		assert.False(t, body.Has(key))
	}
	assert.True(t, body.Has("empty"))

	for want, problem := range map[string]func() error{
		"number is required and must be a string":            func() error { _, err := body.String("number"); return err },
		"absent is required and must be a string":            func() error { _, err := body.String("absent"); return err },
		"null is required and must be a string":              func() error { _, err := body.NonEmptyString("null"); return err },
		"empty must not be empty":                            func() error { _, err := body.NonEmptyString("empty"); return err },
		"number must be a string or null":                    func() error { _, err := body.OptionalString("number"); return err },
		"texts is required and must be an object":            func() error { _, err := body.Object("texts"); return err },
		"object.in.key is required and must be a string":     func() error { _, err := inner.String("key"); return err },
		"objects[0].id is required and must be a string":     func() error { _, err := objects[0].String("id"); return err },
		"objects has 2 elements; at most 1 are allowed":      func() error { _, err := body.Objects("objects", 1); return err },
		"texts[0] is required and must be an object":         func() error { _, err := body.Objects("texts", 9); return err },
		"object is required and must be an array of objects": func() error { _, err := body.Objects("object", 9); return err },
		"null is required and must be an array of strings":   func() error { _, err := body.Strings("null", 9); return err },
		"mixed[1] is required and must be a string":          func() error { _, err := body.Strings("mixed", 9); return err },
		"objects[0].Id must be written in exactly this case": func() error { return objects[0].CheckCase("x", "Id") },
		"TEXT must be written in exactly this case":          func() error { return body.CheckCase("TEXT") },
	} {
		assert.EqualError(t, problem(), want)
	}
	assert.NoError(t, body.CheckCase("text", "absent"))
}

func TestWrite(t *testing.T) {
	response := httptest.NewRecorder()
	Write(response, http.StatusTeapot, map[string]any{"a": json.RawMessage(`"<1.50>"`)})
	assert.Equal(t, http.StatusTeapot, response.Code)
	assert.Equal(t, "application/json", response.Header().Get("Content-Type"))
	assert.Equal(t, `{"a":"<1.50>"}`+"\n", response.Body.String())
	assert.Panics(t, func() { Write(response, http.StatusOK, math.NaN()) })
}

func TestWriteArray(t *testing.T) {
	for _, n := range []int{0, 1, 2, flushEvery, flushEvery + 1} {
		var want []any
		for i := range n {
			want = append(want, float64(i))
		}
		response := httptest.NewRecorder()
		WriteArray(response, httptest.NewRequest(http.MethodGet, "/", nil), slices.Values(want))
		var got []any
		require.NoError(t, json.Unmarshal(response.Body.Bytes(), &got))
		assert.Equal(t, append([]any{}, want...), got)
		assert.True(t, response.Flushed)
	}
}

func TestWriteArrayStopsWhenTheClientIsGone(t *testing.T) {
	taken := 0
	var endless iter.Seq[any] = func(yield func(any) bool) {
		for yield(taken) {
			taken++
		}
	}
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	WriteArray(&goneAfter{ResponseRecorder: httptest.NewRecorder(), writes: 5}, request, endless)
	assert.Equal(t, 4, taken)
	taken = 0
	WriteArray(&goneAfter{ResponseRecorder: httptest.NewRecorder()}, request, endless)
	assert.Zero(t, taken)
}

func TestWriteArrayStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var endless iter.Seq[any] = func(yield func(any) bool) {
		for i := 0; yield(i); i++ {
			if i == 2 {
				cancel()
			}
		}
	}
	response := httptest.NewRecorder()
	WriteArray(response, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), endless)
	assert.Equal(t, "[0\n,1\n,2\n", response.Body.String(), "left open, so that nobody takes it for the whole")
}

// goneAfter fails after some writes.
type goneAfter struct {
	*httptest.ResponseRecorder
	writes int
}

func (g *goneAfter) Write(p []byte) (int, error) {
	if g.writes == 0 {
		return 0, errors.New("gone")
	}
	g.writes--
	return g.ResponseRecorder.Write(p)
}

// FuzzParse holds Parse against encoding/json: what it takes is a JSON object, and what
// it refuses is none, or says which limit it is beyond.
func FuzzParse(f *testing.F) {
	for _, text := range []string{`{"a":[1,"\"]"]}`, `{} x`, "\ufeff{}", `{"a":"\ud800"}`, nested(3)} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		object, err := Parse(text)
		isObject := json.Valid(text) && bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{"))
		if err == nil {
			assert.True(t, isObject)
			assert.NotNil(t, object.Members())
			return
		}
		if isObject {
			assert.Regexp(t, "UTF-8|nested", err.Error())
		}
	})
}
