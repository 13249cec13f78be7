package kainexus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/transport"
)

func idea(summary string) Item {
	return Item{TemplateName: new("Idea"), Summary: &summary, Authors: []PersonRef{{Username: new("jdoe")}}}
}

func update(id int64, summary string) Item { return Item{ID: &id, Summary: &summary} }

func TestPutItem(t *testing.T) {
	client, server := emulated(t)
	created, err := client.PutItem(ctx(t), idea("Label the shelves"), Notify)
	require.NoError(t, err)
	assert.Equal(t, Outcome{State: Written, ID: created.ID, Operation: Created}, created)
	updated, err := client.PutItem(ctx(t), update(created.ID, "Label the racks"), Suppress)
	require.NoError(t, err)
	assert.Equal(t, Outcome{State: Written, ID: created.ID, Operation: Updated}, updated)
	item, err := client.Item(ctx(t), created.ID)
	require.NoError(t, err)
	assert.Equal(t, "Label the racks", *item.Summary)

	refused, err := client.PutItem(ctx(t), Item{Summary: new("x")}, Notify)
	require.ErrorContains(t, err, "kainexus: putItem: 400 Bad Request: ")
	assert.Equal(t, Refused, refused.State)
	assert.False(t, refused.Again())

	var suppressed []bool
	for _, n := range server.Admin().Notifications() {
		suppressed = append(suppressed, n.Suppressed)
	}
	assert.Equal(t, []bool{false, true}, suppressed)
}

// The caller's items stay as they are, whatever is sent.
func TestPutItemsLeavesItemsAlone(t *testing.T) {
	client, server := emulated(t)
	items := []Item{update(1001, "a"), update(1002, "b"), idea("c")}
	items[1].SuppressNotifications = new(true)
	before := fmt.Sprintf("%+v", items)
	for _, notifications := range []Notifications{Suppress, Notify} {
		server.Admin().ClearNotifications()
		outcomes, err := client.PutItems(ctx(t), items, notifications)
		require.NoError(t, err)
		require.Len(t, outcomes, 3)
		for i, n := range server.Admin().Notifications() {
			assert.Equal(t, notifications == Suppress || i == 1, n.Suppressed, i)
		}
		assert.Equal(t, before, fmt.Sprintf("%+v", items))
	}
	outcomes, err := client.PutItems(ctx(t), nil, Notify)
	require.NoError(t, err)
	assert.Empty(t, outcomes)
}

func TestPutItemsIsolatesTheBad(t *testing.T) {
	client, _ := emulated(t, emulator.WithGeneratedItems(200, 1))
	var items []Item
	for i := range 200 {
		items = append(items, update(int64(10_000_000+i), "changed"))
	}
	items[17].ID = new(int64(999)) // 403
	items[130].Summary = new("")   // 400
	outcomes, err := client.PutItems(ctx(t), items, Suppress)
	require.EqualError(t, err, "kainexus: putItems: 198 written, 2 refused, 0 unknown, 0 not sent: "+outcomes[17].Err.Error())
	for i, outcome := range outcomes {
		assert.Equal(t, i, outcome.Index)
		if i == 17 || i == 130 {
			assert.Equal(t, Refused, outcome.State)
			require.Error(t, outcome.Err)
			assert.False(t, outcome.Again())
			continue
		}
		require.Equal(t, Outcome{Index: i, State: Written, ID: *items[i].ID, Operation: Updated}, outcome)
	}
	assert.True(t, IsAccessDenied(outcomes[17].Err))
	assert.ErrorContains(t, outcomes[130].Err, "400 Bad Request")
}

// Finding out who is to blame has its limit.
func TestPutItemsAllBad(t *testing.T) {
	calls := 0
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusBadRequest)
	})
	var items []Item
	for i := range 1000 {
		items = append(items, update(int64(1+i), "x"))
	}
	outcomes, err := client.PutItems(ctx(t), items, Suppress)
	var failed *PutError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, 1000, failed.Refused)
	assert.Len(t, outcomes, 1000)
	assert.False(t, outcomes[0].Again(), "it was put alone")
	assert.True(t, outcomes[999].Again(), "others may be to blame")
	assert.LessOrEqual(t, calls, 2+isolateCalls)
	assert.Greater(t, calls, 50)
}

