// Package kainexusapi is the client of the KaiNexus public REST API that is generated
// from api/kainexus.yaml, with its models. You want [NewClientWithResponses], and a
// credential of package auth to send its requests:
//
//	cred, err := auth.KaiNexusFromEnv()
//	client, err := kainexusapi.NewClientWithResponses(cred.BaseURL(), kainexusapi.WithHTTPClient(cred.Doer(nil)))
//	page, err := client.ListItemsWithResponse(ctx, &kainexusapi.ListItemsParams{ID: 1234})
//
// A status that the description does not have is no error: look at the field of the
// answer that you want, such as JSON200, before you use it. Bodies are read whole.
// Properties of items, users and other records that the description does not know are
// kept as they came, so that a record can be read, changed and put back.
package kainexusapi
