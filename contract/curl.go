package contract

import (
	"encoding/json"
	"fmt"
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
	if accept := x.request.Header.Get("Accept"); accept != "" {
		words = append(words, "-H", quote("Accept: "+accept))
	}
	contentType, _, _ := strings.Cut(x.request.Header.Get("Content-Type"), ";")
	switch contentType {
	case "":
	case "multipart/form-data":
		words = append(words, "-F", "file=@charts.xlsx") // which says so itself
	default:
		words = append(words, "-H", quote("Content-Type: "+contentType))
	}
	switch {
	case contentType == "multipart/form-data" || len(x.sent) == 0:
	case len(x.sent) <= maxCurlBody:
		words = append(words, "--data-raw", r.quoteBody(x.sent))
	default:
		words = append(words, "--data-binary", "@body")
	}
	return strings.Join(append(words, r.quoteURL(x)), " ")
}

// quote makes one shell word.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// quoteBody makes one shell word of a JSON body. The client's id and secret, and what is
// somebody's data, are variables in it, outside of the single quotes that hold the rest.
func (r *run) quoteBody(body []byte) string {
	value, err := decodeJSON(body)
	if err != nil {
		return quote(string(body))
	}
	var word strings.Builder
	literal := func(text string) { word.WriteString(strings.ReplaceAll(text, "'", `'\''`)) }
	text := func(value string) {
		encoded, err := json.Marshal(value)
		if err != nil {
			encoded = []byte(`""`)
		}
		literal(string(encoded))
	}
	var write func(key string, value any)
	write = func(key string, value any) {
		switch value := value.(type) {
		case map[string]any:
			word.WriteByte('{')
			for i, name := range sortedKeys(value) {
				if i > 0 {
					word.WriteByte(',')
				}
				text(name)
				word.WriteByte(':')
				write(name, value[name])
			}
			word.WriteByte('}')
		case []any:
			word.WriteByte('[')
			for i, element := range value {
				if i > 0 {
					word.WriteByte(',')
				}
				write(key, element)
			}
			word.WriteByte(']')
		case string:
			if name := r.variableFor(key, value); name != "" {
				word.WriteString(`"'"$` + name + `"'"`)
			} else {
				text(value)
			}
		case json.Number:
			if name := r.variableFor(key, value.String()); name != "" {
				word.WriteString(`'"$` + name + `"'`)
			} else {
				literal(value.String())
			}
		case bool:
			fmt.Fprint(&word, value)
		default:
			word.WriteString("null")
		}
	}
	write("value", value)
	return "'" + word.String() + "'"
}

// variableFor names the shell variable that stands for a value, if one has to.
func (r *run) variableFor(key, value string) string {
	names := map[API][2]string{
		KaiNexus: {"KAINEXUS_CLIENT_ID", "KAINEXUS_CLIENT_SECRET"},
		Kinabase: {"KINABASE_APP_ID", "KINABASE_APP_SECRET"},
	}[r.target.API]
	switch {
	case value == "":
	case value == r.clientID:
		return names[0]
	case value == r.clientSecret.Reveal():
		return names[1]
	case r.isData(value) && !r.isMember(value):
		return variable(key)
	}
	return ""
}

// wrongSecret is what a call that should be refused is made with.
const wrongSecret = "not the secret"
