package rawlist

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/internal/paging"
	"github.com/kaikina/kaikina/transport"
)

// server answers requests, and keeps what was asked.
type server struct {
	asked  []string
	answer func(*http.Request) string
	status int
}

func (s *server) Do(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, r.URL.Path+"?"+r.URL.Query().Encode())
	status := s.status
	if status == 0 {
		status = http.StatusOK
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(s.answer(r))), Request: r}, nil
}

func kinabaseClient(t *testing.T, s *server) kinabaseapi.ClientInterface {
	client, err := kinabaseapi.NewClient("https://api.example.test", kinabaseapi.WithHTTPClient(s))
	require.NoError(t, err)
	return client
}

func kaiNexusClient(t *testing.T, s *server) kainexusapi.ClientInterface {
	client, err := kainexusapi.NewClient("https://api.example.test", kainexusapi.WithHTTPClient(s))
	require.NoError(t, err)
	return client
}

// elements are objects with ids, joined by commas.
func elements(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, `,{"id":"%d", "n":1.0}`, i)
	}
	return strings.TrimPrefix(b.String(), ",")
}

func numberIn(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.URL.Query().Get(name))
	return n
}

// records answers pages of as many records as there are.
func records(count int) func(*http.Request) string {
	return func(r *http.Request) string {
		index, size := numberIn(r, "pageIndex"), numberIn(r, "pageSize")
		return fmt.Sprintf(`{"records":[%s],"totalRecords":%d}`, elements(min(index*size, count), min((index+1)*size, count)), count)
	}
}

func items(count int) func(*http.Request) string {
	return func(r *http.Request) string {
		offset, limit := numberIn(r, "offset"), numberIn(r, "limit")
		if limit == 0 {
			limit = count
		}
		return fmt.Sprintf(`{"totalCount":%d,"items":[%s]}`, count, elements(min(offset, count), min(offset+limit, count)))
	}
}

func read(t *testing.T, list List, position int64) (all []string, failed error) {
	for element, err := range list(t.Context(), position) {
		assert.NoError(t, failed, "an error is the last pair")
		if failed = err; err == nil {
			all = append(all, string(element))
		}
	}
	return all, failed
}

func TestListsAreReadFromAnyPosition(t *testing.T) {
	list := int64(640)
	after := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	lists := map[string]struct {
		of     func(*testing.T, *server) List
		answer func(int) func(*http.Request) string
	}{
		"records": {func(t *testing.T, s *server) List {
			return KinabaseRecords(kinabaseClient(t, s), asItIs, "orders", &after)
		}, records},
		"all records": {func(t *testing.T, s *server) List {
			return KinabaseAllRecords(kinabaseClient(t, s), asItIs, "orders", &after)
		}, func(count int) func(*http.Request) string {
			return func(*http.Request) string { return "[" + elements(0, count) + "]" }
		}},
		"items":  {func(t *testing.T, s *server) List { return KaiNexusItems(kaiNexusClient(t, s), asItIs, list, false) }, items},
		"charts": {func(t *testing.T, s *server) List { return KaiNexusItems(kaiNexusClient(t, s), asItIs, list, true) }, items},
		"people": {func(t *testing.T, s *server) List { return KaiNexusPeople(kaiNexusClient(t, s), asItIs, &list) }, items},
	}
	for name, l := range lists {
		for _, count := range []int{0, 1, 299, 300, 301, 2050} {
			for _, position := range []int{0, 1, 250, 300, 1000, 2049, 2050} {
				if position > count {
					continue
				}
				t.Run(fmt.Sprintf("%s %d from %d", name, count, position), func(t *testing.T) {
					got, err := read(t, l.of(t, &server{answer: l.answer(count)}), int64(position))
					require.NoError(t, err)
					require.Len(t, got, count-position)
					for i, element := range got {
						require.Equal(t, fmt.Sprintf(`{"id":"%d", "n":1.0}`, position+i), element, "byte for byte")
					}
				})
			}
		}
	}
}

