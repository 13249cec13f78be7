package auth

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// largestAnswer bounds what is read of a token or metadata answer, in bytes.
// Real ones have a few thousand.
const largestAnswer = 256 << 10

// oauthCodes are the error codes of RFC 6749 section 5.2. Any other text in
// their place may be anything, the secret included, and is not repeated.
var oauthCodes = []string{
	"invalid_request", "invalid_client", "invalid_grant",
	"unauthorized_client", "unsupported_grant_type", "invalid_scope",
}

// exchange sends a request for a token or metadata and gives the body of a 2xx
// answer to parse, whose errors must not repeat it. All errors come back as
// [*TokenError].
func exchange(d Doer, req *http.Request, parse func(body []byte) error, secrets ...Secret) error {
	fail := &TokenError{Endpoint: endpointOf(req.URL)}
	resp, err := d.Do(req)
	if err == nil && resp == nil {
		err = errors.New("neither a response nor an error came back")
	}
	if err != nil {
		fail.Err = withhold(withoutURL(err), secrets)
		return fail
	}
	defer discard(resp.Body)
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestAnswer+1))
	fail.Status = resp.StatusCode
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		fail.Code = oauthCode(body)
		fail.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
		return fail
	}
	switch {
	case err != nil:
		fail.Err = withhold(err, secrets)
	case len(body) > largestAnswer:
		fail.Err = errors.New("the answer is larger than " + strconv.Itoa(largestAnswer) + " bytes")
	default:
		fail.Err = parse(body)
	}
	if fail.Err != nil {
		return fail
	}
	return nil
}

// endpointOf leaves out the query and whatever else might be private.
func endpointOf(u *url.URL) string {
	return originOf(u).String() + u.EscapedPath()
}

// withoutURL takes off what net/http puts around an error: the URL, which
// TokenError states already and which for a redirect is the server's own text.
func withoutURL(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func oauthCode(body []byte) string {
	fields, err := jsonObject(body)
	if err != nil {
		return ""
	}
	if code, _ := jsonString(fields["error"]); slices.Contains(oauthCodes, code) {
		return code
	}
	return ""
}

// retryAfter reads both forms of RFC 9110 section 10.2.3, up to a day.
func retryAfter(value string, now time.Time) time.Duration {
	const longest = 24 * time.Hour
	var d time.Duration
	if n, err := strconv.ParseUint(value, 10, 64); err == nil {
		d = time.Duration(min(n, uint64(longest/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), longest)
}

var errNotJSON = errors.New("the answer is not a JSON object")

// jsonObject keeps names apart that a struct would not: encoding/json takes
// Token for token. Its error does not quote the body.
func jsonObject(body []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return nil, errNotJSON
	}
	return fields, nil
}

func jsonString(raw json.RawMessage) (s string, ok bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	return s, json.Unmarshal(raw, &s) == nil
}
