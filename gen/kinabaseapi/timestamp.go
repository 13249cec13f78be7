package kinabaseapi

import (
	"fmt"
	"time"
)

// Timestamp is a moment in the words of the vendor, such as
// "18/08/2023 12:28:21 +00:00". It is kept as text, so what is read is written
// back byte for byte; Time tells the moment.
type Timestamp string

// timestampLayouts are the forms that a Timestamp is known to take: the 2023
// edition's, then ISO 8601 as the API's inputs have it.
var timestampLayouts = [...]string{
	"02/01/2006 15:04:05 -07:00",
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999Z0700",
}

// NewTimestamp writes t in ISO 8601 with milliseconds, in UTC, the form that the
// vendor's examples have for inputs.
func NewTimestamp(t time.Time) Timestamp {
	return Timestamp(t.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// Time is the moment that the text stands for. It fails on a text in none of the
// known forms, which decoding a response by itself never does.
func (t Timestamp) Time() (time.Time, error) {
	for _, layout := range timestampLayouts {
		if moment, err := time.Parse(layout, string(t)); err == nil {
			return moment, nil
		}
	}
	return time.Time{}, fmt.Errorf("kinabaseapi: a timestamp of %d bytes is neither dd/MM/yyyy HH:mm:ss zzz nor ISO 8601", len(t))
}