func TestWhatIsAskedFor(t *testing.T) {
	after := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	list := int64(640)
	for _, c := range []struct {
		name  string
		of    func(*server) List
		from  int64
		body  string
		asked []string
	}{
		{"records", func(s *server) List { return KinabaseRecords(kinabaseClient(t, s), asItIs, "orders", &after) }, 650, `{"records":[],"totalRecords":5}`,
			[]string{"/collections/orders?pageIndex=2&pageSize=300&updatedAfter=2026-11-01T12%3A00%3A00Z"}},
		{"all records", func(s *server) List { return KinabaseAllRecords(kinabaseClient(t, s), asItIs, "orders", &after) }, 650, `[]`,
			[]string{"/collections/orders/all?updatedAfter=2026-11-01T12%3A00%3A00Z"}},
		{"items", func(s *server) List { return KaiNexusItems(kaiNexusClient(t, s), asItIs, 640, false) }, 650, `{"items":[]}`,
			[]string{"/api/public/v1/json/itemList?id=640&limit=1000&offset=650"}},
		{"charts", func(s *server) List { return KaiNexusItems(kaiNexusClient(t, s), asItIs, 640, true) }, 0, `{"items":[]}`,
			[]string{"/api/public/v1/json/itemList?id=640&includeCharts=true&limit=100&offset=0"}},
		{"people of a list", func(s *server) List { return KaiNexusPeople(kaiNexusClient(t, s), asItIs, &list) }, 0, `{"items":[{}]}`,
			[]string{"/api/public/v1/json/userList?id=640"}},
		{"everybody", func(s *server) List { return KaiNexusPeople(kaiNexusClient(t, s), asItIs, nil) }, 7, `{"items":[]}`,
			[]string{"/api/public/v1/json/userList?offset=7"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &server{answer: func(*http.Request) string { return c.body }}
			_, _ = read(t, c.of(s), c.from)
			assert.Equal(t, c.asked, s.asked)
		})
	}
}

func TestListsThatAreNotWhole(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(*http.Request) string
		want   paging.IncompleteError
		rows   int
	}{
		{"fewer than counted", func(r *http.Request) string {
			if numberIn(r, "offset") > 0 {
				return `{"totalCount":5,"items":[]}`
			}
			return `{"totalCount":5,"items":[{"id":1},{"id":2}]}`
		}, paging.IncompleteError{Seen: 2, Total: 5}, 2},
		{"it shrank", func(r *http.Request) string {
			if numberIn(r, "offset") > 0 {
				return `{"totalCount":3,"items":[{"id":3}]}`
			}
			return `{"totalCount":5,"items":[{"id":1},{"id":2}]}`
		}, paging.IncompleteError{Seen: 3, Total: 3, Shrunk: 2}, 3},
		{"the same page for ever", func(*http.Request) string {
			return `{"totalCount":5,"items":[{"id":1},{"id":2}]}`
		}, paging.IncompleteError{Seen: 2, Total: 5}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &server{answer: c.answer}
			got, err := read(t, KaiNexusItems(kaiNexusClient(t, s), asItIs, 640, false), 0)
			assert.Equal(t, &c.want, err)
			assert.Len(t, got, c.rows)
		})
	}
	t.Run("as many as one answer can have", func(t *testing.T) {
		s := &server{answer: func(*http.Request) string { return "[" + elements(0, recordsAtOnce) + "]" }}
		got, err := read(t, KinabaseAllRecords(kinabaseClient(t, s), asItIs, "orders", nil), 0)
		require.EqualError(t, err, "100000 came, which is as many as one answer can hold (100000): there may be more")
		assert.Len(t, got, recordsAtOnce)
	})
}

// A count that is too low must not cut a list off.
func TestAServerThatCountsTooFew(t *testing.T) {
	for _, total := range []int{-1, 0, 10, 299} {
		t.Run(strconv.Itoa(total), func(t *testing.T) {
			s := &server{answer: func(r *http.Request) string {
				index := numberIn(r, "pageIndex")
				return fmt.Sprintf(`{"records":[%s],"totalRecords":%d}`, elements(min(index*300, 700), min((index+1)*300, 700)), total)
			}}
			got, err := read(t, KinabaseRecords(kinabaseClient(t, s), asItIs, "orders", nil), 0)
			require.NoError(t, err)
			assert.Len(t, got, 700)
		})
	}
}

