package kinabase

import (
	"encoding/json"
	"fmt"
	"net/http"
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
func (o *operations) IngestRecords(w http.ResponseWriter, r *http.Request, collectionID string) {
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
	now := o.clock()
	failures := []ingestFailure{} // none are [], not null
	for _, rec := range records {
		if err := c.ingest(rec, now); err != nil {
			failures = append(failures, ingestFailure{RecordID: rec.id, Error: err.Error()})
		}
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

// ingest stores all the samples of a record, or none.
func (c *collection) ingest(rec sampledRecord, now time.Time) error {
	for _, s := range rec.samples {
		if unknown := c.unknownKeys(s.data); len(unknown) > 0 {
			return fmt.Errorf("unknown fields: %s. Keys are case-sensitive", strings.Join(unknown, ", "))
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	before, err := byID(rec.id)(c)
	if err != nil {
		return err
	}
	c.replace(before.sampled(rec.samples, now))
	return nil
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
