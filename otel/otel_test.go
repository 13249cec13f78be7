package otel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// The middleware is of the clients' type without importing it.
var _ func(...Option) func(interface {
	Do(*http.Request) (*http.Response, error)
}) interface {
	Do(*http.Request) (*http.Response, error)
} = Middleware

type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// recorder keeps what was reported.
type recorder struct {
	spans   *tracetest.InMemoryExporter
	metrics *sdkmetric.ManualReader
	opts    []Option
}

func record() recorder {
	spans, metrics := tracetest.NewInMemoryExporter(), sdkmetric.NewManualReader()
	return recorder{spans, metrics, []Option{
		WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))),
		WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(metrics))),
	}}
}

func (r recorder) durations(t *testing.T) []metricdata.HistogramDataPoint[float64] {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, r.metrics.Collect(context.Background(), &all))
	require.Len(t, all.ScopeMetrics, 1)
	require.Len(t, all.ScopeMetrics[0].Metrics, 1)
	metric := all.ScopeMetrics[0].Metrics[0]
	assert.Equal(t, "http.client.request.duration", metric.Name)
	assert.Equal(t, "s", metric.Unit)
	return metric.Data.(metricdata.Histogram[float64]).DataPoints
}

func answering(status int, body io.Reader) doerFunc {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Body: io.NopCloser(body), Request: r}, nil
	}
}

func request(t *testing.T, method string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "https://api.test/v1/collections/private?q=hidden", nil)
	require.NoError(t, err)
	r.Pattern = "GET /collections/{collectionId}"
	return r
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func values(list []attribute.KeyValue) map[string]any {
	m := map[string]any{}
	for _, kv := range list {
		m[string(kv.Key)] = kv.Value.AsInterface()
	}
	return m
}

func TestSpansAndDurations(t *testing.T) {
	base := func(more map[string]any) map[string]any {
		m := map[string]any{
			"http.request.method": "GET", "server.address": "api.test", "server.port": int64(443),
			"url.scheme": "https", "url.template": "/collections/{collectionId}",
		}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	tests := []struct {
		name    string
		change  func(*http.Request)
		server  doerFunc
		span    string
		want    map[string]any
		resent  any
		errored bool
	}{
		{"success", nil, answering(200, strings.NewReader("x")), "GET /collections/{collectionId}",
			base(map[string]any{"http.response.status_code": int64(200), "network.protocol.version": "1.1"}), nil, false},
		{"refused", nil, answering(404, strings.NewReader("x")), "GET /collections/{collectionId}",
			base(map[string]any{"http.response.status_code": int64(404), "network.protocol.version": "1.1", "error.type": "404"}), nil, true},
		{"without body", nil, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 204, ProtoMajor: 2, Body: http.NoBody}, nil
		}, "GET /collections/{collectionId}", base(map[string]any{"http.response.status_code": int64(204), "network.protocol.version": "2"}), nil, false},
		{"no answer", nil, func(*http.Request) (*http.Response, error) { return nil, errors.New("hidden") }, "GET /collections/{collectionId}",
			base(map[string]any{"error.type": "*errors.errorString"}), nil, true},
		{"timeout", nil, func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }, "GET /collections/{collectionId}",
			base(map[string]any{"error.type": "timeout"}), nil, true},
		{"canceled", nil, func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("x: %w", context.Canceled) }, "GET /collections/{collectionId}",
			base(map[string]any{"error.type": "canceled"}), nil, true},
		{"breaks off", nil, answering(200, broken{}), "GET /collections/{collectionId}",
			base(map[string]any{"http.response.status_code": int64(200), "network.protocol.version": "1.1", "error.type": "*errors.errorString"}), nil, true},
		{"third attempt", func(r *http.Request) { r.Header.Set("Kaikina-Attempt", "3") }, answering(200, broken{}), "GET /collections/{collectionId}",
			base(map[string]any{"http.response.status_code": int64(200), "network.protocol.version": "1.1", "error.type": "*errors.errorString"}), int64(2), true},
		{"first attempt", func(r *http.Request) { r.Header.Set("Kaikina-Attempt", "1") }, answering(200, strings.NewReader("")), "GET /collections/{collectionId}",
			base(map[string]any{"http.response.status_code": int64(200), "network.protocol.version": "1.1"}), nil, false},
		{"no operation", func(r *http.Request) { r.Pattern, r.Method, r.URL.Host = "", "STEAL", "api.test:8443" }, answering(200, strings.NewReader("")), "HTTP",
			map[string]any{"http.request.method": "_OTHER", "server.address": "api.test", "server.port": int64(8443), "url.scheme": "https",
				"http.response.status_code": int64(200), "network.protocol.version": "1.1"}, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reported := record()
				r := request(t, "GET")
				if test.change != nil {
					test.change(r)
				}
				slow := doerFunc(func(r *http.Request) (*http.Response, error) {
					time.Sleep(2 * time.Second)
					return test.server(r)
				})
				answer, err := Middleware(reported.opts...)(slow).Do(r)
				if err == nil {
					time.Sleep(time.Second) // a reader that takes its time
					_, _ = io.ReadAll(answer.Body)
					require.NoError(t, answer.Body.Close())
				}
				spans := reported.spans.GetSpans()
				require.Len(t, spans, 1)
				span := spans[0]
				assert.Equal(t, test.span, span.Name)
				assert.Equal(t, trace.SpanKindClient, span.SpanKind)
				got := values(span.Attributes)
				assert.Equal(t, test.resent, got["http.request.resend_count"])
				delete(got, "http.request.resend_count")
				assert.Equal(t, test.want, got)
				want := codes.Unset
				if test.errored {
					want = codes.Error
				}
				assert.Equal(t, want, span.Status.Code)

				points := reported.durations(t)
				require.Len(t, points, 1)
				assert.Equal(t, test.want, values(points[0].Attributes.ToSlice()))
				assert.EqualValues(t, 1, points[0].Count)
				assert.GreaterOrEqual(t, points[0].Sum, 2.0)
				assert.NotContains(t, fmt.Sprint(span, points), "hidden")
				assert.NotContains(t, fmt.Sprint(span, points), "private")
			})
		})
	}
}

