package kinabase_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/contract/validate"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

// validating is the option under test. The report is nil for a strict client.
func validating(t testing.TB, options schema.Options, report func(*kinabase.Error) error) kinabase.Option {
	t.Helper()
	v, err := validate.Kinabase(options)
	require.NoError(t, err)
	return kinabase.WithValidation(v, report)
}

// hasty sends again at once, so that no test waits.
func hasty(s *server) kinabase.Option {
	return kinabase.WithTransport(transport.Config{Base: sandbox.NewDoer(s), Retry: transport.Retry{Base: 1, Max: 1, Budget: -1}})
}

// reads are the calls whose answers have a shape, by operation.
var reads = map[string]func(context.Context, *kinabase.Client) error{
	"listRecords": func(ctx context.Context, c *kinabase.Client) error { return only(collect(c.Records(ctx, "machines"))) },
	"listAllRecords": func(ctx context.Context, c *kinabase.Client) error {
		return only(collect(c.AllRecords(ctx, "machines")))
	},
	"getRecord": func(ctx context.Context, c *kinabase.Client) error {
		return only(c.Record(ctx, "machines", secretRecord))
	},
	"getExternalRecord": func(ctx context.Context, c *kinabase.Client) error {
		return only(c.RecordByLink(ctx, "machines", "influxdb", "sensor"))
	},
	"listActivities": func(ctx context.Context, c *kinabase.Client) error {
		return only(c.Activities(ctx, "machines", secretRecord))
	},
}

func only[T any](_ T, err error) error { return err }

const secretRecord = "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a77"

// secretMachines hold nothing but what must not be told.
func secretMachines(t *testing.T, faults ...string) *server {
	t.Helper()
	record := emulator.Record{
		ID: secretRecord, Data: map[string]any{"label": plantedValue},
		External: []emulator.ExternalLink{{Key: "influxdb", ID: "sensor", Properties: map[string]any{"source": plantedValue}}},
	}
	s := start(t, []emulator.Option{emulator.WithoutSeed(), emulator.WithCollection(emulator.Collection{
		Name: "Machines", Slug: "machines", Fields: emulator.Keys("label"),
		Records: []emulator.Record{record, {Data: map[string]any{"label": plantedValue}}},
	})})
	_, err := s.client(t).AddActivity(t.Context(), "machines", secretRecord, kinabase.ActivityInput{Content: plantedValue})
	require.NoError(t, err)
	s.handler, err = fault.Wrap(s.Server, "kinabase", faults...)
	require.NoError(t, err)
	return s
}

// What the sandbox answers as it should is as described, in the strictest sense.
func TestValidationFindsNothingInWhatIsRight(t *testing.T) {
	s := start(t, []emulator.Option{emulator.WithGeneratedRecords("machines", 700, 1)})
	client := s.client(t, validating(t, schema.Options{Strict: true}, nil))
	ctx := t.Context()
	for _, collection := range []string{"machines", "purchase-orders", "inspections"} {
		pages, err := collect(client.Records(ctx, collection, kinabase.IncludeLists()))
		require.NoError(t, err)
		all, err := collect(client.AllRecords(ctx, collection))
		require.NoError(t, err)
		require.Equal(t, ids(pages), ids(all))
		for _, record := range all[:2] {
			got, err := client.Record(ctx, collection, record.ID)
			require.NoError(t, err)
			assert.Equal(t, record.ID, got.ID)
			require.NoError(t, only(client.Activities(ctx, collection, record.ID)))
		}
	}
	require.NoError(t, only(client.Status(ctx)))
	require.NoError(t, only(client.Collections(ctx)))
	require.NoError(t, only(client.RecordByLink(ctx, "machines", "influxdb", "sensor-17")))

	made, err := client.Create(ctx, "machines", map[string]any{"device_name": "Saw"})
	require.NoError(t, err)
	require.NoError(t, only(client.Update(ctx, "machines", made.ID, map[string]any{"device_name": "Band saw"})))
	require.NoError(t, only(client.AddActivity(ctx, "machines", made.ID, kinabase.ActivityInput{Content: "Oiled"})))
	require.NoError(t, client.Delete(ctx, "machines", made.ID))
	inputs := []kinabase.Input{{Data: map[string]any{"device_name": "Drill"}}}
	require.NoError(t, only(collect(client.CreateAll(ctx, "machines", slices.Values(inputs)))))
}

