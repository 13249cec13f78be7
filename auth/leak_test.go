package auth

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// told is every way a value of this package may end up in a log.
func told(v any) string {
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", v)
	}
	text, _ := json.Marshal(v)
	out.Write(text)
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
	err, _ := v.(error)
	for err = errors.Unwrap(err); err != nil; err = errors.Unwrap(err) {
		fmt.Fprintf(&out, "%v %+v %#v\n", err, err, err)
	}
	return out.String()
}

// How a hostile or careless server may repeat a secret it was sent. The list is
// not made from this package's own.
var secretEchoes = []string{
	plantedSecret,
	url.QueryEscape(plantedSecret),
	url.PathEscape(plantedSecret),
	strings.ToUpper(plantedSecret),
	base64.StdEncoding.EncodeToString([]byte(plantedSecret)),
}

// basicEchoes are the values of HTTP Basic, by kind of credential.
var basicEchoes = map[string]string{
	"KaiNexus API key": "YXBpOlMzY3IzdC1QbDRudGVkKy9pbiVoZXJlPT0=",
	"KaiNexus OAuth":   "aWQ6UzNjcjN0LVBsNG50ZWQlMkIlMkZpbiUyNWhlcmUlM0QlM0Q=",
}

func requireSilent(t rapid.TB, what string) {
	t.Helper()
	low := strings.ToLower(what)
	for _, echo := range slices.Concat(secretEchoes, slices.Collect(maps.Values(basicEchoes)),
		[]string{plantedToken, fmt.Sprintf("%x", plantedSecret), fmt.Sprintf("%x", plantedToken)}) {
		if strings.Contains(low, strings.ToLower(echo)) {
			t.Fatalf("%q was told in:\n%s", echo, what)
		}
	}
}

func TestHostileTokenEndpointIsNotRepeated(t *testing.T) {
	var failures int
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		known := secretEchoes
		if basic := basicEchoes[kind.name]; basic != "" {
			known = append(slices.Clone(known), basic)
		}
		echo := known[0]
		in := func(label string, templates ...string) string {
			return strings.ReplaceAll(rapid.SampledFrom(templates).Draw(t, label), "ECHO", echo)
		}
		hostile := func(req *http.Request, label string, templates ...string) (*http.Response, error) {
			if rapid.IntRange(0, 4).Draw(t, label+" fails") == 0 {
				text := in(label+" error", "ECHO", `malformed HTTP response "ECHO"`, `failed to parse Location header "ECHO"`)
				return nil, &url.Error{Op: "Post", URL: req.URL.String() + "?" + in("url", "ECHO", "x"), Err: fmt.Errorf("net/http: %w", errors.New(text))}
			}
			resp := answer(req, rapid.SampledFrom([]int{200, 200, 200, 204, 302, 400, 401, 500}).Draw(t, label+" status"), in(label, templates...))
			resp.Header.Set("Retry-After", in("after", "ECHO", "3"))
			resp.Header.Set("Location", in("location", "https://ECHO/", "ECHO"))
			if rapid.Bool().Draw(t, "body breaks") {
				resp.Body = io.NopCloser(io.MultiReader(resp.Body, broken{errors.New("read " + echo)}))
			}
			return resp, nil
		}
		client := doerFunc(func(req *http.Request) (*http.Response, error) {
			if req.Method == http.MethodGet {
				return hostile(req, "metadata",
					`{"issuer":"https://api.test","token_endpoint":"https://api.test/t"}`,
					`{"issuer":"https://api.test","token_endpoint":"https://api.test/t/ECHO"}`,
					`{"issuer":"https://api.test","token_endpoint":"https://api.test/t?q=ECHO"}`,
					`{"issuer":"https://api.test","token_endpoint":"https://ECHO/t"}`,
					`{"issuer":"https://api.test","token_endpoint":"https://ECHO.test/t"}`,
					`{"issuer":"ECHO"}`, `{"issuer":"https://api.test","grant_types_supported":["ECHO"]}`, `ECHO`)
			}
			return hostile(req, "token",
				`{"error":"ECHO"}`, `{"error":"invalid_client","error_description":"ECHO"}`, `{"error":"invalid_client ECHO"}`,
				`{"token":"ECHO\n","access_token":"ECHO\n","token_type":"Bearer"}`, `{"token":"ECHO x","access_token":"ECHO x"}`,
				`{"token":"ok","access_token":"ok","token_type":"ECHO"}`, `{"access_token":"ok","token_type":"Bearer","expires_in":"ECHO"}`,
				`{"token":"`+plantedToken+`","access_token":"`+plantedToken+`","token_type":"Bearer"}`,
				`{"token":["ECHO"]}`, `ECHO`, `{"ECHO":`)
		})
		cred, err := kind.make("https://api.test", client)
		if err != nil {
			t.Fatal(err)
		}
		data := cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
			if kind.name != "KaiNexus API key" {
				echo = plantedToken // it is sent no more than that
			}
			return hostile(req, "data", "ECHO")
		}))
		for range 2 {
			echo = rapid.SampledFrom(known).Draw(t, "echo")
			req, err := http.NewRequest(http.MethodGet, "https://api.test/x", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := data.Do(req)
			if err != nil {
				failures++
				requireSilent(t, told(err))
			} else if resp.Request != nil {
				requireSilent(t, told(resp.Request))
			}
		}
		if cred.tokens != nil {
			cred.tokens.mu.Lock() // fmt reads what it guards
			defer cred.tokens.mu.Unlock()
			requireSilent(t, told(cred.tokens)+told(cred.tokens.current))
		} else {
			requireSilent(t, told(*cred.fixed))
		}
		requireSilent(t, told(cred)+told(*cred)+told(data))
	})
	require.Greater(t, failures, 20, "the server was not hostile enough to show anything")
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// What net/http quotes of an answer that is not HTTP.
func TestBrokenServerIsNotRepeated(t *testing.T) {
	for _, raw := range []string{
		"ECHO\r\n\r\n",
		"HTTP/1.1 ECHO\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: ECHO\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: ECHO\r\n\r\n",
		"HTTP/1.1 200 OK\r\nECHO\r\n\r\n",
		"HTTP/1.1 302 Found\r\nLocation: ://ECHO\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.test/ECHO\r\nContent-Length: 0\r\n\r\n",
	} {
		for _, echo := range []string{plantedSecret, plantedToken} {
			t.Run(strings.ReplaceAll(raw, "ECHO", echo), func(t *testing.T) {
				ln, err := net.Listen("tcp", "127.0.0.1:0")
				require.NoError(t, err)
				defer ln.Close()
				go func() {
					for {
						conn, err := ln.Accept()
						if err != nil {
							return
						}
						_, _ = conn.Read(make([]byte, 64<<10))
						_, _ = io.WriteString(conn, strings.ReplaceAll(raw, "ECHO", echo))
						_ = conn.Close()
					}
				}()
				base := "http://" + ln.Addr().String()
				client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
				for _, kind := range kinds {
					if (echo == plantedToken) != (kind.name == "bearer" || kind.name == "tokens") {
						continue // it cannot know the other one
					}
					cred, err := kind.make(base, client)
					require.NoError(t, err)
					_, err = cred.Doer(client).Do(newRequest(t, http.MethodGet, base+"/x", nil))
					require.Error(t, err)
					requireSilent(t, told(err))
				}
			})
		}
	}
}

