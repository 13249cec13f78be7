package transport

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// logged are the headers of an answer that a log may hold.
var logged = append([]string{"Content-Type", "Retry-After"}, requestIDs...)

// logLayer writes a line for each attempt when its answer has been read to its end, or
// closed. There are no values in it: neither those of paths and queries, nor bodies, nor
// any header but the logged. What the server says passes through redact.
func logLayer(to *slog.Logger, redact func(string) string) Middleware {
	if to == nil {
		return nil
	}
	return func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			if !to.Enabled(r.Context(), slog.LevelDebug) {
				return next.Do(r)
			}
			l := &line{to: to, request: r, redact: redact, started: time.Now()}
			answer, err := next.Do(r)
			if err != nil {
				l.write(err)
				return answer, err
			}
			l.answer = answer.StatusCode
			l.header = answer.Header
			if answer.Body == http.NoBody {
				l.write(nil)
			} else {
				answer.Body = &loggedBody{ReadCloser: answer.Body, line: l}
			}
			return answer, nil
		})
	}
}

// line is what is known of an attempt.
type line struct {
	to      *slog.Logger
	request *http.Request
	redact  func(string) string
	started time.Time
	answer  int // status; 0 when there is none
	header  http.Header
	read    atomic.Int64
	once    sync.Once // a body may be closed while somebody else reads it
}

func (l *line) write(err error) { l.once.Do(func() { l.log(err) }) }

func (l *line) log(err error) {
	attrs := make([]slog.Attr, 0, 10)
	operation, known := OperationOf(l.request.Context())
	if known {
		attrs = append(attrs, slog.String("operation", operation.ID))
	}
	attrs = append(attrs, slog.String("method", knownMethod(l.request.Method)))
	if known {
		attrs = append(attrs, slog.String("path", operation.Path))
	}
	if n, err := strconv.Atoi(l.request.Header.Get(AttemptHeader)); err == nil {
		attrs = append(attrs, slog.Int("attempt", n))
	}
	attrs = append(attrs, slog.Duration("duration", time.Since(l.started)))
	if n := l.request.ContentLength; n > 0 {
		attrs = append(attrs, slog.Int64("request_bytes", n))
	}
	if l.answer != 0 {
		attrs = append(attrs, slog.Int("status", l.answer), slog.Int64("response_bytes", l.read.Load()))
		attrs = append(attrs, l.headers()...)
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", l.redact(err.Error())))
	}
	l.to.LogAttrs(context.WithoutCancel(l.request.Context()), slog.LevelDebug, "attempt", attrs...)
}

func (l *line) headers() []slog.Attr {
	var attrs []slog.Attr
	for _, name := range logged {
		if value := l.header.Get(name); value != "" {
			attrs = append(attrs, slog.String(strings.ToLower(name), printable(l.redact(value), 100)))
		}
	}
	return attrs
}

type loggedBody struct {
	io.ReadCloser
	line *line
}

func (b *loggedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.line.read.Add(int64(n))
	switch {
	case err == io.EOF:
		b.line.write(nil)
	case err != nil:
		b.line.write(err)
	}
	return n, err
}

func (b *loggedBody) Close() error {
	b.line.write(nil)
	return b.ReadCloser.Close()
}
