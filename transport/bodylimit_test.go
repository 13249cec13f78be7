package transport

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"net/http"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBodyLimit(t *testing.T) {
	tests := []struct {
		name   string
		status int
		length int
		stream bool
		told   bool // Content-Length
		field  string
	}{
		{"fits", 200, 10, false, true, ""},
		{"too large", 200, 11, false, true, "BodyLimit"},
		{"too large, untold", 200, 11, false, false, "BodyLimit"},
		{"fits a stream", 200, 20, true, false, ""},
		{"too large for a stream", 200, 21, true, false, "StreamLimit"},
		{"too large for a stream, told", 200, 21, true, true, "StreamLimit"},
		{"a failure is no stream", 404, 11, true, false, "BodyLimit"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Repeat("x", test.length)
			server := steps(func(r *http.Request) (*http.Response, error) {
				answer := answered(r, test.status, text)
				if !test.told {
					answer.ContentLength = -1
				}
				return answer, nil
			})
			ctx := t.Context()
			if test.stream {
				ctx = Stream(ctx)
			}
			var body []byte
			answer, err := newChain(t, Config{Base: server, BodyLimit: 10, StreamLimit: 20}).Do(request(t, ctx, "GET", "/status"))
			if err == nil {
				body, err = io.ReadAll(answer.Body)
			}
			if test.field == "" {
				require.NoError(t, err)
				assert.Equal(t, text, string(body))
				return
			}
			var tooLarge *BodyLimitError
			require.ErrorAs(t, err, &tooLarge)
			assert.Equal(t, test.field, tooLarge.Field)
			assert.Equal(t, test.status, tooLarge.Status)
			assert.ErrorContains(t, err, "raise Config."+test.field)
		})
	}
}

func TestLimitsByDefault(t *testing.T) {
	assert.Equal(t, limits{64 << 20, 4 << 30}, Config{}.limits())
}

// Nothing is cut off and nothing is added, whatever the pieces it arrives in.
func TestLimitedBody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 50, 200).Draw(t, "body")
		limit := rapid.OneOf(rapid.Int64Range(0, 210), rapid.Just(int64(math.MaxInt64))).Draw(t, "limit")
		var from io.Reader = strings.NewReader(text)
		if rapid.Bool().Draw(t, "byte by byte") {
			from = iotest.OneByteReader(from)
		}
		tooLarge := new(BodyLimitError)
		got, err := io.ReadAll(&limited{io.NopCloser(from), limit, tooLarge})
		switch {
		case int64(len(text)) <= limit && (err != nil || string(got) != text):
			t.Fatalf("%d of %d bytes, %v", len(got), limit, err)
		case int64(len(text)) > limit && (!errors.Is(err, tooLarge) || string(got) != text[:limit]):
			t.Fatalf("%d bytes, more than %d: %q, %v", len(text), limit, got, err)
		}
	})
}

func TestAnswersAreBufferedUnlessStreamed(t *testing.T) {
	reading := errors.New("reading")
	server := steps(breaking(reading))
	once := Config{Base: server, Retry: Retry{Attempts: 1}}
	_, err := newChain(t, once).Do(request(t, t.Context(), "GET", "/status"))
	require.ErrorIs(t, err, reading)
	assert.ErrorContains(t, err, "the answer broke off")

	answer, err := newChain(t, once).Do(request(t, Stream(t.Context()), "GET", "/status"))
	require.NoError(t, err)
	got, err := io.ReadAll(answer.Body)
	assert.Equal(t, "half of", string(got))
	require.ErrorIs(t, err, reading)
	assert.True(t, Temporary(err))
}

func TestAnswersWithoutBody(t *testing.T) {
	for _, body := range []io.ReadCloser{nil, http.NoBody} {
		answer, err := newChain(t, Config{Base: steps(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 204, Body: body}, nil
		})}).Do(request(t, t.Context(), "GET", "/status"))
		require.NoError(t, err)
		assert.Empty(t, content(t, answer))
		assert.Equal(t, 1, AttemptsOf(answer, nil))
	}
}

func TestALongAnswerIsReadAsAWhole(t *testing.T) {
	text := strings.Repeat("0123456789", 300_000)
	answer, err := newChain(t, Config{Base: steps(func(r *http.Request) (*http.Response, error) {
		return answered(r, 200, text), nil
	})}).Do(request(t, t.Context(), "GET", "/status"))
	require.NoError(t, err)
	assert.Equal(t, text, content(t, answer))
}
