package kainexus

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/internal/peers"
)

// generatedItems is what a large organization has.
const generatedItems = 100_000

func TestGeneratedItems(t *testing.T) {
	c := start(t, WithGeneratedItems(generatedItems, 1))
	page := func(query string) document {
		return c.call("GET", jsonPath+"itemList?"+query, nil).object(t)
	}
	assert.Equal(t, int64(generatedItems), page("id=700&limit=1").integer("totalCount"))
	assert.Equal(t, int64(generatedItems+40), page("id=640&limit=1").integer("totalCount"))
	assert.Equal(t, []int64{4003, 10000000, 10000001}, ids(page("id=640&offset=39&limit=3").stored("items")))
	assert.Equal(t, []int64{10099999}, ids(page("id=700&offset=99999&limit=5").stored("items")))
	assert.Len(t, c.list("itemList?id=655"), 4, "no chart is generated")
	assert.Equal(t, "100040.0", c.call("GET", jsonPath+"widget?id=77", nil).object(t).numberText("value"))

	const id = 10054321
	before := c.item(id)
	got, _ := c.put("item", jsonText(t, before))
	assert.Equal(t, int64(id), got)
	after := c.item(id)
	delete(before, "lastUpdateDate")
	delete(after, "lastUpdateDate")
	assert.Equal(t, before, after, "a generated item survives a round trip")
	c.put("item", `{"id":10054321,"summary":"Changed","parentId":10054322}`)
	assert.Equal(t, "Changed", page("id=700&offset=54321&limit=1").stored("items")[0].text("summary"))
	assert.True(t, strings.HasSuffix(c.item(id).text("parentSummary"), ", no. 54323"))
	c.put("item", `{"id":10054322,"status":"DELETED"}`)
	assert.NotContains(t, c.item(id), "parentId")
	assert.Equal(t, []int64{10054321, 10054323}, ids(page("id=700&offset=54321&limit=2").stored("items")))
	assert.Equal(t, 403, c.call("GET", jsonPath+"item?id=10054322", nil).status)
	assert.Equal(t, 403, c.call("GET", jsonPath+"item?id=10100000", nil).status)
	assert.Equal(t, notAllowed, c.refused("attributeValue?attributeId=12", `{"id":85,"delete":true}`), "generated items use it")
	created, _ := c.put("item", minimal)
	assert.Equal(t, int64(firstNewID), created)
	assert.Equal(t, int64(generatedItems), page("id=700&limit=1").integer("totalCount")+1, "what is created is not among the generated")
}

func TestGeneratedItemsAreDeterministic(t *testing.T) {
	one, two, other := start(t, WithGeneratedItems(20, 9)), start(t, WithGeneratedItems(40, 9)), start(t, WithGeneratedItems(20, 10))
	items := one.list("itemList?id=700")
	require.Len(t, items, 20)
	assert.Equal(t, items, two.list("itemList?id=700&limit=20"))
	assert.NotEqual(t, items, other.list("itemList?id=700"))
}

func TestGeneratedItemsOptions(t *testing.T) {
	text, id := func(s string) *string { return &s }, int64(firstGeneratedID+1)
	item := Item{ID: &id, TemplateName: text("Observation"), Summary: text("x"), Authors: []PersonRef{{Username: text("jdoe")}}}
	for name, opts := range map[string][]Option{
		"negative": {WithGeneratedItems(-1, 0)},
		"too many": {WithGeneratedItems(maxGenerated+1, 0)},
		"id taken": {WithItems(item), WithGeneratedItems(2, 0)},
	} {
		_, err := New(opts...)
		require.ErrorContains(t, err, "kainexus: WithGeneratedItems: ", name)
	}
	none := start(t, WithoutSeed(), WithGeneratedItems(0, 0))
	assert.Empty(t, none.list("itemList?id=700"))
	assert.Empty(t, none.list("itemList?id=640"))

	// Ids go around the range, or a new item would replace a generated one.
	last := int64(firstGeneratedID - 1)
	item.ID = &last
	c := start(t, WithItems(item), WithGeneratedItems(50, 0))
	created, _ := c.put("item", minimal)
	assert.GreaterOrEqual(t, created, int64(firstGeneratedID+50))
	assert.Len(t, c.list("itemList?id=700"), 50)
	assert.Equal(t, created, c.list("itemList?id=640&offset=91")[0].id())
}

