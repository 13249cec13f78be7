package kainexus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/sandbox"
	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/transport"
)

func TestItems(t *testing.T) {
	client, _ := emulated(t, emulator.WithGeneratedItems(25, 1))
	for _, size := range []int{1, 7, 25, MaxPageSize} {
		got, err := collect(t, client.Items(ctx(t), 700, PageSize(size)))
		require.NoError(t, err)
		requireIDs(t, got, 25)
	}
	item, err := client.Item(ctx(t), 10_000_003)
	require.NoError(t, err)
	assert.Equal(t, int64(10_000_003), *item.ID)
	assert.NotEmpty(t, *item.Summary)
}

func requireIDs(t testing.TB, got []Item, want int) {
	t.Helper()
	require.Len(t, got, want)
	for i, item := range got {
		require.Equal(t, int64(10_000_000+i), *item.ID)
	}
}

func TestCharts(t *testing.T) {
	client, _ := emulated(t)
	charts, err := collect(t, client.Charts(ctx(t), 655))
	require.NoError(t, err)
	require.NotEmpty(t, charts)
	for _, item := range charts {
		require.NotNil(t, item.Chart)
		require.NotEmpty(t, item.Chart.Series)
		require.Contains(t, item.Chart.Series[0].AdditionalProperties, "dataPoints")
	}
	plain, err := collect(t, client.Items(ctx(t), 655))
	require.NoError(t, err)
	require.Len(t, plain, len(charts))
	assert.Nil(t, plain[0].Chart)

	one, err := client.Chart(ctx(t), *charts[0].ID)
	require.NoError(t, err)
	assert.Equal(t, charts[0].Chart, one.Chart)
	one, err = client.Item(ctx(t), *charts[0].ID)
	require.NoError(t, err)
	assert.Nil(t, one.Chart)
}

// Whatever befalls the connection, every item comes once and in order.
func TestItemsGoOnAfterFailures(t *testing.T) {
	for _, fault := range []string{
		"truncated@listItems#2", "truncated-chunked@listItems#1", "truncated@listItems#1-3",
		"reset@listItems#1", "close-after@listItems#2-3", "server-error@listItems#1", "unavailable@listItems#2:0",
		"too-many-requests@listItems#1:0", "bad-gateway@listItems#2", "limit-ignored", "stall@listItems#2",
	} {
		t.Run(fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // for stall
				client, _ := broken(t, []string{fault}, emulator.WithGeneratedItems(60, 1))
				got, err := collect(t, client.Items(t.Context(), 700, PageSize(20)))
				require.NoError(t, err)
				requireIDs(t, got, 60)
			})
		})
	}
}

func TestItemsGivesUp(t *testing.T) {
	for _, test := range []struct {
		fault, want string
		items       int
	}{
		{"truncated@listItems#2-", "kainexus: listItems: 200 OK: unexpected EOF", 59},
		{"server-error@listItems#2-", "kainexus: listItems: 500 Internal Server Error: ", 20},
		{"reset@listItems", "kainexus: listItems: no answer after 4 attempts: ", 0},
		{"bad-gateway@listItems", "kainexus: listItems: 502 Bad Gateway (4 attempts)", 0},
		{"error-html@listItems", "", 60}, // nothing is refused here
		{"redirect-elsewhere@listItems", "kainexus: listItems: 307 Temporary Redirect", 0},
	} {
		t.Run(test.fault, func(t *testing.T) {
			client, _ := broken(t, []string{test.fault}, emulator.WithGeneratedItems(60, 1))
			got, err := collect(t, client.Items(ctx(t), 700, PageSize(20)))
			if test.want == "" {
				require.NoError(t, err)
				requireIDs(t, got, test.items)
				return
			}
			require.ErrorContains(t, err, test.want)
			var e *Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "listItems", e.Operation)
			assert.LessOrEqual(t, len(got), test.items)
			requireIDs(t, got, len(got))
		})
	}
}

// What a server counts and does not send is not passed over.
func TestItemsIncomplete(t *testing.T) {
	for _, fault := range []string{"total-count-wrong", "offset-ignored"} {
		t.Run(fault, func(t *testing.T) {
			client, _ := broken(t, []string{fault}, emulator.WithGeneratedItems(30, 1))
			got, err := collect(t, client.Items(ctx(t), 700, PageSize(20)))
			var incomplete *IncompleteError
			require.ErrorAs(t, err, &incomplete)
			assert.ErrorContains(t, err, "kainexus: listItems: ")
			assert.Equal(t, int64(len(got)), incomplete.Seen)
			assert.Greater(t, incomplete.Total, incomplete.Seen)
			requireIDs(t, got, len(got))
		})
	}
}

