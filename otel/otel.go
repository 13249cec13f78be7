// Package otel records the requests of a client with OpenTelemetry: a span and a duration
// for each attempt, named after the semantic conventions for HTTP clients.
//
// The one call you want is [Middleware], for the clients of Kaikina:
//
//	client, err := kinabase.New(kinabase.WithTransport(transport.Config{
//		Middleware: []transport.Middleware{otel.Middleware()},
//	}))
//
// It is a module of its own, so that whoever does not use it does not depend on
// OpenTelemetry, and it imports nothing of Kaikina: the middleware is a plain function. The
// route comes from the request's Pattern and the number of the attempt from its
// Kaikina-Attempt header, both of which those clients set.
//
// No attribute holds a value of a path, a query, a header or a body. So url.full, which the
// conventions ask for, is left out; url.template says as much as is anybody's business.
package otel

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Doer sends one request. *http.Client is one.
type Doer = interface {
	Do(*http.Request) (*http.Response, error)
}

const scope = "github.com/kaikina/kaikina/otel"

// Option changes what [Middleware] reports to.
type Option func(*options)

type options struct {
	traces     trace.TracerProvider
	metrics    metric.MeterProvider
	propagator propagation.TextMapPropagator
}

// WithTracerProvider takes spans elsewhere than to the global provider.
func WithTracerProvider(p trace.TracerProvider) Option { return func(o *options) { o.traces = p } }

// WithMeterProvider takes durations elsewhere than to the global provider.
func WithMeterProvider(p metric.MeterProvider) Option { return func(o *options) { o.metrics = p } }

// WithPropagator writes the context of the span into the headers of requests. Without it
// nothing is written: the servers are a vendor's, and trace ids or baggage are not
// everybody's to see.
func WithPropagator(p propagation.TextMapPropagator) Option {
	return func(o *options) { o.propagator = p }
}

// Middleware reports each request that passes: a span of kind client, and
// http.client.request.duration in seconds. Both end with the body of the answer, so that
// one that breaks off is an error.
func Middleware(opts ...Option) func(Doer) Doer {
	set := options{traces: otel.GetTracerProvider(), metrics: otel.GetMeterProvider()}
	for _, opt := range opts {
		if opt != nil {
			opt(&set)
		}
	}
	duration, err := set.metrics.Meter(scope).Float64Histogram("http.client.request.duration",
		metric.WithUnit("s"),
		metric.WithDescription("Duration of HTTP client requests."),
		metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
	)
	if err != nil { // the instrument works all the same, if only by doing nothing
		otel.Handle(fmt.Errorf("otel: %w", err))
	}
	m := &middleware{tracer: set.traces.Tracer(scope), duration: duration, propagator: set.propagator}
	return func(next Doer) Doer { return &doer{m, next} }
}

type middleware struct {
	tracer     trace.Tracer
	duration   metric.Float64Histogram
	propagator propagation.TextMapPropagator
}

type doer struct {
	*middleware
	next Doer
}

func (d *doer) Do(r *http.Request) (*http.Response, error) {
	known := requestAttributes(r)
	ctx, span := d.tracer.Start(r.Context(), spanName(r),
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(slices.Concat(known, spanOnly(r))...))
	call := &call{middleware: d.middleware, ctx: ctx, span: span, started: time.Now(), attributes: known}
	r = r.WithContext(ctx)
	if d.propagator != nil {
		r.Header = r.Header.Clone()
		if r.Header == nil {
			r.Header = http.Header{}
		}
		d.propagator.Inject(ctx, propagation.HeaderCarrier(r.Header))
	}
	answer, err := d.next.Do(r)
	if err != nil || answer == nil { // neither is a fault that others complain about
		call.end(err)
		return answer, err
	}
	call.answered(answer)
	if answer.Body == nil || answer.Body == http.NoBody {
		call.end(nil)
		return answer, nil
	}
	answer.Body = &body{ReadCloser: answer.Body, call: call}
	return answer, nil
}
