package kinabase_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/sandbox"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

type lister = func(context.Context, string, ...kinabase.ListOption) iter.Seq2[kinabase.Record, error]

// both runs a test with either way to list records.
func both(t *testing.T, test func(t *testing.T, list func(*kinabase.Client) lister)) {
	t.Run("pages", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			test(t, func(c *kinabase.Client) lister { return c.Records })
		})
	})
	t.Run("all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			test(t, func(c *kinabase.Client) lister { return c.AllRecords })
		})
	})
}

// However an answer breaks off, reading goes on, and nothing comes twice.
func TestIteratorsGoOn(t *testing.T) {
	for _, fault := range []string{"truncated", "truncated-chunked", "stall", "reset", "close-after", "bad-gateway", "unavailable", "too-many-requests-bare", "length-long"} {
		t.Run(fault, func(t *testing.T) {
			both(t, func(t *testing.T, list func(*kinabase.Client) lister) {
				s := start(t, []emulator.Option{emulator.WithGeneratedRecords("machines", 700, 1)}, fault+"@listRecords#1-2", fault+"@listAllRecords#1-2")
				got, err := collect(list(s.client(t))(t.Context(), "machines"))
				require.NoError(t, err)
				distinct := map[string]bool{}
				for _, record := range got {
					distinct[record.ID] = true
				}
				assert.Len(t, got, 704)
				assert.Len(t, distinct, 704)
			})
		})
	}
}

// A server that always fails is given up, with what went wrong.
func TestIteratorsGiveUp(t *testing.T) {
	for _, fault := range []string{"truncated", "stall", "server-error", "html"} {
		t.Run(fault, func(t *testing.T) {
			both(t, func(t *testing.T, list func(*kinabase.Client) lister) {
				s := start(t, nil, fault+"@listRecords", fault+"@listAllRecords")
				_, err := collect(list(s.client(t))(t.Context(), "machines"))
				var failed *kinabase.Error
				require.ErrorAs(t, err, &failed)
				assert.Contains(t, []string{"listRecords", "listAllRecords"}, failed.Operation)
				assert.LessOrEqual(t, len(s.asked()), 5)
			})
		})
	}
}

// What a caller does to a value after it was given away changes nothing.
func TestIteratorsKeepTheirParameters(t *testing.T) {
	client := start(t, nil).client(t)
	opts := []kinabase.ListOption{kinabase.LinkedTo("xero"), kinabase.PageSize(2)}
	list := client.Records(t.Context(), "purchase-orders", opts...)
	opts[0] = kinabase.LinkedTo("nobody")
	got, err := collect(list)
	require.NoError(t, err)
	assert.Len(t, got, 4)
}

// A break closes the body at once, and nothing goes on behind it: the bubble ends only when
// every goroutine has.
func TestABreakEndsTheCall(t *testing.T) {
	both(t, func(t *testing.T, list func(*kinabase.Client) lister) {
		ended := make(chan error, 1)
		client := endless(t, ended)
		n := 0
		for _, err := range list(client)(t.Context(), "machines") {
			require.NoError(t, err)
			if n++; n == 3 {
				break
			}
		}
		synctest.Wait()
		select {
		case <-ended:
		default:
			t.Error("the server is still sending")
		}
	})
}

func TestACancelEndsTheCall(t *testing.T) {
	both(t, func(t *testing.T, list func(*kinabase.Client) lister) {
		ended := make(chan error, 1)
		client := endless(t, ended)
		ctx, cancel := context.WithCancel(t.Context())
		n, last := 0, error(nil)
		for _, err := range list(client)(ctx, "machines") {
			if last = err; err != nil {
				continue
			}
			if n++; n == 3 {
				cancel()
			}
		}
		cancel()
		assert.ErrorIs(t, last, context.Canceled)
		assert.Equal(t, 3, n, "nothing comes after the cancel")
		synctest.Wait()
		<-ended
	})
}

// endless is a client of a server that sends records until it is stopped, in pages or at once.
func endless(t *testing.T, ended chan<- error) *kinabase.Client {
	return answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != emulator.BasePath+"/collections/machines/all" {
			_, _ = w.Write([]byte(`{"totalRecords":1000000,"records":[{"id":"0"}`))
			for i := range 300 {
				_, _ = fmt.Fprintf(w, `,{"id":"%s %d"}`, r.URL.Query().Get("pageIndex"), i)
			}
			_, _ = w.Write([]byte(`]}`))
			ended <- nil
			return
		}
		_, _ = w.Write([]byte(`[{"id":"0"}`))
		for i := 1; r.Context().Err() == nil; i++ {
			if _, err := fmt.Fprintf(w, `,{"id":"%d"}`, i); err != nil {
				break
			}
			w.(http.Flusher).Flush()
		}
		ended <- r.Context().Err()
	})
}

// A deadline ends a wait at once.
func TestADeadlineEndsAWait(t *testing.T) {
	both(t, func(t *testing.T, list func(*kinabase.Client) lister) {
		client := start(t, nil, "hang@listRecords", "hang@listAllRecords").client(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute/2)
		defer cancel()
		began := time.Now()
		_, err := collect(list(client)(ctx, "machines"))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, time.Minute/2, time.Since(began))
	})
}

// The policy of a client counts for what is read on, too.
func TestReadingOnFollowsThePolicy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, nil, "truncated@listAllRecords")
		app := s.App()
		client, err := kinabase.New(kinabase.WithApp(app.ID, auth.NewSecret(app.Secret)), kinabase.WithBaseURL(base),
			kinabase.WithTransport(transport.Config{Base: sandbox.NewDoer(s), Retry: transport.Retry{Attempts: 1}}))
		require.NoError(t, err)
		_, err = collect(client.AllRecords(t.Context(), "machines"))
		require.Error(t, err)
		assert.Len(t, s.asked(), 1)
	})
}
