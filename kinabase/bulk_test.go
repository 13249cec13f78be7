package kinabase_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/sandbox"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

// machine is a record that the collection of machines accepts.
func machine(i int) kinabase.Input {
	return kinabase.Input{Data: map[string]any{"device_name": fmt.Sprintf("Lathe %d", i)}}
}

// linkedMachine has a link too.
func linkedMachine(i int) kinabase.Input {
	in := machine(i)
	in.External = []kinabase.ExternalLink{kinabase.Link("plc", fmt.Sprintf("lathe/%d", i))}
	return in
}

// bad is a record that it refuses.
func bad(in kinabase.Input) kinabase.Input {
	in.Data = map[string]any{"no_such_field": plantedValue}
	return in
}

func many(n int, make func(int) kinabase.Input) []kinabase.Input {
	var inputs []kinabase.Input
	for i := range n {
		inputs = append(inputs, make(i))
	}
	return inputs
}

// outcomes reads all outcomes; their errors agree with their states.
func outcomes(t require.TestingT, seq func(func(kinabase.Outcome, error) bool)) (all []kinabase.Outcome, errs []error) {
	for outcome, err := range seq {
		require.Equal(t, len(all), outcome.Index)
		var failed *kinabase.RecordError
		if outcome.State == kinabase.StateDone {
			require.NoError(t, err)
		} else {
			require.ErrorAs(t, err, &failed)
			require.Equal(t, outcome.State, failed.State)
			require.Equal(t, outcome.Index, failed.Index)
			require.NotContains(t, fmt.Sprintf("%v %#v %v %+v %#v", err, err, outcome, outcome, outcome), plantedValue)
		}
		all, errs = append(all, outcome), append(errs, err)
	}
	return all, errs
}

// states counts outcomes.
func states(all []kinabase.Outcome) map[kinabase.State]int {
	count := map[kinabase.State]int{}
	for _, outcome := range all {
		count[outcome.State]++
	}
	return count
}

// names are the names of the lathes that are stored, sorted.
func names(t *testing.T, client *kinabase.Client) (names []string) {
	t.Helper()
	for record, err := range client.Records(t.Context(), "machines") {
		require.NoError(t, err)
		var name string
		require.NoError(t, json.Unmarshal(record.Data["device_name"], &name))
		if strings.HasPrefix(name, "Lathe") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestCreateAllInBatches(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	all, _ := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(700, machine))))
	assert.Equal(t, map[kinabase.State]int{kinabase.StateDone: 700}, states(all))
	assert.Equal(t, []string{"POST /collections/machines/bulk", "POST /collections/machines/bulk", "POST /collections/machines/bulk"}, s.asked())
	assert.Len(t, names(t, client), 700)

	all, _ = outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(7, machine)), kinabase.BatchSize(3)))
	assert.Len(t, all, 7)
	all, _ = outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values[[]kinabase.Input](nil)))
	assert.Empty(t, all)
}

// With links, a refused call is narrowed down to the records that are to blame, and nothing
// is stored twice; the first division shows that there is no need to look up more.
func TestCreateAllNamesTheBadOnes(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	inputs := many(40, linkedMachine)
	inputs[29], inputs[33] = bad(inputs[29]), bad(inputs[33])
	all, errs := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(inputs)))
	assert.Equal(t, map[kinabase.State]int{kinabase.StateDone: 38, kinabase.StateRefused: 2}, states(all))
	assert.Equal(t, kinabase.StateRefused, all[29].State)
	assert.Equal(t, kinabase.StateRefused, all[33].State)
	assert.ErrorContains(t, errs[33], "record 33: refused: kinabase: createRecords: 400 Bad Request: unknown field")
	assert.Len(t, names(t, client), 38)
	looked := 0
	for _, call := range s.asked() {
		if strings.Contains(call, "/ext/") {
			looked++
		}
	}
	assert.Equal(t, 40, looked, "only the first refusal was looked into")
}

