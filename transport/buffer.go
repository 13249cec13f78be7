package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
)

// buffer reads answers as a whole before it hands them over, so that one that breaks off
// is a failed attempt. Answers that are streamed it leaves alone.
func buffer(next Doer) Doer {
	return DoerFunc(func(r *http.Request) (*http.Response, error) {
		answer, err := next.Do(r)
		if err == nil && answer == nil {
			err = errors.New("transport: a middleware returned neither an answer nor an error")
		}
		if err == nil && answer.Body == nil { // a middleware's own answer
			answer.Body = http.NoBody
		}
		if err != nil || answer.Body == http.NoBody || streams(r.Context(), answer) {
			return answer, err
		}
		whole := buffers.Get().(*bytes.Buffer)
		_, err = whole.ReadFrom(answer.Body)
		_ = answer.Body.Close()
		if err != nil {
			release(whole)
			return nil, err
		}
		answer.Body = &inMemory{content: whole, cut: cutShort(answer, whole.Bytes())}
		return answer, nil
	})
}

// cutShort tells whether a body of JSON ends too early, though the connection did not break:
// a proxy lost its end, or declared fewer bytes than there are.
func cutShort(answer *http.Response, body []byte) bool {
	if answer.StatusCode != http.StatusOK || len(body) == 0 || !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") || json.Valid(body) {
		return false
	}
	syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(body, new(json.RawMessage)))
	return ok && syntax.Offset == int64(len(body)) && strings.HasPrefix(syntax.Error(), "unexpected end")
}

// brokenOff tells whether an answer that came is not all of it.
func brokenOff(answer *http.Response) bool {
	body, ok := answer.Body.(*inMemory)
	return ok && body.cut
}

// buffers are used again, because callers mostly copy what they read here: the memory would
// be twice what a call without this layer takes.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func release(b *bytes.Buffer) {
	const largest = 1 << 20 // bytes; more is rare, and given back to everybody
	if b.Cap() <= largest {
		b.Reset()
		buffers.Put(b)
	}
}

// inMemory is the body of an answer that was read as a whole. After Close its memory is
// somebody else's.
type inMemory struct {
	mu      sync.Mutex
	content *bytes.Buffer // nil once it is closed
	cut     bool
}

func (m *inMemory) Read(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.content == nil {
		return 0, http.ErrBodyReadAfterClose
	}
	return m.content.Read(p)
}

func (m *inMemory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.content != nil {
		release(m.content)
		m.content = nil
	}
	return nil
}
