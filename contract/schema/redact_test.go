package schema

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A server that repeats the credential as a value may escape it, and it may stand where a value
// is cut.
func TestRedacted(t *testing.T) {
	redact := func(text string) string { return strings.ReplaceAll(text, "s3cret/", "[redacted]") }
	for _, test := range []struct{ name, value, want string }{
		{"plain", `"a s3cret/"`, `"a [redacted]"`},
		{"escaped slash", `"a s3cret\/"`, `"a [redacted]"`},
		{"escaped letter", `"a \u00733cret/"`, `"a [redacted]"`},
		{"another text, as it came", `"a\/b"`, `"a\/b"`},
		{"cut in the middle of it", `"aaaaaaaaa s3cr`, ""},
		{"a number", `17.0`, `17.0`},
		{"none", ``, ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := Finding{Pointer: "/a s3cret~1b/~0", Value: test.value}.Redacted(redact)
			assert.Equal(t, test.want, f.Value)
			assert.Equal(t, "/a [redacted]b/~0", f.Pointer)
		})
	}
}
