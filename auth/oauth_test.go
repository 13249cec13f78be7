package auth

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const wellKnown = "/.well-known/oauth-authorization-server"

func TestOAuthOnTheWire(t *testing.T) {
	home := newVendor(t, httptest.NewTLSServer)
	const id = "client:é 1"
	cred, err := KaiNexusOAuth(home.URL+"/api", id, NewSecret(plantedSecret), TokenClient(home.Client()))
	require.NoError(t, err)
	assert.Empty(t, home.seen(), "something was fetched before the first use")
	got, err := cred.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, plantedToken, got.Value.Reveal())
	assert.WithinDuration(t, time.Now().Add(time.Hour), got.Expiry, time.Minute)

	seen := home.seen()
	require.Len(t, seen, 2)
	meta, token := seen[0], seen[1]
	assert.Equal(t, "GET "+wellKnown, meta.Method+" "+meta.URL.String())
	assert.NotContains(t, meta.Header, "Authorization")
	assert.Equal(t, "application/json", meta.Header.Get("Accept"))
	assert.Equal(t, "POST /oauth2/token", token.Method+" "+token.URL.String())
	assert.Equal(t, "application/x-www-form-urlencoded", token.Header.Get("Content-Type"))
	assert.Equal(t, "application/json", token.Header.Get("Accept"))
	assert.Equal(t, "grant_type=client_credentials", home.bodies[1], "no scope, no secret")
	pair, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(token.Header.Get("Authorization"), "Basic "))
	require.NoError(t, err)
	assert.Equal(t, "client%3A%C3%A9+1:S3cr3t-Pl4nted%2B%2Fin%25here%3D%3D", string(pair))
}

