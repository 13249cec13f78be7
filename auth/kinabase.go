package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// KinabaseApp makes the credential of a Kinabase app, whose id and secret
// POST {baseURL}/token exchanges for a JWT that lasts an hour (vendor's page
// www.kinabase.com/developer/api/endpoints/auth). There is no refresh token;
// renewing is the same call again. Nothing is fetched before the first use.
func KinabaseApp(baseURL, appID string, secret Secret, opts ...Option) (*Credential, error) {
	return kinabaseApp("base URL", baseURL, "app id", appID, "app secret", secret, opts)
}

func kinabaseApp(baseName, baseURL, idName, appID, secretName string, secret Secret, opts []Option) (*Credential, error) {
	set, err := settle("KinabaseApp", opts, optTokenClient, optTokenTimeout)
	if err != nil {
		return nil, err
	}
	base, at, err := checkClient(baseName, baseURL, idName, appID, secretName, secret)
	if err != nil {
		return nil, err
	}
	endpoint, err := url.Parse(base + "/token")
	if err != nil {
		return nil, errors.New("auth: " + baseName + " is not a URL")
	}
	app := &kinabase{endpoint: endpoint, client: neverRedirected(set.client), id: appID, secret: secret}
	return &Credential{
		kind:   "Kinabase app",
		base:   base,
		origin: at,
		tokens: newCache(app.fetch, set.timeout),

		clientID:     appID,
		clientSecret: secret,
	}, nil
}

type kinabase struct {
	endpoint *url.URL
	client   Doer
	id       string
	secret   Secret
}

// fetch sends the secret as "secret". The vendor's guides also write
// "appSecret", but the endpoint's own page and every client that is known to
// work send this.
func (k *kinabase) fetch(ctx context.Context) (Token, error) {
	login, err := json.Marshal(map[string]string{"appId": k.id, "secret": k.secret.Reveal()})
	if err != nil {
		return Token{}, errors.New("auth: the app id and secret do not fit JSON")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, k.endpoint.String(), bytes.NewReader(login))
	if err != nil {
		return Token{}, fmt.Errorf("auth: request a token: %w", withoutURL(err))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	asked := time.Now() // see clientCredentials.request
	var t Token
	err = exchange(k.client, req, func(body []byte) (err error) {
		t, err = parseKinabaseToken(body, asked)
		return err
	}, k.secret)
	return t, err
}

// parseKinabaseToken reads {"token": "<JWT>"}. The answer states no lifetime.
func parseKinabaseToken(body []byte, asked time.Time) (Token, error) {
	fields, err := jsonObject(body)
	if err != nil {
		return Token{}, err
	}
	token, ok := jsonString(fields["token"])
	if !ok {
		return Token{}, errors.New("the answer has no token")
	}
	if !visibleASCII(token) {
		return Token{}, errors.New("token " + errTokenText.Error())
	}
	return Token{Value: NewSecret(token), Expiry: expiryOf(token, asked)}, nil
}
