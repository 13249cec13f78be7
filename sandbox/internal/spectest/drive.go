package spectest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/sandbox"
)

// Drive is what [Spec.Drive] needs to know of an emulator.
type Drive struct {
	// New makes an emulator, and what puts a credential into requests.
	New func(t *rapid.T) (http.Handler, func(*http.Request))
	// Hints are values for parameters and properties of these names. A hint for "keys" is
	// the name of a property where any is allowed.
	Hints map[string][]any
	// Learn says which values of answers are hints for which names.
	Learn map[string][]string
}

// calls is how many requests each emulator gets.
const calls = 80

// Drive sends generated requests to emulators, many to each, and holds every answer against
// the description. Each operation has to succeed at least once, so that the requests are
// known to get somewhere.
func (s *Spec) Drive(t *testing.T, d Drive) {
	t.Helper()
	succeeded := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		handler, authorize := d.New(t)
		generator := s.Generator(d.Hints)
		for range calls {
			id := pick(t, s.Operations())
			request := generator.Request(t, id)
			authorize(request)
			sent, _ := io.ReadAll(request.Body)
			request.Body = io.NopCloser(bytes.NewReader(sent))
			response, err := sandbox.NewDoer(handler).Do(request)
			if err != nil {
				t.Fatalf("%s %s with %.2000q: %v", request.Method, request.URL, sent, err)
			}
			body, err := io.ReadAll(response.Body)
			if err == nil {
				err = response.Body.Close()
			}
			if err == nil && s.operation(request) != nil {
				_, err = s.Check(request, response.StatusCode, response.Header, body)
			}
			if response.StatusCode >= http.StatusInternalServerError {
				err = fmt.Errorf("status %d", response.StatusCode)
			}
			if err != nil {
				t.Fatalf("%s %s with %.2000q answered %.2000q: %v", request.Method, request.URL, sent, body, err)
			}
			if response.StatusCode == http.StatusOK {
				succeeded[id]++
			}
			generator.Learn(body, d.Learn)
		}
	})
	for _, id := range s.Operations() {
		assert.Positive(t, succeeded[id], "%s never succeeded", id)
	}
}
