package kinabase_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/kinabase"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
)

// collect reads an iterator to its end, or to its error.
func collect[T any](seq iter.Seq2[T, error]) (all []T, err error) {
	for one, e := range seq {
		if e != nil {
			return all, e
		}
		all = append(all, one)
	}
	return all, nil
}

func TestRecords(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	all, err := collect(client.Records(t.Context(), "purchase-orders"))
	require.NoError(t, err)
	require.Len(t, all, 25)
	assert.Equal(t, `"PO-001"`, string(all[0].Data["orderNumber"]))
	assert.Equal(t, []string{"GET /collections/purchase-orders"}, s.asked())

	paged := client.Records(t.Context(), "purchase-orders", kinabase.PageSize(10))
	for range 2 { // it can be ranged over again
		again, err := collect(paged)
		require.NoError(t, err)
		assert.Equal(t, ids(all), ids(again))
		assert.Len(t, s.asked(), 3)
	}
	whole, err := collect(client.AllRecords(t.Context(), "purchase-orders"))
	require.NoError(t, err)
	assert.Equal(t, all, whole)
}

func TestListOptions(t *testing.T) {
	client := start(t, nil).client(t)
	for name, list := range map[string]func(context.Context, string, ...kinabase.ListOption) iter.Seq2[kinabase.Record, error]{
		"pages": client.Records, "all": client.AllRecords,
	} {
		t.Run(name, func(t *testing.T) {
			count := func(opts ...kinabase.ListOption) int {
				got, err := collect(list(t.Context(), "purchase-orders", opts...))
				require.NoError(t, err)
				return len(got)
			}
			assert.Equal(t, 25, count())
			assert.Equal(t, 5, count(kinabase.UpdatedAfter(time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC))))
			assert.Equal(t, 4, count(kinabase.LinkedTo("xero")))
			assert.Equal(t, 0, count(kinabase.LinkedTo("influxdb")))
			assert.Equal(t, 4, count(kinabase.Linked()))
			got, err := collect(list(t.Context(), "inspections", kinabase.IncludeLists()))
			require.NoError(t, err)
			require.NotEmpty(t, got)
			assert.NotNil(t, got[0].Lists)
		})
	}
}

func TestListOptionsAreChecked(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	for _, test := range []struct {
		name, want string
		list       iter.Seq2[kinabase.Record, error]
	}{
		{"no records", "PageSize: 0 records; want 1 to 300", client.Records(t.Context(), "machines", kinabase.PageSize(0))},
		{"too many", "PageSize: 301 records; want 1 to 300", client.Records(t.Context(), "machines", kinabase.PageSize(301))},
		{"size of all", "PageSize: all records come in one answer", client.AllRecords(t.Context(), "machines", kinabase.PageSize(30))},
		{"true is no service", `LinkedTo: a service cannot be called "true"`, client.Records(t.Context(), "machines", kinabase.LinkedTo("true"))},
		{"no service", `LinkedTo: a service cannot be called ""`, client.AllRecords(t.Context(), "machines", kinabase.LinkedTo(""))},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := collect(test.list)
			assert.ErrorContains(t, err, test.want)
			assert.Empty(t, s.asked())
		})
	}
}

func TestRecord(t *testing.T) {
	client := start(t, nil).client(t)
	first, err := collect(client.Records(t.Context(), "machines"))
	require.NoError(t, err)
	record, err := client.Record(t.Context(), "machines", first[2].ID)
	require.NoError(t, err)
	assert.Equal(t, first[2], record)

	_, err = client.Record(t.Context(), "machines", "none")
	assert.True(t, kinabase.IsNotFound(err), "%v", err)
	_, err = client.Record(t.Context(), "nowhere", first[2].ID)
	assert.True(t, kinabase.IsNotFound(err), "%v", err)
}

