package kinabase_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/kinabase"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
)

func TestKeys(t *testing.T) {
	for name, opts := range map[string][]emulator.Option{"today": nil, "2023": {emulator.WithEdition2023()}} {
		t.Run(name, func(t *testing.T) {
			s := start(t, append(opts, emulator.WithGeneratedRecords("machines", 1000, 1)))
			keys, err := s.client(t).Keys(t.Context(), "machines")
			require.NoError(t, err)
			assert.Equal(t, []string{"device_name", "last_seen", "reading_id", "status", "temperatureC"}, keys.Keys())
			assert.Len(t, s.asked(), 1, "one page is read")
		})
	}
	_, err := start(t, nil).client(t).Keys(t.Context(), "nowhere")
	assert.True(t, kinabase.IsNotFound(err))
}

func TestKeySetCheck(t *testing.T) {
	keys := kinabase.NewKeySet("jobTitle", "device_name", "temperatureC").With("deviceName", "Straße")
	for _, test := range []struct{ key, want string }{
		{"jobTitle", ""},
		{"Job Title", "jobTitle"},
		{"jobtitle", "jobTitle"},
		{"JOB-TITLE", "jobTitle"},
		{"job_title", "jobTitle"},
		{"temperature c", "temperatureC"},
		{"deviceName", ""},
		{"device_name", ""},
		{"DeviceName", "deviceName"},
		{"straße", "Straße"},
		{"unheardOf", ""},
		{"", ""},
	} {
		t.Run(test.key, func(t *testing.T) {
			err := keys.Check("unheardOf", test.key)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			var wrong *kinabase.KeyError
			require.ErrorAs(t, err, &wrong)
			assert.Equal(t, kinabase.KeyError{Key: test.key, Known: test.want}, *wrong)
		})
	}
	assert.NoError(t, kinabase.KeySet{}.Check("anything"))
	assert.EqualError(t, keys.Check("job title"), `no field key is known as "job title", but "jobTitle" is; keys are case-sensitive`)
}

// Known keys pass, whatever they are.
func TestKnownKeysPass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		known := rapid.SliceOf(rapid.StringN(0, 4, -1)).Draw(t, "known")
		require.NoError(t, kinabase.NewKeySet(known...).Check(known...))
	})
}

// Every way to write values checks them, and sends nothing that cannot be meant.
func TestWritesCheckKnownKeys(t *testing.T) {
	s := start(t, nil)
	learning := s.client(t)
	keys, err := learning.Keys(t.Context(), "machines")
	require.NoError(t, err)
	s.asked()
	ctx, wrong := t.Context(), map[string]any{"Device Name": plantedValue}
	for name, client := range map[string]*kinabase.Client{
		"learned": learning.CheckKeys("machines", keys),
		"given":   s.client(t, kinabase.WithKnownKeys("machines", "device_name"), kinabase.WithKnownKeys("machines", "status")),
	} {
		for call, do := range map[string]func() error{
			"create":       func() error { _, err := client.Create(ctx, "machines", wrong); return err },
			"update":       func() error { _, err := client.Update(ctx, "machines", "a", wrong); return err },
			"updateByLink": func() error { _, err := client.UpdateByLink(ctx, "machines", "plc", "7", wrong); return err },
			"createOrUpdate": func() error {
				_, _, err := client.CreateOrUpdate(ctx, "machines", "plc", "7", wrong)
				return err
			},
			"ingest": func() error {
				_, err := client.Ingest(ctx, "machines", []kinabase.IngestRecord{sample("a", wrong)})
				return err
			},
			"createAll": func() error {
				_, errs := outcomes(t, client.CreateAll(ctx, "machines", slices.Values([]kinabase.Input{{Data: wrong}})))
				return errs[0]
			},
			"updateAll": func() error {
				_, errs := outcomes(t, client.UpdateAll(ctx, "machines", slices.Values([]kinabase.Input{{ID: "a", Data: wrong}})))
				return errs[0]
			},
		} {
			t.Run(name+" "+call, func(t *testing.T) {
				err := do()
				var key *kinabase.KeyError
				require.ErrorAs(t, err, &key)
				assert.Equal(t, kinabase.KeyError{Collection: "machines", Key: "Device Name", Known: "device_name"}, *key)
				noneIn(t, err)
				assert.Empty(t, s.asked())
			})
		}
	}
	_, err = learning.Create(ctx, "machines", wrong)
	assert.ErrorContains(t, err, "400 Bad Request", "the client that learned does not check by itself")
}