func TestMetadataIsKeptUntilTheTokenEndpointFails(t *testing.T) {
	home := newVendor(t, httptest.NewServer)
	cred, err := KaiNexusOAuth(home.URL, "id", NewSecret(plantedSecret), TokenClient(home.Client()))
	require.NoError(t, err)
	get := func() error {
		l, err := cred.tokens.get(t.Context())
		cred.tokens.drop(l)
		return err
	}
	paths := func() (list []string) {
		for _, r := range home.seen() {
			list = append(list, r.URL.Path)
		}
		return list
	}
	require.NoError(t, get())
	require.NoError(t, get())
	assert.Equal(t, []string{wellKnown, "/oauth2/token", "/oauth2/token"}, paths())
	home.reply("/oauth2/token", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	require.Error(t, get())
	home.reply("/oauth2/token", nil)
	require.NoError(t, get())
	assert.Equal(t, []string{"/oauth2/token", wellKnown, "/oauth2/token"}, paths()[3:])
}

func TestMetadata(t *testing.T) {
	const good = `"issuer":"https://as.test","token_endpoint":"https://as.test/t"`
	for _, tt := range []struct {
		name, issuer, doc string
		opts              []Option
		want, problem     string
	}{
		{"least", "", `{` + good + `}`, nil, "https://as.test/t", ""},
		{"trailing slash", "", `{"issuer":"https://as.test/","token_endpoint":"https://as.test/t"}`, nil, "https://as.test/t", ""},
		{"lists that fit", "", `{` + good + `,"grant_types_supported":["x","client_credentials"],"token_endpoint_auth_methods_supported":["client_secret_basic"]}`, nil, "https://as.test/t", ""},
		{"lists that are null", "", `{` + good + `,"grant_types_supported":null}`, nil, "https://as.test/t", ""},
		{"endpoint with query", "", `{"issuer":"https://as.test","token_endpoint":"https://as.test/t?a=b"}`, nil, "https://as.test/t?a=b", ""},
		{"allowed origin", "", `{"issuer":"https://as.test","token_endpoint":"https://login.test/t"}`, []Option{AllowTokenOrigin("https://Login.test:443/")}, "https://login.test/t", ""},
		{"two slashes", "", `{"issuer":"https://as.test//","token_endpoint":"https://as.test/t"}`, nil, "", "its issuer is"},
		{"other issuer", "", `{"issuer":"https://evil.test","token_endpoint":"https://as.test/t"}`, nil, "", `its issuer is "https://evil.test", not "https://as.test"`},
		{"issuer that repeats the secret", "", `{"issuer":"https://` + plantedSecret + `","token_endpoint":"https://as.test/t"}`, nil, "", "repeats the credential"},
		{"no issuer", "", `{"token_endpoint":"https://as.test/t"}`, nil, "", "its issuer is"},
		{"issuer in other case", "", `{"Issuer":"https://as.test","token_endpoint":"https://as.test/t"}`, nil, "", "its issuer is"},
		{"endpoint elsewhere", "", `{"issuer":"https://as.test","token_endpoint":"https://login.test/t"}`, nil, "", "add AllowTokenOrigin"},
		{"endpoint on another port", "", `{"issuer":"https://as.test","token_endpoint":"https://as.test:8443/t"}`, nil, "", "add AllowTokenOrigin"},
		{"endpoint on loopback", "", `{"issuer":"https://as.test","token_endpoint":"http://127.0.0.1/t"}`, nil, "", "add AllowTokenOrigin"},
		{"endpoint on http", "", `{"issuer":"https://as.test","token_endpoint":"http://as.test/t"}`, nil, "", "must be https"},
		{"endpoint with password", "", `{"issuer":"https://as.test","token_endpoint":"https://a:b@as.test/t"}`, nil, "", "user or password"},
		{"endpoint that repeats the secret", "", `{"issuer":"https://as.test","token_endpoint":"https://as.test/` + url.PathEscape(plantedSecret) + `"}`, nil, "", "repeats the credential"},
		{"no endpoint", "", `{"issuer":"https://as.test"}`, nil, "", "token_endpoint is empty"},
		{"endpoint is a number", "", `{"issuer":"https://as.test","token_endpoint":1}`, nil, "", "token_endpoint is empty"},
		{"other grants only", "", `{` + good + `,"grant_types_supported":["authorization_code"]}`, nil, "", "grant_types_supported lacks client_credentials"},
		{"other authentication only", "", `{` + good + `,"token_endpoint_auth_methods_supported":["private_key_jwt"]}`, nil, "", "token_endpoint_auth_methods_supported lacks client_secret_basic"},
		{"list is a string", "", `{` + good + `,"grant_types_supported":"client_credentials"}`, nil, "", "is not a list of strings"},
		{"not JSON", "", `<html>`, nil, "", "not a JSON object"},
		{"null", "", `null`, nil, "", "not a JSON object"},
		{"issuer by option", "https://id.test/tenant", `{"issuer":"https://id.test/tenant","token_endpoint":"https://id.test/t"}`, []Option{Issuer("https://id.test/tenant/")}, "https://id.test/t", ""},
		{"the base's own issuer despite the option", "https://id.test", `{` + good + `}`, []Option{Issuer("https://id.test")}, "", "its issuer is"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked []string
			client := doerFunc(func(req *http.Request) (*http.Response, error) {
				asked = append(asked, req.URL.String())
				if req.Method == http.MethodGet {
					return answer(req, http.StatusOK, tt.doc), nil
				}
				return answer(req, http.StatusOK, `{"access_token":"tok","token_type":"Bearer"}`), nil
			})
			cred, err := KaiNexusOAuth("https://as.test", "id", NewSecret(plantedSecret), append(tt.opts, TokenClient(client))...)
			require.NoError(t, err)
			_, err = cred.Token(t.Context())
			switch tt.issuer {
			case "":
				assert.Equal(t, "https://as.test"+wellKnown, asked[0])
			case "https://id.test/tenant":
				assert.Equal(t, "https://id.test"+wellKnown+"/tenant", asked[0])
			}
			if tt.want != "" {
				require.NoError(t, err)
				assert.Equal(t, tt.want, asked[1])
				return
			}
			var refused *TokenError
			require.ErrorAs(t, err, &refused)
			require.ErrorContains(t, err, tt.problem)
			assert.NotContains(t, err.Error(), plantedSecret)
			assert.Len(t, asked, 1, "the secret was sent nevertheless")
		})
	}
}

