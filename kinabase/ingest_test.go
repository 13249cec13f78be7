package kinabase_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/kinabase"
)

func sample(id string, data map[string]any) kinabase.IngestRecord {
	return kinabase.IngestRecord{ID: id, Changes: []kinabase.IngestChange{{Timestamp: time.Date(2027, 3, 2, 9, 29, 51, 0, time.UTC), Data: data}}}
}

func TestIngest(t *testing.T) {
	client := start(t, nil).client(t)
	machines, err := collect(client.Records(t.Context(), "machines"))
	require.NoError(t, err)
	result, err := client.Ingest(t.Context(), "machines", []kinabase.IngestRecord{sample(machines[0].ID, map[string]any{"temperatureC": 30})})
	require.NoError(t, err)
	assert.Equal(t, 1, result.ProcessedRecords)
	record, err := client.Record(t.Context(), "machines", machines[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "30", string(record.Data["temperatureC"]))
}

// An answer 200 is no success when records failed.
func TestIngestInPart(t *testing.T) {
	client := start(t, nil).client(t)
	machines, err := collect(client.Records(t.Context(), "machines"))
	require.NoError(t, err)
	result, err := client.Ingest(t.Context(), "machines", []kinabase.IngestRecord{
		sample(machines[0].ID, map[string]any{"temperatureC": 30}),
		sample(machines[1].ID, map[string]any{"no_such_field": plantedValue}),
		sample("none", map[string]any{"temperatureC": 30}),
	})
	var failed *kinabase.IngestError
	require.ErrorAs(t, err, &failed)
	noneIn(t, err)
	assert.Equal(t, result, failed.Result)
	assert.Equal(t, 2, failed.Result.FailedRecords)
	assert.Equal(t, 1, failed.Result.ProcessedRecords)
	require.Len(t, failed.Result.Errors, 2)
	assert.Equal(t, machines[1].ID, *failed.Result.Errors[0].RecordID)
	assert.Contains(t, err.Error(), `kinabase: ingestRecords: 2 of 3 records failed: record "`+machines[1].ID+`": "unknown field`)
}

func TestIngestAnswersThatSayTooLittle(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"nothing", `{}`, "kinabase: ingestRecords: the answer says of 0 of 2 records only that they were taken"},
		{"half", `{"totalRecords":2,"processedRecords":1,"failedRecords":0}`, "kinabase: ingestRecords: the answer says of 1 of 2 records only that they were taken"},
		{"errors that are not counted", `{"totalRecords":2,"processedRecords":2,"failedRecords":0,"errors":[{"error":"` + plantedToken + `"}]}`, `kinabase: ingestRecords: 1 of 2 records failed: record "": "[redacted]"`},
		{"many", `{"failedRecords":5,"errors":[{},{},{},{},{}]}`, `kinabase: ingestRecords: 5 of 2 records failed: record "": ""; record "": ""; record "": ""; and 2 more`},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(test.body)) })
			_, err := client.Ingest(t.Context(), "machines", []kinabase.IngestRecord{sample("a", map[string]any{}), sample("b", map[string]any{})})
			assert.EqualError(t, err, test.want)
			noneIn(t, err)
		})
	}
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"failedRecords":"none"}`)) })
	_, err := client.Ingest(t.Context(), "machines", nil)
	assert.EqualError(t, err, "kinabase: ingestRecords: 200 OK: /failedRecords: is a string, which cannot be used here (at byte 17)")
}

func TestIngestWaitsForTheLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, nil, "too-many-requests@ingestRecords#1:7")
		client, began := s.client(t), time.Now()
		_, err := client.Ingest(t.Context(), "machines", []kinabase.IngestRecord{})
		require.NoError(t, err)
		assert.GreaterOrEqual(t, time.Since(began), 7*time.Second)
		s = start(t, nil, "server-error@ingestRecords")
		_, err = s.client(t).Ingest(t.Context(), "machines", []kinabase.IngestRecord{})
		require.Error(t, err)
		assert.Len(t, s.asked(), 1, "it is not known whether samples may come twice")
	})
}

func TestActivities(t *testing.T) {
	client := start(t, nil).client(t)
	machines, err := collect(client.Records(t.Context(), "machines"))
	require.NoError(t, err)
	added, err := client.AddActivity(t.Context(), "machines", machines[0].ID, kinabase.ActivityInput{Content: "Serviced"})
	require.NoError(t, err)
	activities, err := client.Activities(t.Context(), "machines", machines[0].ID)
	require.NoError(t, err)
	require.Len(t, activities, 1)
	assert.Equal(t, added, activities[0])
	assert.Equal(t, "Serviced", *activities[0].Content)
	_, err = client.Activities(t.Context(), "machines", "none")
	assert.True(t, kinabase.IsNotFound(err))
	_, err = client.AddActivity(t.Context(), "machines", "..", kinabase.ActivityInput{})
	assert.ErrorContains(t, err, "kinabase: createActivity: transport: path parameter recordId")
}

func TestStatusAndCollections(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	status, err := client.Status(t.Context())
	require.NoError(t, err)
	assert.JSONEq(t, `{}`, string(status))
	list, err := client.Collections(t.Context())
	require.NoError(t, err)
	assert.Contains(t, string(list), `"slug":"purchase-orders"`)

	client = answering(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	_, err = client.Status(t.Context())
	assert.True(t, kinabase.IsUnauthorized(err))
	assert.EqualError(t, err, "kinabase: getStatus: 401 Unauthorized")
}

// An id in the answer is the server's word, too.
func TestIngestErrorsRepeatNoCredential(t *testing.T) {
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"totalRecords":1,"processedRecords":0,"failedRecords":1,"errors":[{"recordId":"` + plantedToken + `","error":"no"}]}`))
	})
	result, err := client.Ingest(t.Context(), "machines", []kinabase.IngestRecord{{}})
	var partly *kinabase.IngestError
	require.ErrorAs(t, err, &partly)
	assert.Equal(t, `kinabase: ingestRecords: 1 of 1 records failed: record "[redacted]": "no"`, err.Error())
	assert.NotContains(t, *result.Errors[0].RecordID, plantedToken)
}
