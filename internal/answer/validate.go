package answer

import (
	"errors"
	"io"
	"net/http"

	"github.com/kaikina/kaikina/transport"
)

// Validator holds what an API answers against a description of it while it is read.
type Validator interface {
	// Validate returns the body of an answer of an operation: the same bytes, in the same order
	// and with the same errors. It may be the body itself. It calls found with what is wrong,
	// from Validate or while the body is read, and with the offset in the body: before a read
	// returns, found has been called with all that is wrong with values that end in its bytes,
	// and no such offset is behind the end of the value. Closing it closes the body.
	//
	// The text of a finding must hold no value of the answer. One that holds names of members
	// has a method Redacted(func(string) string) error, which returns it with each of them put
	// through the function.
	Validate(operation string, response *http.Response, found func(finding error, offset int64)) io.ReadCloser
}

// Validation is a validator and what becomes of its findings.
type Validation struct {
	Validator Validator
	// Report is asked about each finding, and what it returns ends the call. A nil function
	// stands for one that returns what it is asked about.
	Report func(*transport.Error) error
}

// checked is the body of an answer on its way through the validator.
type checked struct {
	api       *API
	operation string
	response  *http.Response
	body      io.ReadCloser
	// whole says that all of the body is wanted whatever is found, to see what it says.
	whole bool

	fresh []discovery // what was found in the last read
	given int64       // bytes that were given away
	err   error       // what a finding ends the call with
	until int64       // how many bytes are given away before that
}

// discovery is a finding and its place.
type discovery struct {
	finding error
	offset  int64
}

func (a *API) check(operation string, response *http.Response, whole bool) *checked {
	c := &checked{api: a, operation: operation, response: response, body: response.Body, whole: whole}
	if a.Validation != nil {
		c.body = a.Validation.Validator.Validate(operation, response, func(finding error, offset int64) {
			c.fresh = append(c.fresh, discovery{finding, offset})
		})
	}
	return c
}

// Read gives away what comes before a finding that ends the call, and then its error.
func (c *checked) Read(p []byte) (int, error) {
	if c.err != nil && !c.whole {
		return c.rest(p, 0)
	}
	n, err := c.body.Read(p)
	if !c.whole && err == io.EOF && c.given+int64(n) == 0 {
		return n, err // nothing came, which is for the reader to tell
	}
	c.settle()
	if c.err != nil && !c.whole {
		return c.rest(p, n)
	}
	c.given += int64(n)
	return n, err
}

// rest gives away those of n bytes that come before the finding.
func (c *checked) rest(p []byte, n int) (int, error) {
	n = int(min(max(c.until-c.given, 0), int64(n)))
	c.given += int64(n)
	return n, c.err
}

// settle decides about what was found.
func (c *checked) settle() {
	for _, d := range c.fresh {
		if c.err == nil {
			c.err, c.until = c.api.report(c.operation, c.response, d.finding), d.offset
		}
	}
	c.fresh = c.fresh[:0]
}

func (c *checked) Close() error { return c.body.Close() }

// report is the error that a finding ends the call with, or nil.
func (a *API) report(operation string, response *http.Response, finding error) error {
	told := a.errorOf(operation, response, a.redactedFinding(finding))
	if a.Validation.Report == nil {
		return told
	}
	return a.Validation.Report(told)
}

// redactedFinding keeps the type of a finding that knows how to be redacted.
func (a *API) redactedFinding(finding error) error {
	if knows, ok := finding.(interface {
		Redacted(func(string) string) error
	}); ok {
		return knows.Redacted(a.Redact)
	}
	if text := finding.Error(); a.Redact(text) != text {
		return errors.New(a.Redact(text))
	}
	return finding
}