func TestParseOAuthToken(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	jwt := fakeJWT(`{"exp":1700000900}`)
	for _, tt := range []struct {
		name, body string
		life       time.Duration
		problem    string
	}{
		{"usual", `{"access_token":"tok","token_type":"Bearer","expires_in":1800}`, 30 * time.Minute, ""},
		{"type in lower case", `{"access_token":"tok","token_type":"bearer","expires_in":60}`, time.Minute, ""},
		{"lifetime in quotes", `{"access_token":"tok","token_type":"Bearer","expires_in":"60"}`, time.Minute, ""},
		{"lifetime wins over exp", `{"access_token":"` + jwt + `","token_type":"Bearer","expires_in":60}`, time.Minute, ""},
		{"exp", `{"access_token":"` + jwt + `","token_type":"Bearer"}`, 15 * time.Minute, ""},
		{"documented", `{"access_token":"tok","token_type":"Bearer"}`, time.Hour, ""},
		{"lifetime null", `{"access_token":"tok","token_type":"Bearer","expires_in":null}`, time.Hour, ""},
		{"lifetime no number", `{"access_token":"tok","token_type":"Bearer","expires_in":"soon"}`, time.Hour, ""},
		{"absurd", `{"access_token":"tok","token_type":"Bearer","expires_in":1e300}`, time.Hour, ""},
		{"overflows a float", `{"access_token":"tok","token_type":"Bearer","expires_in":1e999}`, time.Hour, ""},
		{"zero", `{"access_token":"tok","token_type":"Bearer","expires_in":0}`, 0, "expires_in is not more than zero"},
		{"negative", `{"access_token":"tok","token_type":"Bearer","expires_in":-1}`, 0, "expires_in is not more than zero"},
		{"no token", `{"token_type":"Bearer"}`, 0, "has no access_token"},
		{"token is a number", `{"access_token":1,"token_type":"Bearer"}`, 0, "has no access_token"},
		{"empty token", `{"access_token":"","token_type":"Bearer"}`, 0, "access_token is empty or"},
		{"token with a space", `{"access_token":"a b","token_type":"Bearer"}`, 0, "a header does not allow"},
		{"token with a line break", `{"access_token":"a\r\nb","token_type":"Bearer"}`, 0, "a header does not allow"},
		{"name in other case", `{"Access_Token":"tok","token_type":"Bearer"}`, 0, "has no access_token"},
		{"other type", `{"access_token":"tok","token_type":"DPoP"}`, 0, "token_type is not Bearer"},
		{"no type", `{"access_token":"tok"}`, 0, "token_type is not Bearer"},
		{"not JSON", `tok`, 0, "not a JSON object"},
		{"more than JSON", `{"access_token":"tok","token_type":"Bearer"} x`, 0, "not a JSON object"},
		{"a list", `["tok"]`, 0, "not a JSON object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseOAuthToken([]byte(tt.body), now)
			if tt.problem != "" {
				require.ErrorContains(t, err, tt.problem)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.life, got.Expiry.Sub(now))
		})
	}
}

func TestTokenEndpointRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		status  int
		header  string
		body    string
		code    string
		after   time.Duration
		message string
	}{
		{"known code", 401, "", `{"error":"invalid_client","error_description":"` + plantedSecret + `"}`, "invalid_client", 0,
			"status 401 Unauthorized: invalid_client: check the id and the secret"},
		{"free text as code", 400, "", `{"error":"` + plantedSecret + `"}`, "", 0, "status 400 Bad Request"},
		{"code is a number", 400, "", `{"error":1}`, "", 0, "status 400 Bad Request"},
		{"no JSON", 503, "7", plantedSecret, "", 7 * time.Second, "status 503 Service Unavailable"},
		{"endless wait", 429, "99999999999999", ``, "", 24 * time.Hour, "status 429 Too Many Requests"},
		{"wait that is past", 429, "Mon, 02 Jan 2006 15:04:05 GMT", ``, "", 0, "status 429 Too Many Requests"},
		{"unreadable wait", 429, plantedSecret, ``, "", 0, "status 429 Too Many Requests"},
	} {
		for _, kind := range []string{"KaiNexus OAuth", "Kinabase app"} {
			t.Run(tt.name+"/"+kind, func(t *testing.T) {
				home := newVendor(t, httptest.NewServer)
				refuse := func(w http.ResponseWriter, _ *http.Request) {
					if tt.header != "" {
						w.Header().Set("Retry-After", tt.header)
					}
					w.WriteHeader(tt.status)
					fmt.Fprint(w, tt.body)
				}
				home.reply("/token", refuse)
				home.reply("/oauth2/token", refuse)
				for _, k := range kinds {
					if k.name != kind {
						continue
					}
					cred, err := k.make(home.URL, home.Client())
					require.NoError(t, err)
					_, err = cred.Token(t.Context())
					var refused *TokenError
					require.ErrorAs(t, err, &refused)
					assert.Equal(t, tt.status, refused.Status)
					assert.Equal(t, tt.code, refused.Code)
					assert.Equal(t, tt.after, refused.RetryAfter)
					assert.Equal(t, "auth: get token from "+refused.Endpoint+": "+tt.message, err.Error())
				}
			})
		}
	}
}

func TestAnswerThatIsTooLarge(t *testing.T) {
	home := newVendor(t, httptest.NewServer)
	padding := strings.Repeat(" ", largestAnswer)
	large := func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"token":"t","access_token":"t","token_type":"Bearer"}`+padding)
	}
	home.reply("/token", large)
	home.reply("/oauth2/token", large)
	for _, kind := range kinds[1:3] {
		cred, err := kind.make(home.URL, home.Client())
		require.NoError(t, err)
		_, err = cred.Token(t.Context())
		require.ErrorContains(t, err, "larger than 262144 bytes", kind.name)
	}
}

func TestOptions(t *testing.T) {
	oauth := func(o Option) error {
		_, err := KaiNexusOAuth("https://api.test", "id", NewSecret("s"), o)
		return err
	}
	app := func(o Option) error {
		_, err := KinabaseApp("https://api.test", "id", NewSecret("s"), o)
		return err
	}
	tokens := func(o Option) error {
		_, err := FromTokens("https://api.test", new(numbered).fetch, o)
		return err
	}
	for _, tt := range []struct {
		name   string
		make   func(Option) error
		option Option
		want   string
	}{
		{"nil option", oauth, nil, ""},
		{"nil client", oauth, TokenClient(nil), "auth: TokenClient is nil"},
		{"no time", oauth, TokenTimeout(0), "auth: TokenTimeout must be more than zero"},
		{"issuer on http", oauth, Issuer("http://id.test"), "auth: Issuer must be https; plain http is only for loopback"},
		{"origin with path", oauth, AllowTokenOrigin("https://id.test/x"), "auth: AllowTokenOrigin must be an origin, without a path"},
		{"origin on http", oauth, AllowTokenOrigin("http://id.test"), "auth: AllowTokenOrigin must be https; plain http is only for loopback"},
		{"issuer for an app", app, Issuer("https://id.test"), "auth: Issuer does not apply to KinabaseApp"},
		{"origin for an app", app, AllowTokenOrigin("https://id.test"), "auth: AllowTokenOrigin does not apply to KinabaseApp"},
		{"client for tokens", tokens, TokenClient(http.DefaultClient), "auth: TokenClient does not apply to FromTokens"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.make(tt.option)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.want)
		})
	}
	_, err := FromTokens("https://api.test", nil)
	require.EqualError(t, err, "auth: the token function is nil")
}
