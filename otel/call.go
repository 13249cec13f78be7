package otel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// call is one request on its way. It ends once.
type call struct {
	*middleware
	ctx        context.Context
	span       trace.Span
	started    time.Time
	attributes []attribute.KeyValue // of the duration
	status     int
	once       sync.Once
}

func (c *call) answered(answer *http.Response) {
	c.status = answer.StatusCode
	known := []attribute.KeyValue{attribute.Int("http.response.status_code", answer.StatusCode)}
	if answer.ProtoMajor > 0 {
		known = append(known, attribute.String("network.protocol.version", protocol(answer)))
	}
	c.attributes = append(c.attributes, known...)
	c.span.SetAttributes(known...)
}

// protocol is "1.1" or "2": the conventions write HTTP/2 without a minor number.
func protocol(answer *http.Response) string {
	if answer.ProtoMajor >= 2 && answer.ProtoMinor == 0 {
		return strconv.Itoa(answer.ProtoMajor)
	}
	return fmt.Sprintf("%d.%d", answer.ProtoMajor, answer.ProtoMinor)
}

// end reports a call. The text of an error is not reported: it may be anything.
func (c *call) end(err error) {
	c.once.Do(func() {
		kind := errorType(c.status, err)
		if kind != "" {
			c.attributes = append(c.attributes, attribute.String("error.type", kind))
			c.span.SetAttributes(attribute.String("error.type", kind))
			c.span.SetStatus(codes.Error, "")
		}
		c.duration.Record(c.ctx, time.Since(c.started).Seconds(), metric.WithAttributes(c.attributes...))
		c.span.End()
	})
}

// errorType is of few values, as the conventions want it: a status, what ended the context,
// or the type of the error. It is empty for success.
func errorType(status int, err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case err != nil:
		return fmt.Sprintf("%T", err)
	case status >= 400:
		return strconv.Itoa(status)
	}
	return ""
}

// body ends the call when it has been read, broke off or was closed.
type body struct {
	io.ReadCloser
	call *call
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == io.EOF:
		b.call.end(nil)
	case err != nil:
		b.call.end(err)
	}
	return n, err
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	b.call.end(nil)
	return err
}
