package contract

import (
	"bytes"
	"context"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/contract/schema"
)

// validators has the compiled form of each schema that a run has used. It lives as long as
// the run, and is used by one goroutine.
type validators struct {
	options  schema.Options
	compiled map[*openapi3.Schema]*schema.Validator
}

func newValidators(document *openapi3.T, showValues bool) *validators {
	return &validators{schema.Options{ShowValues: showValues}.In(document), map[*openapi3.Schema]*schema.Validator{}}
}

// of compiles a schema once.
func (c *validators) of(ref *openapi3.SchemaRef) (*schema.Validator, error) {
	if known := c.compiled[ref.Value]; known != nil {
		return known, nil
	}
	v, err := schema.Compile(ref, c.options)
	if err == nil {
		c.compiled[ref.Value] = v
	}
	return v, err
}

// against holds JSON against a schema, and gives what makes it invalid, as far as there is
// room for it in a report. Remarks about what is valid take none of the room.
func (c *validators) against(ref *openapi3.SchemaRef, text []byte) ([]schema.Finding, error) {
	v, err := c.of(ref)
	if err != nil {
		return nil, err
	}
	var invalid []schema.Finding
	for f, err := range v.Findings(context.Background(), bytes.NewReader(text)) {
		if err != nil {
			return nil, err
		}
		if schema.Valid([]schema.Finding{f}) {
			continue
		}
		if invalid = append(invalid, f); len(invalid) == maxViolations {
			break
		}
	}
	return invalid, nil
}