// pages answers a list of n items, as its caller asks for it, and breaks off after a number of
// bytes that cut draws.
func pages(n int, cut func(whole int) int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		end := min(offset+limit, n)
		var items []string
		for i := offset; i < end; i++ {
			items = append(items, fmt.Sprintf(`{"id":%d,"odd":{"x":[1.50]}}`, 10_000_000+i))
		}
		body := fmt.Sprintf(`{"count":%d,"items":[%s],"totalCount":%d}`, len(items), strings.Join(items, ","), n)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		if at := cut(len(body)); at < len(body) {
			_, _ = io.WriteString(w, body[:at])
			if at%2 == 0 { // otherwise not even the header arrives
				w.(http.Flusher).Flush()
			}
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, body)
	}
}

func TestItemsHoweverAnswersAreCut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(rt, "items")
		cuts := rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 3).Draw(rt, "cuts")
		handler := pages(n, func(whole int) int {
			if len(cuts) == 0 {
				return whole
			}
			at := int(cuts[0] * float64(whole))
			cuts = cuts[1:]
			return at
		})
		client := clientOf(t, handler, "key")
		got, err := collect(t, client.Items(ctx(t), 700, PageSize(rapid.IntRange(1, 50).Draw(rt, "page"))))
		require.NoError(rt, err)
		requireIDs(t, got, n)
	})
}

func TestItemsCanBeReadAgain(t *testing.T) {
	client, server := emulated(t, emulator.WithGeneratedItems(5, 1))
	items := client.Items(ctx(t), 700)
	first, err := collect(t, items)
	require.NoError(t, err)
	_, err = client.PutItem(ctx(t), Item{ID: first[0].ID, Summary: new("changed")}, Suppress)
	require.NoError(t, err)
	second, err := collect(t, items)
	require.NoError(t, err)
	requireIDs(t, second, 5)
	assert.Equal(t, "changed", *second[0].Summary)
	assert.Len(t, server.Admin().Notifications(), 1)
}

// open counts the answers of a Doer that are not closed.
type open struct {
	transport.Doer
	bodies atomic.Int32
}

func (o *open) Do(r *http.Request) (*http.Response, error) {
	answer, err := o.Doer.Do(r)
	if err == nil {
		o.bodies.Add(1)
		answer.Body = &counted{ReadCloser: answer.Body, of: o}
	}
	return answer, err
}

type counted struct {
	io.ReadCloser
	of     *open
	closed atomic.Bool
}

func (c *counted) Close() error {
	if !c.closed.Swap(true) {
		c.of.bodies.Add(-1)
	}
	return c.ReadCloser.Close()
}

// Under synctest a goroutine that stays behind fails the test.
func TestLeavingAList(t *testing.T) {
	for _, test := range []struct {
		name  string
		leave func(context.CancelFunc, iter.Seq2[Item, error])
	}{
		{"break", func(_ context.CancelFunc, items iter.Seq2[Item, error]) {
			for range items {
				break
			}
		}},
		{"cancel", func(cancel context.CancelFunc, items iter.Seq2[Item, error]) {
			var last error
			count := 0
			for _, err := range items {
				cancel()
				last = err
				count++
			}
			assert.ErrorIs(t, last, context.Canceled)
			assert.Less(t, count, 20_000)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, err := emulator.New(emulator.WithGeneratedItems(20_000, 1))
				require.NoError(t, err)
				doer := &open{Doer: server.Doer()}
				client, err := New(WithAPIKey(auth.NewSecret(server.Credentials().APIKey)), WithTransport(transport.Config{Base: doer}))
				require.NoError(t, err)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				test.leave(cancel, client.Items(ctx, 700))
				assert.Zero(t, doer.bodies.Load())
				synctest.Wait()
			})
		})
	}
}

// The wait between two attempts is that of the client's policy, and ends with the context.
func TestItemsWaitBeforeTheyGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		handler := pages(10, func(int) int { calls++; return 20 })
		client, err := New(WithAPIKey(auth.NewSecret("key")), WithTransport(transport.Config{
			Base: sandbox.NewDoer(handler), Retry: transport.Retry{Attempts: 3, Base: time.Hour, Max: 2 * time.Hour},
		}))
		require.NoError(t, err)
		begin := time.Now()
		_, err = collect(t, client.Items(t.Context(), 1))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, 3, calls)
		assert.Greater(t, time.Since(begin), time.Second)

		// A deadline that comes before the wait is over ends it at once.
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		begin = time.Now()
		_, err = collect(t, client.Items(ctx, 1))
		require.Error(t, err)
		assert.LessOrEqual(t, time.Since(begin), time.Millisecond)

		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Millisecond, func() { stop(errors.New("enough")) })
		_, err = collect(t, client.Items(ctx, 1))
		require.ErrorIs(t, err, context.Canceled)
		var e *Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "listItems", e.Operation)
	})
}

