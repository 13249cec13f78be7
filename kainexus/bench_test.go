package kainexus

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/contract/validate"
	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/internal/peers"
	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
)

// served answers one body of the sandbox over loopback, made once, so that the sandbox's own
// work does not count. With it come a client of ours, and the generated one as it is.
func served(b *testing.B, target string) (*Client, *kainexusapi.ClientWithResponses, string) {
	b.Helper()
	sandbox, err := emulator.New(emulator.WithGeneratedItems(300, 1))
	require.NoError(b, err)
	key := sandbox.Credentials().APIKey
	request := httptest.NewRequest(http.MethodGet, "http://sandbox.example"+target, nil)
	request.SetBasicAuth("api", key)
	made := httptest.NewRecorder()
	sandbox.ServeHTTP(made, request)
	body := made.Body.Bytes()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	b.Cleanup(server.Close)
	client, err := New(WithAPIKey(auth.NewSecret(key)), WithBaseURL(server.URL))
	require.NoError(b, err)
	// As it comes it could call nothing: it gets the header that lets it in.
	stock, err := kainexusapi.NewClientWithResponses(server.URL, kainexusapi.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.SetBasicAuth("api", key)
		return nil
	}))
	require.NoError(b, err)
	return client, stock, server.URL + target
}

// byHand is how one would write the call without a client.
func byHand(b *testing.B, url string, into any) {
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	require.NoError(b, err)
	request.SetBasicAuth("api", "key")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(b, err)
	defer answer.Body.Close()
	require.Equal(b, http.StatusOK, answer.StatusCode)
	require.NoError(b, json.NewDecoder(answer.Body).Decode(into))
}

// BenchmarkPage iterates over a page of 300 items, by way of loopback.
func BenchmarkPage(b *testing.B) {
	client, stock, url := served(b, "/api/public/v1/json/itemList?id=700")
	peers.Compare(b, func(b *testing.B) {
		items := 0
		for _, err := range client.Items(b.Context(), 700) {
			require.NoError(b, err)
			items++
		}
		require.Equal(b, 300, items)
	}, peers.Peer{Name: "generated", Call: func(b *testing.B) {
		answer, err := stock.ListItemsWithResponse(b.Context(), &kainexusapi.ListItemsParams{ID: 700})
		require.NoError(b, err)
		require.Len(b, answer.JSON200.Items, 300)
	}}, peers.Peer{Name: "by-hand", Call: func(b *testing.B) {
		var page struct {
			Items []struct {
				ID      int64
				Summary string
				Status  string
			}
		}
		byHand(b, url, &page)
		require.Len(b, page.Items, 300)
	}})
}

// BenchmarkValidatedPage iterates over a page of 300 items that is held against its
// description on the way. The generated client, which reads with encoding/json of the
// toolchain (version 1), validates nothing.
func BenchmarkValidatedPage(b *testing.B) {
	plain, stock, _ := served(b, "/api/public/v1/json/itemList?id=700")
	v, err := validate.KaiNexus(schema.Options{})
	require.NoError(b, err)
	validating, err := New(WithAPIKey(auth.NewSecret("a key")), WithBaseURL(plain.base), WithValidation(v, nil))
	require.NoError(b, err)
	iterate := func(client *Client) func(*testing.B) {
		return func(b *testing.B) {
			items := 0
			for _, err := range client.Items(b.Context(), 700) {
				require.NoError(b, err)
				items++
			}
			require.Equal(b, 300, items)
		}
	}
	peers.Compare(b, iterate(validating), peers.Peer{Name: "generated", Call: func(b *testing.B) {
		answer, err := stock.ListItemsWithResponse(b.Context(), &kainexusapi.ListItemsParams{ID: 700})
		require.NoError(b, err)
		require.Len(b, answer.JSON200.Items, 300)
	}}, peers.Peer{Name: "unvalidated", Call: iterate(plain)})
}

// BenchmarkItem reads one item, by way of loopback.
func BenchmarkItem(b *testing.B) {
	client, stock, url := served(b, "/api/public/v1/json/item?id=1001")
	peers.Compare(b, func(b *testing.B) {
		_, err := client.Item(b.Context(), 1001)
		require.NoError(b, err)
	}, peers.Peer{Name: "generated", Call: func(b *testing.B) {
		_, err := stock.GetItemWithResponse(b.Context(), &kainexusapi.GetItemParams{ID: 1001})
		require.NoError(b, err)
	}}, peers.Peer{Name: "by-hand", Call: func(b *testing.B) {
		var envelope struct {
			Item struct {
				ID      int64
				Summary string
				Status  string
			}
		}
		byHand(b, url, &envelope)
	}})
}

func BenchmarkExport(b *testing.B) {
	server, err := emulator.New(emulator.WithGeneratedItems(300, 1))
	require.NoError(b, err)
	client := clientOf(b, server, server.Credentials().APIKey)
	for b.Loop() {
		_, err := client.ExportItems(b.Context(), 700, io.Discard)
		require.NoError(b, err)
	}
}
