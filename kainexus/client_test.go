package kainexus

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/sandbox"
	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/transport"
)

const secret = "PLANTED-SECRET"

func TestNewRefuses(t *testing.T) {
	for _, name := range []string{"KAINEXUS_BASE_URL", "KAINEXUS_API_KEY", "KAINEXUS_CLIENT_ID", "KAINEXUS_CLIENT_SECRET"} {
		t.Setenv(name, "")
	}
	key := WithAPIKey(auth.NewSecret(secret))
	made, err := auth.KaiNexusAPIKey(Production, auth.NewSecret(secret))
	require.NoError(t, err)
	for _, test := range []struct {
		name, want string
		opts       []Option
	}{
		{"nothing", "kainexus: no credential: give New one of WithAPIKey, WithOAuth, WithEnv or WithCredential", nil},
		{"two", "kainexus: several credentials: WithAPIKey, WithOAuth; give New one", []Option{key, nil, WithOAuth("id", auth.NewSecret(secret))}},
		{"two keys", "kainexus: several credentials: WithAPIKey, WithAPIKey; give New one", []Option{key, key}},
		{"empty key", "kainexus: auth: API key", []Option{WithAPIKey(auth.Secret{})}},
		{"empty id", "kainexus: auth: client id", []Option{WithOAuth("", auth.NewSecret(secret))}},
		{"empty secret", "kainexus: auth: client secret", []Option{WithOAuth("id", auth.Secret{})}},
		{"plain http", "must be https", []Option{key, WithBaseURL("http://kainexus.example")}},
		{"query", "kainexus: auth: base URL", []Option{key, WithBaseURL("https://kainexus.example?tenant=1")}},
		{"empty base", "kainexus: WithBaseURL was given nothing", []Option{key, WithBaseURL("")}},
		{"everything at once", "kainexus: WithBaseURL was given nothing; leave it out for production\nkainexus: no credential", []Option{WithBaseURL("")}},
		{"nil credential", "kainexus: WithCredential was given nil", []Option{WithCredential(nil)}},
		{"zero credential", "kainexus: WithCredential was given an empty credential", []Option{WithCredential(new(auth.Credential))}},
		{"credential and base", "kainexus: WithCredential brings its base URL; leave out WithBaseURL", []Option{WithCredential(made), WithBaseURL(EU)}},
		{"empty environment", "kainexus: auth: missing in the environment: KAINEXUS_BASE_URL, KAINEXUS_API_KEY", []Option{WithEnv()}},
		{"environment and base", "kainexus: WithEnv takes the base URL from KAINEXUS_BASE_URL; leave out WithBaseURL", []Option{WithBaseURL(EU), WithEnv()}},
		{"transport", "kainexus: transport: ", []Option{key, WithTransport(transport.Config{BodyLimit: -1})}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, err := New(test.opts...)
			require.ErrorContains(t, err, test.want)
			assert.Nil(t, client)
			assert.NotContains(t, fmt.Sprintf("%v %#v", err, err), secret)
		})
	}
}

func TestAClientSaysWhichAPIItIs(t *testing.T) {
	client, err := New(WithAPIKey(auth.NewSecret("key")), WithBaseURL(EU))
	require.NoError(t, err)
	assert.Equal(t, "KaiNexus client for https://eu-prod.kainexus.com", fmt.Sprint(client))
}

func TestBaseURL(t *testing.T) {
	for _, test := range []struct{ base, want string }{
		{"", Production}, {EU, EU}, {Sandbox + "/", Sandbox}, {"https://proxy.example/kx/", "https://proxy.example/kx"},
	} {
		var got string
		base := transport.DoerFunc(func(r *http.Request) (*http.Response, error) {
			got = r.URL.Scheme + "://" + r.URL.Host + r.URL.Path
			return httptest.NewRecorder().Result(), nil
		})
		opts := []Option{WithAPIKey(auth.NewSecret(secret)), WithTransport(transport.Config{Base: base})}
		if test.base != "" {
			opts = append(opts, WithBaseURL(test.base))
		}
		client, err := New(opts...)
		require.NoError(t, err)
		_, err = client.Item(ctx(t), 1)
		require.Error(t, err)
		assert.Equal(t, test.want+"/api/public/v1/json/item", got)
	}
}

