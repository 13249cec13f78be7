package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kinabase"
	sandbox "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

// service is what the written records are linked to.
const service = "soak"

type entry struct {
	Name string `json:"name"`
}

func soakKinabase(ctx context.Context, to io.Writer, n int, seed uint64) error {
	server, err := sandbox.New(sandbox.WithoutSeed(),
		sandbox.WithCollection(sandbox.Collection{Name: "Source", Fields: []sandbox.Field{{Label: "Name", Kind: sandbox.KindText}}}),
		sandbox.WithGeneratedRecords("source", n, seed),
		sandbox.WithCollection(sandbox.Collection{Name: "Target", Fields: []sandbox.Field{{Label: "Name", Kind: sandbox.KindText}}}))
	if err != nil {
		return err
	}
	broken, err := newFaulty(server, "kinabase", seed)
	if err != nil {
		return err
	}
	listener := serve(broken)
	defer listener.Close()
	client, err := kinabase.New(
		kinabase.WithApp(server.App().ID, auth.NewSecret(server.App().Secret)),
		kinabase.WithBaseURL(listener.URL+sandbox.BasePath), kinabase.WithTransport(config()))
	if err != nil {
		return err
	}
	// What is there is asked without faults.
	witness, err := kinabase.New(
		kinabase.WithApp(server.App().ID, auth.NewSecret(server.App().Secret)),
		kinabase.WithTransport(transport.Config{Base: server.Doer()}))
	if err != nil {
		return err
	}
	places := map[string]int{}
	for record, err := range witness.AllRecords(ctx, "source") {
		if err != nil && !full(err, n) {
			return err
		}
		if err == nil {
			places[record.ID] = len(places)
		}
	}
	err = errors.Join(
		readAll(to, "read page by page", n, places, client.Records(ctx, "source")),
		readAll(to, "read in one answer", n, places, client.AllRecords(ctx, "source")),
		writeAll(ctx, to, n, client, witness))
	broken.report(to, "kinabase")
	return err
}

// full is what an answer with as many records as one can hold ends with.
func full(err error, n int) bool {
	var incomplete *kinabase.IncompleteError
	return n == kinabase.MaxAll && errors.As(err, &incomplete) && incomplete.Limit == kinabase.MaxAll
}

func readAll(to io.Writer, what string, n int, places map[string]int, records iter.Seq2[kinabase.Record, error]) error {
	came := make(tally, n)
	for record, err := range records {
		if full(err, n) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		place, known := places[record.ID]
		if !known {
			return fmt.Errorf("%s: a record came that there is not", what)
		}
		if err := came.add(place); err != nil {
			return err
		}
	}
	return came.verdict(to, what)
}

// writeAll creates the records in bulk, and by their links those of which the client cannot
// tell what became of them.
func writeAll(ctx context.Context, to io.Writer, n int, client, witness *kinabase.Client) error {
	states := map[kinabase.State]int{}
	var open []int
	for outcome := range client.CreateAll(ctx, "target", inputs(n)) {
		states[outcome.State]++
		if outcome.State != kinabase.StateDone {
			open = append(open, outcome.Index)
		}
	}
	fmt.Fprintf(to, "  write in bulk: %d done, %d refused, %d unknown, %d not sent\n", states[kinabase.StateDone],
		states[kinabase.StateRefused], states[kinabase.StateUnknown], states[kinabase.StateNotSent])
	for round := 0; len(open) > 0 && round < 10; round++ {
		again := open
		open = nil
		for _, i := range again {
			if _, _, err := client.CreateOrUpdate(ctx, "target", service, strconv.Itoa(i), entry{nameOf(i)}); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				open = append(open, i)
			}
		}
		fmt.Fprintf(to, "  those again by their links: %d of %d done\n", len(again)-len(open), len(again))
	}
	there := make(tally, n)
	for record, err := range witness.Records(ctx, "target") {
		if err != nil {
			return err
		}
		values, err := kinabase.Decode[entry](record)
		if err != nil {
			return err
		}
		i, err := strconv.Atoi(strings.TrimPrefix(values.Name, "Record "))
		if err != nil {
			return err
		}
		if err := there.add(i); err != nil {
			return err
		}
	}
	return there.verdict(to, "written")
}

func inputs(n int) iter.Seq[kinabase.Input] {
	return func(yield func(kinabase.Input) bool) {
		for i := range n {
			if !yield(kinabase.Input{Data: entry{nameOf(i)}, External: []kinabase.ExternalLink{kinabase.Link(service, strconv.Itoa(i))}}) {
				return
			}
		}
	}
}

func nameOf(i int) string { return "Record " + strconv.Itoa(i) }
