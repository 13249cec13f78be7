package transport

import (
	"context"
	"net/http"
)

type (
	idempotentKey struct{}
	streamKey     struct{}
)

// Idempotent marks a call that may be sent again though it may have been carried out before,
// because twice has the effect of once. GET, HEAD, OPTIONS and DELETE need no mark.
func Idempotent(ctx context.Context) context.Context {
	return context.WithValue(ctx, idempotentKey{}, true)
}

// Stream marks a call whose answer is read as it arrives: it is not read into memory before
// it is handed over, and so an answer that breaks off is not asked for again here. That is
// for answers of success; others are short, and read as a whole all the same.
func Stream(ctx context.Context) context.Context {
	return context.WithValue(ctx, streamKey{}, true)
}

// repeatable tells whether a request may be carried out twice. DELETE may: what is gone
// stays gone, though the second answer may be 404.
func repeatable(r *http.Request) bool {
	switch r.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodDelete:
		return true
	}
	return r.Context().Value(idempotentKey{}) != nil
}

// streams tells whether the body of an answer is handed over as it arrives.
func streams(ctx context.Context, answer *http.Response) bool {
	return answer.StatusCode >= 200 && answer.StatusCode < 300 && ctx.Value(streamKey{}) != nil
}
