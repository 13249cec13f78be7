package jsonstream

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	v2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

type thing struct {
	ID                   int                        `json:"id"`
	Note                 *string                    `json:"note,omitempty"`
	AdditionalProperties map[string]json.RawMessage `json:"-"`
}

// UnmarshalJSON is what a generated struct has; reading elements must not come here.
func (t *thing) UnmarshalJSON([]byte) error { return errors.New("read twice") }

var options = v2.WithUnmarshalers(Model[thing]())

func read(body io.Reader, layout Layout) (things []thing, err error) {
	for one, e := range Elements[thing](body, layout, options) {
		if e != nil {
			return things, e
		}
		things = append(things, one)
	}
	return things, nil
}

func TestElements(t *testing.T) {
	var others []string
	layout := Layout{Member: "records", Other: func(name string, value jsontext.Value) error {
		others = append(others, name+"="+string(value))
		return nil
	}}
	got, err := read(iotest.OneByteReader(strings.NewReader(` {"before":{"x":[1]},"records":[{"id":1,"odd":1.50,"note":"n"},{"id":2}],"total":2} `)), layout)
	require.NoError(t, err)
	assert.Equal(t, []thing{{ID: 1, Note: new("n"), AdditionalProperties: map[string]json.RawMessage{"odd": json.RawMessage("1.50")}}, {ID: 2}}, got)
	assert.Equal(t, []string{`before={"x":[1]}`, "total=2"}, others)

	got, err = read(strings.NewReader(`[{"id":7}]`), Layout{})
	require.NoError(t, err)
	assert.Equal(t, []thing{{ID: 7}}, got)
	got, err = read(strings.NewReader("[]\n"), Layout{})
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestElementsRefuses(t *testing.T) {
	failed := errors.New("failed")
	for _, test := range []struct {
		name, body, want string
		first            int // elements that are there before
	}{
		{"not an object", `[]`, "the body: is an array where an object should be (at byte 0)", 0},
		{"a number", ` 7`, "the body: is a number where an object should be (at byte 0)", 0},
		{"no array", `{"a":1}`, "/records: is missing (at byte 7)", 0},
		{"null", `{"records":null}`, "/records: is null where an array should be (at byte 10)", 0},
		{"other case", `{"Records":[]}`, "/records: is missing (at byte 14)", 0},
		{"twice", `{"records":[{"id":1}],"records":[]}`, "/records: comes twice (at byte 22)", 1},
		{"twice within", `{"records":[{"id":1},{"id":2,"id":3}]}`, "/records/1/id: comes twice (at byte 29)", 1},
		{"wrong kind", `{"records":[{"id":1},{"id":"secret"}]}`, "/records/1/id: is a string, which cannot be used here (at byte 27)", 1},
		{"broken", `{"records":[{"id":1},secret]}`, "/records/1: is not JSON (at byte 21)", 1},
		{"trailing", `{"records":[{"id":1}]} {}`, "the body: more follows after the end (at byte 24)", 1},
		{"html", `<html>`, "the body: is not JSON (at byte 0)", 0},
		{"invalid text", "{\"records\":[{\"id\":1,\"x\":\"\xff\"}]}", "/records/0/x: is not JSON (at byte 25)", 0},
		{"cut", `{"records":[{"id":1},{"id":2`, "unexpected EOF", 1},
		{"cut after", `{"records":[{"id":1}`, "unexpected EOF", 1},
		{"cut at the end", `{"records":[{"id":1}]`, "unexpected EOF", 1},
		{"empty", ``, "unexpected EOF", 0},
		{"cut in a name", `{"rec`, "unexpected EOF", 0},
		{"other", `{"other":1}`, "failed", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := read(strings.NewReader(test.body), Layout{Member: "records", Other: func(name string, _ jsontext.Value) error {
				if name == "other" {
					return failed
				}
				return nil
			}})
			require.EqualError(t, err, test.want)
			assert.Len(t, got, test.first)
		})
	}
}

// A failure to read stays recognizable.
func TestAFailureToReadIsPassedOn(t *testing.T) {
	failed := errors.New("reset")
	got, err := read(io.MultiReader(strings.NewReader(`[{"id":1},{"id"`), iotest.ErrReader(failed)), Layout{})
	require.ErrorIs(t, err, failed)
	assert.Len(t, got, 1)
}

func TestAnElementWithoutEndIsRefused(t *testing.T) {
	endless := iotest.DataErrReader(io.MultiReader(strings.NewReader(`[{"id":1},{"odd":"`), forever{}))
	came := 0
	for _, err := range elements[thing](endless, Layout{}, 100_000, options) {
		if err == nil {
			came++
			continue
		}
		var shape *ShapeError
		require.ErrorAs(t, err, &shape)
		assert.Equal(t, "one element has more than 100000 bytes", shape.Reason)
		assert.Less(t, shape.Offset, int64(500_000), "it was not read for long")
	}
	assert.Equal(t, 1, came)
	assert.EqualValues(t, 16<<20, MaxElement)
}

