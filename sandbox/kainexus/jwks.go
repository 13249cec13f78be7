package kainexus

import (
	"encoding/base64"
	"math/big"
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// Choice(jwks) [getAuthorizationServerMetadata]: The keys that sign access tokens are published at /oauth2/jwks as RFC 7517
// has it, where the metadata document points to. There is one.
const jwksPath = "/oauth2/jwks"

// jwk is an RSA key that checks signatures.
type jwk struct {
	Type      string `json:"kty"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	ID        string `json:"kid"`
	Modulus   string `json:"n"`
	Exponent  string `json:"e"`
}

// getKeys is GET /oauth2/jwks.
func (o *operations) getKeys(w http.ResponseWriter, _ *http.Request) {
	public, encoding := signingKey().PublicKey, base64.RawURLEncoding
	jsonbody.Write(w, http.StatusOK, map[string][]jwk{"keys": {{
		Type: "RSA", Use: "sig", Algorithm: "RS256", ID: o.guard.tokens.keyID,
		Modulus:  encoding.EncodeToString(public.N.Bytes()),
		Exponent: encoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
	}}})
}
