package format

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReferences(t *testing.T) {
	absolute := []string{
		"http://example.com", "https://u:p@example.com:8080/a/b;c=d?e=f&g#h", "http://[2001:db8::7]/c", "http://[v1.a:b]/", "http://1.2.3.4",
		"http://999.1.1.1/", "http://a:", "http://:80", "http://u@", "http://@a", "http://a_b~c!$&'()*+,;=", "http://a%20b/", "file:///etc/hosts",
		"mailto:a@b", "tel:+1-816-555-1212", "urn:a:b", "a:", "a+b.c-1:/d", "x:?a=b#c?d/e", "x:a//b", "http://a?b", "http://a#b", "http://a.com:999999999",
	}
	relative := []string{"", "/", "/a/b", "a", "a/b:c", "./a:b", "//a/b", "?a", "#a", "//", "a?b#c", "//[::1]:1/"}
	malformed := []string{
		"http://a b", "http://a/%", "http://a/%4", "http://a/%4G", "http://a/<", "http://a/>", `http://a/"`, `\\a\b`, "http://a/{b}", "http://a/^", "http://a/`", "http://a/|",
		"1http://a", "ht_tp://a", ":a", "://a", "a,b:c", "http://a:b", "http://a:8:0", "http://a::", "http://[::1", "http://[::1]a", "http://[]", "http://[1.2.3.4]", "http://[v.a]", "http://[vg.a]",
		"http://[v1.]", "http://[::1%25eth0]/", "http://[@a/", "http://a@b@c", "http://2001:db8::7", "http://a/\n", "x:a#b#c", "http://a/[b]", "http://a/\x7f", "http://a\\b",
	}
	international := []string{"http://ƒøø.ßår/?∂éœ=πîx#πîüx", "http://é@ü:80/ö", "x:𐌀", "http://a/?\ue000", "http://a/?\U000f0000"}
	stray := []string{"http://a/\ue000", "http://a/#\ue000", "http://a/\u0080", "http://a/\ufdd0", "http://a/\ufffe", "http://a/\U0001ffff", "http://a/\U000e0001", "http://a/\xff", "é:a", "http://a:é", "http://[é]"}

	run(t, []vectors{
		{"uri", absolute, append(append(append([]string{}, relative...), malformed...), append(international, stray...)...)},
		{"uri-reference", append(append([]string{}, absolute...), relative...), append(append([]string{}, malformed...), append(international, stray...)...)},
		{"iri", append(append([]string{}, absolute...), international...), append(append(append([]string{"é/ü"}, relative...), malformed...), stray...)},
		{"iri-reference", append(append(append([]string{"é/ü", "//é"}, relative...), absolute...), international...), append(append([]string{}, malformed...), stray...)},
		{"uri-template",
			[]string{"", "a", "http://a/{b}", "{a}", "{a,b}", "{+a}", "{#a}", "{.a}", "{/a,b}", "{;a}", "{?a,b*}", "{&a}", "{=a}", "{,a}", "{!a}", "{@a}", "{|a}", "{a:1}", "{a:9999}", "{a*}", "{a.b_1}", "{%41.b}", "a%20b", "é{a}", "a'b", "\ue000\U000f0000", "{a}{b}"},
			[]string{"{", "}", "{}", "{+}", "{a", "a}", "{a,}", "{,,a}", "{a,,b}", "{a:0}", "{a:01}", "{a:10000}", "{a:}", "{a:b}", "{a:1*}", "{a**}", "{*}", "{a..b}", "{.}", "{..a}", "{a.}", "{a b}", "{a=b}", "{é}", "{%4}", "{%}", "{{a}}", "a b", "a%", "a%4", "a%GG", "<", ">", `\`, "^", "`", "|", `"`, "\x7f", "\n", "\xff", "\ufdd0"}},
		{"json-pointer",
			[]string{"", "/", "//", "/a/b", "/a~0b~1c", "/0", "/ ", "/é", "/a%25b", "/-", "/~01"},
			[]string{"a", "#", "#/a", "/~", "/a~", "/~2", "/~/a", "0", " /a"}},
		{"relative-json-pointer",
			[]string{"0", "1", "10", "100/a", "0/a/b", "0#", "1+1", "0-1/a", "1-0", "0+10#", "0//"},
			[]string{"", "/", "#", "01", "00", "01#", "-1", "+1", "0+", "0-01", "0++1", "0##", "0#/a", "1a", "0/~", "0/~2", "١", "1\n", "0+1a"}},
	})
}

// What RFC 3986 allows, net/url parses, but for what it wants of hosts and ports itself.
func FuzzURI(f *testing.F) {
	f.Add("https://u:p@example.com:80/a/../b%20c?d=e#f")
	f.Add("//[::1]/a:b")
	f.Fuzz(func(t *testing.T, text string) {
		if !uriReference([]byte(text)) {
			return
		}
		for _, c := range []byte(text) {
			assert.True(t, c > ' ' && c < 0x7f && !strings.ContainsRune(`"<>\^{|}`+"`", rune(c)), "%q", text)
		}
		parsed, err := url.Parse(text)
		// Escapes in hosts, addresses of later versions, and names with the delimiters in them
		// are errors there.
		authority, _, _ := strings.Cut(strings.TrimPrefix(text[strings.Index(text, "//")+1:], "/"), "/")
		if err != nil && strings.Contains(text, "//") && strings.ContainsAny(authority, "%[:!$&'()*+,;=") {
			return
		}
		if assert.NoError(t, err, "%q", text) && uri([]byte(text)) {
			assert.True(t, parsed.IsAbs(), "%q", text)
		}
	})
}