// Each way of answering against the description ends the call with an error that names the
// operation, and quotes nothing. What a report hears names the place and the line besides.
func TestValidationFindsEveryDrift(t *testing.T) {
	broken, described := 0, 0
	for _, f := range fault.Catalogue() {
		for operation, read := range reads {
			name := f.ID + "@" + operation
			applies, err := fault.Applies("kinabase", name)
			if f.Class != fault.Contract || f.SchemaValid || err != nil || !applies || f.Operation != "" && f.Operation != operation ||
				strings.HasPrefix(f.ID, "error-") { // changes refusals only

				continue
			}
			t.Run(name, func(t *testing.T) {
				s := secretMachines(t, name)
				err := read(t.Context(), s.client(t, hasty(s), validating(t, schema.Options{}, nil)))
				var failed *kinabase.Error
				require.ErrorAs(t, err, &failed)
				broken++
				assert.Equal(t, operation, failed.Operation)
				assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, failed.Err, failed.Err), plantedValue)
				finding, ok := errors.AsType[*validate.Finding](err)
				if !ok {
					return
				}
				described++
				assert.Equal(t, operation, finding.Operation)
				assert.Equal(t, failed.Status, finding.Status)
				assert.NotContains(t, finding.LogValue().String(), plantedValue)
				if finding.Class == schema.Invalid {
					assert.Contains(t, err.Error(), fmt.Sprintf("kinabase.yaml:%d)", finding.Line))
					assert.Positive(t, finding.Line)
				}

				var reported []*kinabase.Error
				s = secretMachines(t, name)
				_ = read(t.Context(), s.client(t, hasty(s), validating(t, schema.Options{}, func(e *kinabase.Error) error {
					reported = append(reported, e)
					return nil
				})))
				require.NotEmpty(t, reported)
				assert.Equal(t, err.Error(), reported[0].Error())
			})
		}
	}
	t.Logf("%d ways were refused, %d of them with their place in the description", broken, described)
	assert.Greater(t, described, 70)
}

// The error says what was wanted, where, and which line says so.
func TestValidationErrorNamesPlaceAndLine(t *testing.T) {
	for _, test := range []struct{ fault, want string }{
		{"total-missing@listRecords", `^kinabase: listRecords: 200 OK: /totalRecords: .*required.* \(required, kinabase\.yaml:\d+\)$`},
		{"records-null@listRecords", `^kinabase: listRecords: 200 OK: /records: null, where array is declared \(type, kinabase\.yaml:\d+\)$`},
		{"all-enveloped@listAllRecords", `^kinabase: listAllRecords: 200 OK: the body: object, where array is declared \(type, kinabase\.yaml:\d+\)$`},
		{"record-id-number@getRecord", `^kinabase: getRecord: 200 OK: /id: number, where string is declared \(type, kinabase\.yaml:\d+\)$`},
		{"deep-nesting@getRecord", `^kinabase: getRecord: 200 OK: the body: array, where object is declared \(type, kinabase\.yaml:\d+\)$`},
	} {
		t.Run(test.fault, func(t *testing.T) {
			_, operation, _ := strings.Cut(test.fault, "@")
			s := secretMachines(t, test.fault)
			err := reads[operation](t.Context(), s.client(t, validating(t, schema.Options{}, nil)))
			require.Error(t, err)
			assert.Regexp(t, test.want, err.Error())
		})
	}
}

// page answers a list with an element that is not as described.
func page(bad int, element string) string {
	var records []string
	for i := range 40 {
		record := fmt.Sprintf(`{"id":"r%d","data":{"label":%q}}`, i, plantedValue)
		if i == bad {
			record = element
		}
		records = append(records, record)
	}
	return "[" + strings.Join(records, ",") + "]"
}

// What comes before a wrong element is yielded, and neither that nor what comes after it.
func TestValidationYieldsWhatComesBefore(t *testing.T) {
	for name, wrong := range map[string]string{
		"at the beginning": `{"numericId":"one","id":"bad","data":{}}`,
		"at the end":       `{"id":"bad","data":{},"numericId":"one"}`,
		"missing":          `{"data":{"id":"bad"}}`,
		"twice":            `{"id":"bad","data":{},"id":"worse"}`,
	} {
		for _, bad := range []int{0, 1, 17, 39} {
			t.Run(fmt.Sprint(name, " ", bad), func(t *testing.T) {
				client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page(bad, wrong))) },
					validating(t, schema.Options{}, nil))
				records, err := collect(client.AllRecords(t.Context(), "machines"))
				finding, ok := errors.AsType[*validate.Finding](err)
				require.True(t, ok, "%v", err)
				assert.True(t, strings.HasPrefix(finding.Pointer, fmt.Sprintf("/%d/", bad)), finding.Pointer)
				assert.Len(t, records, bad)
				assert.NotContains(t, ids(records), "bad")
			})
		}
	}
}

