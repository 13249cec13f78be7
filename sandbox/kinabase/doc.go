// Package kinabase is an in-process emulator of the Kinabase API, for the tests of
// programs that use it.
//
// [New] makes one, with some data in it, and the result is an [http.Handler]:
//
//	sandbox, err := kinabase.New()
//	server := httptest.NewServer(sandbox)
//
// Clients then talk to server.URL + [BasePath] with the credentials of [Server.App].
// The emulator keeps state: what is created can be read, changed and deleted. It
// checks what the documentation says is checked: tokens and their hour, field keys and
// their case, sizes of pages and of bulk calls. It never opens a connection.
//
// Ids are derived from where a record stands, so the same calls give the same ids in
// every run.
//
// # Choices
//
// The vendor leaves much unsaid. Where its documentation is silent the emulator had to
// do something; do not take any of this for a fact about the real service:
//
//   - Records and activities come in the order in which they were added.
//   - A pageSize outside 1 to 300, or any parameter that the description does not
//     allow, is refused with 400. A page past the end is empty. Parameters that are not
//     described are ignored.
//   - /all refuses a collection with more than 100,000 matching records with 400, rather
//     than leave some out.
//   - GET /collections answers a bare array of objects with id, slug and name.
//   - A bulk call is all or nothing. A change or deletion of an unknown id answers 404
//     and changes nothing.
//   - Bodies that are not documented at all are {}: those of /status, of deletions and
//     of bulk calls. A changed record and a new activity are answered as stored.
//   - A field set to null reads as null. A field never set is absent. Values of any JSON
//     type are accepted in any field; only keys are checked.
//   - The id, numericId, lists and fileStorage of a record that is sent in are ignored,
//     but for the id in a bulk change.
//   - external replaces all links of a record when it is an array, and leaves them alone
//     when it is null or absent. A link needs key and id. Where two records carry the
//     same link, the one added first answers to it.
//   - lists, when asked for, is an empty array: no collection here has any.
//   - Every collection tracks all of its fields. An ingested value becomes the value of
//     the field unless a newer sample came before. One bad sample fails its whole record;
//     a body in the wrong shape fails the call with 400. mode is ignored, and
//     no errorCode is answered.
//   - Only ids address a record, not numbers. Deletion is final, and a number is never
//     given twice. What was written about a record goes with it.
//   - The 2023 edition differs in how records are answered, and in nothing else.
//   - An unknown path answers 404 and a wrong method 405, both with the usual error body
//     and without a look at the credentials.
//   - Otherwise credentials come first, then parameters, the collection and the body. A
//     body that is malformed, larger than 10 MiB, nested more than 1,000 levels deep or
//     without the documented Content-Type answers 400. Accept is not looked at.
//   - Keys are case-sensitive everywhere: one that is a known key but for its case is
//     refused, and other unknown keys outside of data are ignored.
//   - Nothing is ever refused with 429.
package kinabase
