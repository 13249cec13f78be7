package kinabase

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// direct calls a sandbox without a connection.
type direct struct {
	sandbox *Server
	token   string
}

func newDirect(t require.TestingT, opts ...Option) direct {
	sandbox, err := New(append(opts, WithoutSeed(), WithIngestLimit(0), WithCollection(tiny()))...)
	require.NoError(t, err)
	return direct{sandbox, sandbox.freshToken()}
}

func (d direct) call(method, path string, body []byte) *httptest.ResponseRecorder {
	request, response := d.prepare(method, path, body)
	d.sandbox.ServeHTTP(response, request)
	return response
}

func (d direct) prepare(method, path string, body []byte) (*http.Request, *httptest.ResponseRecorder) {
	request := httptest.NewRequest(method, BasePath+path, bytes.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+d.token)
	return request, httptest.NewRecorder()
}

// do is call for a status that is known beforehand; it decodes the body into a value.
func (d direct) do(t require.TestingT, status int, method, path string, body, into any) {
	text, err := json.Marshal(body)
	require.NoError(t, err)
	response := d.call(method, path, text)
	require.Equal(t, status, response.Code, "%s %s: %s", method, path, response.Body)
	require.NoError(t, json.Unmarshal(response.Body.Bytes(), into))
}

type modelRecord struct {
	ID   string         `json:"id"`
	Data map[string]any `json:"data"`
}

// TestModel plays random calls against the emulator and against a slice, and looks at
// both after each of them.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDirect(t)
		var model []modelRecord
		data := rapid.MapOf(rapid.SampledFrom([]string{"name", "size"}), rapid.SampledFrom([]any{nil, "x", 1.5, true}))
		position := func(t *rapid.T) int {
			if len(model) == 0 {
				// To rapid this means: this call cannot be made now, draw another. The check goes on.
				t.Skip("no record to call for yet")
			}
			return rapid.IntRange(0, len(model)-1).Draw(t, "position")
		}
		t.Repeat(map[string]func(*rapid.T){
			"create": func(t *rapid.T) {
				r := modelRecord{Data: data.Draw(t, "data")}
				var created modelRecord
				d.do(t, 200, "POST", "/collections/tiny", r, &created)
				r.ID = created.ID
				model = append(model, r)
			},
			"create many": func(t *rapid.T) {
				records := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) modelRecord {
					return modelRecord{Data: data.Draw(t, "data")}
				}), 0, 5).Draw(t, "records")
				d.do(t, 200, "POST", "/collections/tiny/bulk", map[string]any{"records": records}, new(any))
				var all []modelRecord
				d.do(t, 200, "GET", "/collections/tiny/all", nil, &all)
				require.Len(t, all, len(model)+len(records))
				for i := range records {
					records[i].ID = all[len(model)+i].ID
				}
				model = append(model, records...)
			},
			"patch": func(t *rapid.T) {
				i, change := position(t), data.Draw(t, "data")
				maps.Copy(model[i].Data, change)
				var changed modelRecord
				d.do(t, 200, "PATCH", "/collections/tiny/"+model[i].ID, modelRecord{Data: change}, &changed)
				require.Equal(t, model[i], changed)
			},
			"delete": func(t *rapid.T) {
				i := position(t)
				d.do(t, 200, "DELETE", "/collections/tiny/"+model[i].ID, nil, new(any))
				d.do(t, 404, "GET", "/collections/tiny/"+model[i].ID, nil, new(any))
				model = slices.Delete(model, i, i+1)
			},
			"": func(t *rapid.T) {
				var all []modelRecord
				d.do(t, 200, "GET", "/collections/tiny/all", nil, &all)
				require.Equal(t, append([]modelRecord{}, model...), append([]modelRecord{}, all...))
				require.Equal(t, all, d.pages(t, len(model), rapid.IntRange(1, 7).Draw(t, "page size")))
			},
		})
	})
}

// pages are the records of all pages, each of which has to tell the same total.
func (d direct) pages(t require.TestingT, total, size int) []modelRecord {
	union := []modelRecord{}
	for index := 0; ; index++ {
		var page struct {
			Records                           []modelRecord
			TotalRecords, PageIndex, PageSize int
		}
		d.do(t, 200, "GET", fmt.Sprintf("/collections/tiny?pageIndex=%d&pageSize=%d", index, size), nil, &page)
		require.Equal(t, []int{total, index, size}, []int{page.TotalRecords, page.PageIndex, page.PageSize})
		if len(page.Records) == 0 {
			require.Equal(t, (total+size-1)/size, index, "as many pages as the documentation promises")
			return union
		}
		union = append(union, page.Records...)
	}
}

