package auth

import "fmt"

// Bearer makes a credential of a token that somebody else got and that is not
// renewed.
func Bearer(baseURL string, token Secret) (*Credential, error) {
	base, at, err := parseBase("base URL", baseURL)
	if err != nil {
		return nil, err
	}
	if err := checkSecret("token", token); err != nil {
		return nil, err
	}
	if !visibleASCII(token.Reveal()) {
		return nil, fmt.Errorf("auth: token %w", errTokenText)
	}
	return &Credential{
		kind:   "bearer token",
		base:   base,
		origin: at,
		fixed:  &grant{scheme: "Bearer", value: token, secrets: []Secret{token}},
	}, nil
}
