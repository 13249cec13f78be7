package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A server that repeats a credential in its refusal puts none into what the command prints.
func TestExportRepeatsNoCredential(t *testing.T) {
	const token = "planted.token.s3cret"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			_, _ = io.WriteString(w, `{"token":"`+token+`"}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"no: `+token+`","success":false,"errorCode":"planted-key","message":"no: planted-key"}`)
	}))
	defer server.Close()
	t.Setenv("KINABASE_BASE_URL", server.URL)
	t.Setenv("KINABASE_APP_ID", "app")
	t.Setenv("KINABASE_APP_SECRET", "planted-secret")
	t.Setenv("KAINEXUS_BASE_URL", server.URL)
	t.Setenv("KAINEXUS_API_KEY", "planted-key")
	for name, args := range map[string][]string{
		"records": {"kinabase", "--collection", "orders"},
		"all":     {"kinabase", "--collection", "orders", "--all"},
		"items":   {"kainexus", "--items", "640"},
		"people":  {"kainexus", "--people"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, exitError, run(t.Context(), append([]string{"export"}, args...), &stdout, &stderr))
			assert.NotContains(t, stdout.String()+stderr.String(), "planted")
			assert.Contains(t, stderr.String(), "400 Bad Request")
		})
	}
}
