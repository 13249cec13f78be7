package kainexus

import (
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPeople(t *testing.T) {
	client, _ := emulated(t)
	everybody, err := collect(t, client.People(ctx(t)))
	require.NoError(t, err)
	assert.Len(t, everybody, 12)
	assert.Nil(t, everybody[0].Badges)
	some, err := collect(t, client.People(ctx(t), InList(512), IncludeBadges(), nil))
	require.NoError(t, err)
	assert.Less(t, len(some), 12)
	require.NotEmpty(t, some)
	badges := 0
	for _, person := range some {
		badges += len(person.Badges)
	}
	assert.Positive(t, badges)
	person, err := client.Person(ctx(t), *some[0].ID, IncludeBadges())
	require.NoError(t, err)
	assert.Equal(t, some[0], person)
	person, err = client.Person(ctx(t), *some[0].ID)
	require.NoError(t, err)
	assert.Empty(t, person.Badges)
}

func TestOrganization(t *testing.T) {
	client, server := emulated(t)
	network, err := collect(t, client.Network(ctx(t)))
	require.NoError(t, err)
	assert.Len(t, network, 6)
	one, err := client.Location(ctx(t), *network[1].ID)
	require.NoError(t, err)
	assert.Equal(t, network[1], one)

	ids := server.IDs()
	values, err := collect(t, client.ImpactValues(ctx(t), ids["impactValueType"]))
	require.NoError(t, err)
	require.NotEmpty(t, values)
	value, err := client.ImpactValue(ctx(t), ids["impactValueType"], *values[0].ID)
	require.NoError(t, err)
	assert.Equal(t, values[0], value)

	attribute, err := strconv.ParseInt(ids["attribute"], 10, 64)
	require.NoError(t, err)
	choices, err := collect(t, client.AttributeValues(ctx(t), attribute))
	require.NoError(t, err)
	require.NotEmpty(t, choices)
	choice, err := client.AttributeValue(ctx(t), attribute, *choices[0].ID)
	require.NoError(t, err)
	assert.Equal(t, choices[0], choice)

	widget, err := strconv.ParseInt(ids["widget"], 10, 64)
	require.NoError(t, err)
	shown, err := client.Widget(ctx(t), widget)
	require.NoError(t, err)
	assert.Positive(t, shown.Value)
	assert.NotNil(t, shown.Statistics)
	_, err = client.Widget(ctx(t), 1)
	require.ErrorContains(t, err, "kainexus: getWidget: 403 Forbidden: ACCESS_DENIED")
}

func TestWidgetWithoutAValue(t *testing.T) {
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"statistics":{}}`)
	})
	_, err := client.Widget(ctx(t), 1)
	require.EqualError(t, err, "kainexus: getWidget: 200 OK: /value: is missing (at byte 0)")
}

// Lists without documented pages are one page, unless their answer counts more than it has.
func TestListsWithoutPages(t *testing.T) {
	page := func(total string, from, to int) string {
		var records []string
		for i := from; i < to; i++ {
			records = append(records, fmt.Sprintf(`{"id":%d}`, i+1))
		}
		return fmt.Sprintf(`{"items":[%s]%s}`, strings.Join(records, ","), total)
	}
	for _, test := range []struct {
		name           string
		answer         func(offset int) string
		records, calls int
		incomplete     bool
	}{
		{"no counts", func(int) string { return page("", 0, 5) }, 5, 1, false},
		{"null counts", func(int) string { return page(`,"totalCount":null`, 0, 5) }, 5, 1, false},
		{"all of them", func(int) string { return page(`,"totalCount":5`, 0, 5) }, 5, 1, false},
		{"fewer counted", func(int) string { return page(`,"totalCount":3`, 0, 5) }, 5, 1, false},
		{"none", func(int) string { return page("", 0, 0) }, 0, 1, false},
		{"pages after all", func(at int) string { return page(`,"totalCount":5`, at, min(at+2, 5)) }, 5, 3, false},
		{"the same again", func(int) string { return page(`,"totalCount":5`, 0, 3) }, 3, 2, true},
		{"nothing more", func(at int) string { return page(`,"totalCount":5`, at, 3) }, 3, 2, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, read := range map[string]func(*Client) (int, error){
				"people":           func(c *Client) (int, error) { return count(t, c.People(ctx(t))) },
				"network":          func(c *Client) (int, error) { return count(t, c.Network(ctx(t))) },
				"impact values":    func(c *Client) (int, error) { return count(t, c.ImpactValues(ctx(t), "Product")) },
				"attribute values": func(c *Client) (int, error) { return count(t, c.AttributeValues(ctx(t), 1)) },
			} {
				calls := 0
				client := answering(t, func(w http.ResponseWriter, r *http.Request) {
					calls++
					assert.Equal(t, calls > 1, r.URL.Query().Has("offset"), "an offset is not documented")
					offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
					w.Header().Set("Content-Type", "application/json")
					_, _ = io.WriteString(w, test.answer(offset))
				})
				records, err := read(client)
				assert.Equal(t, test.records, records, name)
				assert.Equal(t, test.calls, calls, name)
				if test.incomplete {
					var incomplete *IncompleteError
					assert.ErrorAs(t, err, &incomplete, name)
				} else {
					assert.NoError(t, err, name)
				}
			}
		})
	}
}

func count[T any](t testing.TB, list iter.Seq2[T, error]) (int, error) {
	all, err := collect(t, list)
	return len(all), err
}

// A list without pages that breaks off is read anew, and yields nothing twice.
func TestListsWithoutPagesGoOn(t *testing.T) {
	client, _ := broken(t, []string{"truncated@listUsers#1-2", "truncated-chunked@listNetworkLocations#1"})
	people, err := collect(t, client.People(ctx(t)))
	require.NoError(t, err)
	assert.Len(t, people, 12)
	network, err := collect(t, client.Network(ctx(t)))
	require.NoError(t, err)
	assert.Len(t, network, 6)
}
