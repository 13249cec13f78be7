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
// The organization has twelve users in six Network Locations, three templates of ideas,
// projects and observations, one for each kind of team, a template of charts, forty
// items, and values of Attributes and Impact Types. It is the same in every run, and so
// are the ids of what is created by the same calls.
//
// # Choices
//
// The vendor leaves much unsaid. Where the public facts are silent the emulator had to
// do something; do not take any of this for a fact about the real service:
//
//   - Errors. A refused call answers 400, or 403 ACCESS_DENIED for a record, list or
//     Widget that does not exist or was deleted. Codes other than ACCESS_DENIED are made
//     up. The header Sandbox-Reason says in words what was wrong. An unknown path
//     answers 404, a wrong method 405, with the usual body. Nothing is refused with 429.
//   - Order of checks: the credential, then parameters, then the body. No permissions
//     beyond that are looked at.
//   - A PUT is carried out as a whole or not at all. results follow the body.
//   - Bodies must be application/json, at most 10 MiB and 1,000 levels deep. Keys match in
//     their exact case. Keys that nobody knows are stored and returned.
//   - Omitted keys stay. A list of people, locations or values replaces the stored one.
//     Entries of fields, attributes and milestones replace that of the same Field,
//     Attribute or Milestone only. Null clears, but a null startDate stays null.
//   - A reference with an id and a name means the id. References show the name that the
//     record has now, and vanish when it is gone. A reference to nothing answers 400.
//   - Lists come in the order of ids. Every list has the paging keys; only items take
//     offset and limit. A limit outside 1 to 20,000 is refused.
//   - A new item needs a template, a summary and an author; its status is NEW unless
//     given. customStatus wins over status, except that status DELETED deletes. Statuses
//     set no dates. People that the kind of team does not have are refused.
//   - The template of an item never changes. A score is required and returned where an
//     Attribute has one. A stored rate of an impact stays when the Impact Value changes.
//   - Chart data is written with fullSync=true only, to a chart that exists and is named
//     by id: series that are sent replace those stored. A series has dataPoints, each
//     with a date or category, a value and perhaps an annotation; a series sent without
//     them keeps those it has.
//   - A new user needs userType, firstName, lastName, username and a location; any
//     userType is taken. A new Network Location needs a name, a level type and a parent.
//     Names of locations, and usernames, are unique.
//   - delete removes values and Folders too, unless something is in them or uses them.
//     Of an impactValue's two ids the one in the body counts. Its type may be spelled
//     LEAD_TIME or LeadTime, in any case.
//   - Workbooks of items have one sheet with a row of titles. An import unpacks to at most
//     64 MiB. Rows and columns of its answer count from 1. A series of another name is a
//     warning; everything else wrong undoes the import.
//   - Tokens are good at the address that issued them only, since the issuer is taken from
//     the request. The token endpoint ignores scope.
//
// # Workbooks of charts
//
// Their layout is another choice. There is a sheet for each chart, as exported and as
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
