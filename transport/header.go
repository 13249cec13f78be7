package transport

import (
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
)

// AttemptHeader tells the server how often a request was sent: "1" on the first attempt.
const AttemptHeader = "Kaikina-Attempt"

const module = "github.com/kaikina/kaikina"

// withDefaults is a copy of a header with what every request has. What is there stays.
func withDefaults(h http.Header, userAgent string) http.Header {
	with := make(http.Header, len(h)+3)
	for name, values := range h {
		with[name] = values
	}
	if len(with["Accept"]) == 0 {
		with["Accept"] = acceptJSON
	}
	if _, ok := with["User-Agent"]; !ok { // an empty one asks for none
		with["User-Agent"] = []string{userAgent}
	}
	return with
}

var acceptJSON = []string{"application/json"}

// userAgent is such as "nightly-sync/1.4 kaikina/v0.3.0 (go1.26.8)".
func (c Config) userAgent() string {
	own := "kaikina/" + version() + " (" + runtime.Version() + ")"
	if c.UserAgent == "" {
		return own
	}
	return c.UserAgent + " " + own
}

// version is that of this module in the program, or "devel" when it is built from a checkout.
var version = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	return versionIn(info)
})

func versionIn(info *debug.BuildInfo) string {
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path != module {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		if m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "devel"
}

// AttemptsOf is how often the request of an answer or of a failure was sent, as far as
// that is known: 0 when it was not sent at all. Either argument may be nil.
func AttemptsOf(answer *http.Response, err error) int {
	if n, ok := attemptsOf(err); ok {
		return n
	}
	if answer == nil || answer.Request == nil {
		return 0
	}
	n, _ := strconv.Atoi(answer.Request.Header.Get(AttemptHeader))
	return n
}

// requestIDs are the headers in which servers and proxies tell what they call a request. The
// vendors document none.
var requestIDs = []string{"X-Request-Id", "Request-Id", "X-Correlation-Id", "X-Trace-Id", "X-Amzn-Requestid", "X-Ms-Request-Id"}

// RequestID is what the server calls a request, if one of the usual headers says so. Control
// characters are escaped and a long one is cut.
func RequestID(h http.Header) string {
	for _, name := range requestIDs {
		if id := h.Get(name); id != "" {
			return printable(id, 100)
		}
	}
	return ""
}
