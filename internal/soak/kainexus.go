package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kainexus"
	sandbox "github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/transport"
)

const (
	generatedList  = 700        // the list that generated items are in
	firstGenerated = 10_000_000 // the id of the first
)

func soakKaiNexus(ctx context.Context, to io.Writer, n int, seed uint64) error {
	server, err := sandbox.New(sandbox.WithGeneratedItems(n, seed))
	if err != nil {
		return err
	}
	broken, err := newFaulty(server, "kainexus", seed)
	if err != nil {
		return err
	}
	listener := serve(broken)
	defer listener.Close()
	key := kainexus.WithAPIKey(auth.NewSecret(server.Credentials().APIKey))
	client, err := kainexus.New(key, kainexus.WithBaseURL(listener.URL), kainexus.WithTransport(config()))
	if err != nil {
		return err
	}
	witness, err := kainexus.New(key, kainexus.WithTransport(transport.Config{Base: server.Doer()}))
	if err != nil {
		return err
	}
	err = errors.Join(
		readItems(ctx, to, n, client),
		updateItems(ctx, to, n, client, witness),
		createItems(ctx, to, min(n/100, 500), client, server))
	broken.report(to, "kainexus")
	return err
}

func readItems(ctx context.Context, to io.Writer, n int, client *kainexus.Client) error {
	came := make(tally, n)
	for item, err := range client.Items(ctx, generatedList, kainexus.PageSize(200)) {
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if err := came.add(int(*item.ID - firstGenerated)); err != nil {
			return err
		}
	}
	return came.verdict(to, "read")
}

// updateItems gives every item another title, and those again that the client says to.
func updateItems(ctx context.Context, to io.Writer, n int, client, witness *kainexus.Client) error {
	items := make([]kainexus.Item, n)
	for i := range items {
		items[i] = kainexus.Item{ID: new(int64(firstGenerated + i)), Summary: new(nameOf(i))}
	}
	for round := 0; len(items) > 0 && round < 10; round++ {
		outcomes, _ := client.PutItems(ctx, items, kainexus.Suppress, kainexus.BatchSize(200))
		var again []kainexus.Item
		for i, outcome := range outcomes {
			if outcome.State != kainexus.Written {
				again = append(again, items[i])
			}
		}
		fmt.Fprintf(to, "  update: %d of %d done\n", len(items)-len(again), len(items))
		items = again
	}
	there := make(tally, n)
	for item, err := range witness.Items(ctx, generatedList) {
		if err != nil {
			return err
		}
		if i := int(*item.ID - firstGenerated); *item.Summary == nameOf(i) {
			if err := there.add(i); err != nil {
				return err
			}
		}
	}
	return there.verdict(to, "updated")
}

// createItems makes new items, one a call. The API has nothing to tell two of them apart by,
// so one whose answer was lost may be there or not: the client has to say so, and must not
// send it again.
func createItems(ctx context.Context, to io.Writer, n int, client *kainexus.Client, server *sandbox.Server) error {
	template, location := int64(45), int64(70)
	items := make([]kainexus.Item, n)
	for i := range items {
		items[i] = kainexus.Item{TemplateID: &template, TemplateName: new("Idea"), Summary: new("New " + nameOf(i)), Status: new(kainexus.ItemStatus("NEW")),
			Authors:              []kainexus.PersonRef{{Username: new("jdoe")}},
			ResponsibleLocations: []kainexus.LocationRef{{ID: &location}}}
	}
	written, unknown, refused := 0, 0, 0
	ids := map[int64]bool{}
	// Those whose turn never came, since a server that fails ends a put, are put again.
	for len(items) > 0 && ctx.Err() == nil {
		outcomes, _ := client.PutItems(ctx, items, kainexus.Suppress, kainexus.BatchSize(1))
		var open []kainexus.Item
		for i, outcome := range outcomes {
			switch outcome.State {
			case kainexus.Written:
				written++
				ids[outcome.ID] = true
			case kainexus.Unknown:
				unknown++
			case kainexus.NotSent:
				open = append(open, items[i])
			default:
				refused++
			}
		}
		items = open
	}
	made := 0
	for _, notification := range server.Admin().Notifications() {
		if notification.Operation == "CREATE" {
			made++
		}
	}
	fmt.Fprintf(to, "  create: %d written, %d unknown, %d refused of %d; %d are there\n", written, unknown, refused, n, made)
	if refused > 0 || written+unknown != n || len(ids) != written || made < written || made > written+unknown {
		return fmt.Errorf("create: %d are there, of %d that were written and %d of which that is not known", made, written, unknown)
	}
	return nil
}
