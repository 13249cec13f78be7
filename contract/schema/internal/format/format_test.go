package format

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func Example() {
	check, known := Lookup("date")
	fmt.Println(known, check([]byte("2024-02-29")), check([]byte("2023-02-29")))
	_, known = Lookup("zip-code")
	fmt.Println(known, Applies("decimal") == Strings|Numbers)
	// Output:
	// true true false
	// false true
}

// vectors are texts that conform to a format, and texts that do not. Every format has some.
type vectors struct {
	format  string
	yes, no []string
}

func run(t *testing.T, tests []vectors) {
	for _, test := range tests {
		t.Run(test.format, func(t *testing.T) {
			check, known := Lookup(test.format)
			require.True(t, known)
			for _, text := range test.yes {
				assert.True(t, check([]byte(text)), "%.100q", text)
			}
			for _, text := range test.no {
				assert.False(t, check([]byte(text)), "%.100q", text)
			}
			comparePeers(t, test)
		})
	}
}

func TestNames(t *testing.T) {
	openAPI := []string{"int32", "int64", "float", "double", "byte", "binary", "date", "date-time", "password"}
	jsonSchema := []string{
		"date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri",
		"uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer", "relative-json-pointer", "regex",
	}
	for _, name := range slices.Concat(openAPI, jsonSchema) {
		_, known := Lookup(name)
		assert.True(t, known, name)
		assert.NotZero(t, Applies(name), name)
	}
	for _, name := range []string{"", "Date", "datetime", "zip-code"} {
		_, known := Lookup(name)
		assert.False(t, known, name)
		assert.Zero(t, Applies(name), name)
	}
	assert.Equal(t, Numbers, Applies("int64"))
	assert.Equal(t, Strings, Applies("uuid"))
}

// Each format has vectors in one of the tests.
func TestEveryFormatHasVectors(t *testing.T) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	var tested []string
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(file.Name())
		require.NoError(t, err)
		for _, found := range regexp.MustCompile(`(?m)^\t\t\{"([a-z0-9-]+)",(?: [^"]|$)`).FindAllSubmatch(source, -1) {
			tested = append(tested, string(found[1]))
		}
	}
	slices.Sort(tested)
	assert.Equal(t, slices.Sorted(maps.Keys(formats)), tested)
}

// A check that allocated would do so for each value of a long list.
func TestChecksDoNotAllocate(t *testing.T) {
	for name, text := range map[string]string{
		"date": "2024-02-29", "date-time": "2024-02-29T12:00:00.123+02:00", "time": "23:59:60Z", "duration": "P1Y2M3DT4H5M6S",
		"http-date": "Sun, 06 Nov 1994 08:49:37 GMT", "email": `"a b"@[IPv6:::1]`, "idn-email": "josé@example.com",
		"hostname": "www.example.com", "idn-hostname": "www.example.com", "ipv4": "127.0.0.1", "ipv6": "2001:db8::ffff:1.2.3.4",
		"uuid": "123e4567-e89b-12d3-a456-426614174000", "uri": "https://u@example.com:80/a/b%20c?d#e", "iri": "https://example.com/é",
		"uri-template": "/a/{b:3}{?c,d*}", "json-pointer": "/a/~0b", "relative-json-pointer": "1-1/a", "int64": "-9223372036854775808",
		"double": "1.7976931348623157e308", "decimal128": "1.5", "byte": "aGVsbG8=", "media-range": `text/html;a="b"`, "sf-string": `"a"`,
	} {
		check, known := Lookup(name)
		require.True(t, known, name)
		value := []byte(text)
		require.True(t, check(value), name)
		assert.Zero(t, testing.AllocsPerRun(50, func() { check(value) }), name)
	}
}

func FuzzAnyFormat(f *testing.F) {
	for _, seed := range []string{"", "1", "::", "{a}", "xn--", "é", "\xff", "[", "%", `"\`, "P", "//[", "1e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		before := strings.Clone(text)
		for _, name := range slices.Sorted(maps.Keys(formats)) {
			value := []byte(text)
			check, _ := Lookup(name)
			assert.Equal(t, check(value), check(value), name)
			assert.Equal(t, before, string(value), "%s changed its text", name)
		}
		// Formats that others contain.
		for _, pair := range [][2]string{
			{"hostname", "idn-hostname"}, {"email", "idn-email"}, {"uri", "iri"}, {"uri", "uri-reference"}, {"uri-reference", "iri-reference"},
			{"iri", "iri-reference"}, {"int8", "int16"}, {"int16", "int32"}, {"int32", "double-int"}, {"double-int", "int64"},
			{"uint32", "int64"}, {"int64", "decimal"}, {"float", "double"}, {"double", "decimal"}, {"sf-integer", "double-int"},
		} {
			narrow, _ := Lookup(pair[0])
			wide, _ := Lookup(pair[1])
			if narrow([]byte(text)) {
				assert.True(t, wide([]byte(text)), "%q is %s and not %s", text, pair[0], pair[1])
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	for _, bench := range []struct{ name, text string }{
		{"date-time", "2024-02-29T12:00:00.123+02:00"},
		{"uuid", "123e4567-e89b-12d3-a456-426614174000"},
		{"uri", "https://example.com/a/b?c=d"},
		{"email", "joe.bloggs@example.com"},
		{"int64", "1234567890123"},
	} {
		check, _ := Lookup(bench.name)
		text := []byte(bench.text)
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				check(text)
			}
		})
	}
}
