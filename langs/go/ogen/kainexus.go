package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/textproto"
	"reflect"
	"slices"

	"github.com/go-faster/jx"
	ogenhttp "github.com/ogen-go/ogen/http"
	"github.com/ogen-go/ogen/ogenerrors"

	"github.com/kaikina/kaikina/langs/go/ogen/generated/kainexusapi"
)

// The sandbox has the list and the Card.
const (
	itemList  = 640
	chartList = 655
	unseen    = 999999 // no item
)

// account holds the credentials of a Service Account: a key, or a client with its token.
// Each operation asks for the schemes that the description gives it, and takes one that
// is not skipped.
type account struct {
	key, client, secret, token string
}

// works(basic-auth): BasicAuth
func (a account) BasicAuth(context.Context, kainexusapi.OperationName) (kainexusapi.BasicAuth, error) {
	if a.key == "" {
		return kainexusapi.BasicAuth{}, ogenerrors.ErrSkipClientSecurity
	}
	return kainexusapi.BasicAuth{Username: "api", Password: a.key}, nil
}

func (a account) ClientBasic(context.Context, kainexusapi.OperationName) (kainexusapi.ClientBasic, error) {
	return kainexusapi.ClientBasic{Username: a.client, Password: a.secret}, nil
}

func (a account) OAuth2(context.Context, kainexusapi.OperationName) (kainexusapi.OAuth2, error) {
	if a.token == "" {
		return kainexusapi.OAuth2{}, ogenerrors.ErrSkipClientSecurity
	}
	return kainexusapi.OAuth2{Token: a.token}, nil
}

func callKaiNexus(ctx context.Context, env map[string]string) (document, error) {
	client, err := kainexusapi.NewClient(env["KAINEXUS_BASE_URL"], account{key: env["KAINEXUS_API_KEY"]})
	if err != nil {
		return nil, err
	}
	pages, items, err := listItems(ctx, client)
	if err != nil {
		return nil, err
	}
	again, err := listWithToken(ctx, env)
	if err != nil {
		return nil, err
	}
	created, read, err := createItem(ctx, client)
	if err != nil {
		return nil, err
	}
	// works(typed-error): GetItemForbidden
	forbidden, err := expect[*kainexusapi.GetItemForbidden](client.GetItem(ctx, kainexusapi.GetItemParams{ID: unseen}))
	if err != nil {
		return nil, err
	}
	workbook, imported, err := moveCharts(ctx, client)
	if err != nil {
		return nil, err
	}
	return document{
		"pages": pages, "first": describe(items[0]), "oauthSeesTheSame": reflect.DeepEqual(pages, again),
		"created": created, "read": read,
		"forbidden": document{"status": http.StatusForbidden, "errorCode": forbidden.ErrorCode},
		"workbook":  workbook, "imported": imported,
	}, nil
}

// listWithToken reads the same list with an OAuth 2.0 token.
func listWithToken(ctx context.Context, env map[string]string) ([]document, error) {
	a := account{client: env["KAINEXUS_CLIENT_ID"], secret: env["KAINEXUS_CLIENT_SECRET"]}
	client, err := kainexusapi.NewClient(env["KAINEXUS_BASE_URL"], a)
	if err != nil {
		return nil, err
	}
	// works(oauth-token): RequestToken
	token, err := expect[*kainexusapi.AccessToken](client.RequestToken(ctx, &kainexusapi.ClientCredentialsGrant{
		GrantType: kainexusapi.GrantTypeClientCredentials,
	}))
	if err != nil {
		return nil, err
	}
	a.token = token.AccessToken
	if client, err = kainexusapi.NewClient(env["KAINEXUS_BASE_URL"], a); err != nil {
		return nil, err
	}
	pages, _, err := listItems(ctx, client)
	return pages, err
}

// listItems reads the list page by page, and all items of it.
func listItems(ctx context.Context, client *kainexusapi.Client) ([]document, []kainexusapi.Item, error) {
	var pages []document
	var items []kainexusapi.Item
	for {
		// works(list-items): ListItems
		page, err := expect[*kainexusapi.ItemPage](client.ListItems(ctx, kainexusapi.ListItemsParams{
			ID: itemList, Offset: kainexusapi.NewOptInt(len(items)), Limit: kainexusapi.NewOptInt(10),
		}))
		if err != nil {
			return nil, nil, err
		}
		var ids []int64
		for _, item := range page.Items {
			ids = append(ids, item.ID.Value)
		}
		pages = append(pages, document{"offset": page.Offset, "count": page.Count, "totalCount": page.TotalCount, "ids": ids})
		items = append(items, page.Items...)
		if page.Count == 0 || page.Offset+page.Count >= page.TotalCount {
			return pages, items, nil
		}
	}
}

