package contract

import (
	"encoding/json"
	"net/http"
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
		words = append(words, "-u", `"$KAINEXUS_CLIENT_ID:$KAINEXUS_CLIENT_SECRET"`)
	case !wantsCredential(x.operation):
	case r.target.API == KaiNexus && r.clientID == "":
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
			words = append(words, "--data-raw", r.quoteBody(r.withoutData(x.sent)))
		} else {
			words = append(words, "--data-binary", "@body")
		}
	}
	return strings.Join(append(words, r.quoteURL(x)), " ")
}

// quote makes one shell word.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// quoteBody makes one shell word of a body, in which the client's id and secret have
// become variables.
func (r *run) quoteBody(body []byte) string {
	text := quote(string(body))
	variables := map[API][2]string{
		KaiNexus: {"$KAINEXUS_CLIENT_ID", "$KAINEXUS_CLIENT_SECRET"},
		Kinabase: {"$KINABASE_APP_ID", "$KINABASE_APP_SECRET"},
	}[r.target.API]
	for i, value := range []string{r.clientID, r.clientSecret.Reveal()} {
		if value == "" {
			continue
		}
		escaped, err := json.Marshal(value)
		if err != nil {
			continue
		}
		inside := strings.TrimSuffix(strings.TrimPrefix(string(escaped), `"`), `"`)
		for _, form := range []string{inside, value} {
			text = strings.ReplaceAll(text, strings.ReplaceAll(form, "'", `'\''`), `'"`+variables[i]+`"'`)
		}
	}
	return text
}
