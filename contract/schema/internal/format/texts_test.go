package format

import (
	"encoding/base64"
	"mime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTexts(t *testing.T) {
	anything := []string{"", "a", "\x00\xff", "<b>", "# é"}
	run(t, []vectors{
		{"binary", anything, nil},
		{"password", anything, nil},
		{"commonmark", anything, nil},
		{"html", anything, nil},
		{"byte",
			[]string{"", "YQ==", "YWI=", "YWJj", "+/+/", "YR=="},
			[]string{"Y", "YQ", "YQ=", "YQ===", "====", "=", "YW=j", "Y===", "-_-_", "YWJj\n", "YW Jj", "YQ==YQ==", "é==="}},
		{"base64url",
			[]string{"", "YQ", "YQ==", "YWI", "YWI=", "-_-_"},
			[]string{"Y", "YQ=", "YQ===", "====", "=", "+/+/", "Y===", "YW=j", "YW\n"}},
		{"char",
			[]string{"a", "é", "😀", "\n", "\x00"},
			[]string{"", "ab", "e\u0301"}},
		{"regex",
			[]string{"", "a|b", `^\d+$`, "(?=a)b", `(a)\1`, "(?<n>a)\\k<n>", "(?<=a+)b", "[]", "[^]", `\cA`, `\p{L}`, `[\w-.]`},
			[]string{"(", ")", "[", "*", "a**", "[b-a]", `\Z`, `\a`, "(?P<n>x)", "(?#c)a", "(?i)a", "(?ims)a", `\`, "a{2,1}", strings.Repeat("a", 64<<10+1)}},
		{"media-range",
			[]string{"*/*", "text/*", "text/html", "application/vnd.api+json", "text/html;charset=utf-8", "text/html ; a=b; c=\"d;\\\"e\"", "a/b;", "a/b;;c=d", "text/html;q=0.5"},
			[]string{"", "*", "text", "text/", "/html", "*/html", "text/html;a", "text/html;a=", "text/html;=b", `text/html;a="b`, "text/html;a=\"\x00\"", `text/html;a="\`, "text/html, */*", "text html", "text/html a=b", "text/h(tml", "text/html;a=b c=d"}},
		{"sf-binary",
			[]string{"::", ":YQ==:", ":YQ:", ":YWJj:"},
			[]string{"", ":", "YQ==", ":YQ==", ":Y:", ":-_-_:", ":YQ==:a", ":Y=:"}},
		{"sf-boolean", []string{"?0", "?1"}, []string{"", "?", "?2", "0", "true", "?10"}},
		{"sf-string",
			[]string{`""`, `"a b"`, `"a\"b"`, `"\\"`},
			[]string{"", `"`, "a", `"a`, `"a"b"`, `"\a"`, `"\"`, `"é"`, "\"\n\"", "\"\x7f\""}},
		{"sf-token",
			[]string{"a", "*", "a/b:c", "A1!#$%&'*+-.^_`|~"},
			[]string{"", "1a", "a b", "a,b", `a"`, "é", "aé", ":a"}},
	})
}

func FuzzBase64(f *testing.F) {
	f.Add("aGVsbG8=")
	f.Add("-_-_YQ")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\n") { // encoding/base64 skips them
			assert.False(t, byteText([]byte(text)) || base64URL([]byte(text)))
			return
		}
		_, standard := base64.StdEncoding.DecodeString(text)
		assert.Equal(t, standard == nil, byteText([]byte(text)), "%q", text)
		_, padded := base64.URLEncoding.DecodeString(text)
		_, raw := base64.RawURLEncoding.DecodeString(text)
		assert.Equal(t, padded == nil || raw == nil, base64URL([]byte(text)), "%q", text)
	})
}

// A range without stars and doubled parameters is a type to package mime.
func FuzzMediaRange(f *testing.F) {
	f.Add(`text/html; charset="utf-8"; q=1`)
	f.Fuzz(func(t *testing.T, text string) {
		if !mediaRange([]byte(text)) || strings.Contains(text, "*") || strings.Count(text, ";") > 1 {
			return
		}
		_, _, err := mime.ParseMediaType(text)
		assert.NoError(t, err, "%q", text)
	})
}
