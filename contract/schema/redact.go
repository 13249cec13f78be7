package schema

import (
	"encoding/json"
	"strings"
)

// Redacted is the same finding, with the names and the value that came with the body put
// through a function that takes a credential out: who sent the body may have repeated it. A
// value that was cut may end in the middle of one, and is left out.
func (f Finding) Redacted(redact func(string) string) Finding {
	steps := strings.Split(f.Pointer, "/")
	for i, step := range steps {
		steps[i] = escaper.Replace(redact(pointerUnescaper.Replace(step)))
	}
	f.Pointer = strings.Join(steps, "/")
	f.Value = redactedValue(f.Value, redact)
	return f
}

// redactedValue looks at what a value means, however it is escaped.
func redactedValue(value string, redact func(string) string) string {
	if !strings.HasPrefix(value, `"`) {
		return redact(value)
	}
	var text string
	if err := json.Unmarshal([]byte(value), &text); err != nil {
		return ""
	}
	if redact(text) == text {
		return value
	}
	quoted, _ := json.Marshal(redact(text)) // no string is an error
	return string(quoted)
}
