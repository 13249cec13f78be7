package auth

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type visible struct{ Key Secret }

type hidden struct {
	key   Secret
	ptr   *Secret
	list  []Secret
	byKey map[string]Secret
	deep  struct{ key Secret }
	any   any
}

// nests puts one secret into everything it could be part of.
func nests(s Secret) map[string]any {
	h := hidden{key: s, ptr: &s, list: []Secret{s}, byKey: map[string]Secret{"k": s}, any: s}
	h.deep.key = s
	return map[string]any{
		"itself":          s,
		"pointer":         &s,
		"exported field":  visible{s},
		"unexported":      h,
		"unexported, ptr": &h,
		"slice":           []Secret{s},
		"map":             map[string]Secret{"k": s},
		"array":           [1]Secret{s},
		"slice of any":    []any{s, &s, h},
		"nested pointers": &struct{ p **hidden }{func() **hidden { p := &h; return &p }()},
		"token":           Token{Value: s},
	}
}

// capture is a TestingT that keeps testify's output, which go-spew writes.
type capture struct{ bytes.Buffer }

func (c *capture) Errorf(format string, args ...any) { fmt.Fprintf(&c.Buffer, format, args...) }

func TestSecretIsNeverPrinted(t *testing.T) {
	const planted = "Pl4nted"
	spelled := []string{planted, fmt.Sprintf("%x", planted), fmt.Sprintf("%X", planted), fmt.Sprint([]byte(planted))}
	silent := func(t *testing.T, text string) {
		t.Helper()
		for _, s := range spelled {
			assert.NotContains(t, text, s)
		}
	}
	// The same checks do find a plain string in an unexported field.
	require.Contains(t, fmt.Sprintf("%v", struct{ s string }{planted}), planted)

	for name, v := range nests(NewSecret(planted)) {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%c", "%U", "%e", "%T", "%p", "%w", "%10.3s"} {
				silent(t, fmt.Sprintf(verb, v))
			}
			silent(t, fmt.Sprint(v))
			silent(t, fmt.Errorf("wrapped: %v", v).Error())
			if text, err := json.Marshal(v); err == nil {
				silent(t, string(text))
			}
			if text, err := xml.Marshal(v); err == nil {
				silent(t, string(text))
			}
			var out bytes.Buffer
			for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
				slog.New(h).Info("m", "v", v, slog.Group("g", "v", v))
			}
			require.Contains(t, out.String(), "g.v=")
			silent(t, out.String())
			var diff capture
			assert.Equal(&diff, nests(NewSecret("other"))[name], v)
			require.Contains(t, diff.String(), "Not equal")
			silent(t, diff.String())
		})
	}
}

func TestSecretPlaceholder(t *testing.T) {
	s := NewSecret("x")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		assert.Equal(t, "[redacted]", fmt.Sprintf(verb, s), verb)
		assert.Equal(t, "[redacted]", fmt.Sprintf(verb, &s), verb)
		assert.Equal(t, "[empty]", fmt.Sprintf(verb, Secret{}), verb)
	}
	text, err := json.Marshal(visible{s})
	require.NoError(t, err)
	assert.JSONEq(t, `{"Key":"[redacted]"}`, string(text))
	assert.Equal(t, "[redacted]", s.LogValue().String())
	assert.Equal(t, "x", s.Reveal())
	assert.Equal(t, "[redacted]", s.GoString())
	assert.False(t, s.IsZero())
	assert.True(t, NewSecret("").IsZero())
	assert.Empty(t, Secret{}.Reveal())
}
