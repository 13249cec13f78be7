package kinabase

import "net/http"

// defaultIngestLimit is how many calls to ingest an app may make in a minute.
//
// Choice(ingest-limit) [ingestRecords]: An app that calls ingest more than 100 times within a minute is answered 429, until
// the rate of 100 in a minute has made up for it. That is the figure that an older page has for all calls; no other call
// is answered 429 unless WithRateLimit or --rate says so. Calls that fail count, those answered 429 do not.
const defaultIngestLimit = 100

// refuseRate answers a call too many.
//
// Choice(retry-after): A 429 says in the header Retry-After how many seconds to wait, rounded up.
func refuseRate(w http.ResponseWriter, reason string) {
	answerError(w, http.StatusTooManyRequests, reason)
}