// A total that disagrees with what came is told of, and one that is none fails.
func TestRecordsOfAServerThatLies(t *testing.T) {
	for _, test := range []struct {
		fault, want string
		yielded     int
	}{
		{"total-missing", "", 25},
		{"total-null", "", 25},
		{"total-exponent", "", 25},
		{"page-index-stuck", "", 25},
		{"page-size-wrong", "", 25},
		{"page-extra", "", 25},
		{"record-repeated", "22 came of the 25 that the server counts", 22}, // in the place of others
		{"total-wrong", "kinabase: listRecords: 25 came of the 26 that the server counts", 25},
		{"record-skipped", "came of the 25 that the server counts", 22},
		{"page-index-ignored", "7 came of the 25 that the server counts", 7},
		{"total-string", "kinabase: listRecords", 7},
		{"total-fraction", "kinabase: listRecords", 7},
		{"total-negative", "kinabase: listRecords", 7},
		{"total-huge", "kinabase: listRecords", 7},
		{"total-twice", "kinabase: listRecords", 7},
		{"records-null", "kinabase: listRecords", 0},
		{"records-object", "kinabase: listRecords", 0},
		{"records-case", "kinabase: listRecords", 0},
	} {
		t.Run(test.fault, func(t *testing.T) {
			client := start(t, nil, test.fault).client(t)
			got, err := collect(client.Records(t.Context(), "purchase-orders", kinabase.PageSize(7)))
			if test.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.want)
			}
			assert.Len(t, got, test.yielded)
		})
	}
}

func TestAllRecordsAtTheCap(t *testing.T) {
	for _, test := range []struct {
		name  string
		count int
		want  string
	}{
		{"below", kinabase.MaxAll - 1, ""},
		{"at", kinabase.MaxAll, "100000 came, which is as many as one answer can hold (100000): there may be more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				for i := range test.count {
					_, _ = fmt.Fprintf(w, `%c{"id":"%d"}`, "[,"[min(i, 1)], i)
				}
				_, _ = w.Write([]byte("]"))
			})
			got, err := collect(client.AllRecords(t.Context(), "machines"))
			assert.Len(t, got, test.count)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			var incomplete *kinabase.IncompleteError
			require.ErrorAs(t, err, &incomplete)
			assert.EqualError(t, err, "kinabase: listAllRecords: "+test.want)
		})
	}
}

func TestDecodeOfBothEditions(t *testing.T) {
	type order struct {
		Number string   `json:"orderNumber"`
		Total  float64  `json:"total"`
		Notes  *string  `json:"notes"`
		Wrong  []string `json:"OrderNumber"` // another key
	}
	for name, opts := range map[string][]emulator.Option{"today": nil, "2023": {emulator.WithEdition2023()}} {
		t.Run(name, func(t *testing.T) {
			client := start(t, opts).client(t)
			for record, err := range client.Records(t.Context(), "purchase-orders") {
				require.NoError(t, err)
				got, err := kinabase.Decode[order](record)
				require.NoError(t, err)
				assert.Equal(t, order{Number: "PO-001", Total: 1000.5}, got)
				break
			}
		})
	}
}

// A record without an id could come twice, or be another one: it is refused.
func TestRecordsWithoutAnID(t *testing.T) {
	for _, body := range []string{`[{"id":"a"},{"data":{}}]`, `[{"id":"a"},{"id":""}]`, `[{"id":"a"},{"Id":"b"}]`, `[{"id":"a"},null]`} {
		client := answering(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != "" {
				body := `{"totalRecords":2,"records":` + body + `}`
				_, _ = w.Write([]byte(body))
				return
			}
			_, _ = w.Write([]byte(body))
		})
		for operation, list := range map[string]iter.Seq2[kinabase.Record, error]{
			"listRecords": client.Records(t.Context(), "things"), "listAllRecords": client.AllRecords(t.Context(), "things"),
		} {
			got, err := collect(list)
			assert.ErrorContains(t, err, "kinabase: "+operation+": 200 OK: /id: is missing or empty", body)
			assert.Len(t, got, 1)
		}
	}
}