// Of new items in a refused batch nobody knows, unless each was a batch of its own.
func TestPutItemsRefusedCreates(t *testing.T) {
	client, _ := emulated(t)
	items := []Item{idea("a"), {Summary: new("no template")}, idea("b"), update(1001, "c")}
	outcomes, err := client.PutItems(ctx(t), items, Suppress)
	require.Error(t, err)
	assert.Equal(t, []State{Unknown, Unknown, Unknown, Written}, states(outcomes))
	assert.False(t, outcomes[0].Again())
	outcomes, err = client.PutItems(ctx(t), items, Suppress, BatchSize(1))
	require.Error(t, err)
	assert.Equal(t, []State{Written, Refused, Written, Written}, states(outcomes))
}

func states(outcomes []Outcome) (all []State) {
	for _, outcome := range outcomes {
		all = append(all, outcome.State)
	}
	return all
}

// No failure makes an item twice, and updates survive all of them.
func TestPutItemsAfterFailures(t *testing.T) {
	for _, test := range []struct {
		fault          string
		update, create State
		created        int
	}{
		{"close@*#1", Written, Unknown, 0},
		{"close-after@*#1", Written, Unknown, 1},
		{"server-error@*#1", Written, Unknown, 0},
		{"server-error-after@*#1", Written, Unknown, 1},
		{"unavailable-after@*#1:0", Written, Unknown, 1},
		{"too-many-requests@*#1:0", Written, Written, 1},
		{"truncated@*#1", Written, Unknown, 1},
		{"close-after", Unknown, Unknown, 1},
	} {
		t.Run(test.fault, func(t *testing.T) {
			client, _ := broken(t, []string{test.fault}, emulator.WithoutSeed(), emulator.WithGeneratedItems(1, 1))
			outcome, _ := client.PutItem(ctx(t), update(10_000_000, "new title"), Suppress)
			assert.Equal(t, test.update, outcome.State)
			assert.Equal(t, test.update == Unknown, outcome.Again())

			client, server := broken(t, []string{test.fault}, emulator.WithoutSeed())
			outcome, err := client.PutItem(ctx(t), idea("new"), Suppress)
			assert.Equal(t, test.create, outcome.State)
			assert.Equal(t, test.create == Written, err == nil)
			assert.False(t, outcome.Again())
			whole := clientOf(t, server, server.Credentials().APIKey)
			items, err := collect(t, whole.Items(ctx(t), 640))
			require.NoError(t, err)
			assert.Len(t, items, test.created)
		})
	}
}

func TestPutItemsStops(t *testing.T) {
	client, _ := broken(t, []string{"server-error@putItems#2-"}, emulator.WithGeneratedItems(6, 1))
	var items []Item
	for i := range 6 {
		items = append(items, update(int64(10_000_000+i), "changed"))
	}
	outcomes, err := client.PutItems(ctx(t), items, Suppress, BatchSize(2))
	assert.EqualError(t, err, "kainexus: putItems: 2 written, 0 refused, 2 unknown, 2 not sent: "+outcomes[2].Err.Error())
	assert.Equal(t, []State{Written, Written, Unknown, Unknown, NotSent, NotSent}, states(outcomes))
	for i, outcome := range outcomes {
		assert.Equal(t, i >= 2, outcome.Again())
	}

	// A batch that was refused and could not be divided to the end did leave.
	client, _ = broken(t, []string{"status@putItems#1:400", "status@putItems#2-:401"}, emulator.WithGeneratedItems(6, 1))
	outcomes, err = client.PutItems(ctx(t), items, Suppress)
	require.Error(t, err)
	assert.Equal(t, []State{Refused, Refused, Refused, Refused, Refused, Refused}, states(outcomes))
	assert.True(t, outcomes[0].Again() && outcomes[5].Again())

	canceled, cancel := context.WithCancel(ctx(t))
	cancel()
	outcomes, err = client.PutItems(canceled, items, Suppress)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, []State{NotSent, NotSent, NotSent, NotSent, NotSent, NotSent}, states(outcomes))
	outcome, err := client.PutItem(canceled, items[0], Suppress)
	require.EqualError(t, err, "kainexus: putItem: context canceled")
	assert.Equal(t, NotSent, outcome.State)
}

