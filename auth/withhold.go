package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
)

// leaks reports whether text repeats one of the secrets, as it is or in a
// spelling that URLs, JSON, Go's %q or HTTP Basic give it. Error texts of
// net/http need this: they quote what the server sent (a malformed status line,
// a bad Location), and a server that was sent a secret can send it back.
func leaks(text string, secrets []Secret) bool {
	text = strings.ToLower(text) // hosts are lower-cased on the way
	for _, secret := range secrets {
		if secret.IsZero() {
			continue
		}
		for _, spelling := range spellings(secret.Reveal()) {
			if strings.Contains(text, strings.ToLower(spelling)) {
				return true
			}
		}
	}
	return false
}

func spellings(s string) []string {
	inJSON, _ := json.Marshal(s) // a string always marshals
	return []string{
		s,
		url.QueryEscape(s),
		url.PathEscape(s),
		strings.Trim(strconv.Quote(s), `"`),
		strings.Trim(string(inJSON), `"`),
		base64.StdEncoding.EncodeToString([]byte(s)),
		base64.RawURLEncoding.EncodeToString([]byte(s)),
	}
}

// quoted makes text from a server printable in an error: short, escaped, and
// withheld when it repeats a secret.
func quoted(text string, secrets []Secret) string {
	const longest = 200 // characters enough for any real URL of metadata
	switch {
	case leaks(text, secrets):
		return "a value that repeats the credential"
	case len(text) > longest:
		return strconv.QuoteToASCII(text[:longest]) + "..."
	}
	return strconv.QuoteToASCII(text)
}

// withhold returns err unless its text repeats a secret. Then only what a
// caller needs to match on is left of it.
func withhold(err error, secrets []Secret) error {
	if err == nil || !leaks(err.Error(), secrets) {
		return err
	}
	var redirect *RedirectError
	var token *TokenError
	switch {
	case errors.As(err, &token) && !leaks(token.Endpoint, secrets):
		safe := *token
		safe.Err = withhold(token.Err, secrets)
		return &safe
	case errors.As(err, &redirect):
		safe := *redirect
		if leaks(safe.To, secrets) {
			safe.To = "an origin that repeats the credential"
		}
		return &safe
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	}
	return errors.New("the request failed; the reason is withheld because it repeats the credential")
}
