package auth

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// jwtExpiry reads the exp claim (RFC 7519 section 4.1.4: seconds since 1970,
// fractions allowed) of a signed JWT. The signature is not verified: only the
// server can, and what is read here decides nothing but when to renew. A token
// without a readable exp reports false, since it need not be a JWT at all.
func jwtExpiry(token string) (seconds float64, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 { // RFC 7515 section 3.1
		return 0, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return 0, false
	}
	var claims map[string]json.RawMessage // a struct would match EXP as well
	if json.Unmarshal(payload, &claims) != nil {
		return 0, false
	}
	return jsonNumber(claims["exp"])
}

// jsonNumber reads a JSON number of any size; one too large is ±Inf.
func jsonNumber(raw json.RawMessage) (float64, bool) {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return 0, false
	}
	n, _ := strconv.ParseFloat(string(raw), 64) // the only error left is the range
	return n, true
}