func TestCreateAllWithoutLinksSaysWhatItDoesNotKnow(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	inputs := many(10, machine)
	inputs[4] = bad(inputs[4])
	all, errs := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(inputs)))
	assert.Equal(t, map[kinabase.State]int{kinabase.StateUnknown: 10}, states(all))
	assert.ErrorContains(t, errs[0], "record 0: unknown: kinabase: createRecords: 400 Bad Request")
	assert.Len(t, s.asked(), 1)

	all, _ = outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(inputs), kinabase.AllOrNothing()))
	assert.Equal(t, map[kinabase.State]int{kinabase.StateDone: 9, kinabase.StateRefused: 1}, states(all))
	all, _ = outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(inputs), kinabase.BatchSize(1)))
	assert.Equal(t, map[kinabase.State]int{kinabase.StateDone: 9, kinabase.StateRefused: 1}, states(all))
	assert.Len(t, names(t, client), 18)
}

// A call whose answer is lost is made up for by links.
func TestCreateAllAfterALostAnswer(t *testing.T) {
	for _, test := range []struct {
		name   string
		faults []string
		make   func(int) kinabase.Input
		want   map[kinabase.State]int
		stored int
	}{
		{"carried out", []string{"close-after@createRecords#1"}, linkedMachine, map[kinabase.State]int{kinabase.StateDone: 5}, 5},
		{"not carried out", []string{"close@createRecords#1"}, linkedMachine, map[kinabase.State]int{kinabase.StateDone: 5}, 5},
		{"broken off", []string{"truncated@createRecords#1"}, linkedMachine, map[kinabase.State]int{kinabase.StateDone: 5}, 5},
		{"timed out", []string{"status-after@createRecords#1:408"}, linkedMachine, map[kinabase.State]int{kinabase.StateDone: 5}, 5},
		{"server error", []string{"server-error-after@createRecords#1"}, linkedMachine, map[kinabase.State]int{kinabase.StateDone: 5}, 5},
		{"always lost", []string{"bad-gateway@createRecords"}, linkedMachine, map[kinabase.State]int{kinabase.StateUnknown: 5}, 0},
		{"without links", []string{"close-after@createRecords#1"}, machine, map[kinabase.State]int{kinabase.StateUnknown: 5}, 5},
		{"refused by a limiter", []string{"too-many-requests@createRecords#1"}, machine, map[kinabase.State]int{kinabase.StateDone: 5}, 5},
		{"always refused by a limiter", []string{"too-many-requests@createRecords"}, machine, map[kinabase.State]int{kinabase.StateNotSent: 5}, 0},
		{"looking up fails", []string{"close-after@createRecords#1", "server-error@getExternalRecord"}, linkedMachine, map[kinabase.State]int{kinabase.StateUnknown: 5}, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := start(t, nil, test.faults...).client(t)
				all, _ := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(5, test.make))))
				assert.Equal(t, test.want, states(all))
				assert.Len(t, names(t, client), test.stored)
			})
		})
	}
}

// Of two records with one link in a call, it cannot be told which was stored.
func TestCreateAllWithALinkTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := start(t, nil, "close-after@createRecords#1").client(t)
		inputs := []kinabase.Input{linkedMachine(1), linkedMachine(1), linkedMachine(2)}
		all, _ := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(inputs)))
		assert.Equal(t, kinabase.StateDone, all[0].State)
		assert.NotEmpty(t, all[0].ID)
		assert.Equal(t, kinabase.StateUnknown, all[1].State)
		assert.Equal(t, kinabase.StateDone, all[2].State)
	})
}

// What would fail every call ends the run, and the rest of the input is not read.
func TestCreateAllStops(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	read := 0
	inputs := func(yield func(kinabase.Input) bool) {
		for i := range 1000 {
			if read++; !yield(machine(i)) {
				return
			}
		}
	}
	all, errs := outcomes(t, client.CreateAll(t.Context(), "nowhere", inputs, kinabase.BatchSize(10)))
	assert.Equal(t, map[kinabase.State]int{kinabase.StateNotSent: 10}, states(all))
	assert.True(t, kinabase.IsNotFound(errs[0]))
	assert.Equal(t, 10, read)
	assert.Len(t, s.asked(), 1)

	all, _ = outcomes(t, client.UpdateAll(t.Context(), "nowhere", slices.Values([]kinabase.Input{{ID: "a", Data: map[string]any{}}, {ID: "b", Data: map[string]any{}}})))
	assert.Equal(t, map[kinabase.State]int{kinabase.StateNotSent: 2}, states(all))
	assert.Len(t, s.asked(), 2, "one look tells that it is the collection")

	for _, err := range client.CreateAll(t.Context(), "machines", inputs, kinabase.BatchSize(301)) {
		assert.EqualError(t, err, "kinabase: createRecords: BatchSize: 301 records; want 1 to 300")
	}
	for range client.CreateAll(t.Context(), "machines", inputs, kinabase.BatchSize(5)) {
		break
	}
	assert.Len(t, s.asked(), 1, "after a break nothing more is sent")
}

func TestUpdateAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, []emulator.Option{emulator.WithGeneratedRecords("machines", 20, 1)}, "close-after@updateRecords#1")
		client := s.client(t)
		records, err := collect(client.Records(t.Context(), "machines"))
		require.NoError(t, err)
		var inputs []kinabase.Input
		for _, record := range records {
			inputs = append(inputs, kinabase.Input{ID: record.ID, Data: map[string]any{"status": "offline"}})
		}
		inputs[3].ID = "none"
		inputs[7].ID = ""
		inputs[11].Data = map[string]any{"Status": plantedValue}
		all, errs := outcomes(t, client.UpdateAll(t.Context(), "machines", slices.Values(inputs)))
		assert.Equal(t, map[kinabase.State]int{kinabase.StateDone: 21, kinabase.StateRefused: 3}, states(all))
		assert.True(t, kinabase.IsNotFound(errs[3]))
		assert.EqualError(t, errs[7], "record 7: refused: kinabase: updateRecords: the record has no ID, by which it is found")
		assert.ErrorContains(t, errs[11], "400 Bad Request")
		offline := 0
		for record, err := range client.Records(t.Context(), "machines") {
			require.NoError(t, err)
			if string(record.Data["status"]) == `"offline"` {
				offline++
			}
		}
		assert.GreaterOrEqual(t, offline, 21)
	})
}

func TestUpdateAllThatIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := start(t, nil, "server-error@updateRecords").client(t)
		inputs := []kinabase.Input{{ID: "a", Data: map[string]any{}}, {ID: "b", Data: map[string]any{}}}
		all, _ := outcomes(t, client.UpdateAll(t.Context(), "machines", slices.Values(inputs), kinabase.BatchSize(1)))
		assert.Equal(t, map[kinabase.State]int{kinabase.StateUnknown: 2}, states(all))
		client = start(t, nil, "close@updateRecords").client(t)
		all, _ = outcomes(t, client.UpdateAll(t.Context(), "machines", slices.Values(inputs), kinabase.BatchSize(1)))
		assert.Equal(t, map[kinabase.State]int{kinabase.StateUnknown: 1}, states(all), "nobody answers, so no more is sent")
	})
}

func TestDeleteAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := start(t, []emulator.Option{emulator.WithGeneratedRecords("machines", 400, 1)}, "close-after@deleteRecords#2").client(t)
		records, err := collect(client.Records(t.Context(), "machines"))
		require.NoError(t, err)
		kept := records[5].ID
		gone := ids(records)
		gone[5] = "none"
		all, _ := outcomes(t, client.DeleteAll(t.Context(), "machines", slices.Values(gone)))
		assert.Equal(t, map[kinabase.State]int{kinabase.StateDone: 404}, states(all))
		assert.Equal(t, gone[0], all[0].ID)
		left, err := collect(client.Records(t.Context(), "machines"))
		require.NoError(t, err)
		assert.Equal(t, []string{kept}, ids(left))
	})
}

