package kainexus

import (
	"fmt"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/internal/answer"
	"github.com/kaikina/kaikina/transport"
)

// The hosts of KaiNexus (support.kainexus.com/using-kainexus-api). They differ in nothing but
// their data: customers in the EU have theirs at EU. Sandbox is the vendor's; the one in
// package sandbox/kainexus needs no network.
const (
	Production = "https://api.kainexus.com"
	EU         = "https://eu-prod.kainexus.com"
	Sandbox    = "https://sandbox.kainexus.com"
)

// Client calls the KaiNexus API. [New] makes one. It is immutable, and safe for concurrent use.
type Client struct {
	api     *kainexusapi.ClientWithResponses
	answers *answer.API
	retry   transport.Retry
	base    string
}

// String says which API it is.
func (c *Client) String() string { return "KaiNexus client for " + c.base }

// New makes a client. It needs exactly one credential: [WithAPIKey], [WithOAuth], [WithEnv] or
// [WithCredential]. Nothing is sent before the first call.
func New(opts ...Option) (*Client, error) {
	set, err := settle(opts)
	if err != nil {
		return nil, err
	}
	credential, err := set.credential()
	if err != nil {
		return nil, fmt.Errorf("kainexus: %w", err)
	}
	return newClient(credential, set)
}

func newClient(credential *auth.Credential, set *settings) (*Client, error) {
	doer, err := transport.New(set.transport, credential, operations)
	if err != nil {
		return nil, fmt.Errorf("kainexus: %w", err)
	}
	api, err := kainexusapi.NewClientWithResponses(credential.BaseURL(), kainexusapi.WithHTTPClient(doer))
	if err != nil {
		return nil, fmt.Errorf("kainexus: %w", err)
	}
	answers := answer.KaiNexus(credential.Redact, models())
	answers.Validation = set.validation
	return &Client{
		api:     api,
		answers: answers,
		retry:   set.transport.Retry,
		base:    credential.BaseURL(),
	}, nil
}

// API is the generated client, over the same chain of layers and with the same credential. It
// has all operations of the description. A status that the description does not have is no
// error there, and bodies are read whole.
func (c *Client) API() *kainexusapi.ClientWithResponses { return c.api }
