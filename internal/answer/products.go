package answer

import (
	"bytes"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/internal/jsonstream"
)

// KaiNexus reads the answers of KaiNexus. The credential's Redact is what frees them of it.
func KaiNexus(redact func(string) string, options json.Options) *API {
	return &API{Name: "kainexus", Problem: kaiNexusProblem, Redact: redact, Options: options}
}

// Kinabase reads the answers of Kinabase, as [KaiNexus] does those of KaiNexus.
func Kinabase(redact func(string) string, options json.Options) *API {
	return &API{Name: "kinabase", Problem: kinabaseProblem, Redact: redact, Options: options}
}

// kaiNexusProblem finds a refusal in a body: {"success": false, "errorCode": "ACCESS_DENIED"}.
// The status that goes with it is not documented, so it may be 200. Whether a message comes
// along is not known; one under the obvious name is taken. Nor is it known that code and
// message are texts: a refusal is one in whatever form they come.
func kaiNexusProblem(body []byte) (code, message string, refused bool) {
	var said struct {
		Success   jsontext.Value `json:"success"`
		ErrorCode jsontext.Value `json:"errorCode"`
		Message   jsontext.Value `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil {
		return "", "", false
	}
	code = Code(said.ErrorCode)
	if code == "" && said.Success.Kind() != 'f' {
		return "", "", false
	}
	Text(said.Message, &message)
	return code, message, true
}

// Code is a code as text. None, null, "" and 0 are no code.
func Code(value jsontext.Value) (code string) {
	if value.Kind() == '0' && string(value) != "0" {
		return string(value)
	}
	Text(value, &code)
	return code
}

// Text reads a value if it is a text, and tells whether it is.
func Text(value jsontext.Value, into *string) bool {
	return value.Kind() == '"' && json.Unmarshal(value, into) == nil
}

// kinabaseProblem finds the message of a refusal, {"error": "..."} (vendor's reference). A
// success is never taken for one: a record of the 2023 edition may have a field called error.
func kinabaseProblem(body []byte) (code, message string, refused bool) {
	if !bytes.Contains(body, []byte(`"error"`)) {
		return "", "", false
	}
	var said struct {
		Error string `json:"error"`
	}
	if err := jsonstream.Unmarshal(body, &said); err != nil {
		return "", "", false
	}
	return "", said.Error, false
}