func TestWithholdKeepsWhatCallersMatchOn(t *testing.T) {
	secrets := []Secret{NewSecret("hunter2")}
	harmless := errors.New("down")
	require.Equal(t, harmless, withhold(harmless, secrets))
	require.NoError(t, withhold(nil, secrets))
	redirect := &RedirectError{From: "https://api.test", To: "https://hunter2.test"}
	var got *RedirectError
	require.ErrorAs(t, withhold(fmt.Errorf("x: %w", redirect), secrets), &got)
	require.Equal(t, "https://api.test", got.From)
	require.NotContains(t, got.Error(), "hunter2")
	for _, sentinel := range []error{context.Canceled, context.DeadlineExceeded} {
		err := withhold(fmt.Errorf("hunter2: %w", sentinel), secrets)
		require.ErrorIs(t, err, sentinel)
		require.NotContains(t, err.Error(), "hunter2")
	}
	require.ErrorContains(t, withhold(errors.New("HUNTER2"), secrets), "the reason is withheld")
}

// The endpoint issued the token, so it can repeat it when it is asked for the next one.
func TestRenewalDoesNotRepeatTheTokenBefore(t *testing.T) {
	asked := 0
	cred, err := KinabaseApp("https://api.test", "id", NewSecret(plantedSecret), TokenClient(doerFunc(func(req *http.Request) (*http.Response, error) {
		if asked++; asked == 1 {
			return answer(req, http.StatusOK, `{"token":"`+plantedToken+`"}`), nil
		}
		return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: errors.New("malformed HTTP response " + plantedToken)}
	})))
	require.NoError(t, err)
	data := cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
		return answer(req, http.StatusUnauthorized, ""), nil
	}))
	for range 2 { // with the token just rejected, and without any
		_, err = data.Do(newRequest(t, http.MethodGet, "https://api.test/x", nil))
		requireSilent(t, told(err))
		var failed *TokenError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, "https://api.test/token", failed.Endpoint)
		require.ErrorContains(t, failed, "the reason is withheld")
	}
	require.Equal(t, 3, asked)
}