// A server that does not know pages, and does not even answer in one order, is not read for ever.
func TestPagesThatComeAgain(t *testing.T) {
	asked := 0
	s := &server{answer: func(*http.Request) string {
		if asked++; asked > 10 {
			return `{"items":[]}`
		}
		return fmt.Sprintf(`{"totalCount":5,"items":[%s]}`, []string{`{"id":1},{"id":2}`, `{"id":2},{"id":1}`}[asked%2])
	}}
	got, _ := read(t, KaiNexusItems(kaiNexusClient(t, s), asItIs, 640, false), 0)
	assert.Len(t, got, 4)
	assert.Equal(t, 3, asked)
}

// A page that has fewer records than were asked for is not the last one while the server counts
// more: pages are asked for by number, as the typed client does.
func TestShortPagesOfRecords(t *testing.T) {
	s := &server{answer: func(r *http.Request) string {
		index := numberIn(r, "pageIndex")
		return fmt.Sprintf(`{"records":[%s],"totalRecords":250}`, elements(min(index*100, 250), min((index+1)*100, 250)))
	}}
	got, err := read(t, KinabaseRecords(kinabaseClient(t, s), asItIs, "orders", nil), 0)
	require.NoError(t, err)
	require.Len(t, got, 250)
	assert.Len(t, s.asked, 3)

	for _, position := range []int{149, 249} {
		got, err = read(t, KinabaseRecords(kinabaseClient(t, s), asItIs, "orders", nil), int64(position))
		require.NoError(t, err)
		require.Len(t, got, 250-position)
		assert.Equal(t, fmt.Sprintf(`{"id":"%d", "n":1.0}`, position), got[0])
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		list   func(*testing.T, *server) List
		status int
		body   string
		code   string
		text   string
	}{
		{"a status", func(t *testing.T, s *server) List {
			return KinabaseRecords(kinabaseClient(t, s), asItIs, "orders", nil)
		}, 404, `{"error":"no such collection"}`, "", "no such collection"},
		{"a status of all", func(t *testing.T, s *server) List {
			return KinabaseAllRecords(kinabaseClient(t, s), asItIs, "orders", nil)
		}, 404, `{"error":"no such collection"}`, "", "no such collection"},
		{"a refusal with 200", func(t *testing.T, s *server) List { return KaiNexusItems(kaiNexusClient(t, s), asItIs, 1, false) }, 200, `{"success":false,"errorCode":"ACCESS_DENIED"}`, "ACCESS_DENIED", ""},
		{"no records", func(t *testing.T, s *server) List {
			return KinabaseRecords(kinabaseClient(t, s), asItIs, "orders", nil)
		}, 200, `{"totalRecords":1}`, "", ""},
		{"no items", func(t *testing.T, s *server) List { return KaiNexusPeople(kaiNexusClient(t, s), asItIs, nil) }, 200, `{"items":null}`, "", ""},
		{"no list", func(t *testing.T, s *server) List {
			return KinabaseAllRecords(kinabaseClient(t, s), asItIs, "orders", nil)
		}, 200, `{}`, "", ""},
		{"cut off", func(t *testing.T, s *server) List {
			return KinabaseAllRecords(kinabaseClient(t, s), asItIs, "orders", nil)
		}, 200, `[{"id":1},{"id"`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(t, c.list(t, &server{status: c.status, answer: func(*http.Request) string { return c.body }}), 0)
			var failed *transport.Error
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, c.status, failed.Status)
			assert.Equal(t, c.code, failed.Code)
			assert.Equal(t, c.text, failed.Message)
		})
	}
}

func TestReadingEndsWhenTheCallerHasEnough(t *testing.T) {
	for name, list := range map[string]List{
		"pages": KinabaseRecords(kinabaseClient(t, &server{answer: records(900)}), asItIs, "orders", nil),
		"all":   KinabaseAllRecords(kinabaseClient(t, &server{answer: func(*http.Request) string { return "[" + elements(0, 900) + "]" }}), asItIs, "orders", nil),
	} {
		t.Run(name, func(t *testing.T) {
			seen := 0
			for _, err := range list(t.Context(), 0) {
				require.NoError(t, err)
				if seen++; seen == 350 {
					break
				}
			}
			assert.Equal(t, 350, seen)
		})
	}
}

func asItIs(text string) string { return text }
