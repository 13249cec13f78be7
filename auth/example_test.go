package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/kaikina/kaikina/auth"
)

// vendorServer stands for Kinabase: it issues a token and asks for it.
func vendorServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/token" {
			fmt.Fprint(w, `{"token":"a-token"}`)
			return
		}
		fmt.Fprint(w, r.Header.Get("Authorization"))
	}))
}

func ExampleKinabaseApp() {
	srv := vendorServer()
	defer srv.Close()

	cred, err := auth.KinabaseApp(srv.URL+"/api/v1", "my-app", auth.NewSecret("my-secret"))
	if err != nil {
		fmt.Println(err)
		return
	}
	client := cred.Doer(nil)
	req, err := http.NewRequest(http.MethodGet, cred.BaseURL()+"/collections", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := client.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.StatusCode)
	// Output: 200
}

func ExampleKinabaseFromEnv() {
	for _, name := range []string{"KINABASE_BASE_URL", "KINABASE_APP_ID", "KINABASE_APP_SECRET", "KINABASE_APP_SECRET_FILE"} {
		os.Unsetenv(name)
	}
	_, err := auth.KinabaseFromEnv()
	var missing *auth.MissingError
	if errors.As(err, &missing) {
		fmt.Println(missing.Names)
	}
	// Output: [KINABASE_BASE_URL KINABASE_APP_ID KINABASE_APP_SECRET]
}

func ExampleKaiNexusFromEnv() {
	os.Setenv("KAINEXUS_BASE_URL", "https://api.kainexus.com")
	os.Setenv("KAINEXUS_API_KEY", "my-key")
	defer os.Unsetenv("KAINEXUS_BASE_URL")
	defer os.Unsetenv("KAINEXUS_API_KEY")

	cred, err := auth.KaiNexusFromEnv()
	fmt.Println(cred, err)
	// Output: KaiNexus API key for https://api.kainexus.com <nil>
}

func ExampleKaiNexusAPIKey() {
	cred, err := auth.KaiNexusAPIKey("https://api.kainexus.com", auth.NewSecret("my-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	req, err := http.NewRequest(http.MethodGet, "https://api.kainexus.example/items", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cred.Edit(context.Background(), req))
	// Output: auth: this credential is for https://api.kainexus.com and is not sent to https://api.kainexus.example
}

func ExampleKaiNexusOAuth() {
	_, err := auth.KaiNexusOAuth("http://api.kainexus.com", "my-client", auth.NewSecret("my-secret"))
	fmt.Println(err)
	// Output: auth: base URL must be https; plain http is only for loopback
}

func ExampleFromTokens() {
	cred, err := auth.FromTokens("https://app.kinabase.com/api/v1", func(ctx context.Context) (auth.Token, error) {
		// Ask a vault, or another library.
		return auth.Token{Value: auth.NewSecret("a-token"), Expiry: time.Now().Add(time.Hour)}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := cred.Token(context.Background())
	fmt.Println(token.Value, err)
	// Output: [redacted] <nil>
}

func ExampleBearer() {
	_, err := auth.Bearer("https://app.kinabase.com/api/v1", auth.NewSecret("a-token\n"))
	fmt.Println(err)
	// Output: auth: token begins or ends with white space
}

func ExampleGuardRedirects() {
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	srv := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusFound))
	defer srv.Close()

	_, err := auth.GuardRedirects(http.DefaultClient).Get(srv.URL)
	var refused *auth.RedirectError
	fmt.Println(errors.As(err, &refused))
	// Output: true
}

func ExampleSecret() {
	key := auth.NewSecret("my-key")
	fmt.Printf("%v %+v %q %x\n", key, struct{ Key auth.Secret }{key}, key, key)
	fmt.Println(key.Reveal())
	// Output:
	// [redacted] {Key:[redacted]} [redacted] [redacted]
	// my-key
}
