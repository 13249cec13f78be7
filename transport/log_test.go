package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func debugLog(to io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func TestLogHasALineForEachAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		slow := func(r *http.Request) (*http.Response, error) {
			time.Sleep(2 * time.Second)
			return answered(r, 503, "later", "Retry-After", "1", "X-Request-Id", "id\n1", "Content-Type", "text/plain", "Set-Cookie", "hidden"), nil
		}
		doer := newChain(t, Config{Base: steps(slow, failing(errors.New("connection reset")), status(200)), Logger: debugLog(&out)})
		_, err := doer.Do(request(t, Idempotent(t.Context()), "PATCH", "/collections/private/7?q=hidden", `{"hidden":1}`))
		require.NoError(t, err)
		var lines []map[string]any
		for line := range strings.Lines(out.String()) {
			var l map[string]any
			require.NoError(t, json.Unmarshal([]byte(line), &l))
			delete(l, "time")
			lines = append(lines, l)
		}
		common := func(more map[string]any) map[string]any {
			for k, v := range map[string]any{
				"level": "DEBUG", "msg": "attempt", "operation": "updateRecord", "method": "PATCH",
				"path": "/collections/{collectionId}/{recordId}", "request_bytes": 12.0,
			} {
				more[k] = v
			}
			return more
		}
		assert.Equal(t, []map[string]any{
			common(map[string]any{"attempt": 1.0, "duration": 2e9, "status": 503.0, "response_bytes": 5.0,
				"retry-after": "1", "x-request-id": `id\n1`, "content-type": "text/plain"}),
			common(map[string]any{"attempt": 2.0, "duration": 0.0, "error": "transport: connection reset"}),
			common(map[string]any{"attempt": 3.0, "duration": 0.0, "status": 200.0, "response_bytes": 14.0}),
		}, lines)
		for _, value := range []string{"hidden", "private", "t0k3n"} {
			assert.NotContains(t, out.String(), value)
		}
	})
}

func TestLogOfBodies(t *testing.T) {
	tests := []struct {
		name string
		step func(*http.Request) (*http.Response, error)
		read func(io.ReadCloser)
		want string
	}{
		{"to the end", status(200), func(b io.ReadCloser) { _, _ = io.ReadAll(b); _ = b.Close() }, `"response_bytes":14`},
		{"closed before", status(200), func(b io.ReadCloser) { _, _ = b.Read(make([]byte, 3)); _ = b.Close() }, `"response_bytes":3`},
		{"broken off", breaking(io.ErrUnexpectedEOF), func(b io.ReadCloser) { _, _ = io.ReadAll(b); _ = b.Close() }, "the answer broke off"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			answer, err := newChain(t, Config{Base: steps(test.step), Logger: debugLog(&out)}).Do(request(t, Stream(t.Context()), "GET", "/status"))
			require.NoError(t, err)
			assert.Empty(t, out.String(), "the line waits for the body")
			test.read(answer.Body)
			assert.Contains(t, out.String(), test.want)
			assert.Equal(t, 1, strings.Count(out.String(), "\n"))
		})
	}
}

func TestLogAboveDebugHasNoLines(t *testing.T) {
	var out bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&out, nil))
	_, err := newChain(t, Config{Base: steps(status(200)), Logger: logger}).Do(request(t, context.Background(), "GET", "/status"))
	require.NoError(t, err)
	assert.Empty(t, out.String())
}

func TestLogOfNoMethodIsGET(t *testing.T) {
	var out bytes.Buffer
	r := request(t, t.Context(), "GET", "/status")
	r.Method = ""
	_, err := newChain(t, Config{Base: steps(status(204)), Logger: debugLog(&out)}).Do(r)
	require.NoError(t, err)
	assert.Contains(t, out.String(), `"method":"GET"`)
}

func TestLogOfARequestForNoOperation(t *testing.T) {
	var out bytes.Buffer
	_, err := newChain(t, Config{Base: steps(status(204)), Logger: debugLog(&out)}).Do(request(t, t.Context(), "STEAL", "/private"))
	require.NoError(t, err)
	assert.Contains(t, out.String(), `"method":"request"`)
	assert.NotContains(t, out.String(), "private")
	assert.NotContains(t, out.String(), "operation")
}

func TestLogOfAFailureThatRepeatsTheCredential(t *testing.T) {
	var out bytes.Buffer
	server := steps(failing(errors.New("cannot use t0k3n-of-the-test")))
	_, err := newChain(t, Config{Base: server, Retry: Retry{Attempts: 1}, Logger: debugLog(&out)}).Do(request(t, t.Context(), "GET", "/status"))
	require.Error(t, err)
	assert.Contains(t, out.String(), "cannot use [redacted]")
	assert.NotContains(t, out.String()+err.Error(), "t0k3n")
}

// A body may be closed while somebody still reads it, which is how a stuck read is ended.
func TestLogOfABodyThatIsClosedWhileItIsRead(t *testing.T) {
	for range 50 {
		reader, writer := io.Pipe()
		var log bytes.Buffer
		doer := newChain(t, Config{Logger: debugLog(&log), Base: DoerFunc(func(r *http.Request) (*http.Response, error) {
			answer := answered(r, 200, "")
			answer.ContentLength, answer.Body = -1, reader
			return answer, nil
		})})
		answer, err := doer.Do(request(t, Stream(t.Context()), "GET", "/status"))
		require.NoError(t, err)
		done := make(chan error)
		go func() {
			_, err := io.ReadAll(answer.Body)
			done <- err
		}()
		_, err = writer.Write([]byte("abc"))
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Error(t, <-done)
		assert.Equal(t, 1, strings.Count(log.String(), "\n"))
	}
}
