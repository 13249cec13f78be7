package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/internal/rawlist"
)

// everybody is what --people stands for when no list is named.
const everybody = "all"

func newExportKaiNexus(stdout, stderr io.Writer) *cobra.Command {
	var o exportOptions
	lists := map[string]*string{"items": new(string), "people": new(string), "charts": new(string)}
	cmd := &cobra.Command{
		Use:   "kainexus --items LIST | --charts LIST | --people [LIST]",
		Short: "Write a list of items, charts or people into a file",
		Long: `Writes a saved list or a Card of KaiNexus into a file, with the credential from the
environment: KAINEXUS_BASE_URL, and KAINEXUS_API_KEY or both KAINEXUS_CLIENT_ID and
KAINEXUS_CLIENT_SECRET. A secret may be kept in a file that NAME_FILE names instead, such
as KAINEXUS_API_KEY_FILE.

A list has what it is configured to show in KaiNexus, less what the credential may not see.
The id is in the tooltip of a Card's header.

--since is kept by this command, since the API has no filters: all items are read, and those
are written whose lastUpdateDate is later, or that have none. It is not for people, who have
no such date, nor for charts, whose data may change without it.

See kaikina export --help for formats, and for what happens when an export is interrupted.`,
		Example: `  kaikina export kainexus --items 640 --output ideas.xlsx
  kaikina export kainexus --items 640 --since 2026-11-01 --output changed.ndjson
  kaikina export kainexus --people --output people.csv --for-spreadsheet
  kaikina export kainexus --items 640 --sandbox`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, list, err := chosenList(cmd.Flags().Changed, lists, args)
			if err != nil {
				return err
			}
			since, err := moment(o.since)
			if err != nil {
				return err
			}
			if since != nil && kind != "items" {
				return fmt.Errorf("--since is about items: %s have no date that tells", kind)
			}
			return runExport(cmd.Context(), o, stdout, stderr, func(ctx context.Context) (*exportSource, error) {
				return openKaiNexus(ctx, o, stderr, kind, list, since)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(lists["items"], "items", "", "id of the `list` of items")
	f.StringVar(lists["charts"], "charts", "", "id of the `list` of items of which those that are charts come with their data")
	f.StringVar(lists["people"], "people", "", "id of the `list` of people; everybody without one")
	f.Lookup("people").NoOptDefVal = everybody
	o.register(cmd, "only items that were updated after this `time`, such as 2026-11-01 (midnight UTC) or 2026-11-01T09:30:00Z")
	return cmd
}

// chosenList tells which list is asked for; nil is everybody.
func chosenList(given func(string) bool, lists map[string]*string, args []string) (kind string, id *int64, err error) {
	for name := range lists {
		if !given(name) {
			continue
		}
		if kind != "" {
			return "", nil, errors.New("give one of --items, --charts and --people at a time")
		}
		kind = name
	}
	if kind == "" {
		return "", nil, errors.New("say what to export: --items LIST, --charts LIST or --people")
	}
	text := *lists[kind]
	if len(args) > 0 {
		// The value of a flag that can do without one has to follow an equals sign. Whoever
		// leaves it out means the same.
		if text != everybody || kind != "people" {
			return "", nil, fmt.Errorf("%q is one word too many; see kaikina export kainexus --help", args[0])
		}
		text = args[0]
	}
	if kind == "people" && text == everybody {
		return kind, nil, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return "", nil, fmt.Errorf("--%s %s: want the id of a list, a number as in --%s 640", kind, text, kind)
	}
	return kind, &n, nil
}

func openKaiNexus(ctx context.Context, o exportOptions, stderr io.Writer, kind string, list *int64, since *time.Time) (*exportSource, error) {
	account, err := openAccount(ctx, "kainexus", o, stderr)
	if err != nil {
		return nil, err
	}
	client, err := kaiNexusClient(account)
	if err != nil {
		return nil, errors.Join(err, account.close())
	}
	id := everybody
	if list != nil {
		id = strconv.FormatInt(*list, 10)
	}
	s := &exportSource{account: account, what: "items", request: account.request(kind, id, since)}
	if kind == "people" {
		s.what = kind
		s.list.From = rawlist.KaiNexusPeople(client, account.credential.Redact, list)
	} else {
		s.list.From = rawlist.KaiNexusItems(client, account.credential.Redact, *list, kind == "charts")
	}
	if since != nil {
		s.list.Keep = func(item json.RawMessage) bool { return updatedAfter(item, *since) }
	}
	return s, nil
}

// updatedAfter tells whether an item was updated after a moment. One that does not tell when
// it was is kept: better one too many than one too few.
func updatedAfter(item json.RawMessage, since time.Time) bool {
	var dates struct {
		LastUpdateDate kainexusapi.Timestamp `json:"lastUpdateDate"`
	}
	if json.Unmarshal(item, &dates) != nil {
		return true
	}
	at, err := dates.LastUpdateDate.Time()
	return err != nil || at.After(since)
}