// The body of a bulk answer is not documented: what it may tell is used.
func TestBulkAnswers(t *testing.T) {
	for _, test := range []struct {
		name, body string
		states     []kinabase.State
		ids        []string
	}{
		{"nothing", ``, []kinabase.State{"done", "done"}, []string{"", ""}},
		{"no JSON", `done`, []kinabase.State{"done", "done"}, []string{"", ""}},
		{"records", `{"records":[{"id":"x"},{"id":"y"}]}`, []kinabase.State{"done", "done"}, []string{"x", "y"}},
		{"a list", `[{"id":"x","data":{}},{"id":"y"}]`, []kinabase.State{"done", "done"}, []string{"x", "y"}},
		{"fewer", `[{"id":"x"}]`, []kinabase.State{"done", "done"}, []string{"", ""}},
		{"failures", `{"failedRecords":1,"errors":[{"error":"no"}]}`, []kinabase.State{"unknown", "unknown"}, []string{"", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(test.body)) })
			all, _ := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(2, machine))))
			for i, outcome := range all {
				assert.Equal(t, test.states[i], outcome.State)
				assert.Equal(t, test.ids[i], outcome.ID)
			}
		})
	}
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"failedRecords":1,"errors":[{"recordId":"b","error":"locked by ` + plantedToken + `"}]}`))
	})
	all, errs := outcomes(t, client.DeleteAll(t.Context(), "machines", slices.Values([]string{"a", "b"})))
	assert.Equal(t, kinabase.StateDone, all[0].State)
	assert.EqualError(t, errs[1], "record 1: refused: kinabase: deleteRecords: locked by [redacted]")
}

// loose stores the records of a bulk create that come before the first bad one, or all good
// ones, or none, and answers a refusal. It is what a real service may do.
func loose(keep string, stored map[string]int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if link, ok := strings.CutPrefix(r.URL.Path, "/api/v1/collections/machines/ext/plc/"); ok {
			if stored[link] == 0 {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			_, _ = fmt.Fprintf(w, `{"id":%q}`, "id of "+link)
			return
		}
		var body struct {
			Records []struct {
				Data     map[string]any
				External []struct{ ID string }
			}
		}
		raw, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(raw, &body); err != nil {
			panic(err)
		}
		firstBad := slices.IndexFunc(body.Records, func(rec struct {
			Data     map[string]any
			External []struct{ ID string }
		}) bool {
			return rec.Data["no_such_field"] != nil
		})
		for i, record := range body.Records {
			good := record.Data["no_such_field"] == nil
			if good && (firstBad < 0 || keep == "good" || keep == "before" && i < firstBad) {
				stored[record.External[0].ID]++
			}
		}
		if firstBad >= 0 {
			w.WriteHeader(http.StatusBadRequest)
		}
		_, _ = w.Write([]byte("{}"))
	}
}

// Whatever a refused bulk call leaves behind, every good record is stored once, and every bad
// one is named.
func TestCreateAllNeverStoresTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		keep := rapid.SampledFrom([]string{"good", "before", "none"}).Draw(rt, "what a refused call stores")
		flaws := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) bool { return rapid.IntRange(0, 4).Draw(rt, "flaw") == 0 }), 1, 30).Draw(rt, "bad")
		size := rapid.IntRange(1, 12).Draw(rt, "batch size")
		stored := map[string]int{}
		client := answering(t, loose(keep, stored))
		inputs := many(len(flaws), linkedMachine)
		for i, flaw := range flaws {
			inputs[i].External = []kinabase.ExternalLink{kinabase.Link("plc", fmt.Sprint(i))}
			if flaw {
				inputs[i] = bad(inputs[i])
			}
		}
		all, _ := outcomes(rt, client.CreateAll(t.Context(), "machines", slices.Values(inputs), kinabase.BatchSize(size)))
		require.Len(rt, all, len(inputs))
		for i, flaw := range flaws {
			if flaw {
				require.Equal(rt, kinabase.StateRefused, all[i].State)
				continue
			}
			require.Equal(rt, kinabase.StateDone, all[i].State)
			require.Equal(rt, 1, stored[fmt.Sprint(i)], "record %d", i)
		}
	})
}

func TestARecordErrorUnwraps(t *testing.T) {
	cause := errors.New("cause")
	assert.ErrorIs(t, &kinabase.RecordError{Index: 1, State: kinabase.StateUnknown, Err: cause}, cause)
}

// A call that is lost each time is given up, with time for it to be carried out in between.
func TestCreateAllGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, began := start(t, nil, "bad-gateway@createRecords"), time.Now()
		all, _ := outcomes(t, s.client(t).CreateAll(t.Context(), "machines", slices.Values(many(1, linkedMachine))))
		assert.Equal(t, kinabase.StateUnknown, all[0].State)
		assert.Equal(t, []string{
			"POST /collections/machines/bulk", "GET /collections/machines/ext/plc/lathe/0",
			"POST /collections/machines/bulk", "GET /collections/machines/ext/plc/lathe/0",
			"POST /collections/machines/bulk", "GET /collections/machines/ext/plc/lathe/0",
		}, s.asked())
		assert.Equal(t, 3*time.Second, time.Since(began))
	})
}

// What did not leave, or could not, is not unknown.
func TestCreateAllThatDoesNotLeave(t *testing.T) {
	for name, cfg := range map[string]transport.Config{
		"no connection": {Retry: transport.Retry{Attempts: 1}},
		"read-only":     {ReadOnly: transport.NewReadOnly()},
		"no token":      {Retry: transport.Retry{Attempts: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, nil)
			cfg.Base = sandbox.NewDoer(s)
			if name == "no connection" {
				cfg.Base = transport.DoerFunc(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/token") {
						return sandbox.NewDoer(s).Do(r)
					}
					return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
				})
			}
			app := s.App()
			if name == "no token" {
				app.Secret = planted
			}
			client, err := kinabase.New(kinabase.WithApp(app.ID, auth.NewSecret(app.Secret)), kinabase.WithBaseURL(base), kinabase.WithTransport(cfg))
			require.NoError(t, err)
			all, errs := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(2, machine))))
			assert.Equal(t, map[kinabase.State]int{kinabase.StateNotSent: 2}, states(all))
			noneIn(t, errs[0])
			assert.Empty(t, s.asked())
		})
	}
}

// The id of a record that is copied is not that of the copy.
func TestCreateAllTellsNoOtherID(t *testing.T) {
	client := start(t, nil).client(t)
	in := machine(1)
	in.ID = "of another record"
	all, _ := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values([]kinabase.Input{in})))
	assert.Equal(t, kinabase.StateDone, all[0].State)
	assert.Empty(t, all[0].ID)
}

// The words of a server end up on terminals and in logs.
func TestTheTextOfARecordErrorIsFitToBePrinted(t *testing.T) {
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"failedRecords":1,"errors":[{"recordId":"a","error":"\u001b[2J\n` + strings.Repeat("x", 1<<20) + `"}]}`))
	})
	_, errs := outcomes(t, client.DeleteAll(t.Context(), "machines", slices.Values([]string{"a"})))
	assert.Less(t, len(errs[0].Error()), 1000)
	assert.NotContains(t, errs[0].Error(), "\n")
	assert.NotContains(t, errs[0].Error(), "\x1b")
}

