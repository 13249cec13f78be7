// Package auth turns credentials into request editors and token-renewing Doers.
//
// The two calls you want are a constructor and [Credential.Doer]:
//
//	cred, err := auth.KinabaseFromEnv() // or KaiNexusFromEnv, KaiNexusAPIKey, KinabaseApp, ...
//	if err != nil {
//		return err
//	}
//	client := cred.Doer(nil) // has Do(*http.Request), so generated clients accept it
//
// Every credential belongs to one origin (scheme, host and port) and is sent
// nowhere else: not to a URL somebody put together wrongly, and not on a
// redirect. net/http forwards an Authorization header to subdomains, to other
// ports of the same host and from https down to http; a Doer from this package
// refuses such a redirect instead.
//
// [Credential.Edit] sets the header on a request and no more. It fits where
// only an editor fits, but it runs once per call: it can neither renew a token
// that the server rejects nor see a redirect, so the client it is used with
// must come from [GuardRedirects].
//
// Tokens are fetched once for all concurrent callers, renewed in the background
// shortly before they expire, and dropped when the server answers 401. The
// package does not use golang.org/x/oauth2: its Token method takes no context,
// it holds a lock while fetching, its errors print the token endpoint's answer,
// and Kinabase's token call is not OAuth.
package auth

import (
	"context"
	"net/http"
)

// Editor changes a request before it is sent. It is an alias of an unnamed
// function type, so a value fits the RequestEditorFn of every generated client
// without a conversion.
type Editor = func(ctx context.Context, req *http.Request) error

// Doer sends one request. *http.Client is one.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}
