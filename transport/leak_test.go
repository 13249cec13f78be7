package transport

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/auth"
)

// Planted in a request, and repeated by a hostile server wherever it can.
const (
	plantedKey    = "Pl4nt3d+key/with=signs"
	plantedID     = "planted-record-id"
	plantedQuery  = "planted-query-value"
	plantedHeader = "planted-header-value"
	plantedBody   = "planted-body"
)

// told is every way that something may end up in a log or on a screen.
func told(v any) string {
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		fmt.Fprintf(&out, verb+"\n", v)
	}
	text, _ := json.Marshal(v)
	out.Write(text)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
	if err, ok := v.(error); ok && errors.Unwrap(err) != nil {
		out.WriteString(told(errors.Unwrap(err)))
	}
	return out.String()
}

func TestNothingPlantedIsTold(t *testing.T) {
	basic := base64.StdEncoding.EncodeToString([]byte("api:" + plantedKey))
	planted := []string{plantedKey, url.QueryEscape(plantedKey), basic, plantedID, plantedQuery, plantedHeader, plantedBody}
	var failures, lines int
	rapid.Check(t, func(t *rapid.T) {
		echo := rapid.SampledFrom(planted).Draw(t, "echo")
		server := DoerFunc(func(r *http.Request) (*http.Response, error) {
			fail := rapid.SampledFrom([]error{
				nil, nil,
				&url.Error{Op: "Get", URL: r.URL.String(), Err: fmt.Errorf("net/http: %w", errors.New(`malformed HTTP response "`+echo+`"`))},
				fmt.Errorf(`failed to parse Location header %q: %w`, echo, io.ErrUnexpectedEOF),
				errors.New("cannot reach " + r.URL.String()),
			}).Draw(t, "failure")
			if fail != nil {
				return nil, fail
			}
			code := rapid.SampledFrom([]int{200, 404, 429, 503}).Draw(t, "status")
			answer := answered(r, code, echo, "Retry-After", "0")
			if rapid.Bool().Draw(t, "breaks off") {
				answer.ContentLength = -1
				answer.Body = io.NopCloser(io.MultiReader(strings.NewReader("x"), broken{errors.New(`read "` + echo + `"`)}))
			}
			// A credential that is repeated in a header that is logged.
			answer.Header.Set("X-Request-Id", rapid.SampledFrom([]string{plantedKey, "Basic " + basic, "7f2c"}).Draw(t, "id"))
			answer.Header.Set("X-Other", echo)
			return answer, nil
		})
		credential, err := auth.KaiNexusAPIKey(testBase, auth.NewSecret(plantedKey))
		require.NoError(t, err)
		var log bytes.Buffer
		cfg := Config{
			Base: server, Logger: debugLog(&log), Retry: Retry{Attempts: 2, Base: 1, Max: 1},
			Limiter: NewLimiter(1e9, 1e6), ReadOnly: NewReadOnly("createRecord"),
		}
		doer, err := New(cfg, credential, testOperations)
		require.NoError(t, err)
		call := rapid.SampledFrom([][2]string{
			{"GET", "/collections/c/" + plantedID}, {"POST", "/collections/" + plantedID}, {"DELETE", "/collections/c/" + plantedID},
			{"GET", "/collections/" + plantedID + "/%2e%2e"}, {"GET", "/" + plantedID + "/"},
		}).Draw(t, "call")
		ctx := context.Background()
		if rapid.Bool().Draw(t, "streams") {
			ctx = Stream(ctx)
		}
		r, err := http.NewRequestWithContext(ctx, call[0], testBase+call[1]+"?q="+plantedQuery, strings.NewReader(plantedBody))
		require.NoError(t, err)
		r.Header.Set("X-Own", plantedHeader)
		answer, err := doer.Do(r)
		if err == nil {
			_, err = io.ReadAll(answer.Body)
			_ = answer.Body.Close()
		}
		all := log.String() + told(cfg.ReadOnly.Attest()) + told(cfg) + told(doer)
		if err != nil {
			failures++
			all += told(err) + told(&Error{API: "kainexus", Operation: "getItem", Attempts: 2, Err: err})
		}
		if log.Len() > 0 {
			lines++
		}
		for _, secret := range planted {
			if strings.Contains(all, secret) {
				t.Fatalf("%q was told in:\n%s", secret, all)
			}
		}
	})
	require.Greater(t, failures, 5, "the server was not hostile enough to show anything")
	require.Greater(t, lines, 5)
}
