package kainexus

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/transport"
)

// ExportOption changes which items an export has.
type ExportOption func(*kainexusapi.ExportItemsParams) error

// TooManyItemsError says that a list does not fit into one workbook. Export it in parts with
// [Rows], or read it with [Client.Items].
type TooManyItemsError struct{ Total int64 }

// Error gives the numbers.
func (e *TooManyItemsError) Error() string {
	return fmt.Sprintf("kainexus: exportItems: the list has %d items, and a workbook has at most %d; export it in parts with Rows, or read it with Items", e.Total, MaxPageSize)
}

// Rows picks the items of an export: at most limit of them, from 1 to [MaxPageSize], beginning
// with the one at offset, which counts from 0.
func Rows(offset, limit int) ExportOption {
	return func(params *kainexusapi.ExportItemsParams) error {
		if offset < 0 || limit < 1 || limit > MaxPageSize {
			return fmt.Errorf("Rows(%d, %d): the offset must be 0 or more, and the limit from 1 to %d", offset, limit, MaxPageSize)
		}
		params.Offset, params.Limit = &offset, &limit
		return nil
	}
}

// ExportItems writes the items of a saved Item List or Card to w, as an XLSX workbook whose
// layout is not documented (exportItems), and returns how many bytes it wrote. One workbook has
// at most [MaxPageSize] items, and does not say that there are more. So without [Rows] the list
// is counted first, by another call (listItems), and a longer one is a [*TooManyItemsError].
// The vendor recommends [Client.Items] instead.
//
// The workbook is written as it arrives. It is whole if there is no error: an answer that is
// no workbook, or not to its end, is one. After a failure in the middle the export starts anew,
// by the client's policy for retries, if w can be rewound: if it has the methods Seek and
// Truncate, as an *os.File has, and stands at its end. After an error such a w is as it was
// before.
func (c *Client) ExportItems(ctx context.Context, listID int64, w io.Writer, opts ...ExportOption) (int64, error) {
	const operation = "exportItems"
	if err := positive(operation, "list", listID); err != nil {
		return 0, err
	}
	params := &kainexusapi.ExportItemsParams{ID: listID}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(params); err != nil {
			return 0, fmt.Errorf("kainexus: %s: %w", operation, err)
		}
	}
	if params.Limit == nil {
		if err := c.fits(ctx, listID); err != nil {
			return 0, err
		}
	}
	return c.export(ctx, operation, w, func(ctx context.Context) (*http.Response, error) {
		return c.api.ExportItems(ctx, params, acceptWorkbook)
	})
}

// fits counts the items of a list. A server that does not count is believed to have few.
func (c *Client) fits(ctx context.Context, listID int64) error {
	var answer struct {
		TotalCount *int64 `json:"totalCount"`
	}
	response, err := c.api.ListItems(ctx, &kainexusapi.ListItemsParams{ID: listID, Limit: new(1)})
	if err := c.answers.JSON("listItems", response, err, &answer); err != nil {
		return err
	}
	if answer.TotalCount != nil && *answer.TotalCount > MaxPageSize {
		return &TooManyItemsError{Total: *answer.TotalCount}
	}
	return nil
}

// ExportItem writes one item to w, as [Client.ExportItems] does a list (exportItem, which the
// newest page of the vendor's does not speak of any more).
func (c *Client) ExportItem(ctx context.Context, id int64, w io.Writer) (int64, error) {
	const operation = "exportItem"
	if err := positive(operation, "item", id); err != nil {
		return 0, err
	}
	return c.export(ctx, operation, w, func(ctx context.Context) (*http.Response, error) {
		return c.api.ExportItem(ctx, &kainexusapi.ExportItemParams{ID: id}, acceptWorkbook)
	})
}

// ExportCharts writes the data and the annotations of all charts of an Item List Card to w, as
// [Client.ExportItems] does items (exportCharts). The vendor recommends [Client.Charts] instead.
func (c *Client) ExportCharts(ctx context.Context, listID int64, w io.Writer) (int64, error) {
	const operation = "exportCharts"
	if err := positive(operation, "list", listID); err != nil {
		return 0, err
	}
	return c.export(ctx, operation, w, func(ctx context.Context) (*http.Response, error) {
		return c.api.ExportCharts(ctx, &kainexusapi.ExportChartsParams{ID: listID}, acceptWorkbook)
	})
}

// workbookType is the media type of XLSX. It is documented for what is imported, and inferred
// for what is exported; so other types pass that do not say that it is something else.
const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

var workbookTypes = []string{workbookType, "application/octet-stream", "application/zip", "application/vnd.ms-excel"}

func acceptWorkbook(_ context.Context, r *http.Request) error {
	r.Header.Set("Accept", workbookType+", application/json;q=0.5") // errors are JSON
	return nil
}

// export writes a workbook to w, and starts over when that breaks off and w can be rewound, or
// nothing was written yet.
func (c *Client) export(ctx context.Context, operation string, w io.Writer, open func(context.Context) (*http.Response, error)) (int64, error) {
	target := targetOf(w)
	for failures := 1; ; failures++ {
		err := c.exportOnce(ctx, operation, target, open)
		if err == nil {
			return target.written, nil
		}
		again := target.rewind()
		if target.err != nil {
			return target.written, fmt.Errorf("kainexus: %s: write the workbook: %w", operation, target.err)
		}
		if !again || ctx.Err() != nil {
			return target.written, err
		}
		if err := c.again(ctx, failures, err); err != nil {
			return target.written, err
		}
	}
}

func (c *Client) exportOnce(ctx context.Context, operation string, w io.Writer, open func(context.Context) (*http.Response, error)) error {
	response, err := open(transport.Stream(ctx))
	response, err = c.answers.Open(operation, response, err, workbookTypes...)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if err := copyWorkbook(w, response.Body); err != nil {
		return c.answers.Failed(operation, response, err)
	}
	return nil
}

// target is where a workbook is written to.
type target struct {
	io.Writer
	file    rewinder // nil if it cannot be rewound
	start   int64    // where the workbook begins in it
	written int64
	err     error // what the caller's writer said
}

// rewinder is what an *os.File is, among others.
type rewinder interface {
	io.Seeker
	Truncate(size int64) error
}

func targetOf(w io.Writer) *target {
	t := &target{Writer: w}
	if file, ok := w.(rewinder); ok {
		// What cannot tell its place, such as a pipe, cannot be rewound. Nor can a file that does
		// not stand at its end, such as one opened to append: it would lose what it held.
		start, err := file.Seek(0, io.SeekCurrent)
		if err != nil {
			return t
		}
		if end, err := file.Seek(0, io.SeekEnd); err == nil && end == start {
			t.file, t.start = file, start
		}
		if _, err := file.Seek(start, io.SeekStart); err != nil {
			t.file = nil
		}
	}
	return t
}

func (t *target) Write(p []byte) (int, error) {
	n, err := t.Writer.Write(p)
	t.written += int64(n)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	t.err = err
	return n, err
}

// rewind takes back what was written, and tells whether there is nothing of it left.
func (t *target) rewind() bool {
	if t.written == 0 {
		return true
	}
	if t.file == nil {
		return false
	}
	_, err := t.file.Seek(t.start, io.SeekStart)
	if err == nil {
		err = t.file.Truncate(t.start)
	}
	if err != nil {
		if t.err == nil {
			t.err = err
		}
		return false
	}
	t.written = 0
	return true
}
