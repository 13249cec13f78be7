package kinabase

import (
	"errors"
	"slices"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/answer"
	"github.com/kaikina/kaikina/transport"
)

// DefaultBaseURL is where production is (vendor's page kinabase.com/developer/reference).
const DefaultBaseURL = "https://app.kinabase.com/api/v1"

// PerMinute is how many calls a minute the vendor's page "Using the API" allows before a 429.
// That page is older; newer ones name no rate. It is meant for the limiter of a
// [transport.Config].
const PerMinute = 100

// An Option says what a client needs to know. New checks all of them.
type Option func(*settings) error

type settings struct {
	credential func(transport.Config, string) (*auth.Credential, error)
	logins     []string // the options that gave a credential
	baseURL    string
	transport  transport.Config
	known      map[string]KeySet
	validation *answer.Validation
}

// WithApp logs in as an app, with the App ID and the App Secret of its registration
// (Settings, API in the product). Tokens are fetched when they are needed, and renewed.
func WithApp(id string, secret auth.Secret) Option {
	return func(s *settings) error {
		s.login("WithApp", func(cfg transport.Config, base string) (*auth.Credential, error) {
			return auth.KinabaseApp(base, id, secret, tokenClient(cfg)...)
		})
		return nil
	}
}

// WithEnv takes base URL and app from KINABASE_BASE_URL, KINABASE_APP_ID and
// KINABASE_APP_SECRET or KINABASE_APP_SECRET_FILE, which names a file that holds it.
func WithEnv() Option {
	return func(s *settings) error {
		s.login("WithEnv", func(cfg transport.Config, _ string) (*auth.Credential, error) {
			return auth.KinabaseFromEnv(tokenClient(cfg)...)
		})
		return nil
	}
}

// WithCredential uses a credential, and the base URL that it is for. It fetches its tokens
// as it was made to do, whatever WithTransport says.
func WithCredential(credential *auth.Credential) Option {
	return func(s *settings) error {
		if credential == nil {
			return errors.New("kinabase: WithCredential: the credential is nil; make one with auth.KinabaseApp")
		}
		s.login("WithCredential", func(transport.Config, string) (*auth.Credential, error) { return credential, nil })
		return nil
	}
}

// WithBaseURL sends to another place than production, such as "http://localhost:8080/api/v1".
// It goes with WithApp; the other credentials bring a base URL of their own.
func WithBaseURL(url string) Option {
	return func(s *settings) error {
		if url == "" {
			return errors.New("kinabase: WithBaseURL: the URL is empty; leave the option out for production")
		}
		s.baseURL = url
		return nil
	}
}

// WithTransport says how requests are sent: what sends them, what is sent again, how fast,
// how long to wait, what is logged. Requests for tokens go through its Base too.
func WithTransport(cfg transport.Config) Option {
	return func(s *settings) error {
		cfg.Middleware = slices.Clone(cfg.Middleware)
		s.transport = cfg
		return nil
	}
}

// WithKnownKeys tells the field keys of a collection. Every write that names the collection
// in the same way, by its id or its slug, is then checked as [KeySet.Check] does before it
// is sent.
func WithKnownKeys(collection string, keys ...string) Option {
	return func(s *settings) error {
		if collection == "" || len(keys) == 0 {
			return errors.New("kinabase: WithKnownKeys: wants a collection and its field keys")
		}
		s.known[collection] = NewKeySet(append(s.known[collection].Keys(), keys...)...)
		return nil
	}
}

func (s *settings) login(name string, credential func(transport.Config, string) (*auth.Credential, error)) {
	s.logins, s.credential = append(s.logins, name), credential
}

// tokenClient lets tokens be asked for where everything else is.
func tokenClient(cfg transport.Config) []auth.Option {
	if cfg.Base == nil {
		return nil
	}
	return []auth.Option{auth.TokenClient(cfg.Base)}
}
