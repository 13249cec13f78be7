package transport

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPathSegment(t *testing.T) {
	tests := []struct {
		name  string
		value string
		fine  bool
	}{
		{"slug", "purchase-orders", true},
		{"UUID", "0f8c1d52-0000-4000-8000-000000000001", true},
		{"spaces", "a service", true},
		{"slash", "x/y,z?", true},
		{"URL", "https://crm.example/accounts/7#top", true},
		{"file name", "report.v1..2.pdf", true},
		{"three dots", "...", true},
		{"percent", "100%", true},
		{"letters", "Ångström 東京", true},
		{"empty", "", false},
		{"dot", ".", false},
		{"dots", "..", false},
		{"escaped dot", "%2e", false},
		{"escaped dots", "%2E%2e", false},
		{"half escaped dots", ".%2e", false},
		{"twice escaped dots", "%252e%252E", false},
		{"five times escaped dots", "%252525252e.", false},
		{"climbs", "../../token", false},
		{"climbs between", "a/../b", false},
		{"climbs at the end", "a/..", false},
		{"climbs by backslash", `a\..\b`, false},
		{"climbs by escaped slash", "a%2f..%2fb", false},
		{"climbs by escaped backslash", "a%5C%2e%2e", false},
		{"dot between", "a/./b", false},
		{"line break", "a\nb", false},
		{"zero", "a\x00b", false},
		{"delete", "a\x7f", false},
		{"C1", "a\u0085b", false},
		{"escaped line break", "a%0d%0ab", false},
		{"not UTF-8", "a\xffb", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := PathSegment("recordId", test.value)
			if test.fine {
				require.NoError(t, err)
				return
			}
			var at *PathError
			require.ErrorAs(t, err, &at)
			assert.Equal(t, "recordId", at.Name)
			assert.ErrorContains(t, err, "path parameter recordId ")
			if len(test.value) > 2 {
				assert.NotContains(t, err.Error(), test.value)
			}
		})
	}
}

// Whatever is let through, and however often it is unescaped, stays where it was put.
func TestPathSegmentsNeverClimb(t *testing.T) {
	alphabet := rapid.SampledFrom([]string{".", "..", "/", `\`, "%", "2e", "2E", "25", "2f", "5c", "a", "é", " ", "\n", "%2e", "0a"})
	rapid.Check(t, func(t *rapid.T) {
		value := strings.Join(rapid.SliceOfN(alphabet, 0, 8).Draw(t, "value"), "")
		if PathSegment("id", value) != nil {
			return
		}
		for i := range 10 {
			u, err := url.Parse("https://api.test/v1/things/")
			if err != nil {
				t.Fatal(err)
			}
			there := u.ResolveReference(&url.URL{Path: u.Path + strings.ReplaceAll(value, `\`, "/")})
			if !strings.HasPrefix(there.Path, "/v1/things/") || there.Path == "/v1/things/" {
				t.Fatalf("%q unescaped %d times leads to %q", value, i, there.Path)
			}
			plain, err := url.PathUnescape(value)
			if err != nil || plain == value {
				return
			}
			value = plain
		}
	})
}

func FuzzPathSegment(f *testing.F) {
	f.Add("a/../b")
	f.Add("%252e%2e")
	f.Fuzz(func(t *testing.T, value string) {
		err := PathSegment("id", value)
		if err != nil && len(value) > 40 {
			assert.NotContains(t, err.Error(), value)
		}
		if err == nil && (value == "" || value == "." || value == "..") {
			t.Fatalf("%q is let through", value)
		}
	})
}

func TestPathsThatLeadElsewhereAreNotSent(t *testing.T) {
	tests := []struct {
		name string
		url  string
		want string
	}{
		{"empty id", testBase + "/collections/c/", "recordId is empty"},
		{"empty id in the middle", testBase + "/collections//all", "collectionId is empty"},
		{"trailing slash", testBase + "/status/", "has an empty segment"},
		{"dots", testBase + "/collections/c/..", "recordId is or holds a dot segment"},
		{"escaped dots", testBase + "/collections/c/%2e%2e", "recordId is or holds a dot segment"},
		{"twice escaped dots", testBase + "/collections/c/%252e%252e", "recordId is or holds a dot segment"},
		{"dots in an escaped slash", testBase + "/collections/c/a%2f..%2Fb", "recordId is or holds a dot segment"},
		{"dots where no operation is", testBase + "/a/../b/c/d", "the path of the request is or holds a dot segment"},
		{"escaped line break", testBase + "/collections/c/a%0ab", "recordId holds a control character"},
		{"above the base URL", "https://api.test/v2/status", "the path of the request is not below the base URL"},
		{"beside the base URL", "https://api.test/v10/status", "the path of the request is not below the base URL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := steps(status(200))
			closed := false
			r := request(t, t.Context(), "GET", "/status")
			var err error
			r.URL, err = url.Parse(test.url)
			require.NoError(t, err)
			r.Body = closes{&closed}
			answer, err := newChain(t, Config{Base: server}).Do(r)
			var at *PathError
			require.ErrorAs(t, err, &at)
			assert.ErrorContains(t, err, test.want)
			assert.Empty(t, server.sent)
			assert.True(t, closed)
			assert.Zero(t, AttemptsOf(answer, err))
		})
	}
}

type closes struct{ closed *bool }

func (c closes) Read([]byte) (int, error) { return 0, nil }
func (c closes) Close() error             { *c.closed = true; return nil }

// A proxy or a server may unescape what it can, and leave what is no escape as it is.
func TestDotsBesideWhatIsNoEscape(t *testing.T) {
	for _, value := range []string{"%2e%2e/%", "%zz/%2e%2e/x", "100%/%2E", "%252e%252e%2f%g", "%0d%0a%", "%2%65."} {
		var at *PathError
		require.ErrorAs(t, PathSegment("recordId", value), &at, value)
	}
	for _, value := range []string{"100%", "%zz", "50%-off", "a%2", "%2e%2ex%"} {
		require.NoError(t, PathSegment("recordId", value), value)
	}
}

// Each round of unescaping may take off as little as two bytes of a value that somebody else
// chose, so that there must not be one for each of them.
func TestAValueThatIsEscapedWithoutEndIsRefused(t *testing.T) {
	var at *PathError
	start := time.Now()
	require.ErrorAs(t, PathSegment("externalId", "%"+strings.Repeat("25", 100_000)), &at)
	assert.Less(t, time.Since(start), 5*time.Second)
}