type forever struct{}

func (forever) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestElementsStopsWhenAsked(t *testing.T) {
	for range Elements[thing](io.MultiReader(strings.NewReader(`[{"id":1},`), iotest.ErrReader(errors.New("read on"))), Layout{}, options) {
		break
	}
}

// However a body is cut into pieces, the same comes out, and cut short it never passes for whole.
func TestElementsInPieces(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ids := rapid.SliceOf(rapid.IntRange(0, 99)).Draw(rt, "ids")
		var body strings.Builder
		body.WriteString(`{"records":[`)
		for i, id := range ids {
			if i > 0 {
				body.WriteByte(',')
			}
			fmt.Fprintf(&body, `{"id":%d,"x":"é\u00e9"}`, id)
		}
		body.WriteString(`]}`)
		text := body.String()
		cut := rapid.IntRange(0, len(text)).Draw(rt, "cut")
		got, err := read(iotest.HalfReader(strings.NewReader(text[:cut])), Layout{Member: "records"})
		if cut < len(text) {
			require.ErrorIs(rt, err, io.ErrUnexpectedEOF)
		} else {
			require.NoError(rt, err)
			require.Len(rt, got, len(ids))
		}
		for i, one := range got {
			require.Equal(rt, ids[i], one.ID)
		}
	})
}

func FuzzElements(f *testing.F) {
	f.Add([]byte(`{"records":[{"id":1,"odd":[]}],"total":1}`))
	f.Add([]byte(`{"records":[{"id":1}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := read(strings.NewReader(string(body)), Layout{Member: "records"})
		if err == nil {
			require.True(t, json.Valid(body))
			require.LessOrEqual(t, len(got), strings.Count(string(body), "{"))
			return
		}
		var shape *ShapeError
		require.True(t, errors.As(err, &shape) || err == io.ErrUnexpectedEOF)
	})
}

func TestUnmarshal(t *testing.T) {
	var one thing
	require.NoError(t, Unmarshal([]byte(`{"id":4,"z":null}`), &one, options))
	assert.Equal(t, thing{ID: 4, AdditionalProperties: map[string]json.RawMessage{"z": json.RawMessage("null")}}, one)
	assert.EqualError(t, Unmarshal([]byte(`{"id":true}`), &one, options), "/id: is a boolean, which cannot be used here (at byte 6)")
}

// A decoder that does not know the tag leaves the reading to the struct's own method.
func TestModelLosesNothingWithAnotherDecoder(t *testing.T) {
	var one thing
	err := Unmarshal([]byte(`{"id":4,"z":null}`), &one, v2.WithUnmarshalers(model[thing](`json:",nosuch"`)))
	assert.ErrorContains(t, err, "cannot be used")
	require.NoError(t, Unmarshal([]byte(`{"id":4,"z":null}`), &one, v2.WithUnmarshalers(Model[thing]())))
}

// A name may be anything, and as long as an element; an error ends up on a terminal.
func TestTheTextOfAShapeErrorIsFitToBePrinted(t *testing.T) {
	err := Unmarshal([]byte(`{"a\u001b[2J\n`+strings.Repeat("ä", 100_000)+`":"x"}`), new(map[string]int))
	require.Error(t, err)
	assert.Less(t, len(err.Error()), 1000)
	assert.NotContains(t, err.Error(), "\x1b")
	assert.NotContains(t, err.Error(), "\n")
	assert.Contains(t, err.Error(), `/a\x1b[2J\nää`)
	assert.True(t, utf8.ValidString(err.Error()))
}

// What stands beside the array is held to the same size as an element, all together: its
// names are remembered, and there may be no end of them.
func TestMembersBesideTheArrayAreBounded(t *testing.T) {
	members := func() io.Reader { // 64 of them, of a megabyte each
		var all []io.Reader
		for i := range 64 {
			all = append(all, strings.NewReader(fmt.Sprintf(`"%d":"%s",`, i, strings.Repeat("x", 1<<20))))
		}
		return io.MultiReader(all...)
	}
	for name, body := range map[string]io.Reader{
		"before": io.MultiReader(strings.NewReader("{"), members()),
		"after":  io.MultiReader(strings.NewReader(`{"records":[{"id":1}],`), members()),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(body, Layout{Member: "records"})
			var shape *ShapeError
			require.ErrorAs(t, err, &shape)
			assert.Less(t, shape.Offset, int64(3*MaxElement))
			assert.ErrorContains(t, err, "what stands beside the array has more than 16777216 bytes")
		})
	}
}
