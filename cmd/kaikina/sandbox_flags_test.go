package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kaiNexus makes a call with the key that every sandbox has.
func kaiNexus(t *testing.T, method, url, sent string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(sent))
	require.NoError(t, err)
	request.SetBasicAuth("api", "sandbox-api-key")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

// items asks for a list.
func items(t *testing.T, origin, query string) (*http.Response, string) {
	t.Helper()
	return kaiNexus(t, http.MethodGet, origin+"/api/public/v1/json/itemList?"+query, "")
}

func TestItemsAreGeneratedFromASeed(t *testing.T) {
	listed := func(args ...string) string {
		ctx, interrupt := context.WithCancel(t.Context())
		services, exit := serve(t, ctx, args...)
		defer func() { interrupt(); <-exit }()
		_, body := items(t, services[0].BaseURL, "id=700&limit=3")
		list, _, _ := strings.Cut(body, `"statistics"`)
		return list
	}
	one := listed("--items", "5")
	assert.Contains(t, one, `{"count":3,"totalCount":5,`)
	assert.Equal(t, one, listed("--items", "5", "--seed", "1"))
	assert.NotEqual(t, one, listed("--items", "5", "--seed", "2"))
}

// Whatever form the sandbox of Kinabase takes, it conforms: with generated records, with
// those of 2023, and where it insists on the headers of the guide.
func TestEveryKinabaseConforms(t *testing.T) {
	for collection, flags := range map[string][]string{
		"generated":       {"--items", "30"},
		"purchase-orders": {"--edition-2023"},
		"machines":        {"--strict-headers"},
	} {
		t.Run(collection, func(t *testing.T) {
			ctx, interrupt := context.WithCancel(t.Context())
			services, exit := serve(t, ctx, append(flags, "--api", "kinabase")...)
			defer func() { interrupt(); <-exit }()
			for name, value := range services[0].Environment {
				t.Setenv(name, value)
			}
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), []string{"verify", "kinabase", "--target", "env", "--id", "collection=" + collection}, &stdout, &stderr)
			assert.Equal(t, exitConforms, code, stdout.String()+stderr.String())
		})
	}
}

func TestDataSurvivesTheCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.db")
	with := func(use func(origin string), args ...string) {
		ctx, interrupt := context.WithCancel(t.Context())
		services, exit := serve(t, ctx, append([]string{"--data", file}, args...)...)
		use(services[0].BaseURL)
		interrupt()
		require.Equal(t, exitConforms, <-exit)
	}
	with(func(origin string) {
		response, body := kaiNexus(t, http.MethodPut, origin+"/api/public/v1/json/item", `{"item":{"id":10000001,"summary":"Kept"}}`)
		require.Equal(t, http.StatusOK, response.StatusCode, body)

		var stderr bytes.Buffer
		assert.Equal(t, exitError, run(t.Context(), []string{"sandbox", "--data", file}, io.Discard, &stderr))
		assert.Equal(t, "kaikina: --data: sandbox file "+file+": it is in use by another process; stop that one or choose another file\n", stderr.String())
	}, "--items", "5")
	with(func(origin string) {
		_, body := items(t, origin, "id=700")
		assert.Contains(t, body, `"totalCount":5,`, "what was generated is generated again")
		assert.Equal(t, 1, strings.Count(body, `"summary":"Kept"`))
	})
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var stderr bytes.Buffer
	stdout := &watcher{until: "Press Ctrl-C to stop.\n", then: interrupt}
	require.Equal(t, exitConforms, run(ctx, []string{"sandbox", "--data", file, "--items", "7"}, stdout, &stderr))
	assert.Contains(t, stderr.String(), "kaikina: going on with the sandbox in "+file+", for which --items and --seed change nothing\n")
	require.NoError(t, os.Remove(file), "nothing holds on to it")
}

func TestTheRateIsLimited(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	services, exit := serve(t, ctx, "--rate", "1")
	defer func() { interrupt(); <-exit }()
	response, _ := items(t, services[0].BaseURL, "id=640&limit=1")
	assert.Equal(t, http.StatusOK, response.StatusCode)
	response, body := items(t, services[0].BaseURL, "id=640&limit=1")
	assert.Equal(t, http.StatusTooManyRequests, response.StatusCode, body)
	assert.NotEmpty(t, response.Header.Get("Retry-After"))
	status, _ := fetch(t, services[1].BaseURL+"/status")
	assert.Equal(t, http.StatusUnauthorized, status, "each product counts its own calls")
}

