package report

import (
	"encoding/json"
	"io"

	"github.com/kaikina/kaikina/contract"
)

// JSON writes the reports as one JSON document: {"reports": [...]}.
func JSON(w io.Writer, reports []*contract.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Reports []*contract.Report `json:"reports"`
	}{reports})
}