// TestPageInLittleMemory reads the largest page over a connection, while the heap of the
// whole process, client included, is watched.
func TestPageInLittleMemory(t *testing.T) {
	c := start(t, WithGeneratedItems(generatedItems, 1))
	request := c.request("GET", jsonPath+"itemList?id=700&offset=40000", nil)
	grown := peers.HeapGrowth(func() {
		response, err := http.DefaultTransport.RoundTrip(request)
		require.NoError(t, err)
		defer func() { _ = response.Body.Close() }()
		assert.Equal(t, maxLimit, countItems(t, response.Body))
	})
	t.Logf("the heap grew by %.1f MiB", float64(grown)/(1<<20))
	assert.Less(t, grown, uint64(64<<20))
	assert.Positive(t, grown)
}

// countItems reads a list without keeping it.
func countItems(t testing.TB, body io.Reader) int {
	t.Helper()
	decoder := json.NewDecoder(bufio.NewReader(body))
	for {
		token, err := decoder.Token()
		require.NoError(t, err)
		if token == "items" {
			break
		}
	}
	_, err := decoder.Token() // [
	require.NoError(t, err)
	count := 0
	for decoder.More() {
		var item struct{ ID int64 }
		require.NoError(t, decoder.Decode(&item))
		count++
	}
	_, err = io.Copy(io.Discard, io.MultiReader(decoder.Buffered(), body))
	require.NoError(t, err)
	return count
}

// leavingWriter is a client that goes away after the first few items.
type leavingWriter struct {
	slowWriter
	writes int
	leave  func()
}

func (w *leavingWriter) Write(p []byte) (int, error) {
	if w.writes++; w.writes == 10 {
		w.leave()
	}
	return len(p), nil
}

// TestPageStopsWithItsClient counts what is written to a client that has gone.
func TestPageStopsWithItsClient(t *testing.T) {
	c := start(t, WithGeneratedItems(generatedItems, 1))
	for _, path := range []string{"itemList?id=640", "userList", "networkLocationList"} {
		request := c.request("GET", jsonPath+path, nil)
		ctx, cancel := context.WithCancel(request.Context())
		w := &leavingWriter{slowWriter: slowWriter{header: http.Header{}, onFlush: func() {}}, leave: cancel}
		if path == "networkLocationList" {
			w.writes = 6 // there are but six
		}
		c.sandbox.ServeHTTP(w, request.WithContext(ctx))
		cancel()
		assert.Equal(t, 10, w.writes, path)
	}
}

func BenchmarkNewWithGeneratedItems(b *testing.B) {
	for b.Loop() {
		_, err := New(WithGeneratedItems(generatedItems, 1))
		require.NoError(b, err)
	}
}

func BenchmarkPutAmongGeneratedItems(b *testing.B) {
	s, err := New(WithGeneratedItems(generatedItems, 1))
	require.NoError(b, err)
	for i := 0; b.Loop(); i++ {
		got := direct(s, "PUT", "json/item", fmt.Sprintf(`{"item":{"id":%d,"summary":"Changed"}}`, firstGeneratedID+i*7919%generatedItems))
		require.Equal(b, 200, got.Code)
	}
}

// discard is an answer that nobody reads.
type discard struct {
	slowWriter
	bytes int64
}

func (d *discard) Write(p []byte) (int, error) { d.bytes += int64(len(p)); return len(p), nil }

func BenchmarkPageOfGeneratedItems(b *testing.B) {
	s, err := New(WithGeneratedItems(generatedItems, 1))
	require.NoError(b, err)
	request, err := http.NewRequest("GET", "http://sandbox.example"+jsonPath+"itemList?id=700", nil)
	require.NoError(b, err)
	request.SetBasicAuth(basicUser, s.Credentials().APIKey)
	b.ReportAllocs()
	for b.Loop() {
		w := &discard{slowWriter: slowWriter{header: http.Header{}, onFlush: func() {}}}
		s.ServeHTTP(w, request)
		b.SetBytes(w.bytes)
	}
}