func TestTheSpanEndsWithTheBody(t *testing.T) {
	reported := record()
	answer, err := Middleware(reported.opts...)(answering(200, strings.NewReader("abc"))).Do(request(t, "GET"))
	require.NoError(t, err)
	assert.Empty(t, reported.spans.GetSpans())
	require.NoError(t, answer.Body.Close())
	assert.Len(t, reported.spans.GetSpans(), 1)
}

func TestContextIsWrittenOnlyWhenAsked(t *testing.T) {
	for _, asked := range []bool{false, true} {
		t.Run(fmt.Sprint(asked), func(t *testing.T) {
			reported := record()
			if asked {
				reported.opts = append(reported.opts, WithPropagator(propagation.TraceContext{}))
			}
			sent := http.Header(nil)
			inner := trace.SpanContext{}
			server := doerFunc(func(r *http.Request) (*http.Response, error) {
				sent, inner = r.Header, trace.SpanContextFromContext(r.Context())
				return answering(200, strings.NewReader(""))(r)
			})
			r := request(t, "GET")
			r.Header = nil
			_, err := Middleware(reported.opts...)(server).Do(r)
			require.NoError(t, err)
			assert.True(t, inner.IsValid())
			assert.Equal(t, asked, sent.Get("Traceparent") != "")
			assert.Empty(t, r.Header, "the caller's request stays as it was")
		})
	}
}

func TestGlobalProvidersByDefault(t *testing.T) {
	answer, err := Middleware(nil)(answering(200, strings.NewReader("abc"))).Do(request(t, "GET"))
	require.NoError(t, err)
	got, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	assert.Equal(t, "abc", string(got))
}

// A Doer may break its promise; that is for the next layer to say, and no reason to panic.
func TestNeitherAnAnswerNorAnError(t *testing.T) {
	r := record()
	doer := Middleware(r.opts...)(doerFunc(func(*http.Request) (*http.Response, error) { return nil, nil }))
	request, err := http.NewRequestWithContext(t.Context(), "GET", "https://api.test/status", nil)
	require.NoError(t, err)
	answer, err := doer.Do(request)
	require.NoError(t, err)
	assert.Nil(t, answer)
	require.Len(t, r.spans.GetSpans(), 1)
}