// A web page whose name means this machine for a moment gets nothing.
func TestForeignNamesAreRefused(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	services, exit := serve(t, ctx)
	defer func() { interrupt(); <-exit }()
	_, port, _ := strings.Cut(strings.TrimPrefix(services[0].BaseURL, "http://"), ":")
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200, "[::1]:" + port: 200, "localhost": 200, "LocalHost:" + port: 200,
		"evil.example:" + port: 421, "evil.example": 421, "localhost.evil.example:" + port: 421, "192.0.2.1": 421,
	} {
		for _, path := range []string{"/", "/sandbox/kainexus/organization"} {
			request, err := http.NewRequest(http.MethodGet, services[0].BaseURL+path, nil)
			require.NoError(t, err)
			request.Host = host
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			assert.Equal(t, want, response.StatusCode, host+path)
		}
	}
}

// The two switches of Kinabase, from outside.
func TestSwitchesOfKinabase(t *testing.T) {
	for flag, want := range map[string]struct {
		status int
		body   string
	}{
		"--edition-2023":   {http.StatusOK, `"createdAt":"02/03/2026 09:00:00 +00:00"`},
		"--strict-headers": {http.StatusBadRequest, "Content-Type"},
		"--seed=1":         {http.StatusOK, `"data":{`},
	} {
		t.Run(flag, func(t *testing.T) {
			ctx, interrupt := context.WithCancel(t.Context())
			services, exit := serve(t, ctx, "--api", "kinabase", flag)
			defer func() { interrupt(); <-exit }()
			known := services[0].Environment
			send := func(method, path, body, token, contentType string) (int, string) {
				request, err := http.NewRequest(method, services[0].BaseURL+path, strings.NewReader(body))
				require.NoError(t, err)
				request.Header.Set("Content-Type", contentType)
				request.Header.Set("Accept", "application/json")
				request.Header.Set("Authorization", "Bearer "+token)
				response, err := http.DefaultClient.Do(request)
				require.NoError(t, err)
				defer response.Body.Close()
				text, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				return response.StatusCode, string(text)
			}
			status, answer := send(http.MethodPost, "/token", `{"appId":"`+known["KINABASE_APP_ID"]+`","secret":"`+known["KINABASE_APP_SECRET"]+`"}`, "", "application/json")
			require.Equal(t, http.StatusOK, status, answer)
			var token struct{ Token string }
			require.NoError(t, json.Unmarshal([]byte(answer), &token))
			status, answer = send(http.MethodGet, "/collections/purchase-orders?pageSize=1", "", token.Token, "")
			assert.Equal(t, want.status, status)
			assert.Contains(t, answer, want.body)
		})
	}
}

// What goes wrong with the file is said to whoever runs the sandbox, and not to callers.
func TestAFailingFileIsReported(t *testing.T) {
	var stderr bytes.Buffer
	file := filepath.Join(t.TempDir(), "sandbox.db")
	s, err := openSandboxes(t.Context(), sandboxOptions{addr: "127.0.0.1:0", apis: []string{"kainexus"}, data: file}, &stderr)
	require.NoError(t, err)
	require.NoError(t, s.closeFile()) // as if the disk had gone
	response, _ := kaiNexus(t, http.MethodPut, s.origin+"/api/public/v1/json/item", `{"item":{"id":1001,"summary":"Lost"}}`)
	assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
	assert.NotContains(t, response.Header.Get("Sandbox-Reason"), file)
	require.NoError(t, s.close())
	assert.Contains(t, stderr.String(), "kaikina: a change could not be stored: sandbox file "+file+": ")
}

// A reset is one on the wire too, and the connections that it ends are not counted for ever.
func TestAResetResets(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	services, exit := serve(t, ctx, "--fault", "reset@getStatus")
	defer func() { interrupt(); <-exit }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range maxConnections + 1 {
		_, err := client.Get(services[1].BaseURL + "/status")
		require.ErrorIs(t, err, syscall.ECONNRESET)
	}
	status, _ := fetch(t, services[1].BaseURL+"/collections")
	assert.Equal(t, http.StatusUnauthorized, status)
}

// What is printed is known to open the sandbox, or said not to.
func TestCredentialsThatWereDeletedAreWarnedOf(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.db")
	for _, warned := range []bool{false, true} {
		var stderr bytes.Buffer
		s, err := openSandboxes(t.Context(), sandboxOptions{addr: "127.0.0.1:0", apis: []string{"kainexus", "kinabase"}, data: file}, &stderr)
		require.NoError(t, err)
		for _, path := range []string{"/sandbox/kainexus/serviceAccounts/399", "/sandbox/kinabase/apps/" + s.boxes[1].environment["KINABASE_APP_ID"]} {
			request, err := http.NewRequest(http.MethodDelete, s.origin+path, nil)
			require.NoError(t, err)
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
		}
		require.NoError(t, s.close())
		for _, name := range []string{"KaiNexus", "Kinabase"} {
			assert.Equal(t, warned, strings.Contains(stderr.String(), "the credentials printed for "+strings.ToLower(name)+" were changed or deleted"), name)
		}
	}
}
