package kinabase_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/contract/validate"
	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/internal/peers"
	"github.com/kaikina/kaikina/kinabase"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
)

// replay is a server that answers each path as a sandbox did once, so that what is measured
// is the client, and our client and the generated one as it comes.
func replay(b *testing.B, paths ...string) (*kinabase.Client, *kinabaseapi.ClientWithResponses) {
	b.Helper()
	s, err := emulator.New(emulator.WithoutSeed(), emulator.WithCollection(emulator.Collection{Name: "Orders", Fields: []emulator.Field{
		{Label: "Order Number", Kind: emulator.KindText}, {Label: "Supplier", Kind: emulator.KindText},
		{Label: "Total", Kind: emulator.KindCurrency}, {Label: "Approved", Kind: emulator.KindYesNo},
		{Label: "Ordered On", Kind: emulator.KindDate}, {Label: "Notes", Kind: emulator.KindText},
	}}), emulator.WithGeneratedRecords("orders", 300, 1))
	require.NoError(b, err)
	app := s.App()
	credential, err := auth.KinabaseApp("https://kinabase.test"+emulator.BasePath, app.ID, auth.NewSecret(app.Secret), auth.TokenClient(s.Doer()))
	require.NoError(b, err)
	answers := map[string][]byte{}
	for _, path := range paths {
		request := httptest.NewRequest(http.MethodGet, "https://kinabase.test"+emulator.BasePath+path, nil)
		require.NoError(b, credential.Edit(b.Context(), request))
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, request)
		require.Equal(b, http.StatusOK, recorder.Code)
		answers[request.URL.Path] = recorder.Body.Bytes()
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			_, _ = w.Write([]byte(`{"token":"e30.e30.e30"}`))
			return
		}
		_, _ = w.Write(answers[r.URL.Path])
	}))
	b.Cleanup(server.Close)
	client, err := kinabase.New(kinabase.WithApp("app", auth.NewSecret("secret")), kinabase.WithBaseURL(server.URL+emulator.BasePath))
	require.NoError(b, err)
	// As it comes it could call nothing: it gets the headers that the vendor asks for.
	stock, err := kinabaseapi.NewClientWithResponses(server.URL+emulator.BasePath, kinabaseapi.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer e30.e30.e30")
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/json")
		return nil
	}))
	require.NoError(b, err)
	return client, stock
}

// byHand is how one would write the call without a client.
func byHand(b *testing.B, url string, into any) {
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	require.NoError(b, err)
	request.Header.Set("Authorization", "Bearer e30.e30.e30")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(b, err)
	defer answer.Body.Close()
	require.Equal(b, http.StatusOK, answer.StatusCode)
	require.NoError(b, json.NewDecoder(answer.Body).Decode(into))
}

// handmade is what one would write down of a record.
type handmade struct {
	ID   string
	Data struct {
		OrderNumber, Supplier, OrderedOn, Notes string
		Total                                   float64
		Approved                                bool
	}
}

// BenchmarkPage iterates over a page of 300 records, by way of loopback.
func BenchmarkPage(b *testing.B) {
	client, stock := replay(b, "/collections/orders?pageSize=300")
	index, size := 0, 300
	peers.Compare(b, func(b *testing.B) {
		count := 0
		for _, err := range client.Records(b.Context(), "orders") {
			require.NoError(b, err)
			count++
		}
		require.Equal(b, 300, count)
	}, peers.Peer{Name: "generated", Call: func(b *testing.B) {
		response, err := stock.ListRecordsWithResponse(b.Context(), "orders", &kinabaseapi.ListRecordsParams{PageIndex: &index, PageSize: &size})
		require.NoError(b, err)
		require.Len(b, response.JSON200.Records, 300)
	}}, peers.Peer{Name: "by-hand", Call: func(b *testing.B) {
		var page struct{ Records []handmade }
		byHand(b, client.BaseURL()+"/collections/orders?pageSize=300", &page)
		require.Len(b, page.Records, 300)
	}})
}

// BenchmarkValidatedPage iterates over a page of 300 records that is held against its
// description on the way. The generated client, which reads with encoding/json of the
// toolchain (version 1), validates nothing.
func BenchmarkValidatedPage(b *testing.B) {
	plain, stock := replay(b, "/collections/orders?pageSize=300")
	v, err := validate.Kinabase(schema.Options{})
	require.NoError(b, err)
	validating, err := kinabase.New(kinabase.WithApp("app", auth.NewSecret("secret")),
		kinabase.WithBaseURL(plain.BaseURL()), kinabase.WithValidation(v, nil))
	require.NoError(b, err)
	index, size := 0, 300
	iterate := func(client *kinabase.Client) func(*testing.B) {
		return func(b *testing.B) {
			count := 0
			for _, err := range client.Records(b.Context(), "orders") {
				require.NoError(b, err)
				count++
			}
			require.Equal(b, 300, count)
		}
	}
	peers.Compare(b, iterate(validating), peers.Peer{Name: "generated", Call: func(b *testing.B) {
		response, err := stock.ListRecordsWithResponse(b.Context(), "orders", &kinabaseapi.ListRecordsParams{PageIndex: &index, PageSize: &size})
		require.NoError(b, err)
		require.Len(b, response.JSON200.Records, 300)
	}}, peers.Peer{Name: "unvalidated", Call: iterate(plain)})
}

// BenchmarkRecord gets one record, by way of loopback.
func BenchmarkRecord(b *testing.B) {
	records, _ := replay(b, "/collections/orders?pageSize=300")
	id := ""
	for record, err := range records.Records(b.Context(), "orders") {
		require.NoError(b, err)
		id = record.ID
		break
	}
	client, stock := replay(b, "/collections/orders/"+id)
	peers.Compare(b, func(b *testing.B) {
		_, err := client.Record(b.Context(), "orders", id)
		require.NoError(b, err)
	}, peers.Peer{Name: "generated", Call: func(b *testing.B) {
		response, err := stock.GetRecordWithResponse(b.Context(), "orders", id)
		require.NoError(b, err)
		require.NotNil(b, response.JSON200)
	}}, peers.Peer{Name: "by-hand", Call: func(b *testing.B) {
		var record handmade
		byHand(b, client.BaseURL()+"/collections/orders/"+id, &record)
		require.Equal(b, id, record.ID)
	}})
}
