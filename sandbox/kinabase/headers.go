package kinabase

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// strictHeaders refuses a call without the two headers that the guides want on every
// call.
//
// Choice(headers): Neither Content-Type nor Accept is looked at, and a body is taken for JSON, since clients are known to
// work without. With WithStrictHeaders or --strict-headers every call needs both to be application/json, parameters aside, and is answered 400
// otherwise. An Accept with */* or application/* is good too, unless it gives application/json the quality 0.
func strictHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := jsonbody.CheckType(r)
		if err == nil && !acceptsJSON(r.Header.Values("Accept")) {
			err = errors.New("the header Accept must be application/json")
		}
		if err != nil {
			refuse(w, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// acceptsJSON tells whether an Accept header lets an answer be JSON. The range that fits
// most closely decides.
func acceptsJSON(lines []string) bool {
	closest, accepted := 0, false
	for _, part := range strings.Split(strings.Join(lines, ","), ",") {
		mediaType, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		closeness := map[string]int{"*/*": 1, "application/*": 2, "application/json": 3}[mediaType]
		if closeness > closest {
			closest, accepted = closeness, !refused(parameters["q"])
		}
	}
	return accepted
}

// refused tells whether a quality says never.
func refused(quality string) bool {
	q, err := strconv.ParseFloat(quality, 64)
	return err == nil && q == 0
}
