package kainexus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/contract/validate"
	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/transport"
)

// validating is a client that holds what a server says against the description. It is strict
// if nobody wants a report.
func validating(t testing.TB, handler http.Handler, key string, options schema.Options, report func(*Error) error) *Client {
	t.Helper()
	v, err := validate.KaiNexus(options)
	require.NoError(t, err)
	client, err := New(WithAPIKey(auth.NewSecret(key)), WithValidation(v, report), WithTransport(transport.Config{
		Base:  sandbox.NewDoer(handler),
		Retry: transport.Retry{Base: 1, Max: 1, Budget: -1}, // no test waits
	}))
	require.NoError(t, err)
	return client
}

// readsOf are the calls that read, by operation, with ids that a sandbox has.
func readsOf(t testing.TB, server *emulator.Server) map[string]func(context.Context, *Client) error {
	ids := server.IDs()
	number := func(name string) int64 {
		n, err := strconv.ParseInt(ids[name], 10, 64)
		require.NoError(t, err)
		return n
	}
	plain := clientOf(t, server, server.Credentials().APIKey)
	value := first(t, plain.ImpactValues(ctx(t), ids["impactValueType"]))
	choice := first(t, plain.AttributeValues(ctx(t), number("attribute")))
	kind, attribute := ids["impactValueType"], number("attribute")
	return map[string]func(context.Context, *Client) error{
		"listItems": func(ctx context.Context, c *Client) error {
			return failure(collect(t, c.Charts(ctx, number("chartList"))))
		},
		"getItem":   func(ctx context.Context, c *Client) error { return failure(c.Item(ctx, 1001)) },
		"listUsers": func(ctx context.Context, c *Client) error { return failure(collect(t, c.People(ctx, IncludeBadges()))) },
		"getUser": func(ctx context.Context, c *Client) error {
			return failure(c.Person(ctx, *first(t, plain.People(ctx)).ID, IncludeBadges()))
		},
		"listNetworkLocations": func(ctx context.Context, c *Client) error {
			return failure(collect(t, c.Network(ctx)))
		},
		"getNetworkLocation": func(ctx context.Context, c *Client) error {
			return failure(c.Location(ctx, *first(t, plain.Network(ctx)).ID))
		},
		"listImpactValues": func(ctx context.Context, c *Client) error {
			return failure(collect(t, c.ImpactValues(ctx, kind)))
		},
		"getImpactValue": func(ctx context.Context, c *Client) error {
			return failure(c.ImpactValue(ctx, kind, *value.ID))
		},
		"listAttributeValues": func(ctx context.Context, c *Client) error {
			return failure(collect(t, c.AttributeValues(ctx, attribute)))
		},
		"getAttributeValue": func(ctx context.Context, c *Client) error {
			return failure(c.AttributeValue(ctx, attribute, *choice.ID))
		},
		"getWidget": func(ctx context.Context, c *Client) error { return failure(c.Widget(ctx, number("widget"))) },
	}
}

// What the sandbox answers as it should is as described, in the strictest sense.
func TestValidationFindsNothingInWhatIsRight(t *testing.T) {
	server, err := emulator.New(emulator.WithGeneratedItems(300, 1))
	require.NoError(t, err)
	client := validating(t, server, server.Credentials().APIKey, schema.Options{
		Strict: true,
		Ignore: []string{"/items/*/chart/series"}, // what is in it is not documented
	}, nil)
	for operation, read := range readsOf(t, server) {
		require.NoError(t, read(ctx(t), client), operation)
	}
	for _, listID := range []int64{640, 700} {
		items, err := collect(t, client.Items(ctx(t), listID, PageSize(70)))
		require.NoError(t, err)
		assert.NotEmpty(t, items)
		item, err := client.Item(ctx(t), *items[0].ID)
		require.NoError(t, err)
		outcome, err := client.PutItem(ctx(t), item, Suppress)
		require.NoError(t, err)
		assert.Equal(t, Written, outcome.State)
	}
	var workbook strings.Builder
	require.NoError(t, failure(client.ExportItems(ctx(t), 640, &workbook)))
}

