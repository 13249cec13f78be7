package jsonbody

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
)

// flushEvery is how many elements WriteArray sends at a time.
const flushEvery = 256

// Write answers with value as JSON. It panics on a value that JSON cannot express:
// what an emulator stores has been JSON before.
func Write(w http.ResponseWriter, status int, value any) {
	body := encode(value)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}

// WriteArray answers 200 with a JSON array, element by element: it is sent chunked
// and never held as a whole. When the context of the request ends before the array
// does, the array is left open, so that nobody takes it for the whole of it.
func WriteArray(w http.ResponseWriter, r *http.Request, elements iter.Seq[any]) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	if _, err := w.Write([]byte("[")); err != nil {
		return // the client has gone
	}
	// A flush before the end is what makes net/http choose the chunked form. Not
	// every ResponseWriter has one, and then there is nothing to choose.
	flusher := http.NewResponseController(w)
	_ = flusher.Flush()
	written := 0
	for element := range elements {
		if r.Context().Err() != nil {
			return
		}
		text := encode(element)
		if written > 0 {
			text = append([]byte(","), text...)
		}
		if _, err := w.Write(text); err != nil {
			return
		}
		written++
		if written%flushEvery == 0 {
			_ = flusher.Flush()
		}
	}
	_, _ = w.Write([]byte("]\n"))
}

func encode(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // texts leave as they came
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Sprintf("jsonbody: %T is not JSON: %v", value, err))
	}
	return text.Bytes()
}
