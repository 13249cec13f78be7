package otel_test

import (
	"context"
	"fmt"
	"net/http"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/kaikina/kaikina/otel"
)

type vendor struct{}

func (vendor) Do(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
}

// The clients put the middleware around each attempt, and set the pattern.
func ExampleMiddleware() {
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	doer := otel.Middleware(otel.WithTracerProvider(provider))(vendor{})

	request, err := http.NewRequestWithContext(context.Background(), "GET", "https://api.example/collections/orders", nil)
	if err != nil {
		panic(err)
	}
	request.Pattern = "GET /collections/{collectionId}"
	if _, err := doer.Do(request); err != nil {
		panic(err)
	}
	fmt.Println(spans.GetSpans()[0].Name)
	// Output: GET /collections/{collectionId}
}
