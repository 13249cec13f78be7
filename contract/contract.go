// Package contract tells whether a server still does what our descriptions say.
// The two calls you want:
//
//   - [Verify] calls every operation of one API through its generated client, checks
//     each answer, and returns a [Report].
//   - [Run] does the same inside a Go test.
//
// A test of a server looks like this:
//
//	func TestContract(t *testing.T) {
//		cred, err := auth.KinabaseFromEnv()
//		if err != nil {
//			t.Fatal(err)
//		}
//		contract.Run(t, contract.Target{
//			API:        contract.Kinabase,
//			Credential: cred,
//			IDs:        map[string]string{"collection": "purchase-orders"},
//		})
//	}
//
// # What is checked
//
// Each exchange is checked by itself: is the status declared, is the content type,
// are the headers, does the body fit its schema, does the generated client decode it.
// Then exchanges are checked against each other: the pages of a collection add up,
// what a list names can be read, and so on. [Checks] lists all of them. There is no
// check that needs the server's cooperation.
//
// # What is called
//
// A target that is not on this machine is read-only: every operation but a GET (and
// the request for a token) is refused before it leaves the process, unless
// [Target.AllowWrites] names it. Values of answers never get into a report, since they
// are somebody's data; a [Finding] names the place with a JSON pointer instead, and the
// command that repeats the call has shell variables for them.
//
// # What a verdict means
//
// An operation conforms when it has answered with success at least once and no check
// failed. What is public proves nothing about the rest: a run in which the credential was
// only ever refused is an error. One that was never called, or was only ever refused, is never-evidenced:
// that is not a pass.
package contract

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/openapi"
)

// API names one of the two products.
type API string

// The products there is a description of.
const (
	KaiNexus API = "kainexus"
	Kinabase API = "kinabase"
)

// Target is a server and what is needed to call it.
type Target struct {
	API API

	// Credential authorizes the calls, and says what the base URL is. That of an OAuth2
	// client of KaiNexus or of a Kinabase app lets the request for a token be verified
	// too, which is not called with any other.
	Credential *auth.Credential

	// IDs are things known to exist, by the names that IDNames lists. What is not
	// given is looked for by calls that list it, where the API has such a call.
	IDs map[string]string

	// AllowWrites names the operations, by operationId, that may change data on a
	// target that is not on this machine. A loopback target may always be written to.
	AllowWrites []string
}

// ErrNothingTested says that no operation that wants the credential answered with
// success, so that neither conformance nor a violation was seen.
var ErrNothingTested = errors.New("nothing was tested: no operation answered the credential with success")

// ErrLeftovers says that something the run wrote is still there, or may be. The error's
// text names it.
var ErrLeftovers = errors.New("what was written could not be undone")

// Option adjusts a run.
type Option func(*run)

// WithShowValues lets findings quote the values they are about.
func WithShowValues() Option { return func(r *run) { r.showValues = true } }

// WithProgress is told of every call once it is answered.
func WithProgress(f func(Call)) Option {
	return func(r *run) {
		if f != nil {
			r.progress = f
		}
	}
}

// WithDoer sends the requests with next, an *http.Client or a fake, instead of a
// client with a timeout of 60 seconds. The target's credential wraps it. A client is
// copied and follows no redirects; any other Doer must not follow them either.
func WithDoer(next auth.Doer) Option {
	return func(r *run) {
		if next != nil {
			r.next = next
		}
	}
}

// Call is one answered request, for progress displays.
type Call struct {
	API       API
	Operation string
	Status    int
	Duration  time.Duration
}

// Verify calls the operations of the target's API and checks the answers. The report
// is there even when the error is not nil, for as far as the run got: the context's
// error when it ended first, ErrNothingTested, an id that the server does not know, or
// why the target could not be called.
func Verify(ctx context.Context, target Target, options ...Option) (*Report, error) {
	r, err := newRun(target, options)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	err = scenarios[target.API](ctx, r)
	report := r.finish()
	report.Complete = err == nil && ctx.Err() == nil
	report.Leftovers = r.leftovers
	switch {
	case ctx.Err() != nil && len(r.leftovers) > 0:
		return report, fmt.Errorf("contract: %s: %w; %w: %s", target.API, context.Cause(ctx), ErrLeftovers, strings.Join(r.leftovers, "; "))
	case ctx.Err() != nil:
		return report, fmt.Errorf("contract: %s: %w", target.API, context.Cause(ctx))
	case err != nil:
		return report, fmt.Errorf("contract: %s: %w", target.API, err)
	case len(r.leftovers) > 0:
		return report, fmt.Errorf("contract: %s: %w: %s", target.API, ErrLeftovers, strings.Join(r.leftovers, "; "))
	case report.Totals.Findings == 0 && !slices.ContainsFunc(report.Operations, func(op OperationReport) bool { return op.evidenced }):
		return report, fmt.Errorf("contract: %s: %w", target.API, ErrNothingTested)
	case len(r.wrongIDs) > 0:
		return report, fmt.Errorf("contract: %s: %w", target.API, errors.Join(r.wrongIDs...))
	}
	return report, nil
}

// scenarios are the calls that each API is verified with.
var scenarios = map[API]func(context.Context, *run) error{
	KaiNexus: verifyKaiNexus,
	Kinabase: verifyKinabase,
}

// idNames are the names that Target.IDs may use, with what they stand for.
var idNames = map[API]map[string]string{
	KaiNexus: {
		"itemList":        "id of a saved Item List or Card",
		"peopleList":      "id of a saved People List",
		"chartList":       "id of an Item List Card that holds charts",
		"widget":          "id of a Widget",
		"impactValueType": "an Impact Type that has Impact Values, such as Product",
		"attribute":       "id of an Attribute that has values",
	},
	Kinabase: {
		"collection": "id or slug of a collection",
		"field":      "key of a text field of that collection, for the records that are written",
	},
}

// IDNames tells which things of an API a target can name in IDs, and what each is.
func IDNames(of API) map[string]string { return idNames[of] }

func (t Target) validate(doc *openapi.Document) (*url.URL, error) {
	if t.Credential == nil {
		return nil, fmt.Errorf("%s has no credential", t.API)
	}
	// The credential's constructor has refused everything that is not a plain base URL.
	base, err := url.Parse(t.Credential.BaseURL())
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("the credential of %s was not made by a constructor of package auth", t.API)
	}
	for name := range t.IDs {
		if _, ok := idNames[t.API][name]; !ok {
			return nil, fmt.Errorf("%s has no id called %q; there are %s", t.API, name, strings.Join(sortedKeys(idNames[t.API]), ", "))
		}
		if t.IDs[name] == "" {
			return nil, fmt.Errorf("the id %s of %s is empty", name, t.API)
		}
		if t.API == KaiNexus && name != "impactValueType" {
			if _, err := strconv.ParseInt(t.IDs[name], 10, 64); err != nil {
				return nil, fmt.Errorf("the id %s of %s is %q, which is not a number", name, t.API, t.IDs[name])
			}
		}
	}
	for _, id := range t.AllowWrites {
		if doc.Operation(id) == nil {
			return nil, fmt.Errorf("%s has no operation %q to allow", t.API, id)
		}
	}
	return base, nil
}
