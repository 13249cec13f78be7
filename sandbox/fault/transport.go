package fault

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// transportFaults hit all operations unless they are aimed at one.
var transportFaults = []Fault{
	waits("latency", "Waits before the call is carried out.", func(d time.Duration) effect {
		return effect{before: func(x *exchange) { x.wait(d) }}
	}),
	waits("latency-after", "Carries the call out, and waits before it answers.", func(d time.Duration) effect {
		return effect{after: func(x *exchange) { x.wait(d) }}
	}),
	waits("slow-body", "Sends the body in eight pieces, and waits before each.", func(d time.Duration) effect {
		return sends(func(x *exchange) { sendSlowly(x, d) })
	}),
	transport("hang", "delay", "Never answers, and never carries the call out, until the caller gives up.", effect{before: hang}),
	transport("hang-after", "delay", "Carries the call out, and never answers until the caller gives up.", effect{after: hang}),
	transport("stall", "delay", "Sends half of the body, and no more until the caller gives up.", sends(func(x *exchange) {
		sendHalf(x, len(x.answer.body))
		hang(x)
	})),

	transport("reset", "connection", "Resets the connection instead of carrying the call out.", effect{before: reset}),
	transport("reset-after", "connection", "Carries the call out, and resets the connection instead of answering.", effect{after: reset}),
	transport("close", "connection", "Closes the connection instead of carrying the call out.", effect{before: abort}),
	transport("close-after", "connection", "Carries the call out, and closes the connection instead of answering.", effect{after: abort}),

	transport("truncated", "length", "Breaks the connection off in the middle of the body, whose length was declared.", sends(func(x *exchange) {
		sendHalf(x, len(x.answer.body))
		abort(x)
	})),
	transport("truncated-chunked", "length", "Breaks the connection off in the middle of a body that comes in chunks.", sends(func(x *exchange) {
		sendHalf(x, -1)
		abort(x)
	})),
	transport("length-long", "length", "Declares a Content-Length ten bytes larger than the body, and closes the connection.", sends(func(x *exchange) {
		sendMislabelled(x, len(x.answer.body)+10)
	})),
	transport("length-short", "length", "Declares half the Content-Length, and sends the whole body all the same.", sends(func(x *exchange) {
		sendMislabelled(x, len(x.answer.body)/2)
	})),
	flood,

	answersWith("server-error", "Answers 500 instead of carrying the call out.", http.StatusInternalServerError),
	answersWithAfter("server-error-after", "Carries the call out, and answers 500.", http.StatusInternalServerError),
	badGateway("bad-gateway", "Answers 502 with a page of HTML that claims to be JSON, instead of carrying the call out.", before),
	badGateway("bad-gateway-after", "Carries the call out, and answers 502 with a page of HTML that claims to be JSON.", after),
	retryLater("unavailable", "Answers 503 with Retry-After in seconds, instead of carrying the call out.", http.StatusServiceUnavailable, before, inSeconds),
	retryLater("unavailable-after", "Carries the call out, and answers 503 with Retry-After in seconds.", http.StatusServiceUnavailable, after, inSeconds),
	retryLater("too-many-requests", "Answers 429 with Retry-After in seconds, instead of carrying the call out.", http.StatusTooManyRequests, before, inSeconds),
	retryLater("too-many-requests-date", "Answers 429 with Retry-After as an HTTP date, instead of carrying the call out.", http.StatusTooManyRequests, before, asDate),
	answersWith("too-many-requests-bare", "Answers 429 without Retry-After, instead of carrying the call out.", http.StatusTooManyRequests),
	answersStatus("status", "Answers a status instead of carrying the call out.", before),
	answersStatus("status-after", "Carries the call out, and answers another status.", after),

	transport("gzip", "encoding", "Compresses the body for callers who take gzip.", effect{after: func(x *exchange) {
		x.answer.header.Add("Vary", "Accept-Encoding")
		if takesGzip(x.request) {
			compress(x.answer)
		}
	}}),
	transport("gzip-unasked", "encoding", "Compresses the body for everybody.", effect{after: func(x *exchange) { compress(x.answer) }}),
	transport("gzip-mislabelled", "encoding", "Says that the body is compressed, which it is not.", effect{after: func(x *exchange) {
		x.answer.header.Set("Content-Encoding", "gzip")
	}}),
}

func transport(id, kind, doc string, e effect) Fault {
	return Fault{ID: id, Kind: kind, Doc: doc, Class: Transport, Operation: every, start: plain(e)}
}

// plain is the start of a fault that takes no value.
func plain(e effect) func(string) (effect, error) {
	return func(value string) (effect, error) {
		if value != "" {
			return effect{}, fmt.Errorf("this fault takes none")
		}
		return e, nil
	}
}

// sends makes the effect of sending an answer in another way.
func sends(send func(*exchange)) effect {
	return effect{after: func(x *exchange) { x.answer.send = send }}
}

// before and after carry out what a fault does at different times.
func before(do func(*exchange)) effect { return effect{before: do} }
func after(do func(*exchange)) effect  { return effect{after: do} }

const defaultWait = 200 * time.Millisecond

func waits(id, doc string, with func(time.Duration) effect) Fault {
	return Fault{
		ID: id, Kind: "delay", Doc: doc, Class: Transport, Operation: every,
		Value: "a duration; 200ms unless given",
		start: func(value string) (effect, error) {
			if value == "" {
				return with(defaultWait), nil
			}
			d, err := time.ParseDuration(value)
			if err != nil || d < 0 {
				return effect{}, fmt.Errorf("want a duration, such as 250ms or 2s")
			}
			return with(d), nil
		},
	}
}

