package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/internal/rawlist"
)

func newExportKinabase(stdout, stderr io.Writer) *cobra.Command {
	var o exportOptions
	var collection string
	var all bool
	cmd := &cobra.Command{
		Use:   "kinabase --collection COLLECTION",
		Short: "Write the records of a collection into a file",
		Long: `Writes the records of a collection into a file, with the credential of an app from the
environment: KINABASE_BASE_URL, KINABASE_APP_ID and KINABASE_APP_SECRET, or the name of a
file that holds the secret in KINABASE_APP_SECRET_FILE.

Kinabase was documented to take 100 calls a minute, of 300 records each. See kaikina
export --help for formats, and for what happens when an export is interrupted.`,
		Example: `  kaikina export kinabase --collection purchase-orders --output orders.parquet
  kaikina export kinabase --collection purchase-orders --since 2026-11-01 --output changed.csv
  kaikina export kinabase --collection purchase-orders --sandbox`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if collection == "" {
				return errors.New("name the collection, by its slug or its id: --collection purchase-orders")
			}
			since, err := moment(o.since)
			if err != nil {
				return err
			}
			return runExport(cmd.Context(), o, stdout, stderr, func(ctx context.Context) (*exportSource, error) {
				account, err := openAccount(ctx, "kinabase", o, stderr)
				if err != nil {
					return nil, err
				}
				client, err := kinabaseClient(account)
				if err != nil {
					return nil, errors.Join(err, account.close())
				}
				list := rawlist.KinabaseRecords(client, account.credential.Redact, collection, since)
				if all {
					list = rawlist.KinabaseAllRecords(client, account.credential.Redact, collection, since)
				}
				s := &exportSource{account: account, what: "records", request: account.request("collection", collection, since)}
				s.list.From = list
				return s, nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&collection, "collection", "", "slug or id of the `collection`")
	f.BoolVar(&all, "all", false, "get the records by one call, which answers 100,000 at most, not page by page")
	o.register(cmd, "only records that changed after this `time`, such as 2026-11-01 (midnight UTC) or 2026-11-01T09:30:00Z")
	return cmd
}
