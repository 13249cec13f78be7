// Package kainexus is a client of the KaiNexus public REST API. [New] makes one, and
// [Client.Items] reads a saved list of items, however long it is:
//
//	client, err := kainexus.New(kainexus.WithAPIKey(auth.NewSecret(key)))
//	for item, err := range client.Items(ctx, 1234) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(*item.ID, *item.Summary)
//	}
//	outcomes, err := client.PutItems(ctx, changed, kainexus.Suppress)
//
// The API has no filters: a list shows what it is configured to show in KaiNexus, and its id
// is in the tooltip of its header there. Items that the credential may not see are missing
// from lists without a word.
//
// # Reading
//
// Lists are iterators. They hold one element in memory, ask for the next page when they get
// there, and go on where a connection broke. Each range over one starts anew. An error is the
// last thing that an iterator yields; an [*IncompleteError] among them says that everything
// came that the server sent, and that there may be more.
//
// [WithValidation] holds what is answered against the description while it is decoded.
//
// # Writing
//
// KaiNexus tells people about what is written through the API, unless that is suppressed in
// each item. So writing items takes [Notify] or [Suppress], and no default is assumed. What
// updates a record is sent again after a failure, and what would create one is not, so that
// nothing is ever created twice: its [Outcome] is then [Unknown].
//
// # Sending
//
// Retries, limits, timeouts, logs and the sandbox of a test go into a [transport.Config]: see
// [WithTransport]. [Client.API] is the generated client, for what is not here, over the same
// chain.
//
// # What is known
//
// The vendor publishes no description of this API. Doc comments name the operation of
// api/kainexus.yaml that they belong to, which has the sources, and say what is inferred.
package kainexus
