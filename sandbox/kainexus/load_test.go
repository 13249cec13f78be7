package kainexus

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestListIsStreamed reads a large page, which goes out before it is complete, and while
// the list changes.
func TestListIsStreamed(t *testing.T) {
	c := start(t, WithoutSeed(), WithGeneratedItems(maxLimit+1, 1))
	writer := &slowWriter{header: http.Header{}, onFlush: sync.OnceFunc(func() {
		id, _ := c.put("item", `{"id":10003999,"status":"DELETED"}`) // the last of the page
		assert.Equal(t, int64(10003999), id)
	})}
	request := c.request("GET", jsonPath+"itemList?id=640&limit=4000", nil)
	c.sandbox.ServeHTTP(writer, request)
	got := parse(t, writer.text.String())
	assert.Equal(t, int64(4000), got.integer("count"))
	assert.Equal(t, int64(maxLimit+1), got.integer("totalCount"))
	items := got.stored("items")
	require.Len(t, items, 4000)
	assert.Equal(t, int64(10003999), items[3999].id(), "a list is as it was when it was asked for")
	assert.Less(t, writer.largest, 64<<10, "no write holds more than a few items")
	assert.Greater(t, writer.flushes, 10)
	assert.Equal(t, int64(maxLimit), c.call("GET", jsonPath+"itemList?id=640&limit=1", nil).object(t).integer("totalCount"))
}

// slowWriter does something else between writes: whoever holds a lock would be found out.
type slowWriter struct {
	header           http.Header
	text             strings.Builder
	largest, flushes int
	onFlush          func()
}

func (w *slowWriter) Header() http.Header { return w.header }
func (w *slowWriter) WriteHeader(int)     {}
func (w *slowWriter) Flush()              { w.flushes++; w.onFlush() }
func (w *slowWriter) Write(p []byte) (int, error) {
	w.largest = max(w.largest, len(p))
	return w.text.Write(p)
}

// TestConcurrency has callers write and read the same things at once.
func TestConcurrency(t *testing.T) {
	c := start(t, WithoutSeed())
	const callers, rounds = 8, 15
	var created sync.Map
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for round := range rounds {
				id, _ := c.put("item", minimal)
				_, twice := created.LoadOrStore(id, true)
				assert.False(t, twice, "id %d was given twice", id)
				c.put("user", fmt.Sprintf(`{"id":301,"firstName":"Jo %d","lastName":"Doe %d"}`, caller, caller))
				author := c.item(id).stored("authors")[0]
				var first, last int
				_, err := fmt.Sscanf(author.text("firstName")+" "+author.text("lastName"), "Jo %d Doe %d", &first, &last)
				require.NoError(t, err)
				assert.Equal(t, first, last, "no half of a write is seen")
				got := c.call("GET", jsonPath+"itemList?id=640", nil).object(t)
				assert.Len(t, got.stored("items"), int(got.integer("totalCount")))
				if round%2 == 0 {
					c.put("item", fmt.Sprintf(`{"id":%d,"status":"DELETED"}`, id))
				}
			}
		})
	}
	group.Wait()
	assert.Len(t, c.list("itemList?id=640"), callers*(rounds/2))
}
