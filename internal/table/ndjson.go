package table

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"iter"
)

func writeLines(ctx context.Context, w *bufio.Writer, rows iter.Seq2[json.RawMessage, error]) (summary Summary, err error) {
	var line []byte
	for number, raw := range numbered(ctx, rows, &err) {
		var lineErr error
		if line, lineErr = AppendLine(line[:0], raw); lineErr != nil {
			return summary, fmt.Errorf("row %d: %w", number, lineErr)
		}
		if _, err := w.Write(line); err != nil {
			return summary, err
		}
		summary.Rows++
	}
	return summary, err
}
