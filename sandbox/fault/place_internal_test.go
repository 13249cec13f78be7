package fault

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFind(t *testing.T) {
	const text = ` { "a" : [ 1 , {"b,":"]\"}"} , null ] , "c":{} ,"d": -1.5e3}` + "\n"
	tests := []struct{ pointer, value, whole string }{
		{"", text[1 : len(text)-1], ""},
		{"/a", `[ 1 , {"b,":"]\"}"} , null ]`, `"a" : [ 1 , {"b,":"]\"}"} , null ] , `},
		{"/a/0", "1", "1 , "},
		{"/a/1/b,", `"]\"}"`, `"b,":"]\"}"`},
		{"/a/2", "null", ", null"},
		{"/a/last", "null", ", null"},
		{"/a/*/b,", `"]\"}"`, `"b,":"]\"}"`},
		{"/*", `[ 1 , {"b,":"]\"}"} , null ]`, `"a" : [ 1 , {"b,":"]\"}"} , null ] , `},
		{"/c", "{}", `"c":{} ,`},
		{"/d", "-1.5e3", `,"d": -1.5e3`},
	}
	for _, test := range tests {
		t.Run(test.pointer, func(t *testing.T) {
			p, ok := find([]byte(text), test.pointer)
			require.True(t, ok)
			assert.Equal(t, test.value, text[p.start:p.end])
			assert.Equal(t, test.whole, text[p.from:p.to])
		})
	}
	for _, pointer := range []string{"/b", "/a/3", "/a/b", "/c/*", "/c/last", "/d/0", "/a/*/c"} {
		_, ok := find([]byte(text), pointer)
		assert.False(t, ok, pointer)
	}
	for _, broken := range []string{"", "{", "[1,]", "nul", `"`} {
		_, ok := find([]byte(broken), "")
		assert.False(t, ok, broken)
	}
}

func TestChanges(t *testing.T) {
	tests := []struct {
		name, text, pointer string
		how                 change
		want                string
	}{
		{"remove the only one", `{"a":1}`, "/a", remove, `{}`},
		{"remove the last", `[1,2]`, "/last", remove, `[1]`},
		{"remove one between", `{"a":1, "b":2,"c":3}`, "/b", remove, `{"a":1, "c":3}`},
		{"put", `{"a":1}`, "/a", put("NaN"), `{"a":NaN}`},
		{"rename", `{"a": 1}`, "/a", rename("b"), `{"b": 1}`},
		{"rename an element", `[1]`, "/0", rename("b"), `[1]`},
		{"twice", `{"a":1,"b":2}`, "/a", twice("0"), `{"a":1,"a":0,"b":2}`},
		{"twice an element", `[1]`, "/0", twice("0"), `[1]`},
		{"plus", `{"a":41}`, "/a", plus(1), `{"a":42}`},
		{"plus to a text", `{"a":"b"}`, "/a", plus(1), `{"a":"b"}`},
		{"prefix", `{"a":"b"}`, "/a", prefix("\xff"), "{\"a\":\"\xffb\"}"},
		{"prefix of a number", `{"a":1}`, "/a", prefix("x"), `{"a":1}`},
		{"other text", `{"a":"b"}`, "/a", other, `{"a":"Something else"}`},
		{"other number", `{"a":-1.50}`, "/a", other, `{"a":71.50}`},
		{"other truth", `[true]`, "/0", other, `[false]`},
		{"other falsehood", `[false]`, "/0", other, `[true]`},
		{"other than nothing", `[null]`, "/0", other, `["Something else"]`},
		{"insert", `{ "a":1}`, "", insert(`"b":2`), `{"b":2, "a":1}`},
		{"insert where nothing is", `{}`, "", insert(`"b":2`), `{"b":2}`},
		{"insert into an array", `[]`, "", insert(`"b":2`), `[]`},
		{"reverse", "[1\n,[2]\n,3]", "", reverse, `[3,[2],1]`},
		{"reverse no array", `{}`, "", reverse, `{}`},
		{"repeat", `[1,2]`, "", repeatLast, `[1,2,2]`},
		{"repeat nothing", `[]`, "", repeatLast, `[]`},
		{"another", `[{"id":1}]`, "", another("/id", plus(1)), `[{"id":1},{"id":2}]`},
		{"another without it", `[1]`, "", another("/id", plus(1)), `[1]`},
		{"only the id", `{"a":1,"id":2}`, "", onlyID, `{"id":2}`},
		{"no id", `{"a":1}`, "", onlyID, `{"a":1}`},
		{"no object", `[1]`, "", onlyID, `[1]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for range 2 { // a change has no memory
				text := []byte(test.text)
				p, ok := find(text, test.pointer)
				require.True(t, ok)
				assert.Equal(t, test.want, string(test.how(text, p)))
				assert.Equal(t, test.text, string(text), "the text itself stays")
			}
		})
	}
}

// Wherever there is a member or an element, taking it out leaves JSON.
func FuzzRemove(f *testing.F) {
	for _, text := range []string{`{}`, `[1, 2 ,3]`, `{"a":{"b":[{}," ]"]},"":null}`, ` "x" `, `[[],[[]]]`, `{"\"":"\\"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, ok := find([]byte(text), "")
		require.Equal(t, json.Valid([]byte(text)), ok)
		if !ok {
			return
		}
		require.Equal(t, strings.Trim(text, " \t\r\n"), text[root.start:root.end])
		children := inside([]byte(text), root)
		for _, child := range children {
			require.True(t, json.Valid([]byte(text[child.start:child.end])))
			left := remove([]byte(text), child)
			require.True(t, json.Valid(left), "%s", left)
			rest, _ := find(left, "")
			require.Len(t, inside(left, rest), len(children)-1)
		}
	})
}