// works(item): Item
func describe(item kainexusapi.Item) document {
	authors := []string{}
	for _, author := range item.Authors {
		authors = append(authors, author.Username.Value)
	}
	// works(vendor-timestamp): Timestamp
	var created, updated kainexusapi.Timestamp = item.CreateDate.Value, item.LastUpdateDate.Value
	return document{
		"id": item.ID.Value, "summary": item.Summary.Value, "status": item.Status.Value,
		"createDate": created, "lastUpdateDate": updated, "authors": authors, "unknown": unknown(item),
	}
}

// unknown are the properties that the description does not declare, in order.
func unknown(item kainexusapi.Item) []string {
	return append([]string{}, slices.Sorted(maps.Keys(item.AdditionalProps))...)
}

// createItem makes an item with a property that the description does not declare, and
// reads it back.
func createItem(ctx context.Context, client *kainexusapi.Client) (created, read document, err error) {
	item := kainexusapi.Item{
		TemplateId: kainexusapi.NewOptInt64(45), TemplateName: kainexusapi.NewOptString("Idea"),
		Summary:               kainexusapi.NewOptString("From another language"),
		Status:                kainexusapi.NewOptItemStatus(kainexusapi.ItemStatusNEW),
		Authors:               []kainexusapi.PersonRef{{Username: kainexusapi.NewOptString("jdoe")}},
		ResponsibleLocations:  []kainexusapi.LocationRef{{ID: kainexusapi.NewOptInt64(70)}},
		SuppressNotifications: kainexusapi.NewOptBool(true),
		// works(open-object): AdditionalProps
		AdditionalProps: kainexusapi.ItemAdditional{"shiftPattern": jx.Raw(`"early"`)},
	}
	// works(put-item): ItemWrite
	written, err := expect[*kainexusapi.WriteResult](client.PutItem(ctx, &kainexusapi.ItemWrite{Item: item}, kainexusapi.PutItemParams{}))
	if err != nil {
		return nil, nil, err
	}
	got, err := expect[*kainexusapi.ItemEnvelope](client.GetItem(ctx, kainexusapi.GetItemParams{ID: written.Results[0].ID}))
	if err != nil {
		return nil, nil, err
	}
	shift, err := jx.DecodeBytes(got.Item.AdditionalProps["shiftPattern"]).Str()
	if err != nil {
		return nil, nil, err
	}
	return document{"success": written.Success, "operation": written.Results[0].Operation}, document{
		"summary": got.Item.Summary.Value, "status": got.Item.Status.Value, "shiftPattern": shift, "unknown": unknown(got.Item),
	}, nil
}

// moveCharts exports a workbook, and imports the same one.
func moveCharts(ctx context.Context, client *kainexusapi.Client) (workbook, imported document, err error) {
	// works(binary-download): ExportCharts
	exported, err := expect[*kainexusapi.ExportChartsOK](client.ExportCharts(ctx, kainexusapi.ExportChartsParams{ID: chartList}))
	if err != nil {
		return nil, nil, err
	}
	bytesOfIt, err := io.ReadAll(exported)
	if err != nil {
		return nil, nil, err
	}
	// workaround(multipart): ChartImportUploadMultipart: ogen refuses the media type that the description gives the
	// part, since "form content encoding" is not implemented yet, so `langs/go/ogen/narrow` takes it out and the program sets it.
	report, err := expect[*kainexusapi.ChartImportReport](client.ImportCharts(ctx, &kainexusapi.ChartImportUploadMultipart{
		File: ogenhttp.MultipartFile{
			Name: "charts.xlsx", File: bytes.NewReader(bytesOfIt), Size: int64(len(bytesOfIt)),
			Header: textproto.MIMEHeader{"Content-Type": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}},
		},
	}))
	if err != nil {
		return nil, nil, err
	}
	failures := 0
	for _, entry := range *report {
		if entry.Failure.Value {
			failures++
		}
	}
	return document{"startsWith": string(bytesOfIt[:2])}, document{"failures": failures}, nil
}