// What an answer says of failures is heard, whatever else it says, and in whatever form.
func TestBulkAnswersThatAreOddElsewhere(t *testing.T) {
	for _, answer := range []string{
		`{"records":[{"id":1},{"id":2}],"failedRecords":1}`,
		`{"records":"none","failedRecords":2,"errors":[]}`,
		`{"failedRecords":1,"errors":"the second one"}`,
		`{"failedRecords":"1"}`,
		`{"errors":["the second one"]}`,
		`{"errors":[{"recordId":2,"error":"no"}]}`,
		`{"errors":"no"}`,
		`{"failedRecords":1.5e0}`,
	} {
		t.Run(answer, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) })
			all, _ := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(2, machine))))
			for _, outcome := range all {
				assert.Equal(t, kinabase.StateUnknown, outcome.State)
			}
		})
	}
	for _, answer := range []string{`{"failedRecords":0,"errors":[]}`, `{"errors":null,"failedRecords":null}`, `{"records":[{"id":1}]}`, `[1,2]`, `{"errors":{}}`, `no JSON`, ``, `{"errors":""}`} {
		client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) })
		all, _ := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(2, machine))))
		assert.Equal(t, kinabase.StateDone, all[1].State, answer)
	}
}

// A connection can fail in ways that leave a doubt, and the next attempt be refused.
func TestCreateAllOfOneThatIsRefusedAfterADoubt(t *testing.T) {
	var dials, creates atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Method == http.MethodPost:
			creates.Add(1)
			w.WriteHeader(http.StatusBadRequest)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	own := http.DefaultTransport.(*http.Transport).Clone()
	defer own.CloseIdleConnections()
	own.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) == 1 {
			return nil, errors.New("a tunnel that is not there yet")
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	credential, err := auth.Bearer(server.URL+"/api/v1", auth.NewSecret(plantedToken))
	require.NoError(t, err)
	client, err := kinabase.New(kinabase.WithCredential(credential), kinabase.WithTransport(transport.Config{
		Base: &http.Client{Transport: own}, Retry: transport.Retry{Base: 1, Max: 1},
	}))
	require.NoError(t, err)
	all, _ := outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(1, linkedMachine))))
	require.Len(t, all, 1)
	assert.Equal(t, kinabase.StateRefused, all[0].State)
	assert.EqualValues(t, 1, creates.Load())
}
