package kainexus

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// A put carries out what one record of a body asks for.
type put func(*draft, document) (stub.WriteOutcome, error)

// writeOne answers a PUT of {"item": {...}}, a record of the type T.
func writeOne[T any](o *operations, w http.ResponseWriter, r *http.Request, put put) {
	body, err := jsonbody.Read(w, r)
	if err == nil {
		_, err = body.Object("item")
	}
	if err != nil {
		refuse(w, bad(invalidBody, "%s", err))
		return
	}
	write[T](o, w, r, []json.RawMessage{body.Members()["item"]}, put)
}

// writeMany answers a PUT of {"items": [...]}, records of the type T.
//
// Choice(put-bodies) [putItems putNetworkLocations putUsers]: The body of a PUT is application/json, at most 10 MiB and 1,000 levels
// deep. results come in the order of the records of the body.
func writeMany[T any](o *operations, w http.ResponseWriter, r *http.Request, put put) {
	body, err := jsonbody.Read(w, r)
	if err == nil {
		_, err = body.Objects("items", jsonbody.MaxBytes)
	}
	var records []json.RawMessage
	if err == nil {
		err = json.Unmarshal(body.Members()["items"], &records)
	}
	if err != nil {
		refuse(w, bad(invalidBody, "%s", err))
		return
	}
	write[T](o, w, r, records, put)
}

// write carries out all of the records, in their order, or none.
func write[T any](o *operations, w http.ResponseWriter, r *http.Request, records []json.RawMessage, put put) {
	sent := make([]document, len(records))
	for i, record := range records {
		var err error
		if sent[i], err = decode[T](record); err != nil {
			refuse(w, err)
			return
		}
	}
	results := make([]stub.WriteOutcome, len(sent))
	err := o.store.update(o.clock(), func(d *draft) error {
		d.by = d.permitOf(caller(r))
		for i, record := range sent {
			var err error
			if results[i], err = put(d, record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, stub.WriteResult{Success: true, Results: results})
}

func outcome(id int64, operation stub.WriteOperation) stub.WriteOutcome {
	return stub.WriteOutcome{ID: id, Operation: operation}
}

// readFlag reads a parameter that may be absent, true or false.
func readFlag(name string, value *string) (bool, error) {
	switch {
	case value == nil || *value == "false":
		return false, nil
	case *value == "true":
		return true, nil
	}
	return false, bad(invalidParameter, "%s must be true or false", name)
}

// timestampLayout is how the vendor writes a moment.
const timestampLayout = "2006-01-02T15:04:05.000-0700"

func timestamp(t time.Time) string { return t.UTC().Format(timestampLayout) }

// isTimestamp tells whether text is a moment in the vendor's form.
func isTimestamp(text string) bool {
	_, err := time.Parse(timestampLayout, text)
	return err == nil && text[len("2006-01-02T15:04:05")] == '.' // Parse takes a comma too
}

// checkTimestamps refuses moments in another form.
func checkTimestamps(sent document, keys []string) error {
	for _, key := range keys {
		if sent.has(key) && !isTimestamp(sent.text(key)) {
			return bad(invalidBody, "%s must look like %s", key, "2019-04-29T16:30:40.000+0000")
		}
	}
	return nil
}