// Each credential opens the sandbox, and tokens are fetched where calls go.
func TestCredentials(t *testing.T) {
	server, err := emulator.New()
	require.NoError(t, err)
	c := server.Credentials()
	made, err := auth.KaiNexusAPIKey(EU, auth.NewSecret(c.APIKey))
	require.NoError(t, err)
	t.Setenv("KAINEXUS_BASE_URL", Sandbox)
	t.Setenv("KAINEXUS_API_KEY", "")
	t.Setenv("KAINEXUS_CLIENT_ID", c.ClientID)
	t.Setenv("KAINEXUS_CLIENT_SECRET", c.ClientSecret)
	for name, option := range map[string]Option{
		"key":         WithAPIKey(auth.NewSecret(c.APIKey)),
		"OAuth":       WithOAuth(c.ClientID, auth.NewSecret(c.ClientSecret)),
		"environment": WithEnv(),
		"credential":  WithCredential(made),
	} {
		t.Run(name, func(t *testing.T) {
			client, err := New(option, WithTransport(transport.Config{Base: server.Doer()}))
			require.NoError(t, err)
			location, err := client.Location(ctx(t), 70)
			require.NoError(t, err)
			assert.Equal(t, "Plant A", *location.Name)
		})
	}
}

func TestRefusedCredential(t *testing.T) {
	server, err := emulator.New()
	require.NoError(t, err)
	for name, option := range map[string]Option{
		"key":   WithAPIKey(auth.NewSecret(secret)),
		"OAuth": WithOAuth("nobody", auth.NewSecret(secret)),
	} {
		client, err := New(option, WithTransport(transport.Config{Base: server.Doer()}))
		require.NoError(t, err)
		_, err = client.Item(ctx(t), 1001)
		require.Error(t, err, name)
		assert.True(t, IsUnauthorized(err), name)
		outcomes, err := client.PutItems(ctx(t), []Item{{Summary: new("x")}, {Summary: new("y")}}, Suppress, BatchSize(1))
		require.Error(t, err)
		assert.True(t, IsUnauthorized(err), name)
		for _, outcome := range outcomes {
			assert.True(t, outcome.Again(), "%s: %+v", name, outcome)
		}
	}
}

// The generated client goes through the same chain.
func TestAPI(t *testing.T) {
	client, _ := broken(t, []string{"server-error#1"})
	answer, err := client.API().GetItemWithResponse(ctx(t), &kainexusapi.GetItemParams{ID: 1001})
	require.NoError(t, err)
	require.NotNil(t, answer.JSON200)
	assert.Equal(t, int64(1001), *answer.JSON200.Item.ID)
	assert.Equal(t, "2", answer.HTTPResponse.Request.Header.Get(transport.AttemptHeader))
}

// A server that repeats what it was sent puts no secret into anything of ours.
func TestSecretsStayInside(t *testing.T) {
	client, err := New(WithAPIKey(auth.NewSecret(secret)), WithTransport(transport.Config{
		Base: sandbox.NewDoer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, key, _ := r.BasicAuth()
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"success":false,"errorCode":"KEY_%s","message":"%s %s"}`, key, key, r.Header.Get("Authorization"))
		})),
	}))
	require.NoError(t, err)
	_, single := client.Item(ctx(t), 1)
	_, list := collect(t, client.Items(ctx(t), 1))
	outcomes, put := client.PutItems(ctx(t), []Item{{}}, Notify)
	for _, err := range []error{single, list, put} {
		require.Error(t, err)
	}
	header, err := http.NewRequest(http.MethodGet, Production, nil)
	require.NoError(t, err)
	header.SetBasicAuth("api", secret)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		text := fmt.Sprintf(verb, []any{client, *client, single, list, put, outcomes, outcomes[0].Err})
		assert.NotContains(t, text, secret)
		assert.NotContains(t, text, header.Header.Get("Authorization")[len("Basic "):])
	}
}

func TestRateLimited(t *testing.T) {
	client, _ := broken(t, []string{"too-many-requests:0"})
	_, err := client.Item(ctx(t), 1001)
	assert.True(t, IsRateLimited(err))
	client = answering(t, http.NotFound)
	_, err = client.Item(ctx(t), 1)
	assert.True(t, IsNotFound(err))
}
