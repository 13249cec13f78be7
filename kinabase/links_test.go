package kinabase_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/kinabase"
)

// linkedTo counts the records with a link.
func linkedTo(t *testing.T, client *kinabase.Client, collection, service, id string) (found []kinabase.Record) {
	t.Helper()
	for record, err := range client.Records(t.Context(), collection, kinabase.LinkedTo(service)) {
		require.NoError(t, err)
		links, _ := record.External.Get()
		for _, link := range links {
			if *link.Key == service && *link.ID == id {
				found = append(found, record)
			}
		}
	}
	return found
}

func TestByLink(t *testing.T) {
	client := start(t, nil).client(t)
	record, err := client.RecordByLink(t.Context(), "machines", "influxdb", "sensor-18")
	require.NoError(t, err)
	assert.Equal(t, `"Press 2"`, string(record.Data["device_name"]))

	changed, err := client.UpdateByLink(t.Context(), "machines", "influxdb", "sensor-18", map[string]any{"status": "offline"})
	require.NoError(t, err)
	assert.Equal(t, record.ID, changed.ID)
	assert.Equal(t, record.External, changed.External)
	changed, err = client.UpdateByLink(t.Context(), "machines", "influxdb", "sensor-18", kinabase.Input{
		Data: map[string]any{}, External: []kinabase.ExternalLink{kinabase.Link("xero", "2")},
	})
	require.NoError(t, err)
	links, err := changed.External.Get()
	require.NoError(t, err)
	assert.Equal(t, []kinabase.ExternalLink{kinabase.Link("xero", "2"), kinabase.Link("influxdb", "sensor-18")}, links)

	require.NoError(t, client.DeleteByLink(t.Context(), "machines", "influxdb", "sensor-18"))
	assert.True(t, kinabase.IsNotFound(client.DeleteByLink(t.Context(), "machines", "influxdb", "sensor-18")))
	_, err = client.UpdateByLink(t.Context(), "machines", "influxdb", "sensor-18", map[string]any{})
	assert.True(t, kinabase.IsNotFound(err))
}

// A deletion by link that is sent again never reaches a second record with the same link.
func TestDeleteByLinkDeletesOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := start(t, nil, "server-error-after@deleteRecord#1", "server-error-after@deleteExternalRecord#1").client(t)
		for _, name := range []string{"a", "b"} {
			_, err := client.Create(t.Context(), "machines", kinabase.Input{
				Data: map[string]any{"device_name": name}, External: []kinabase.ExternalLink{kinabase.Link("plc", "7")},
			})
			require.NoError(t, err)
		}
		require.NoError(t, client.DeleteByLink(t.Context(), "machines", "plc", "7"))
		assert.Len(t, linkedTo(t, client, "machines", "plc", "7"), 1)
	})
}

// However the create fails, there is one record afterwards, with what was to be set.
func TestCreateOrUpdate(t *testing.T) {
	for _, test := range []struct {
		name   string
		faults []string
		calls  []string
	}{
		{"nothing wrong", nil, []string{"PATCH", "POST"}},
		{"lost, but carried out", []string{"server-error-after@createRecord#1"}, []string{"PATCH", "POST", "PATCH"}},
		{"lost and not carried out", []string{"server-error@createRecord#1"}, []string{"PATCH", "POST", "PATCH", "POST"}},
		{"closed, but carried out", []string{"close-after@createRecord#1"}, []string{"PATCH", "POST", "PATCH"}},
		{"broken off", []string{"truncated@createRecord#1"}, []string{"PATCH", "POST", "PATCH"}},
		{"of no use", []string{"created-id-missing@createRecord#1"}, []string{"PATCH", "POST", "PATCH"}},
		{"too many", []string{"too-many-requests@createRecord#1"}, []string{"PATCH", "POST", "POST"}},
		{"changing fails first", []string{"server-error@updateExternalRecord#1"}, []string{"PATCH", "PATCH", "POST"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := start(t, nil, test.faults...)
				client := s.client(t)
				record, created, err := client.CreateOrUpdate(t.Context(), "machines", "plc", "7", map[string]any{"device_name": "Lathe"})
				require.NoError(t, err)
				assert.True(t, created)
				var methods []string
				for _, call := range s.asked() {
					method := "POST"
					if call[:2] == "PA" {
						method = "PATCH"
					}
					methods = append(methods, method)
				}
				assert.Equal(t, test.calls, methods)

				again, created, err := client.CreateOrUpdate(t.Context(), "machines", "plc", "7", map[string]any{"status": "offline"})
				require.NoError(t, err)
				assert.False(t, created)
				assert.Equal(t, record.ID, again.ID)
				found := linkedTo(t, client, "machines", "plc", "7")
				require.Len(t, found, 1)
				assert.Equal(t, `"Lathe"`, string(found[0].Data["device_name"]))
				assert.Equal(t, `"offline"`, string(found[0].Data["status"]))
			})
		})
	}
}

func TestCreateOrUpdateGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, nil, "server-error@createRecord")
		client := s.client(t)
		_, created, err := client.CreateOrUpdate(t.Context(), "machines", "plc", "7", map[string]any{"device_name": "Lathe"})
		assert.EqualError(t, err, "kinabase: createRecord: 500 Internal Server Error: Internal Server Error")
		assert.False(t, created)
		assert.Len(t, s.asked(), 4)

		_, _, err = client.CreateOrUpdate(t.Context(), "machines", "plc", "7", map[string]any{"Device_Name": "Lathe"})
		assert.ErrorContains(t, err, "400 Bad Request")
		assert.Len(t, s.asked(), 1)
	})
}

// That the change before was in doubt says nothing of a create that was refused.
func TestCreateOrUpdateIsRefusedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, nil, "server-error@updateExternalRecord#1", "status@createRecord:403")
		_, _, err := s.client(t).CreateOrUpdate(t.Context(), "machines", "plc", "7", map[string]any{"device_name": "Lathe"})
		assert.True(t, kinabase.IsAccessDenied(err))
		assert.Len(t, s.asked(), 3)
	})
}
