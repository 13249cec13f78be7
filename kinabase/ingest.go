package kinabase

import (
	"context"
	"fmt"
	"strings"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
)

// Ingest sends samples of tracked fields (operation ingestRecords), all in one call: how
// many one may carry is not documented. An administrator switches tracking on per collection.
//
// Kinabase answers 200 even when it took none of the records. Here that is an
// [*IngestError], which tells which ones failed and why; the others were taken. It comes
// together with the result.
//
// A call that got no answer is not sent again, since it is not documented whether samples that
// come twice count once.
func (c *Client) Ingest(ctx context.Context, collection string, records []IngestRecord) (IngestResult, error) {
	const operation = "ingestRecords"
	for i, record := range records {
		for _, change := range record.Changes {
			if _, err := object(change.Data, c.known[collection]); err != nil {
				return IngestResult{}, failed(operation, fmt.Errorf("record %d: %w", i, about(collection, err)))
			}
		}
	}
	response, err := c.plain.IngestRecords(ctx, collection, kinabaseapi.IngestRequest{Records: records})
	var result IngestResult
	if err := c.answer.JSON(operation, response, err, &result); err != nil {
		return IngestResult{}, err
	}
	for i := range result.Errors {
		c.redact(result.Errors[i].RecordID)
		c.redact(result.Errors[i].Error)
	}
	if result.FailedRecords != 0 || len(result.Errors) != 0 || result.ProcessedRecords < len(records) {
		return result, &IngestError{Sent: len(records), Result: result}
	}
	return result, nil
}

func (c *Client) redact(text *string) {
	if text != nil {
		*text = c.answer.Redact(*text)
	}
}

// IngestError says that samples were not taken, or that the answer does not say that all
// were.
type IngestError struct {
	Sent   int          // records that were sent
	Result IngestResult // its Errors tell which records failed and why
}

// Error counts, and quotes the first failures.
func (e *IngestError) Error() string {
	const shown = 3
	var b strings.Builder
	fmt.Fprintf(&b, "kinabase: ingestRecords: %d of %d records failed", max(e.Result.FailedRecords, len(e.Result.Errors)), e.Sent)
	if e.Result.FailedRecords == 0 && len(e.Result.Errors) == 0 {
		return fmt.Sprintf("kinabase: ingestRecords: the answer says of %d of %d records only that they were taken", e.Result.ProcessedRecords, e.Sent)
	}
	for i, failure := range e.Result.Errors {
		if i == shown {
			fmt.Fprintf(&b, "; and %d more", len(e.Result.Errors)-shown)
			break
		}
		fmt.Fprintf(&b, "%s record %.100q: %.200q", ":;"[min(i, 1):min(i, 1)+1], deref(failure.RecordID), deref(failure.Error))
	}
	return b.String()
}

// Format prints the text of Error for every verb.
func (e *IngestError) Format(to fmt.State, verb rune) { formatText(to, verb, e.Error()) }

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
