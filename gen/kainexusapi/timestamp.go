package kainexusapi

import (
	"fmt"
	"time"
)

// Timestamp is a moment in the words of the vendor, such as
// "2019-04-29T16:30:40.000+0000": ISO 8601, with no colon in the offset and so
// not RFC 3339. It is kept as text, so what is read is written back byte for
// byte; Time tells the moment.
type Timestamp string

// NullableTimestamp is the element of properties that the vendor also sends as
// null; the null itself is kept by the nullable.Nullable around it.
type NullableTimestamp = Timestamp

const timestampLayout = "2006-01-02T15:04:05.000-0700"

// NewTimestamp writes t as the vendor does, in UTC and to the millisecond.
func NewTimestamp(t time.Time) Timestamp {
	return Timestamp(t.UTC().Format(timestampLayout))
}

// Time is the moment that the text stands for. It fails on a text in another
// form, which decoding a response by itself never does.
func (t Timestamp) Time() (time.Time, error) {
	moment, err := time.Parse(timestampLayout, string(t))
	if err != nil {
		return time.Time{}, fmt.Errorf("kainexusapi: a timestamp of %d bytes is not in the form %s", len(t), timestampLayout)
	}
	return moment, nil
}
