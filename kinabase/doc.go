// Package kinabase is a client of the Kinabase API.
//
// The calls you want are [New], [Client.Records] and [Decode]:
//
//	client, err := kinabase.New(kinabase.WithApp(id, auth.NewSecret(secret)))
//	if err != nil {
//		return err
//	}
//	for record, err := range client.Records(ctx, "purchase-orders") {
//		if err != nil {
//			return err
//		}
//		order, err := kinabase.Decode[Order](record)
//		...
//	}
//
// A collection is named by its id or its slug. Its values stand under field keys, which
// are case-sensitive: [Client.Keys] learns them from the records that are there, and
// [Client.CheckKeys] finds near misses before they are sent.
//
// [Client.Create], [Client.Update] and [Client.Delete] write one record;
// [Client.CreateAll], [Client.UpdateAll] and [Client.DeleteAll] write many, 300 a call, and
// tell of each what became of it. [Client.CreateOrUpdate] writes a record that is known by
// the id that another service has for it. [Client.Ingest] sends samples of tracked fields.
//
// What fails is an [*Error], unless a call says otherwise. No text of an error holds values
// of records, queries or credentials, though it quotes what the server says is wrong.
//
// How requests are sent, again and how fast is up to [WithTransport]. An older page of the
// vendor's allows [PerMinute] calls a minute.
//
// [WithValidation] holds what is answered against the description while it is decoded.
//
// Every operation of the description, with all that is in it, can be had from [Client.API],
// which sends over the same layers.
package kinabase
