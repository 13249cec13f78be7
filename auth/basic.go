package auth

import "encoding/base64"

// KaiNexusAPIKey makes the credential of a KaiNexus API key: HTTP Basic with
// the fixed user name "api" and the key as password (vendor's page "API Setup
// in KaiNexus", support.kainexus.com/migration/getting-started-with-api).
func KaiNexusAPIKey(baseURL string, key Secret) (*Credential, error) {
	return kaiNexusAPIKey("base URL", baseURL, "API key", key)
}

func kaiNexusAPIKey(baseName, baseURL, keyName string, key Secret) (*Credential, error) {
	base, at, err := parseBase(baseName, baseURL)
	if err != nil {
		return nil, err
	}
	if err := checkSecret(keyName, key); err != nil {
		return nil, err
	}
	value := basic("api", key.Reveal())
	return &Credential{
		kind:   "KaiNexus API key",
		base:   base,
		origin: at,
		fixed:  &grant{scheme: "Basic", value: value, secrets: []Secret{key, value}},
	}, nil
}

// basic is the value of RFC 7617 section 2. The user must not hold a colon.
func basic(user, password string) Secret {
	return NewSecret(base64.StdEncoding.EncodeToString([]byte(user + ":" + password)))
}