func TestListsRefuse(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"refusal", `{"success":false,"errorCode":"ACCESS_DENIED"}`, "kainexus: listItems: 200 OK: ACCESS_DENIED"},
		{"refusal without a code", `{"success":false}`, "kainexus: listItems: 200 OK"},
		{"refusal after items", `{"items":[{"id":1}],"errorCode":"LATE","message":"too late"}`, "kainexus: listItems: 200 OK: LATE: too late"},
		{"no items", `{"count":0}`, "kainexus: listItems: 200 OK: /items: is missing (at byte 11)"},
		{"null", `{"items":null}`, "/items: is null where an array should be"},
		{"twice", `{"items":[],"totalCount":0,"totalCount":1}`, "/totalCount: comes twice"},
		{"huge count", `{"items":[],"totalCount":100000000000000000000000}`, "kainexus: listItems: 200 OK: a count in the answer is no number of records"},
		{"negative count", `{"items":[],"totalCount":-1}`, "a count in the answer"},
		{"text", `{"items":[],"totalCount":"5"}`, "a count in the answer"},
		{"wrong kind", `{"items":[{"id":"secret"}]}`, "/items/0/id: is a string, which cannot be used here"},
		{"the key", `{"success":false,"errorCode":"a key"}`, "kainexus: listItems: 200 OK: [redacted]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			calls := 0
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				calls++
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, test.body)
			})
			_, err := collect(t, client.Items(ctx(t), 1))
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "secret")
			assert.Equal(t, 1, calls)
		})
	}
}

func TestItemRefuses(t *testing.T) {
	client, _ := emulated(t)
	_, err := client.Item(ctx(t), 999_999)
	require.EqualError(t, err, "kainexus: getItem: 403 Forbidden: ACCESS_DENIED")
	assert.True(t, IsAccessDenied(err))
	assert.False(t, IsNotFound(err) || IsUnauthorized(err) || IsRateLimited(err))

	for _, test := range []struct{ name, kind, body, want string }{
		{"refusal with 200", "application/json", `{"success":false,"errorCode":"ACCESS_DENIED"}`, "kainexus: getItem: 200 OK: ACCESS_DENIED"},
		{"no item", "application/json", `{}`, "kainexus: getItem: 200 OK: /item: is missing (at byte 0)"},
		{"null", "application/json", `{"item":null}`, "/item: is missing"},
		{"list", "application/json", `{"item":[]}`, "/item: is an array"},
		{"empty", "application/json", ``, "kainexus: getItem: 200 OK: unexpected EOF"},
		{"html", "text/html", `<html>`, `kainexus: getItem: 200 OK: the answer is "text/html", not application/json`},
		{"html as JSON", "application/json", `<html>`, "kainexus: getItem: 200 OK: the body: is not JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", test.kind)
				_, _ = io.WriteString(w, test.body)
			})
			_, err := client.Item(ctx(t), 1)
			require.ErrorContains(t, err, test.want)
			assert.Equal(t, strings.Contains(test.want, "ACCESS_DENIED"), IsAccessDenied(err))
		})
	}
}

