package transport

import (
	"fmt"
	"io"
	"net/http"
)

// BodyLimitError says that an answer has more bytes than allowed. What was read before is
// not the whole answer.
type BodyLimitError struct {
	Limit  int64  // in bytes
	Status int    // of the answer
	Field  string // of [Config] that sets the limit
}

func (e *BodyLimitError) Error() string {
	return fmt.Sprintf("transport: the answer (status %d) has more than %d bytes; raise Config.%s if that is right", e.Status, e.Limit, e.Field)
}

// limits are in bytes.
type limits struct{ whole, stream int64 }

func limitLayer(l limits) Middleware {
	return func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			answer, err := next.Do(r)
			if err != nil || answer.Body == http.NoBody {
				return answer, err
			}
			tooLarge := &BodyLimitError{Limit: l.whole, Status: answer.StatusCode, Field: "BodyLimit"}
			if streams(r.Context(), answer) {
				tooLarge.Limit, tooLarge.Field = l.stream, "StreamLimit"
			}
			if answer.ContentLength > tooLarge.Limit && r.Method != http.MethodHead {
				_ = answer.Body.Close()
				return nil, tooLarge
			}
			answer.Body = &limited{answer.Body, tooLarge.Limit, tooLarge}
			return answer, nil
		})
	}
}

// limited fails where io.LimitReader would end.
type limited struct {
	io.ReadCloser
	left     int64
	tooLarge *BodyLimitError
}

func (b *limited) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, b.tooLarge
	}
	if int64(len(p))-1 > b.left { // one more byte tells a full answer from one too large
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, b.tooLarge
	}
	return n, err
}
