package main

// construct is something in the descriptions that generators are known to stumble over.
type construct struct {
	id, title string
	// named has it in the page's table of names.
	named bool
}

// constructs are what every program has one marker for.
var constructs = []construct{
	{"token-request", "`createToken`: a body that is one of two objects (`anyOf`)", true},
	{"oauth-token", "`requestToken`: a form, with HTTP Basic of its own", true},
	{"basic-auth", "the API key, as HTTP Basic", false},
	{"list-items", "`listItems`: parameters `id`, `offset`, `limit`", true},
	{"item", "the model of an item, with 40 optional properties", true},
	{"put-item", "`putItem`: an item in its envelope", true},
	{"typed-error", "the body of a 403, with its `errorCode`", true},
	{"vendor-timestamp", "`2019-04-29T16:30:40.000+0000`, which is not RFC 3339", false},
	{"open-object", "properties that the description does not declare", false},
	{"record", "one model for records of two generations", true},
	{"null-in-patch", "`updateRecord`: a null that empties a field", false},
	{"delete-with-body", "`deleteRecords`: a DELETE with a body", true},
	{"bulk", "`createRecords`: many records in one body", true},
	{"array-response", "`listAllRecords`: an array with no envelope", false},
	{"multipart", "`importCharts`: a file in a form", false},
	{"binary-download", "`exportCharts`: a workbook", true},
}
