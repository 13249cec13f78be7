package fault

import (
	"net/http"
	"strings"
)

var kinabaseMutants = []Fault{
	// A page of records.
	breaks("total-missing", "missing-property", "listRecords", "/totalRecords", remove, "Leaves totalRecords out of a page."),
	breaks("total-null", "null", "listRecords", "/totalRecords", put("null"), "Sends null as totalRecords."),
	breaks("total-string", "number-as-string", "listRecords", "/totalRecords", enclose(`"`, `"`), "Sends totalRecords as a string."),
	breaks("total-fraction", "number-form", "listRecords", "/totalRecords", enclose("", ".5"), "Sends a totalRecords with half a record in it."),
	breaks("total-negative", "out-of-range", "listRecords", "/totalRecords", put("-1"), "Sends -1 as totalRecords."),
	breaks("total-huge", "huge-number", "listRecords", "/totalRecords", put("1e400"), "Sends a totalRecords that no float64 holds."),
	breaks("total-renamed", "renamed-property", "listRecords", "/totalRecords", rename("total"), "Calls totalRecords total."),
	lies("total-exponent", "number-form", "listRecords", "/totalRecords", enclose("", "e0"), "Writes totalRecords with an exponent, as in 25e0."),
	lies("total-twice", "duplicate-key", "listRecords", "/totalRecords", twice("0"), "Sends totalRecords twice, the second time as 0."),
	lies("total-wrong", "envelope-lie", "listRecords", "/totalRecords", plus(1), "Counts one record too many in totalRecords."),
	lies("page-index-stuck", "envelope-lie", "listRecords", "/pageIndex", put("0"), "Says pageIndex 0 on every page."),
	lies("page-size-wrong", "envelope-lie", "listRecords", "/pageSize", plus(-1), "Says a pageSize that is one less than asked for."),
	breaks("page-size-zero", "out-of-range", "listRecords", "/pageSize", put("0"), "Says pageSize 0."),
	breaks("page-size-beyond", "out-of-range", "listRecords", "/pageSize", put("1000"), "Says a pageSize above the highest."),
	breaks("records-null", "null", "listRecords", "/records", put("null"), "Sends null for the records of a page."),
	breaks("records-object", "object-for-array", "listRecords", "/records", put("{}"), "Sends an object for the records of a page."),
	breaks("records-case", "wrong-case", "listRecords", "/records", rename("Records"), "Spells records with a capital."),
	lies("page-extra", "undeclared-property", "listRecords", "", insert(`"hasMore":true`), "Adds hasMore, which no description declares, to a page."),
	valid(mutant("record-repeated", "repeated-element", "listRecords", "Starts each page but the first with a record that the first page had.", recordPages.repeat(), recordPages.needs())),
	valid(mutant("record-skipped", "skipped-element", "listRecords", "Leaves the first record out of each page but the first.", recordPages.skip(), recordPages.needs())),
	valid(mutant("records-unstable", "unstable-order", "listRecords", "Turns the order of a page's records round on every second call.", recordPages.unstable(), recordPages.needs())),
	valid(mutant("page-oversized", "oversized-page", "listRecords", "Sends one record more than asked for, where there is one.", recordPages.oversize(), recordPages.needs())),
	valid(mutant("page-index-ignored", "ignored-parameter", "listRecords", "Answers the first page whatever pageIndex asks for.", ignores("pageIndex"), takes("pageIndex"))),
	valid(mutant("updated-after-ignored", "ignored-filter", "listRecords", "Answers all records whatever updatedAfter asks for.", ignores("updatedAfter"), takes("updatedAfter"))),
	valid(mutant("external-service-ignored", "ignored-filter", "listRecords", "Answers all records whatever externalService asks for.", ignores("externalService"), takes("externalService"))),

	// All records at once.
	lies("all-short", "all-differs", "listAllRecords", "/last", remove, "Leaves the last record out of the call for all."),
	lies("all-extra", "all-differs", "listAllRecords", "", another("/id", put(`"00000000-0000-4000-8000-000000000000"`)), "Adds a record that no page has to the call for all."),
	lies("all-changed", "all-differs", "listAllRecords", "/*/data/*", other, "Sends another value of the first record than the pages do."),
	lies("all-repeated", "repeated-element", "listAllRecords", "", repeatLast, "Sends the last record of the call for all twice."),
	breaks("all-enveloped", "object-for-array", "listAllRecords", "", enclose(`{"records":`, `}`), "Puts an envelope around the call for all."),

	// One record.
	lies("record-neither", "missing-property", "getRecord", "/data", remove, "Sends a record of neither generation: no data, no recordId."),
	lies("record-other", "wrong-record", "getRecord", "/id", put(`"00000000-0000-4000-8000-000000000000"`), "Answers a record other than the one asked for."),
	lies("record-stale", "list-and-get-differ", "getRecord", "/data/*", other, "Sends another value of a record than lists do, or than was written."),
	breaks("record-id-missing", "missing-property", "getRecord", "/id", remove, "Leaves the id out of a record."),
	breaks("record-id-null", "null", "getRecord", "/id", put("null"), "Sends null as the id of a record."),
	breaks("record-id-empty", "empty-string", "getRecord", "/id", put(`""`), "Sends an empty id of a record."),
	breaks("record-id-number", "string-as-number", "getRecord", "/id", put("17"), "Sends the id of a record as a number."),
	breaks("record-id-case", "wrong-case", "getRecord", "/id", rename("Id"), "Spells id with a capital."),
	breaks("record-data-string", "wrong-type", "getRecord", "/data", put(`"PO-001"`), "Sends a string for the data of a record."),
	breaks("record-data-array", "array-for-object", "getRecord", "/data", enclose("[", "]"), "Puts an array around the data of a record."),
	breaks("record-data-null", "null", "getRecord", "/data", put("null"), "Sends null for the data of a record."),
	breaks("record-external-object", "object-for-array", "getRecord", "/external", put("{}"), "Sends an object for the links of a record."),
	breaks("record-number-string", "number-as-string", "getRecord", "/numericId", enclose(`"`, `"`), "Sends numericId as a string."),
	lies("record-number-inexact", "huge-number", "getRecord", "/numericId", put("9007199254740993"), "Sends a numericId that no float64 holds exactly."),
	lies("record-id-twice", "duplicate-key", "getRecord", "/id", twice(`"00000000-0000-4000-8000-000000000000"`), "Sends the id of a record twice, the second time another one."),
	lies("record-extra", "undeclared-property", "getRecord", "", insert(`"owner":"jdoe"`), "Adds owner, which no description declares, to a record."),
	breaks("link-id-number", "string-as-number", "getExternalRecord", "/external/*/id", put("17"), "Sends the id of a link as a number."),
	breaks("links-enveloped", "object-for-array", "getExternalRecord", "/external", enclose(`{"links":`, `}`), "Puts an envelope around the links of a record."),

	// Tokens.
	breaks("token-missing", "missing-property", "createToken", "/token", remove, "Leaves the token out."),
	breaks("token-empty", "empty-string", "createToken", "/token", put(`""`), "Sends an empty token."),
	breaks("token-object", "wrong-type", "createToken", "/token", enclose(`{"value":`, `}`), "Puts an object around the token."),
	breaks("token-renamed", "renamed-property", "createToken", "/token", rename("access_token"), "Calls the token access_token."),
	lies("token-useless", "useless-token", "createToken", "/token", put(`"e30.e30.e30"`), "Sends a token that is then refused."),
	mutant("status-body", "undeclared-body", "getStatus", "Sends a body where none is declared, with the 401 of getStatus.", after(func(x *exchange) {
		if x.answer.status == http.StatusUnauthorized {
			x.refuse(http.StatusUnauthorized, "application/json", `{"error":"no"}`)
		}
	}), is("getStatus")),

	// Writes.
	valid(mutant("create-not-stored", "lost-write", "createRecord", "Answers a new record with 200, and forgets it.", after(forget), is("createRecord"))),
	valid(mutant("update-not-stored", "lost-write", "updateRecord", "Answers a change with 200, and stores none of it.", asks("/data", put("{}")), is("updateRecord", "updateExternalRecord"))),
	valid(mutant("delete-not-done", "lost-write", "deleteRecord", "Answers a deletion with 200, and deletes nothing.", effect{before: onlyLook, after: func(x *exchange) {
		if x.answer.status == http.StatusOK {
			x.answer.edit("", put("{}"))
		}
	}}, is("deleteRecord", "deleteExternalRecord"))),
	lies("write-echo-wrong", "write-differs", "createRecord", "/data/*", other, "Answers another value than was written."),
	breaks("created-id-missing", "missing-property", "createRecord", "/id", remove, "Leaves the id out of a record that was created."),
	breaks("ingest-count-missing", "missing-property", "ingestRecords", "/processedRecords", remove, "Leaves processedRecords out."),
	breaks("ingest-count-negative", "out-of-range", "ingestRecords", "/failedRecords", put("-1"), "Sends -1 as failedRecords."),
	breaks("ingest-errors-object", "object-for-array", "ingestRecords", "/errors", put("{}"), "Sends an object for the list of errors."),
	lies("ingest-count-wrong", "outcome-lie", "ingestRecords", "/processedRecords", plus(1), "Counts one record too many in processedRecords."),

	// Activities.
	breaks("activity-content-null", "null", "listActivities", "/*/content", put("null"), "Sends null as the text of an activity."),
	breaks("activity-timestamp", "wrong-timestamp", "listActivities", "/*/timestamp", put(`"02/03/2026 09:29"`), "Writes the moment of an activity with slashes, and without a zone."),
	breaks("activities-object", "object-for-array", "listActivities", "", enclose(`{"activities":`, `}`), "Puts an envelope around the activities."),
}

// forget deletes a record that was just created.
func forget(x *exchange) {
	if x.answer.status != http.StatusOK {
		return
	}
	if id, ok := find(x.answer.body, "/id"); ok {
		name := strings.Trim(string(x.answer.body[id.start:id.end]), `"`)
		x.askFor(http.MethodDelete, x.request.URL.Path+"/"+name, nil)
	}
}

// onlyLook has the sandbox do no more than see whether the record is there and may be
// seen.
func onlyLook(x *exchange) {
	x.request.Method = http.MethodGet
	x.setBody(nil)
}