// What the transport lets nothing through for was not sent.
func TestPutItemsReadOnly(t *testing.T) {
	server, err := emulator.New()
	require.NoError(t, err)
	client := clientWith(t, server, server.Credentials().APIKey, func(cfg *transport.Config) { cfg.ReadOnly = transport.NewReadOnly() })
	outcome, err := client.PutItem(ctx(t), idea("x"), Notify)
	var refused *transport.ReadOnlyError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, NotSent, outcome.State)
	assert.True(t, outcome.Again())
	assert.Empty(t, server.Admin().Notifications())
}

func TestPutItemsThatAreNoJSON(t *testing.T) {
	client, _ := emulated(t)
	bad := update(1002, "b")
	bad.AdditionalProperties = map[string]json.RawMessage{"odd": json.RawMessage("secret")}
	worse := update(1002, "b")
	worse.Fields = []Field{{Name: new("Hours"), NumericValue: new(math.Inf(1))}}
	outcomes, err := client.PutItems(ctx(t), []Item{update(1001, "a"), bad, worse}, Suppress)
	require.ErrorIs(t, err, errEncode)
	assert.NotContains(t, err.Error(), "secret")
	assert.Equal(t, []State{Written, Refused, Refused}, states(outcomes))
	_, err = client.PutItem(ctx(t), bad, Suppress)
	assert.ErrorContains(t, err, "kainexus: putItem: the record is not sent")
}