// hang waits for the caller to give up.
func hang(x *exchange) {
	<-x.request.Context().Done()
	panic(http.ErrAbortHandler)
}

// sendSlowly sends the body piece by piece.
func sendSlowly(x *exchange, pause time.Duration) {
	const pieces = 8
	length := len(x.answer.body)
	if x.answer.flushed {
		length = -1
	}
	x.sendHead(length)
	x.flush()
	body := x.answer.body
	for i := range pieces {
		x.wait(pause)
		_, _ = x.to.Write(body[len(body)*i/pieces : len(body)*(i+1)/pieces])
		x.flush()
	}
}

// sendHalf sends half of the body, of which another length may be declared.
func sendHalf(x *exchange, length int) {
	x.sendHead(length)
	_, _ = x.to.Write(x.answer.body[:len(x.answer.body)/2])
	x.flush()
}

// flood is for readers that do not limit how much they read.
var flood = Fault{
	ID: "flood", Kind: "length", Class: Transport, Operation: every,
	Doc:   "Lets megabytes of spaces follow the body.",
	Value: "how many megabytes, from 1 to 4096; 64 unless given",
	start: func(value string) (effect, error) {
		megabytes := 64
		if value != "" {
			n, err := positive(value)
			if err != nil || n > 4096 {
				return effect{}, fmt.Errorf("want a number of megabytes from 1 to 4096")
			}
			megabytes = n
		}
		return sends(func(x *exchange) {
			x.sendHead(-1)
			_, err := x.to.Write(x.answer.body)
			spaces := bytes.Repeat([]byte(" "), 1<<20)
			for i := 0; i < megabytes && err == nil && x.request.Context().Err() == nil; i++ {
				_, err = x.to.Write(spaces)
			}
		}), nil
	},
}

// refusal is the body of an answer that is no success.
//
// Choice(refusal-bodies): A fault that refuses a call sends a body that has what the errors of both products
// have: error, success and errorCode.
func refusal(status int) string {
	code := strings.ReplaceAll(strings.ToUpper(http.StatusText(status)), " ", "_")
	return fmt.Sprintf(`{"error":%q,"errorCode":%q,"success":false}`, http.StatusText(status), code)
}

func answersWith(id, doc string, status int) Fault {
	return transport(id, "status", doc, before(refuseWith(status)))
}

func answersWithAfter(id, doc string, status int) Fault {
	return transport(id, "status", doc, after(refuseWith(status)))
}

func refuseWith(status int) func(*exchange) {
	return func(x *exchange) { x.refuse(status, "application/json", refusal(status)) }
}

func badGateway(id, doc string, when func(func(*exchange)) effect) Fault {
	return transport(id, "status", doc, when(func(x *exchange) {
		x.refuse(http.StatusBadGateway, "application/json", "<html><body><h1>502 Bad Gateway</h1></body></html>")
	}))
}

func answersStatus(id, doc string, when func(func(*exchange)) effect) Fault {
	return Fault{
		ID: id, Kind: "status", Doc: doc, Class: Transport, Operation: every,
		Value: "a status from 200 to 599; 504 unless given",
		start: func(value string) (effect, error) {
			status := http.StatusGatewayTimeout
			if value != "" {
				n, err := positive(value)
				if err != nil || n < 200 || n > 599 {
					return effect{}, fmt.Errorf("want a status from 200 to 599")
				}
				status = n
			}
			return when(refuseWith(status)), nil
		},
	}
}

// retryLater refuses, and says when to try again.
func retryLater(id, doc string, status int, when func(func(*exchange)) effect, form func(seconds int) string) Fault {
	return Fault{
		ID: id, Kind: "status", Doc: doc, Class: Transport, Operation: every,
		Value: "seconds until the next try, from 0; 1 unless given",
		start: func(value string) (effect, error) {
			seconds := uint64(1)
			if value != "" {
				var err error
				if seconds, err = strconv.ParseUint(value, 10, 31); err != nil {
					return effect{}, fmt.Errorf("want a whole number of seconds from 0, such as 7")
				}
			}
			return when(func(x *exchange) {
				refuseWith(status)(x)
				x.answer.header.Set("Retry-After", form(int(seconds)))
			}), nil
		},
	}
}

func inSeconds(seconds int) string { return strconv.Itoa(seconds) }

// asDate rounds up: who waits for the moment has waited for the seconds.
func asDate(seconds int) string {
	at := time.Now().Add(time.Duration(seconds)*time.Second + time.Second - 1)
	return at.UTC().Truncate(time.Second).Format(http.TimeFormat)
}

// takesGzip tells whether a caller has asked for gzip, by name or by *, and not with a
// weight of 0.
func takesGzip(request *http.Request) bool {
	for _, line := range request.Header.Values("Accept-Encoding") {
		for entry := range strings.SplitSeq(line, ",") {
			coding, weight, _ := strings.Cut(strings.ReplaceAll(entry, " ", ""), ";")
			refused := strings.HasPrefix(weight, "q=0") && strings.Trim(weight, "q=0.") == ""
			if (strings.EqualFold(coding, "gzip") || coding == "*") && !refused {
				return true
			}
		}
	}
	return false
}

func compress(a *answer) {
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	_, _ = w.Write(a.body)
	_ = w.Close()
	a.body = compressed.Bytes()
	a.header.Set("Content-Encoding", "gzip")
}
