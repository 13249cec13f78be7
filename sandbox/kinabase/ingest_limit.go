package kinabase

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// defaultIngestLimit is how many calls to ingest an app may make in a minute.
//
// Choice(ingest-limit) [ingestRecords]: An app that calls ingest more than 100 times within a minute is answered 429, until the oldest of
// those calls is a minute old. That is the figure that an older page has for all calls; no other call is ever answered
// 429. Calls that fail count, those answered 429 do not.
const defaultIngestLimit = 100

// ingestLimit counts the calls to ingest, by app.
type ingestLimit struct {
	perMinute int // 0 for any number
	clock     func() time.Time

	mu    sync.Mutex
	calls map[string][]time.Time // of the last minute, oldest first
}

// take counts a call, or tells how long to wait before the next one.
func (l *ingestLimit) take(app string) time.Duration {
	if l.perMinute == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	calls := l.calls[app]
	for len(calls) > 0 && now.Sub(calls[0]) >= time.Minute {
		calls = calls[1:]
	}
	if len(calls) >= l.perMinute {
		l.calls[app] = calls
		return time.Minute - now.Sub(calls[0])
	}
	l.calls[app] = append(calls, now)
	return 0
}

// guard lets a call to ingest pass to its operation unless there were too many.
func (l *ingestLimit) guard(w http.ResponseWriter, app string) bool {
	wait := l.take(app)
	if wait <= 0 {
		return true
	}
	// Choice(retry-after): A 429 says in the header Retry-After how many seconds to wait, rounded up.
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	answerError(w, http.StatusTooManyRequests, fmt.Sprintf("ingest was called too often: the limit is %d in a minute", l.perMinute))
	return false
}
