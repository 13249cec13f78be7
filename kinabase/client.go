package kinabase

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/internal/answer"
	"github.com/kaikina/kaikina/transport"
)

// Client calls the Kinabase API. It is made by [New], never changes, and is safe for
// concurrent use.
type Client struct {
	api    *kinabaseapi.ClientWithResponses
	plain  kinabaseapi.ClientInterface // guarded, as api is
	answer *answer.API
	retry  transport.Retry
	base   string
	known  map[string]KeySet // by collection, as it is named in calls
}

// New makes a client. It needs one of [WithApp], [WithEnv] and [WithCredential]; nothing is
// sent yet.
func New(opts ...Option) (*Client, error) {
	s, err := settle(opts)
	if err != nil {
		return nil, err
	}
	base := s.baseURL
	if base == "" {
		base = DefaultBaseURL
	}
	credential, err := s.credential(s.transport, base)
	if err != nil {
		return nil, fmt.Errorf("kinabase: New: %w", err)
	}
	s.transport.Middleware = append(s.transport.Middleware, witnessed)
	doer, err := transport.New(s.transport, credential, operations)
	if err != nil {
		return nil, fmt.Errorf("kinabase: New: %w", err)
	}
	generated, err := kinabaseapi.NewClient(credential.BaseURL(),
		kinabaseapi.WithHTTPClient(doer), kinabaseapi.WithRequestEditorFn(jsonHeaders))
	if err != nil {
		return nil, fmt.Errorf("kinabase: New: %w", err)
	}
	plain := guard{generated}
	return &Client{
		api:    &kinabaseapi.ClientWithResponses{ClientInterface: plain},
		plain:  plain,
		answer: newAnswer(credential, s.validation),
		retry:  s.transport.Retry,
		base:   credential.BaseURL(),
		known:  s.known,
	}, nil
}

func settle(opts []Option) (*settings, error) {
	s := &settings{known: map[string]KeySet{}}
	var problems []error
	for _, opt := range opts {
		if opt != nil {
			problems = append(problems, opt(s))
		}
	}
	switch {
	case len(s.logins) > 1:
		problems = append(problems, fmt.Errorf("kinabase: New: %s are given; give one", strings.Join(s.logins, " and ")))
	case len(s.logins) == 0 && errors.Join(problems...) == nil:
		problems = append(problems, errors.New("kinabase: New: no credential; give WithApp(id, secret), WithEnv() or WithCredential(credential)"))
	case s.baseURL != "" && len(s.logins) == 1 && s.logins[0] != "WithApp":
		problems = append(problems, fmt.Errorf("kinabase: New: WithBaseURL does not go with %s, which brings a base URL", s.logins[0]))
	}
	return s, errors.Join(problems...)
}

// API returns the generated client. It sends over the same layers as this one, and refuses
// values that would lead a path astray. A status that the description does not declare is no
// error there, and neither is one that says no: look at the response.
func (c *Client) API() *kinabaseapi.ClientWithResponses { return c.api }

// BaseURL returns where the API is, without trailing slash.
func (c *Client) BaseURL() string { return c.base }

// String says which API it is.
func (c *Client) String() string { return "Kinabase client for " + c.base }

// CheckKeys returns a client that does the same over the same layers, and checks what is
// written to a collection as [WithKnownKeys] does.
func (c *Client) CheckKeys(collection string, keys KeySet) *Client {
	checking := *c
	checking.known = maps.Clone(c.known)
	checking.known[collection] = keys
	return &checking
}

// jsonHeaders sets what the vendor's reference wants of every request, GET included.
func jsonHeaders(_ context.Context, request *http.Request) error {
	for _, name := range []string{"Accept", "Content-Type"} {
		if request.Header.Get(name) == "" {
			request.Header.Set(name, jsonType)
		}
	}
	return nil
}

const jsonType = "application/json"

func newAnswer(credential *auth.Credential, validation *answer.Validation) *answer.API {
	api := answer.Kinabase(credential.Redact, reading)
	api.Validation = validation
	return api
}
