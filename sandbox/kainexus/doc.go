// Package kainexus is an in-process emulator of the KaiNexus public REST API, for the
// tests of programs that use it.
//
// [New] makes one, with an organization in it, and the result is an [http.Handler] for
// the root of a host:
//
//	sandbox, err := kainexus.New()
//	server := httptest.NewServer(sandbox)
//
// Clients then talk to server.URL with the credentials of [Server.Credentials]: the user
// name "api" and the key as HTTP Basic, or an access token of the OAuth 2.0 server that
// /.well-known/oauth-authorization-server leads to. [Server.IDs] are ids to begin with.
// The emulator keeps state: what is put can be got. It never opens a connection.
//
// What a caller may see and do follows from the Roles and Network Locations of its Service
// Account. The one of [Server.Credentials] may do everything; that of
// [Server.LimitedCredentials] sees a part of the items. [Server.Admin] makes others, and so
// does HTTP under [AdminPath]; see docs/sandbox-admin.md.
//
// The organization has twelve users in six Network Locations, five templates, of charts
// and of each kind of team, forty items, saved lists and Cards, and values of Attributes
// and Impact Types. It is the same in every run, and so are the ids of what is created by
// the same calls. [WithGeneratedItems] adds as many items as a large organization has, and
// [WithStorage] keeps everything beyond the life of the process.
//
// The saved lists of items are 640, of all, 655, of the charts, 660, of the projects by
// when they are due, and 670, a Card of ideas; those of people are 512 and 520, a Card.
// [WithList] adds others.
//
// # Choices
//
// The vendor leaves much unsaid. Where the public facts are silent the emulator had to
// do something; do not take any of that for a fact about the real service. The choices are
// listed in docs/sandbox-choices.md.
//
// # Workbooks of charts
//
// Their layout is a choice too. There is a sheet for each chart, as exported and as
// imported:
//
//	Item   | item id   | Chart      | chart id  |
//	Series | series id |            | series id |
//	Date   | name      | Annotation | name      | Annotation
//	label  | value     | annotation | value     | annotation
//
// Date reads Category where rows are categories. Dates are texts in the vendor's form.
// There is a row for each label of any series, and an empty value means that the series
// has no data point there. The names of sheets do not matter, the ids do.
package kainexus