// TestConcurrentCalls is for the race detector, and for lost updates: every goroutine
// adds records, each of which it changes, logs and reads, and deletes half of them.
func TestConcurrentCalls(t *testing.T) {
	const workers, rounds = 16, 20
	stored := newMemory()
	d := newDirect(t, WithStorage(stored))
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for round := range rounds {
				var created, changed, read modelRecord
				d.do(t, 200, "POST", "/collections/tiny", modelRecord{Data: map[string]any{"name": "new"}}, &created)
				where := "/collections/tiny/" + created.ID
				change := modelRecord{Data: map[string]any{"size": float64(worker*rounds + round)}}
				d.do(t, 200, "PATCH", where, change, &changed)
				d.do(t, 200, "GET", where, nil, &read)
				assert.Equal(t, changed, read)
				d.do(t, 200, "POST", "/activities/tiny/"+created.ID, map[string]any{"content": "x"}, new(any))
				d.do(t, 200, "POST", "/collections/tiny/ingest", map[string]any{"records": []any{}}, new(any))
				d.do(t, 200, "GET", "/collections/tiny/all", nil, new(any))
				d.do(t, 200, "GET", "/collections/tiny?pageSize=300", nil, new(any))
				if round%2 == 0 {
					d.do(t, 200, "DELETE", "/collections/tiny/bulk", map[string]any{"recordIds": []string{created.ID}}, new(any))
				}
			}
		})
	}
	group.Wait()
	var left []modelRecord
	d.do(t, 200, "GET", "/collections/tiny/all", nil, &left)
	sizes := map[any]bool{}
	for _, r := range left {
		sizes[r.Data["size"]] = true
	}
	assert.Len(t, left, workers*rounds/2)
	assert.Len(t, sizes, workers*rounds/2, "no change was lost")
	assert.Equal(t, dumped(d.sandbox), stored.Entries)
}

// TestRevocationMeetsCalls revokes while others call: each of their answers is 200 or
// 401, and in the end the old token is good for nothing.
func TestRevocationMeetsCalls(t *testing.T) {
	d := newDirect(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				code := d.call("GET", "/collections", nil).Code
				assert.Contains(t, []int{http.StatusOK, http.StatusUnauthorized}, code)
			}
		})
	}
	require.NoError(t, d.sandbox.RevokeTokens())
	group.Wait()
	assert.Equal(t, http.StatusUnauthorized, d.call("GET", "/collections", nil).Code)
}

// FuzzBody sends any body to every operation that takes one.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		`{"data":{"name":"a","size":1.50},"external":[{"key":"a","id":"b","properties":{}}]}`,
		`{"records":[{"id":"a","data":{}}]}`, `{"recordIds":["a"]}`, `{"content":"a","timestamp":"2026-03-02T09:00:00Z"}`,
		`{"records":[{"id":"a","changes":[{"timestamp":"2026-03-02T09:00:00Z","data":{"size":1}}]}]}`,
		`{"appId":"a","appSecret":"b"}`, `{"Data":null}`, `[[[[`, "\xff", `{"data":{"name":"\ud800"}}`, `{"data":{"name":1e999}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		sandbox, err := New(WithoutSeed(), WithCollection(tiny(Record{ID: "a", External: []ExternalLink{{Key: "a", ID: "b"}}})))
		require.NoError(t, err)
		d := direct{sandbox, sandbox.freshToken()}
		for _, call := range []struct{ method, path string }{
			{"POST", "/token"}, {"POST", "/collections/tiny"}, {"PATCH", "/collections/tiny/a"},
			{"PATCH", "/collections/tiny/ext/a/b"}, {"POST", "/collections/tiny/bulk"}, {"PATCH", "/collections/tiny/bulk"},
			{"POST", "/collections/tiny/ingest"}, {"POST", "/activities/tiny/a"}, {"DELETE", "/collections/tiny/bulk"},
		} {
			response := d.call(call.method, call.path, body)
			allowed := []int{http.StatusOK, http.StatusBadRequest}
			switch {
			case call.path == "/token":
				allowed = append(allowed, http.StatusUnauthorized) // a stranger
			case call.path == "/collections/tiny/bulk" || call.path == "/collections/tiny/ext/a/b":
				allowed = append(allowed, http.StatusNotFound) // an unknown id, or a link that is gone
			}
			require.Contains(t, allowed, response.Code, "%s %s: %s", call.method, call.path, response.Body)
			require.True(t, json.Valid(response.Body.Bytes()), "%s %s: %s", call.method, call.path, response.Body)
		}
		// Whatever was taken can be read back.
		require.True(t, json.Valid(d.call("GET", "/collections/tiny/all", nil).Body.Bytes()))
	})
}