// Nothing is sent when the arguments are wrong.
func TestArguments(t *testing.T) {
	client := answering(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	last := func(items iter.Seq2[Item, error]) error { _, err := collect(t, items); return err }
	only := func(_ any, err error) error { return err }
	people := func(opts ...PeopleOption) error { _, err := collect(t, client.People(ctx(t), opts...)); return err }
	for want, err := range map[string]error{
		"kainexus: listItems: the id of the list is 0; it must be more than 0":                                 last(client.Items(ctx(t), 0)),
		"kainexus: listItems: a PageSize of 0: it must be from 1 to 20000":                                     last(client.Items(ctx(t), 1, PageSize(0))),
		"kainexus: listItems: a PageSize of 20001: it must be from 1 to 20000":                                 last(client.Charts(ctx(t), 1, nil, PageSize(20001))),
		"kainexus: getItem: the id of the item is -1; it must be more than 0":                                  only(client.Item(ctx(t), -1)),
		"kainexus: getItem: the id of the item is 0; it must be more than 0":                                   only(client.Chart(ctx(t), 0)),
		"kainexus: listUsers: the id of the list is 0; it must be more than 0":                                 people(InList(0)),
		"kainexus: getUser: the id of the user is 0; it must be more than 0":                                   only(client.Person(ctx(t), 0)),
		"kainexus: getUser: InList is for lists; leave it out":                                                 only(client.Person(ctx(t), 1, InList(1))),
		"kainexus: getNetworkLocation: the id of the location is 0; it must be more than 0":                    only(client.Location(ctx(t), 0)),
		"kainexus: getImpactValue: no Impact Type; give one such as Product":                                   only(client.ImpactValue(ctx(t), "", 1)),
		"kainexus: getImpactValue: the id of the Impact Value is 0; it must be more than 0":                    only(client.ImpactValue(ctx(t), "Product", 0)),
		"kainexus: getAttributeValue: the id of the Attribute is 0; it must be more than 0":                    only(client.AttributeValue(ctx(t), 0, 1)),
		"kainexus: getAttributeValue: the id of the value is 0; it must be more than 0":                        only(client.AttributeValue(ctx(t), 1, 0)),
		"kainexus: getWidget: the id of the Widget is 0; it must be more than 0":                               only(client.Widget(ctx(t), 0)),
		"kainexus: putItem: say whether people are told about the items: kainexus.Notify or kainexus.Suppress": only(client.PutItem(ctx(t), Item{}, 0)),
		"kainexus: putItems: a BatchSize of 0: it must be 1 or more":                                           only(client.PutItems(ctx(t), []Item{{}}, Notify, BatchSize(0))),
		"kainexus: putImpactValues: no Impact Type; give one such as Product":                                  only(client.PutImpactValues(ctx(t), "", []ImpactValue{{}})),
		"kainexus: putAttributeValues: the id of the Attribute is 0; it must be more than 0":                   only(client.PutAttributeValues(ctx(t), 0, []AttributeValue{{}})),
		"kainexus: exportItems: Rows(-1, 1): the offset must be 0 or more, and the limit from 1 to 20000":      only(client.ExportItems(ctx(t), 1, io.Discard, Rows(-1, 1))),
		"kainexus: exportItem: the id of the item is 0; it must be more than 0":                                only(client.ExportItem(ctx(t), 0, io.Discard)),
		"kainexus: exportCharts: the id of the list is 0; it must be more than 0":                              only(client.ExportCharts(ctx(t), 0, io.Discard)),
	} {
		assert.EqualError(t, err, want)
	}
}

// Whatever a body holds, a list ends, and with an error of ours if with any.
func FuzzItems(f *testing.F) {
	f.Add([]byte(`{"count":1,"items":[{"id":1,"odd":[]},{"id":1}],"totalCount":2}`))
	f.Add([]byte(`{"success":false,"errorCode":"ACCESS_DENIED"}`))
	f.Add([]byte(`{"items":[{"startDate":null,"resolutionActual":{"impacts":[{}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(body)
		})
		_, err := collect(t, client.Items(t.Context(), 1))
		if err != nil {
			var e *Error
			var incomplete *IncompleteError
			require.True(t, errors.As(err, &e) || errors.As(err, &incomplete), "%T", err)
		}
	})
}

// A refusal is one in whatever form its code and its message come: neither is documented.
func TestRefusalsInOddForms(t *testing.T) {
	for _, body := range []string{
		`{"success":false,"errorCode":7,"results":[{"id":1,"operation":"UPDATE"}],"entries":[],"item":{"id":1}}`,
		`{"success":false,"message":{"key":"x"},"results":[{"id":1,"operation":"UPDATE"}],"entries":[],"item":{"id":1}}`,
		`{"errorCode":7,"success":true,"results":[{"id":1,"operation":"UPDATE"}],"entries":[],"item":{"id":1}}`,
	} {
		t.Run(body, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(body))
			})
			_, err := client.Item(ctx(t), 1)
			require.ErrorContains(t, err, "kainexus: getItem: 200 OK")
			outcome, err := client.PutItem(ctx(t), Item{ID: new(int64(1))}, Suppress)
			require.Error(t, err)
			assert.Equal(t, Refused, outcome.State)
			_, err = client.ImportCharts(ctx(t), "charts.xlsx", bytes.NewReader(append(zipHead, 0)))
			require.Error(t, err)
		})
	}
}