// Each way of answering against the description ends the call with an error that names the
// operation, and what a report hears first is the same.
func TestValidationFindsEveryDrift(t *testing.T) {
	server, err := emulator.New()
	require.NoError(t, err)
	broken, described := 0, 0
	reads := readsOf(t, server)
	for _, f := range fault.Catalogue() {
		for operation, read := range reads {
			name := f.ID + "@" + operation
			applies, err := fault.Applies("kainexus", name)
			if f.Class != fault.Contract || f.SchemaValid || err != nil || !applies || f.Operation != "" && f.Operation != operation ||
				strings.HasPrefix(f.ID, "error-") || // changes refusals only
				name == "unescaped-control@getWidget" { // has no text to break
				continue
			}
			t.Run(name, func(t *testing.T) {
				calling := func(report func(*Error) error) error {
					handler, err := fault.Wrap(server, "kainexus", name)
					require.NoError(t, err)
					return read(ctx(t), validating(t, handler, server.Credentials().APIKey, schema.Options{}, report))
				}
				err := calling(nil)
				var failed *Error
				require.ErrorAs(t, err, &failed)
				broken++
				assert.Equal(t, operation, failed.Operation)
				finding, ok := errors.AsType[*validate.Finding](err)
				if !ok {
					return
				}
				described++
				assert.Equal(t, operation, finding.Operation)
				if finding.Class == schema.Invalid {
					assert.Positive(t, finding.Line)
					assert.Contains(t, err.Error(), fmt.Sprintf("kainexus.yaml:%d)", finding.Line))
				}
				var reported []string
				_ = calling(func(e *Error) error {
					reported = append(reported, e.Error())
					return nil
				})
				require.NotEmpty(t, reported)
				assert.Equal(t, err.Error(), reported[0])
			})
		}
	}
	t.Logf("%d ways were refused, %d of them with their place in the description", broken, described)
	assert.Greater(t, described, 100)
}

// No error and no log quotes a value, or what a server repeats of the credential.
func TestValidationTellsNoValue(t *testing.T) {
	const planted, key = "planted value", "planted-api-key"
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"items":[{"id":%q,"summary":17,%q:%q}],"count":%q}`, planted, key, planted, planted)
	})
	var told strings.Builder
	heard := 0
	client := validating(t, handler, key, schema.Options{Strict: true}, func(e *Error) error {
		heard++
		finding, ok := errors.AsType[*validate.Finding](e)
		require.True(t, ok)
		fmt.Fprintf(&told, "%v %#v %v %#v %v\n", e, e, finding, *finding, finding.LogValue())
		return nil
	})
	_, err := collect(t, client.Items(ctx(t), 640))
	require.Error(t, err)
	assert.GreaterOrEqual(t, heard, 3)
	assert.NotContains(t, told.String()+err.Error(), planted)
	assert.NotContains(t, told.String()+err.Error(), key)
}

// A refusal is told as one, though it comes with 200 and in the place of what is described.
func TestValidationLeavesRefusalsAlone(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"success":false,"errorCode":"ACCESS_DENIED"}`))
	})
	client := validating(t, handler, "a key", schema.Options{}, nil)
	assert.True(t, IsAccessDenied(failure(client.Item(ctx(t), 1))))
	assert.True(t, IsAccessDenied(failure(collect(t, client.Items(ctx(t), 640)))))

	heard := 0
	client = validating(t, handler, "a key", schema.Options{}, func(e *Error) error { heard++; return e })
	assert.True(t, IsAccessDenied(failure(collect(t, client.Items(ctx(t), 640)))))
	assert.Positive(t, heard, "that it comes with 200 is not as described")
}

// An option that could not work is refused.
func TestValidationNeedsAValidator(t *testing.T) {
	_, err := New(WithAPIKey(auth.NewSecret("a key")), WithValidation(nil, nil))
	assert.EqualError(t, err, "kainexus: WithValidation was given nil; make a validator with contract/validate")
}

func failure[T any](_ T, err error) error { return err }

// first is the first element of a list, which has one.
func first[T any](t testing.TB, list iter.Seq2[T, error]) T {
	t.Helper()
	for element, err := range list {
		require.NoError(t, err)
		return element
	}
	require.Fail(t, "the list is empty")
	panic("unreachable")
}