// A report that returns nothing changes nothing, and one that returns something ends the call.
func TestValidationReports(t *testing.T) {
	body := page(3, `{"id":"three","data":{},"numericId":"one","extra":true}`)
	var told []string
	enough := errors.New("enough")
	for _, end := range []error{nil, enough} {
		told = nil
		client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(strings.ReplaceAll(body, `"one"`, `null`)))
		},
			validating(t, schema.Options{Strict: true}, func(e *kinabase.Error) error {
				told = append(told, e.Error())
				return end
			}))
		records, err := collect(client.AllRecords(t.Context(), "machines"))
		if end == nil {
			require.NoError(t, err)
			assert.Len(t, records, 40)
			assert.Equal(t, []string{"kinabase: listAllRecords: 200 OK: /3/extra: a property that is not declared (properties)"}, told)
			continue
		}
		require.ErrorIs(t, err, enough)
		assert.Len(t, records, 3)
		assert.Len(t, told, 1)
	}
}

// bottomless is a list without end, that counts how much of it was read.
type bottomless struct{ read atomic.Int64 }

func (e *bottomless) Read(p []byte) (int, error) {
	const element = `{"id":"r","data":{}},`
	n := copy(p, "[")
	if e.read.Load() > 0 {
		n = 0
	}
	for n+len(element) <= len(p) {
		n += copy(p[n:], element)
	}
	e.read.Add(int64(n))
	return n, nil
}

func (e *bottomless) Close() error { return nil }

// Whoever stops early reads no further, and validates no further.
func TestValidationStopsWithTheIteration(t *testing.T) {
	body := &bottomless{}
	app := transport.DoerFunc(func(r *http.Request) (*http.Response, error) {
		answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, Request: r, ContentLength: -1}
		if strings.HasSuffix(r.URL.Path, "/token") {
			answer.Body = io.NopCloser(strings.NewReader(`{"token":"` + plantedToken + `"}`))
		}
		return answer, nil
	})
	client, err := kinabase.New(kinabase.WithApp("app", auth.NewSecret(planted)), kinabase.WithBaseURL(base),
		kinabase.WithTransport(transport.Config{Base: app}), validating(t, schema.Options{}, nil))
	require.NoError(t, err)
	before := runtime.NumGoroutine()
	for record, err := range client.AllRecords(t.Context(), "machines") {
		require.NoError(t, err)
		require.Equal(t, "r", record.ID)
		break
	}
	assert.Less(t, body.read.Load(), int64(256<<10))
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// A context that ends, and a limit of the transport, end what is validated as they end all else.
func TestValidationObeysContextAndLimit(t *testing.T) {
	s := start(t, []emulator.Option{emulator.WithGeneratedRecords("machines", 2000, 1)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	count := 0
	for _, err := range s.client(t, validating(t, schema.Options{}, nil)).AllRecords(ctx, "machines") {
		if count++; err != nil {
			require.ErrorIs(t, err, context.Canceled)
			break
		}
		cancel()
	}
	assert.Equal(t, 2, count)

	limited := s.client(t, validating(t, schema.Options{}, nil), kinabase.WithTransport(transport.Config{Base: sandbox.NewDoer(s), StreamLimit: 100_000}))
	got, err := collect(limited.AllRecords(t.Context(), "machines"))
	var tooLarge *transport.BodyLimitError
	require.ErrorAs(t, err, &tooLarge)
	assert.NotEmpty(t, got)
}

// An answer that breaks off is asked for again, validated or not.
func TestValidationSurvivesBrokenConnections(t *testing.T) {
	for _, broken := range []string{"truncated", "truncated-chunked", "reset", "close-after", "length-long"} {
		t.Run(broken, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := start(t, []emulator.Option{emulator.WithGeneratedRecords("machines", 700, 1)}, broken+"@listRecords#1-2", broken+"@listAllRecords#1-2")
				client := s.client(t, validating(t, schema.Options{}, nil))
				for _, list := range []iter.Seq2[kinabase.Record, error]{client.Records(t.Context(), "machines"), client.AllRecords(t.Context(), "machines")} {
					got, err := collect(list)
					require.NoError(t, err)
					assert.Len(t, got, 704)
				}
			})
		})
	}
}

// An option that could not work is refused.
func TestValidationNeedsAValidator(t *testing.T) {
	_, err := kinabase.New(kinabase.WithApp("app", auth.NewSecret(planted)), kinabase.WithValidation(nil, nil))
	assert.EqualError(t, err, "kinabase: WithValidation: the validator is nil; make a validator with contract/validate")
}