// However a server orders and leaves out results, no record gets that of another.
func TestResults(t *testing.T) {
	const updated = `"operation":"UPDATE"`
	for _, test := range []struct {
		name, answer string
		updates      []State // of the items 1, 2 and 2 again
		creates      []State // of two new ones
	}{
		{"in order", `[{"id":1,` + updated + `},{"id":2,` + updated + `},{"id":2,` + updated + `}]`, []State{Written, Written, Written}, []State{Unknown, Unknown}},
		{"another order", `[{"id":2,` + updated + `},{"id":1,` + updated + `},{"id":2,` + updated + `}]`, []State{Written, Written, Written}, []State{Unknown, Unknown}},
		{"one left out", `[{"id":2,` + updated + `},{"id":1,` + updated + `}]`, []State{Written, Written, Unknown}, []State{Written, Written}},
		{"one too many", `[{"id":2,` + updated + `},{"id":1,` + updated + `},{"id":3,` + updated + `},{"id":4,` + updated + `}]`, []State{Written, Written, Unknown}, []State{Unknown, Unknown}},
		{"none", `[]`, []State{Unknown, Unknown, Unknown}, []State{Unknown, Unknown}},
		{"null", `null`, []State{Unknown, Unknown, Unknown}, []State{Unknown, Unknown}},
		{"one refused", `[{"id":1,` + updated + `},{"id":2,"success":false,"errorCode":"NO"},{"id":2,` + updated + `}]`, []State{Written, Refused, Written}, []State{Unknown, Unknown}},
		{"no operation", `[{"id":1},{"id":2,"operation":"SKIP"},{"id":2,` + updated + `}]`, []State{Unknown, Unknown, Written}, []State{Unknown, Unknown}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"success":true,"results":`+test.answer+`}`)
			})
			outcomes, err := client.PutItems(ctx(t), []Item{update(1, ""), update(2, ""), update(2, "")}, Suppress)
			assert.Equal(t, test.updates, states(outcomes))
			for i, outcome := range outcomes {
				assert.Equal(t, []int64{1, 2, 2}[i], outcome.ID)
			}
			_, putError := errors.AsType[*PutError](err)
			assert.Equal(t, fmt.Sprint(test.updates) != fmt.Sprint([]State{Written, Written, Written}), putError)
			outcomes, _ = client.PutItems(ctx(t), []Item{{}, {}}, Suppress)
			assert.Equal(t, test.creates, states(outcomes))
		})
	}
	for body, want := range map[string]State{
		`{"results":[]}`: Unknown, `{`: Unknown, `{"success":"yes"}`: Unknown, `<html>`: Unknown,
		`{"success":false,"errorCode":"NO"}`: Refused,
	} {
		client := answering(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		})
		outcome, err := client.PutItem(ctx(t), Item{}, Suppress)
		require.Error(t, err)
		assert.Equal(t, want, outcome.State, body)
	}
}

// Whatever a server does, every item is sent at most once unless it has an id, all calls are
// within the size asked for, and nothing is lost.
func TestPutItemsInvariants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var items []Item
		for i := range rapid.IntRange(0, 30).Draw(rt, "items") {
			item := Item{Summary: new(fmt.Sprint(i))}
			if rapid.Bool().Draw(rt, "update") {
				item.ID = new(int64(100 + i))
			}
			items = append(items, item)
		}
		size := rapid.IntRange(1, 10).Draw(rt, "size")
		answers := rapid.SliceOfN(rapid.SampledFrom([]int{200, 200, 200, 400, 403, 500, 429, 401}), 0, 10).Draw(rt, "answers")
		troubles := 0
		carriedOut := map[string]int{}
		client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			status := http.StatusOK
			if len(answers) > 0 {
				status, answers = answers[0], answers[1:]
			}
			if status != http.StatusOK {
				troubles++
			}
			var body struct {
				Items []struct {
					ID                    int64
					Summary               string
					SuppressNotifications bool
				}
			}
			require.NoError(rt, json.NewDecoder(r.Body).Decode(&body))
			require.NotEmpty(rt, body.Items)
			require.LessOrEqual(rt, len(body.Items), size)
			var results []string
			for _, item := range body.Items {
				require.True(rt, item.SuppressNotifications)
				if status == 200 || status == 500 {
					carriedOut[item.Summary]++
				}
				operation, id := "UPDATE", item.ID
				if id == 0 {
					operation, id = "CREATE", 1000
				}
				results = append(results, fmt.Sprintf(`{"id":%d,"operation":%q}`, id, operation))
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			if status == http.StatusOK {
				fmt.Fprintf(w, `{"success":true,"results":[%s]}`, strings.Join(results, ","))
			}
		}), "key")
		outcomes, err := client.PutItems(ctx(t), items, Suppress, BatchSize(size))
		require.Len(rt, outcomes, len(items))
		all := true
		for i, outcome := range outcomes {
			require.Equal(rt, i, outcome.Index)
			done := carriedOut[*items[i].Summary]
			all = all && outcome.State == Written
			switch outcome.State {
			case Written:
				require.GreaterOrEqual(rt, done, 1)
			case NotSent:
				require.Zero(rt, done)
			case Refused:
				require.Error(rt, outcome.Err)
			}
			if troubles == 0 {
				require.Equal(rt, 1, done)
			}
			if items[i].ID == nil {
				require.LessOrEqual(rt, done, 1, "made twice")
				require.False(rt, outcome.Again() && done > 0, "would be made twice")
			}
		}
		require.Equal(rt, all, err == nil)
	})
}

func TestPutOrganization(t *testing.T) {
	client, _ := emulated(t)
	outcomes, err := client.PutPeople(ctx(t), []Person{
		{Username: new("jdoe"), FirstName: new("Jane")},
		{ID: new(int64(302)), LastName: new("Novak-Smith")},
		{Username: new("new"), FirstName: new("N"), LastName: new("W"), UserType: new("GENERAL"), NetworkLocations: locations(70)},
	})
	require.NoError(t, err)
	assert.Equal(t, []WriteOperation{Updated, Updated, Created}, operationsOf(outcomes))
	person, err := client.Person(ctx(t), outcomes[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "Jane", *person.FirstName)

	outcomes, err = client.PutLocations(ctx(t), []Location{
		{Name: new("Welding"), LevelType: &LevelTypeRef{Name: new("Department")}, Parent: &NetworkLocationRef{ID: new(int64(70))}},
		{ID: new(int64(73)), Name: new("Press hall")},
	})
	require.NoError(t, err)
	assert.Equal(t, []WriteOperation{Created, Updated}, operationsOf(outcomes))
	gone := Location{ID: &outcomes[0].ID, Delete: new(true)}
	outcomes, err = client.PutLocations(ctx(t), []Location{gone})
	require.NoError(t, err)
	assert.Equal(t, []WriteOperation{Deleted}, operationsOf(outcomes))
	outcomes, err = client.PutLocations(ctx(t), []Location{{ID: new(int64(70)), Delete: new(true)}})
	require.Error(t, err)
	assert.Equal(t, []State{Refused}, states(outcomes))

	outcomes, err = client.PutImpactValues(ctx(t), "Product", []ImpactValue{{Name: new("Bracket"), Rate: new(3.5), CurrencyCode: new("USD")}})
	require.NoError(t, err)
	value, err := client.ImpactValue(ctx(t), "Product", outcomes[0].ID)
	require.NoError(t, err)
	assert.Equal(t, 3.5, *value.Rate)

	attribute := int64(11)
	outcomes, err = client.PutAttributeValues(ctx(t), attribute, []AttributeValue{{Name: new("Later")}})
	require.NoError(t, err)
	got, err := client.AttributeValue(ctx(t), attribute, outcomes[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "Later", *got.Name)
}

func operationsOf(outcomes []Outcome) (all []WriteOperation) {
	for _, outcome := range outcomes {
		all = append(all, outcome.Operation)
	}
	return all
}

// A deletion that may have been carried out is not repeated, for the second would be refused.
func TestDeletionsAreSentOnce(t *testing.T) {
	client, _ := broken(t, []string{"server-error-after@putNetworkLocations#1", "server-error-after@putItem#1"})
	outcomes, err := client.PutLocations(ctx(t), []Location{{ID: new(int64(74)), Delete: new(true)}})
	require.Error(t, err)
	assert.Equal(t, []State{Unknown}, states(outcomes))
	item := update(1001, "x")
	item.Status = new(ItemStatus("DELETED"))
	outcome, err := client.PutItem(ctx(t), item, Suppress)
	require.Error(t, err)
	assert.Equal(t, Unknown, outcome.State)
	assert.False(t, outcome.Again())
}

func TestPutCharts(t *testing.T) {
	client, _ := emulated(t)
	charts, err := collect(t, client.Charts(ctx(t), 655))
	require.NoError(t, err)
	chart := charts[0]
	chart.Chart.Series[0].Set("dataPoints", json.RawMessage(`[]`))
	outcomes, err := client.PutCharts(ctx(t), []Item{chart}, Suppress)
	require.NoError(t, err)
	assert.Equal(t, Updated, outcomes[0].Operation)
	again, err := client.Chart(ctx(t), *chart.ID)
	require.NoError(t, err)
	assert.JSONEq(t, `[]`, string(again.Chart.Series[0].AdditionalProperties["dataPoints"]))

	_, err = client.PutCharts(ctx(t), []Item{chart, {}}, Suppress)
	require.EqualError(t, err, "kainexus: putItems: chart 2 of 2 has no ID; charts are updated by it, and cannot be created")
	_, err = client.PutCharts(ctx(t), []Item{update(1001, "x")}, Suppress)
	require.EqualError(t, err, "kainexus: putItems: item 1 of 1 has no Chart; read it with Charts, or write it with PutItems")
	_, err = client.PutCharts(ctx(t), []Item{chart}, 3)
	require.ErrorContains(t, err, "kainexus.Notify or kainexus.Suppress")
}

// A few large records are a batch of their own.
func TestBatchesAreBounded(t *testing.T) {
	var sizes []int64
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		sizes = append(sizes, n)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"success":true,"results":[]}`)
	})
	large := strings.Repeat("x", 3<<20)
	_, err := client.PutItems(ctx(t), []Item{update(1, large), update(2, large), update(3, large), update(4, "x")}, Suppress)
	require.Error(t, err)
	assert.Len(t, sizes, 2)
	for _, size := range sizes {
		assert.Less(t, size, int64(maxBatchBytes+1<<10))
	}
}
