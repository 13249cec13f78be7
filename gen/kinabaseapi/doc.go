// Package kinabaseapi is the client of the Kinabase API that is generated from
// api/kinabase.yaml, with its models. You want [NewClientWithResponses], and a
// credential of package auth to send its requests:
//
//	cred, err := auth.KinabaseFromEnv()
//	client, err := kinabaseapi.NewClientWithResponses(cred.BaseURL(), kinabaseapi.WithHTTPClient(cred.Doer(nil)))
//	page, err := client.ListRecordsWithResponse(ctx, "purchase-orders", &kinabaseapi.ListRecordsParams{})
//
// A status that the description does not have is no error: look at the field of the
// answer that you want, such as JSON200, before you use it. Bodies are read whole.
// Numbers in a record's data become float64; properties that the description does not
// know are kept as they came.
package kinabaseapi
