package fault

import (
	"slices"
	"strings"
)

var kaiNexusMutants = []Fault{
	// A list of items.
	breaks("count-missing", "missing-property", "listItems", "/count", remove, "Leaves count out of a list of items."),
	breaks("count-null", "null", "listItems", "/count", put("null"), "Sends null as count."),
	breaks("count-string", "number-as-string", "listItems", "/count", enclose(`"`, `"`), "Sends count as a string."),
	breaks("count-negative", "out-of-range", "listItems", "/count", put("-1"), "Sends -1 as count."),
	breaks("total-count-case", "wrong-case", "listItems", "/totalCount", rename("totalcount"), "Spells totalCount without its capital."),
	lies("total-count-huge", "huge-number", "listItems", "/totalCount", put("123456789012345678901234567890"), "Sends a totalCount of thirty digits, which no integer type of a machine holds."),
	breaks("items-object", "object-for-array", "listItems", "/items", put("{}"), "Sends an object for the items of a list."),
	breaks("items-renamed", "renamed-property", "listItems", "/items", rename("results"), "Calls the items of a list results."),
	breaks("duration-negative", "out-of-range", "listItems", "/statistics/durationSeconds", put("-1"), "Says that the call took -1 seconds."),
	lies("count-wrong", "envelope-lie", "listItems", "/count", plus(1), "Counts one item too many in count."),
	lies("count-twice", "duplicate-key", "listItems", "/count", twice("0"), "Sends count twice, the second time as 0."),
	lies("total-count-wrong", "envelope-lie", "listItems", "/totalCount", plus(1), "Counts one item too many in totalCount."),
	lies("offset-stuck", "envelope-lie", "listItems", "/offset", put("0"), "Says offset 0 wherever the list starts."),
	lies("limit-wrong", "envelope-lie", "listItems", "/limit", plus(-1), "Says a limit that is one less than asked for."),
	lies("list-extra", "undeclared-property", "listItems", "", insert(`"nextOffset":100`), "Adds nextOffset, which no description declares, to a list."),
	valid(mutant("item-repeated", "repeated-element", "listItems", "Starts each page but the first with an item that the first page had.", itemPages.repeat(), itemPages.needs())),
	valid(mutant("item-skipped", "skipped-element", "listItems", "Leaves the first item out of each page but the first.", itemPages.skip(), itemPages.needs())),
	valid(mutant("items-unstable", "unstable-order", "listItems", "Turns the order of a page's items round on every second call.", itemPages.unstable(), itemPages.needs())),
	valid(mutant("list-oversized", "oversized-page", "listItems", "Sends one item more than limit asks for, where there is one.", itemPages.oversize(), itemPages.needs())),
	valid(mutant("limit-ignored", "ignored-parameter", "listItems", "Answers all items whatever limit asks for.", ignores("limit"), takes("limit"))),
	valid(mutant("offset-ignored", "ignored-parameter", "listItems", "Starts with the first item whatever offset asks for.", ignores("offset"), takes("offset"))),
	valid(mutant("charts-ignored", "ignored-parameter", "listItems", "Leaves the charts out whatever includeCharts asks for.", ignores("includeCharts"), takes("includeCharts"))),
	valid(mutant("badges-ignored", "ignored-parameter", "listUsers", "Leaves the badges out whatever includeBadges asks for.", ignores("includeBadges"), takes("includeBadges"))),

	// One item.
	breaks("timestamp-rfc3339", "wrong-timestamp", "getItem", "/item/createDate", put(`"2019-04-29T16:30:40Z"`), "Writes createDate with a Z, where the vendor writes +0000."),
	breaks("timestamp-date", "wrong-timestamp", "getItem", "/item/createDate", put(`"2019-04-29"`), "Writes createDate without a time of day."),
	breaks("timestamp-milliseconds", "wrong-timestamp", "getItem", "/item/createDate", put("1556555440000"), "Writes createDate as milliseconds since 1970."),
	breaks("item-missing", "missing-property", "getItem", "/item", remove, "Leaves the item out of its envelope."),
	breaks("item-null", "null", "getItem", "/item", put("null"), "Sends null for the item in its envelope."),
	breaks("item-array", "array-for-object", "getItem", "/item", enclose("[", "]"), "Puts an array around the item in its envelope."),
	breaks("item-case", "wrong-case", "getItem", "/item", rename("Item"), "Spells item with a capital."),
	breaks("item-id-string", "number-as-string", "getItem", "/item/id", enclose(`"`, `"`), "Sends the id of an item as a string."),
	breaks("item-id-fraction", "number-form", "getItem", "/item/id", enclose("", ".5"), "Sends an id of an item with a fraction."),
	lies("item-id-inexact", "huge-number", "getItem", "/item/id", put("9007199254740993"), "Sends an id of an item that no float64 holds exactly."),
	lies("item-id-twice", "duplicate-key", "getItem", "/item/id", twice("1"), "Sends the id of an item twice, the second time another one."),
	lies("item-other", "wrong-record", "getItem", "/item/id", plus(1), "Answers an item other than the one asked for."),
	lies("item-stale", "list-and-get-differ", "getItem", "/item/summary", other, "Sends another summary of an item than lists do, or than was written."),
	lies("item-extra", "undeclared-property", "getItem", "/item", insert(`"priority":1`), "Adds priority, which no description declares, to an item."),
	breaks("summary-null", "null", "getItem", "/item/summary", put("null"), "Sends null as the summary of an item."),
	breaks("summary-number", "string-as-number", "getItem", "/item/summary", put("17"), "Sends the summary of an item as a number."),
	breaks("status-unknown", "unknown-enum-member", "getItem", "/item/status", put(`"ARCHIVED"`), "Sends a status of an item that is none of those declared."),
	breaks("status-lowercase", "unknown-enum-member", "getItem", "/item/status", replace(strings.ToLower), "Writes the status of an item in small letters."),
	breaks("status-empty", "empty-string", "getItem", "/item/status", put(`""`), "Sends an empty status of an item."),
	breaks("authors-object", "object-for-array", "getItem", "/item/authors", put("{}"), "Sends an object for the authors of an item."),
	breaks("assigner-array", "array-for-object", "getItem", "/item/assigner", enclose("[", "]"), "Puts an array around the assigner of an item."),

	// Users, locations and values.
	breaks("user-id-string", "number-as-string", "getUser", "/item/id", enclose(`"`, `"`), "Sends the id of a user as a string."),
	breaks("roles-object", "object-for-array", "getUser", "/item/roles", put("{}"), "Sends an object for the roles of a user."),
	breaks("users-renamed", "renamed-property", "listUsers", "/items", rename("users"), "Calls the users of a list users."),
	lies("username-other", "list-and-get-differ", "getUser", "/item/username", other, "Sends another username of a user than lists do."),
	breaks("location-name-number", "string-as-number", "listNetworkLocations", "/items/*/name", put("70"), "Sends the name of a location as a number."),
	breaks("level-type-string", "wrong-type", "getNetworkLocation", "/item/levelType", put(`"Site"`), "Sends a string for the level of a location."),
	breaks("folder-string", "wrong-type", "listAttributeValues", "/items/*/folder", enclose(`"`, `"`), "Sends folder as a string."),
	breaks("rate-string", "number-as-string", "listImpactValues", "/items/*/rate", enclose(`"`, `"`), "Sends a rate as a string."),
	breaks("widget-missing", "missing-property", "getWidget", "/value", remove, "Leaves the value of a Widget out."),
	breaks("widget-nan", "not-json", "getWidget", "/value", put("NaN"), "Sends NaN as the value of a Widget, which JSON does not have."),
	lies("widget-wrong", "wrong-value", "getWidget", "/value", other, "Sends another value of a Widget than it has."),

	// Outcomes of writes.
	breaks("operation-unknown", "unknown-enum-member", "putItem", "/results/*/operation", put(`"MERGE"`), "Reports an operation that is none of those declared."),
	breaks("operation-missing", "missing-property", "putItem", "/results/*/operation", remove, "Does not report which operation a write was."),
	breaks("outcome-id-missing", "missing-property", "putItem", "/results/*/id", remove, "Does not report which record was written."),
	breaks("success-string", "wrong-type", "putItem", "/success", enclose(`"`, `"`), "Sends success as a string."),
	breaks("results-object", "object-for-array", "putItem", "/results", put("{}"), "Sends an object for the outcomes of a write."),
	lies("success-false", "outcome-lie", "putItem", "/success", put("false"), "Reports no success of a write that was one."),
	lies("outcome-id-wrong", "outcome-lie", "putItem", "/results/*/id", plus(1), "Reports that another record was written."),
	lies("operation-wrong", "outcome-lie", "putItem", "/results/*/operation", replace(otherOperation), "Reports that a change was a creation, and a creation a change."),
	lies("outcomes-short", "outcome-lie", "putItems", "/results/last", remove, "Leaves the last outcome of a write out."),
	lies("outcomes-reversed", "unstable-order", "putItems", "/results", reverse, "Reports the outcomes of a write in reverse."),
	valid(mutant("write-not-stored", "lost-write", "putItem", "Reports a change of an item, and stores none of it.", asks("/item", onlyID), is("putItem", "putUser", "putNetworkLocation", "putImpactValue", "putAttributeValue"))),

	// Workbooks.
	valid(mutant("workbook-cut", "cut-file", "exportItems", "Sends half of a workbook, in a message that is whole.", changesBody(func(body []byte) []byte { return body[:len(body)/2] }), is("exportItems", "exportItem", "exportCharts"))),
	mutant("workbook-as-zip", "wrong-content-type", "exportItems", "Says that a workbook is a ZIP file.", labels("application/zip"), is("exportItems", "exportItem", "exportCharts")),

	// Tokens.
	breaks("access-token-missing", "missing-property", "requestToken", "/access_token", remove, "Leaves access_token out."),
	breaks("token-type-missing", "missing-property", "requestToken", "/token_type", remove, "Leaves token_type out."),
	breaks("expires-in-string", "number-as-string", "requestToken", "/expires_in", enclose(`"`, `"`), "Sends expires_in as a string."),
	breaks("expires-in-negative", "out-of-range", "requestToken", "/expires_in", put("-1"), "Says that a token expires in -1 seconds."),
	lies("expires-in-long", "useless-token", "requestToken", "/expires_in", other, "Says that a token is good for longer than it is."),
	lies("access-token-useless", "useless-token", "requestToken", "/access_token", put(`"e30.e30.e30"`), "Sends a token that is then refused."),
	breaks("issuer-missing", "missing-property", "getAuthorizationServerMetadata", "/issuer", remove, "Leaves the issuer out."),
	lies("token-endpoint-elsewhere", "wrong-value", "getAuthorizationServerMetadata", "/token_endpoint", put(`"https://elsewhere.example/oauth2/token"`), "Sends callers to another host for their tokens."),
}

// otherOperation is what a write might have been and was not.
func otherOperation(old string) string {
	if old == `"CREATE"` {
		return `"UPDATE"`
	}
	return `"CREATE"`
}

// onlyID leaves nothing of a record that is to be changed but its id. One without an id
// stays whole: it is to be created.
func onlyID(text []byte, p place) []byte {
	members := inside(text, p)
	at := slices.IndexFunc(members, func(m place) bool { return string(text[m.name:m.nameEnd]) == `"id"` })
	if at < 0 {
		return text
	}
	return splice(text, p.start, p.end, "{"+string(text[members[at].name:members[at].end])+"}")
}
