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
// [Server.Admin] does what an administrator does on the product's screens, and the same
// is served below [AdminPath]. [WithCollection] adds collections with fields of every
// kind of the product. With [WithStorage] the state outlives the process.
//
// Ids are derived from where a record stands, so the same calls give the same ids in
// every run.
//
// The vendor leaves much unsaid. Where its documentation is silent the emulator had to
// do something; do not take that for a fact about the real service. The choices are
// listed in docs/sandbox-choices.md.
package kinabase
