package kainexus

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/answer"
	"github.com/kaikina/kaikina/transport"
)

// Option is a setting of [New].
type Option func(*settings) error

// WithAPIKey lets the client in with an API key (HTTP Basic).
func WithAPIKey(key auth.Secret) Option {
	return credentialOption("WithAPIKey", func(s *settings) (*auth.Credential, error) {
		return auth.KaiNexusAPIKey(s.base(), key)
	})
}

// WithOAuth lets the client in with the id and the secret of an OAuth 2.0 client. Tokens are
// fetched when they are needed, from where the server's metadata says, and renewed.
func WithOAuth(clientID string, secret auth.Secret, opts ...auth.Option) Option {
	return credentialOption("WithOAuth", func(s *settings) (*auth.Credential, error) {
		return auth.KaiNexusOAuth(s.base(), clientID, secret, append(s.tokens(), opts...)...)
	})
}

// WithEnv takes the credential and the base URL from the environment, as
// [auth.KaiNexusFromEnv] says: KAINEXUS_BASE_URL, and KAINEXUS_API_KEY or both
// KAINEXUS_CLIENT_ID and KAINEXUS_CLIENT_SECRET.
func WithEnv(opts ...auth.Option) Option {
	return credentialOption("WithEnv", func(s *settings) (*auth.Credential, error) {
		if s.baseURL != "" {
			return nil, errors.New("WithEnv takes the base URL from KAINEXUS_BASE_URL; leave out WithBaseURL")
		}
		return auth.KaiNexusFromEnv(append(s.tokens(), opts...)...)
	})
}

// WithCredential takes a credential that was made already, and its base URL. An OAuth client
// made elsewhere fetches its tokens by its own means: see [auth.TokenClient].
func WithCredential(credential *auth.Credential) Option {
	return credentialOption("WithCredential", func(s *settings) (*auth.Credential, error) {
		switch {
		case credential == nil:
			return nil, errors.New("WithCredential was given nil; make a credential with a constructor of package auth")
		case credential.BaseURL() == "":
			return nil, errors.New("WithCredential was given an empty credential; make one with a constructor of package auth")
		case s.baseURL != "":
			return nil, errors.New("WithCredential brings its base URL; leave out WithBaseURL")
		}
		return credential, nil
	})
}

// WithBaseURL says where the API is: [Production] unless given. It must be https, but for
// hosts on loopback. It has no query, and no trailing slash is needed.
func WithBaseURL(url string) Option {
	return func(s *settings) error {
		if url == "" {
			return errors.New("WithBaseURL was given nothing; leave it out for production")
		}
		s.baseURL = url
		return nil
	}
}

// WithTransport says how requests are sent. The zero Config, which stands where this is not
// given, is fit for production.
func WithTransport(cfg transport.Config) Option {
	return func(s *settings) error {
		s.transport = cfg
		return nil
	}
}

type settings struct {
	baseURL     string
	transport   transport.Config
	credentials []credentialSource
	validation  *answer.Validation
}

type credentialSource struct {
	option string
	make   func(*settings) (*auth.Credential, error)
}

func credentialOption(name string, from func(*settings) (*auth.Credential, error)) Option {
	return func(s *settings) error {
		s.credentials = append(s.credentials, credentialSource{name, from})
		return nil
	}
}

// settle collects the options, and all that is wrong with them at once.
func settle(opts []Option) (*settings, error) {
	s := &settings{}
	var problems []error
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(s); err != nil {
			problems = append(problems, fmt.Errorf("kainexus: %w", err))
		}
	}
	if len(s.credentials) == 0 {
		problems = append(problems, errors.New("kainexus: no credential: give New one of WithAPIKey, WithOAuth, WithEnv or WithCredential"))
	}
	if len(s.credentials) > 1 {
		var names []string
		for _, c := range s.credentials {
			names = append(names, c.option)
		}
		problems = append(problems, fmt.Errorf("kainexus: several credentials: %s; give New one", strings.Join(names, ", ")))
	}
	return s, errors.Join(problems...)
}

func (s *settings) credential() (*auth.Credential, error) { return s.credentials[0].make(s) }

func (s *settings) base() string {
	if s.baseURL == "" {
		return Production
	}
	return s.baseURL
}

// tokens sends requests for tokens where all others go.
func (s *settings) tokens() []auth.Option {
	if s.transport.Base == nil {
		return nil
	}
	return []auth.Option{auth.TokenClient(s.transport.Base)}
}
