package kinabase

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// sample is what some fields were at one moment.
type sample struct {
	at   time.Time
	data map[string]json.RawMessage
}

// sampledRecord is the samples of one record.
type sampledRecord struct {
	id      string
	samples []sample
}

// IngestRecords is POST /collections/{collectionId}/ingest. It answers 200 even when
// no record was stored.
//
// Choice(ingest-body) [ingestRecords]: A body of the wrong shape fails the whole call with 400. mode is ignored, no errorCode is answered,
// and one call may carry as many records as fit into 10 MiB.
func (o *operations) IngestRecords(w http.ResponseWriter, r *http.Request, collectionID string) {
	if !o.limit.Guard(w, callerOf(r), refuseRate) {
		return
	}
	c, body, err := o.readBody(w, r, collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	records, err := readSampledRecords(body)
	if err != nil {
		refuse(w, err)
		return
	}
	var failures []ingestFailure
	err = o.store.change(func(ch *change) error {
		failures = ch.ingest(c, records, o.clock())
		return nil
	})
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, ingestResult{
		TotalRecords:     len(records),
		ProcessedRecords: len(records) - len(failures),
		FailedRecords:    len(failures),
		Errors:           failures,
	})
}

type ingestResult struct {
	TotalRecords     int             `json:"totalRecords"`
	ProcessedRecords int             `json:"processedRecords"`
	FailedRecords    int             `json:"failedRecords"`
	Errors           []ingestFailure `json:"errors"`
}

// ingestFailure says why a record was not stored. The real service adds an errorCode,
// whose type and values are unknown.
type ingestFailure struct {
	RecordID string `json:"recordId"`
	Error    string `json:"error"`
}

// ingest plans what a call brings, and tells which of its records failed.
func (ch *change) ingest(c *collection, records []sampledRecord, now time.Time) []ingestFailure {
	failures := []ingestFailure{} // none are [], not null
	latest := map[string]*record{}
	for _, rec := range records {
		if err := ingestOne(c, rec, latest, now); err != nil {
			failures = append(failures, ingestFailure{RecordID: rec.id, Error: err.Error()})
		}
	}
	ch.replace(c, latest)
	return failures
}

// ingestOne makes the latest state of a record out of all of its samples, or of none.
//
// Choice(ingest-record): One bad sample fails its whole record, and no other: one with an unknown field, with a field that
// the collection does not track, or with a value that is not of the field's kind.
func ingestOne(c *collection, rec sampledRecord, latest map[string]*record, now time.Time) error {
	samples, err := c.takeSamples(rec.samples)
	if err != nil {
		return err
	}
	before := latest[rec.id]
	if before == nil {
		if before, err = byID(rec.id)(c); err != nil {
			return err
		}
	}
	latest[rec.id] = before.sampled(samples, now)
	return nil
}

// takeSamples checks samples against the fields of the collection.
func (c *collection) takeSamples(samples []sample) ([]sample, error) {
	taken := make([]sample, len(samples))
	for i, s := range samples {
		if unknown := c.unknownKeys(s.data); len(unknown) > 0 {
			return nil, fmt.Errorf("unknown fields: %s. Keys are case-sensitive", strings.Join(unknown, ", "))
		}
		if untracked := c.untrackedKeys(s.data); len(untracked) > 0 {
			return nil, fmt.Errorf("untracked fields: %s. %s", strings.Join(untracked, ", "), c.trackedText())
		}
		in, err := c.takeData("data", s.data)
		if err != nil {
			return nil, err
		}
		taken[i] = sample{at: s.at, data: in.data}
		for key := range in.derived {
			return nil, fmt.Errorf("data.%s cannot be set, since a field of the kind %s follows from other fields", key, c.byKey[key].Kind)
		}
	}
	return taken, nil
}

// untrackedKeys are those keys of data whose fields take no samples, quoted: the first
// ten of them.
func (c *collection) untrackedKeys(data map[string]json.RawMessage) []string {
	var untracked []string
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if !c.byKey[key].Tracked && len(untracked) < 10 {
			untracked = append(untracked, name(key))
		}
	}
	return untracked
}

func (c *collection) trackedText() string {
	var tracked []string
	for _, f := range c.fields {
		if f.Tracked {
			tracked = append(tracked, f.Key)
		}
	}
	if len(tracked) == 0 {
		return c.slug + " tracks none"
	}
	return c.slug + " tracks " + strings.Join(tracked, ", ")
}

func readSampledRecords(body jsonbody.Object) ([]sampledRecord, error) {
	if err := body.CheckCase("mode", "records"); err != nil {
		return nil, err
	}
	if _, err := body.OptionalString("mode"); err != nil {
		return nil, err
	}
	// How many records one call may carry is not documented: as many as fit.
	elements, err := body.Objects("records", jsonbody.MaxBytes)
	if err != nil {
		return nil, err
	}
	records := make([]sampledRecord, len(elements))
	for i, element := range elements {
		if records[i], err = readSampledRecord(element); err != nil {
			return nil, err
		}
	}
	return records, nil
}

func readSampledRecord(body jsonbody.Object) (sampledRecord, error) {
	if err := body.CheckCase("id", "changes"); err != nil {
		return sampledRecord{}, err
	}
	id, err := body.NonEmptyString("id")
	if err != nil {
		return sampledRecord{}, err
	}
	changes, err := body.Objects("changes", jsonbody.MaxBytes)
	if err != nil {
		return sampledRecord{}, err
	}
	rec := sampledRecord{id: id, samples: make([]sample, len(changes))}
	for i, change := range changes {
		if rec.samples[i], err = readSample(change); err != nil {
			return sampledRecord{}, err
		}
	}
	return rec, nil
}

func readSample(body jsonbody.Object) (sample, error) {
	if err := body.CheckCase("timestamp", "data"); err != nil {
		return sample{}, err
	}
	at, err := readMoment(body, "timestamp")
	if err != nil {
		return sample{}, err
	}
	data, err := body.Object("data")
	return sample{at: at, data: data.Members()}, err
}

// readMoment reads a moment that must be there.
func readMoment(body jsonbody.Object, key string) (time.Time, error) {
	text, err := body.String(key)
	if err != nil {
		return time.Time{}, err
	}
	moment, err := parseMoment(text)
	if err != nil {
		where := key
		if body.Path() != "" {
			where = body.Path() + "." + key
		}
		return time.Time{}, fmt.Errorf("%s must be a moment in RFC 3339, such as 2026-03-02T09:29:51.293Z", where)
	}
	return moment, nil
}
