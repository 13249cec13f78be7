package kinabase

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGeneratedRecords(t *testing.T) {
	generate := func(seed uint64) *client { return start(t, WithGeneratedRecords("inspections", 200, seed)) }
	a, b, other := generate(1), generate(1), generate(2)
	records := a.all("inspections")
	require.Len(t, records, 203)
	assert.Equal(t, records, b.all(seedInspectionsID))
	assert.NotEqual(t, records[3:], other.all("inspections")[3:])
	assert.Equal(t, json.Number("203"), records[202].(map[string]any)["numericId"])

	set, c := map[string]int{}, a.sandbox.store.collections[2]
	for _, r := range c.records[3:] {
		for key, value := range r.values() {
			taken, err := c.byKey[key].take(value)
			require.NoError(t, err, "%s: %s", key, value)
			assert.Equal(t, string(taken), string(value), key)
			set[key]++
		}
		require.NoError(t, c.checkLinks("data", r.values()))
	}
	for _, f := range c.fields {
		switch {
		case f.derived():
			assert.Zero(t, set[f.Key], f.Key)
		case f.Required:
			assert.Equal(t, 200, set[f.Key], f.Key)
		default:
			assert.InDelta(t, 175, set[f.Key], 24, f.Key) // not in one of eight
		}
	}
}

// What the records of a stored batch are drawn from must never change: if this test
// fails, a storage written before would read differently.
func TestDrawnOnceAndForAll(t *testing.T) {
	c := start(t, WithGeneratedRecords("machines", 2, 42))
	assert.JSONEq(t, `{"device_name":"nozzle kiln 5","last_seen":"2026-09-19T20:27:00Z","reading_id":5950.42,"status":"online","temperatureC":3248.64}`,
		string(encode(c.all("machines")[4].(map[string]any)["data"])))
	every := sha256.New()
	for _, r := range start(t, WithGeneratedRecords("inspections", 100, 42)).sandbox.store.collections[2].records[3:] {
		every.Write(encode(r.values()))
	}
	assert.Equal(t, "b31c77594d10ed225116ca3a1abf7c8627684a2ae3b3834f3f007bbaccfe2ab1", hex.EncodeToString(every.Sum(nil)), "every kind")
}

func TestGeneratedRecordsAreLikeOthers(t *testing.T) {
	stored := newMemory()
	opts := []Option{WithStorage(stored), WithGeneratedRecords("machines", 20, 1), WithGeneratedRecords(seedMachinesID, 5, 2)}
	c := start(t, opts...)
	all := ids(c.all("machines"))
	require.Len(t, all, 29)
	require.Equal(t, 200, c.call("PATCH", "/collections/machines/"+all[10], `{"data":{"device_name":"mine"}}`).status)
	require.Equal(t, 200, c.call("DELETE", "/collections/machines/bulk", map[string]any{"recordIds": []string{all[11], all[28]}}).status)
	require.Equal(t, 200, c.call("DELETE", "/collections/machines/"+all[10], nil).status)
	require.Equal(t, 200, c.call("PATCH", "/collections/machines/"+all[12], `{"data":{"device_name":"kept"}}`).status)
	assert.Len(t, slices.DeleteFunc(slices.Sorted(maps.Keys(stored.Entries)), func(key string) bool { return key < "records/"+seedMachinesID || key > "records/"+seedMachinesID+"~" }), 5, "four seeded ones and the changed one")

	again, err := New(opts...)
	require.NoError(t, err)
	assert.Equal(t, state(t, c.sandbox), state(t, again))
	created := c.create("machines", map[string]any{})
	assert.NotContains(t, all, created)
	assert.Equal(t, json.Number("30"), c.read("machines", created)["numericId"])
	assert.Equal(t, "kept", c.read("machines", all[12])["data"].(map[string]any)["device_name"])
}

