package contract

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// maxCurlBody is the longest body that a curl line repeats, in bytes.
const maxCurlBody = 4 << 10

// curl writes a command that repeats the call. Credentials are shell variables with the
// names that the command reads its environment by.
func (r *run) curl(x *exchange) string {
	if x.request == nil {
		return ""
	}
	words := []string{"curl", "-sS", "-i"}
	if x.request.Method != http.MethodGet {
		words = append(words, "-X", x.request.Method)
	}
	switch {
	case x.operation.ID == "requestToken":
		secret := "$KAINEXUS_CLIENT_SECRET"
		if _, sent, _ := x.request.BasicAuth(); sent == url.QueryEscape(wrongSecret) {
			secret = wrongSecret
		}
		words = append(words, "-u", `"$KAINEXUS_CLIENT_ID:`+secret+`"`)
	case x.anonymous:
	case r.target.API == KaiNexus && r.clientID == "" && strings.Contains(r.target.Credential.String(), "API key"):
		words = append(words, "-u", `"api:$KAINEXUS_API_KEY"`)
	case r.target.API == KaiNexus:
		words = append(words, "-H", `"Authorization: Bearer $KAINEXUS_TOKEN"`)
	default:
		words = append(words, "-H", `"Authorization: Bearer $KINABASE_TOKEN"`)
	}
	contentType, _, _ := strings.Cut(x.request.Header.Get("Content-Type"), ";")
	switch {
	case contentType == "multipart/form-data":
		words = append(words, "-F", "file=@charts.xlsx")
	case len(x.sent) > 0:
		words = append(words, "-H", quote("Content-Type: "+contentType))
		if len(x.sent) <= maxCurlBody {
			words = append(words, "--data-raw", r.quoteBody(x.sent))
		} else {
			words = append(words, "--data-binary", "@body")
		}
	}
	return strings.Join(append(words, r.quoteURL(x)), " ")
}

// quote makes one shell word.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// quoteBody makes one shell word of a JSON body, in which the client's id and secret have
// become variables, and what is somebody's data has too.
func (r *run) quoteBody(body []byte) string {
	variables := map[API][2]string{
		KaiNexus: {"KAINEXUS_CLIENT_ID", "KAINEXUS_CLIENT_SECRET"},
		Kinabase: {"KINABASE_APP_ID", "KINABASE_APP_SECRET"},
	}[r.target.API]
	value, err := decodeJSON(body)
	if err != nil {
		return quote(string(body))
	}
	const mark = "\x00"
	value = scalars(value, func(text string) any {
		switch {
		case text == "":
		case text == r.clientID:
			return mark + variables[0] + mark
		case text == r.clientSecret.Reveal():
			return mark + variables[1] + mark
		case r.isData(text) && !r.isMember(text):
			return "$VALUE"
		}
		return nil
	})
	text, err := json.Marshal(value)
	if err != nil {
		return "@body"
	}
	// The marks, which JSON writes like this, break out of the quotes so that the shell
	// sees the variable.
	parts := strings.Split(quote(string(text)), `\u0000`)
	for i := 1; i < len(parts); i += 2 {
		parts[i] = `'"$` + parts[i] + `"'`
	}
	return strings.Join(parts, "")
}

// wrongSecret is what a call that should be refused is made with.
const wrongSecret = "not the secret"