func TestBadGeneratedRecords(t *testing.T) {
	for text, opts := range map[string][]Option{
		"WithGeneratedRecords: -1 records; want 0 to 1000000":         {WithGeneratedRecords("machines", -1, 1)},
		"WithGeneratedRecords: 1000001 records":                       {WithGeneratedRecords("machines", 1_000_001, 1)},
		`WithGeneratedRecords: there is no collection "x"`:            {WithGeneratedRecords("x", 1, 1)},
		"a record has the ID \"" + seedID("tiny-id", 2) + "\", which": {WithCollection(tiny(Record{ID: seedID("tiny-id", 2)})), WithGeneratedRecords("tiny", 1, 1)},
	} {
		_, err := New(opts...)
		require.ErrorContains(t, err, text)
		assert.ErrorContains(t, err, "kinabase: ")
	}
}

// A hundred thousand records cost little, and /all sends its first byte long before it
// has gone through them. The figures are logged; what is asserted of time is the promise,
// which is some hundred times what it takes.
func TestAHundredThousandRecords(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before, began := heap(), time.Now()
	c := start(t, WithGeneratedRecords("machines", maxAll-4, 1))
	made, took := time.Since(began), heap()-before
	t.Logf("made in %s, %d MiB of heap", made, took>>20)
	assert.Less(t, took, uint64(64<<20))

	for _, query := range []string{"", "?updatedAfter=2026-04-01T00:00:00Z"} {
		var first []time.Duration
		for range 9 {
			request := c.request("GET", "/collections/machines/all"+query, nil)
			began := time.Now()
			response, err := http.DefaultTransport.RoundTrip(request)
			require.NoError(t, err)
			_, err = bufio.NewReader(response.Body).ReadByte()
			first = append(first, time.Since(began))
			require.NoError(t, err)
			assert.Equal(t, []string{"chunked"}, response.TransferEncoding)
			_ = response.Body.Close()
		}
		slices.Sort(first)
		t.Logf("first byte of /all%s after %s (median of %d)", query, first[len(first)/2], len(first))
		assert.Less(t, first[len(first)/2], 50*time.Millisecond)
	}

	all := c.send(c.request("GET", "/collections/machines/all", nil)).body
	assert.True(t, json.Valid(all))
	assert.Equal(t, maxAll, bytes.Count(all, []byte(`"numericId":`)))
	assert.Equal(t, json.Number(fmt.Sprint(maxAll)), c.call("GET", "/collections/machines?pageIndex=300&pageSize=300", nil).object(t)["totalRecords"])

	c.create("machines", map[string]any{})
	got := c.call("GET", "/collections/machines/all", nil)
	assert.Equal(t, http.StatusBadRequest, got.status)
	assert.Equal(t, "100001 records match; /all answers at most 100000, pages answer any number", got.problem(t))
	got = c.call("GET", "/collections/machines/all?updatedAfter=2026-05-10T00:00:00Z", nil)
	assert.Equal(t, http.StatusOK, got.status, "few enough match")
}

func TestAllStopsWhenTheClientIsGone(t *testing.T) {
	drawn := 0
	content := tiny(make([]Record, 5000)...)
	content.Fields = append(content.Fields, Field{Key: "drawn", Kind: KindComputedText, ComputeText: func(map[string]any) (string, bool) {
		drawn++
		return "", false
	}})
	sandbox, err := New(WithoutSeed(), WithCollection(content))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, BasePath+"/collections/tiny/all", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+sandbox.freshToken())
	sandbox.ServeHTTP(&cancelling{left: 10, cancel: cancel}, request)
	assert.Less(t, drawn, 20)
	assert.Positive(t, drawn)
}

// cancelling goes on taking what is written, though its client has gone after some of it.
type cancelling struct {
	left   int
	cancel func()
}

func (c *cancelling) Header() http.Header { return http.Header{} }
func (c *cancelling) WriteHeader(int)     {}

func (c *cancelling) Write(p []byte) (int, error) {
	if c.left--; c.left == 0 {
		c.cancel()
	}
	return io.Discard.Write(p)
}

func BenchmarkAll(b *testing.B) {
	sandbox, err := New(WithGeneratedRecords("machines", maxAll-4, 1))
	require.NoError(b, err)
	for b.Loop() {
		response := direct{sandbox, sandbox.freshToken()}.call("GET", "/collections/machines/all", nil)
		require.Equal(b, http.StatusOK, response.Code)
	}
}
