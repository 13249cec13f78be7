package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"reflect"
	"slices"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// The sandbox has the list and the Card.
const (
	itemList  = 640
	chartList = 655
	unseen    = 999999 // no item
)

type kaiNexusDocument struct {
	// Pages are those of the list, ten items each.
	Pages []itemPage `json:"pages"`
	// First is the first item of the first page.
	First            firstItem     `json:"first"`
	OAuthSeesTheSame bool          `json:"oauthSeesTheSame"`
	Created          createdItem   `json:"created"`
	Read             readItem      `json:"read"`
	Forbidden        forbiddenItem `json:"forbidden"`
	Workbook         workbook      `json:"workbook"`
	Imported         importReport  `json:"imported"`
}

type itemPage struct {
	Offset     int     `json:"offset"`
	Count      int     `json:"count"`
	TotalCount int     `json:"totalCount"`
	IDs        []int64 `json:"ids"`
}

type firstItem struct {
	ID             int64    `json:"id"`
	Summary        string   `json:"summary"`
	Status         string   `json:"status"`
	CreateDate     string   `json:"createDate"`
	LastUpdateDate string   `json:"lastUpdateDate"`
	Authors        []string `json:"authors"`
	// Unknown are the properties that the description does not declare, in order.
	Unknown []string `json:"unknown"`
}

type createdItem struct {
	Success   bool   `json:"success"`
	Operation string `json:"operation"`
}

// readItem is what the new item has. ShiftPattern is a property that the description does
// not declare.
type readItem struct {
	Summary      string   `json:"summary"`
	Status       string   `json:"status"`
	ShiftPattern string   `json:"shiftPattern"`
	Unknown      []string `json:"unknown"`
}

type forbiddenItem struct {
	Status    int    `json:"status"`
	ErrorCode string `json:"errorCode"`
}

type workbook struct {
	StartsWith string `json:"startsWith"`
}

type importReport struct {
	Failures int `json:"failures"`
}

func callKaiNexus(ctx context.Context, env map[string]string) (kaiNexusDocument, error) {
	var seen kaiNexusDocument
	base := env["KAINEXUS_BASE_URL"]

	// works(basic-auth): WithRequestEditorFn
	key := kainexusapi.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.SetBasicAuth("api", env["KAINEXUS_API_KEY"])
		return nil
	})
	client, err := kainexusapi.NewClientWithResponses(base, key)
	if err != nil {
		return seen, err
	}
	var items []kainexusapi.Item
	if seen.Pages, items, err = listItems(ctx, client); err != nil {
		return seen, err
	}
	if seen.First, err = describe(items[0]); err != nil {
		return seen, err
	}

	bearer, err := requestToken(ctx, base, env["KAINEXUS_CLIENT_ID"], env["KAINEXUS_CLIENT_SECRET"])
	if err != nil {
		return seen, err
	}
	withToken, err := kainexusapi.NewClientWithResponses(base, bearer)
	if err != nil {
		return seen, err
	}
	again, _, err := listItems(ctx, withToken)
	if err != nil {
		return seen, err
	}
	seen.OAuthSeesTheSame = reflect.DeepEqual(seen.Pages, again)

	if seen.Created, seen.Read, err = createItem(ctx, client); err != nil {
		return seen, err
	}
	if seen.Forbidden, err = getUnseenItem(ctx, client); err != nil {
		return seen, err
	}
	seen.Workbook, seen.Imported, err = moveCharts(ctx, client)
	return seen, err
}

// listItems reads the list page by page, and all items of it.
func listItems(ctx context.Context, client *kainexusapi.ClientWithResponses) ([]itemPage, []kainexusapi.Item, error) {
	var pages []itemPage
	var items []kainexusapi.Item
	for {
		// works(list-items): ListItemsWithResponse
		page, err := client.ListItemsWithResponse(ctx, &kainexusapi.ListItemsParams{
			ID: itemList, Offset: new(len(items)), Limit: new(10),
		})
		if err != nil {
			return nil, nil, err
		}
		if err := answered("list items", page.HTTPResponse, http.StatusOK); err != nil {
			return nil, nil, err
		}
		read := itemPage{Offset: page.JSON200.Offset, Count: page.JSON200.Count, TotalCount: page.JSON200.TotalCount}
		for _, item := range page.JSON200.Items {
			read.IDs = append(read.IDs, *item.ID)
		}
		pages = append(pages, read)
		items = append(items, page.JSON200.Items...)
		if read.Count == 0 || read.Offset+read.Count >= read.TotalCount {
			return pages, items, nil
		}
	}
}

// works(item): Item
func describe(item kainexusapi.Item) (firstItem, error) {
	if item.CreateDate == nil || item.LastUpdateDate == nil || item.Summary == nil || item.Status == nil {
		return firstItem{}, fmt.Errorf("item %d lacks a date, a summary or a status", *item.ID)
	}
	first := firstItem{
		ID: *item.ID, Summary: *item.Summary, Status: string(*item.Status),
		// The text is the server's own; Time of the same type tells the moment.
		// works(vendor-timestamp): Timestamp
		CreateDate: string(kainexusapi.Timestamp(*item.CreateDate)), LastUpdateDate: string(*item.LastUpdateDate),
		Authors: []string{},
		Unknown: append([]string{}, slices.Sorted(maps.Keys(item.AdditionalProperties))...),
	}
	for _, author := range item.Authors {
		first.Authors = append(first.Authors, *author.Username)
	}
	return first, nil
}

// requestToken exchanges the client's credentials for a token, and has requests carry it.
func requestToken(ctx context.Context, base, id, secret string) (kainexusapi.ClientOption, error) {
	client, err := kainexusapi.NewClientWithResponses(base)
	if err != nil {
		return nil, err
	}
	// works(oauth-token): RequestTokenWithFormdataBodyWithResponse
	token, err := client.RequestTokenWithFormdataBodyWithResponse(ctx,
		kainexusapi.ClientCredentialsGrant{GrantType: kainexusapi.GrantTypeClientCredentials},
		func(_ context.Context, r *http.Request) error {
			r.SetBasicAuth(id, secret)
			return nil
		})
	if err != nil {
		return nil, err
	}
	if err := answered("request token", token.HTTPResponse, http.StatusOK); err != nil {
		return nil, err
	}
	return kainexusapi.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token.JSON200.AccessToken)
		return nil
	}), nil
}

// createItem makes an item with a property that the description does not declare, and
// reads it back.
func createItem(ctx context.Context, client *kainexusapi.ClientWithResponses) (createdItem, readItem, error) {
	item := kainexusapi.Item{
		TemplateID: new(int64(45)), TemplateName: new("Idea"), Summary: new("From another language"),
		Status:                new(kainexusapi.ItemStatusNew),
		Authors:               []kainexusapi.PersonRef{{Username: new("jdoe")}},
		ResponsibleLocations:  []kainexusapi.LocationRef{{ID: new(int64(70))}},
		SuppressNotifications: new(true),
	}
	// works(open-object): AdditionalProperties
	item.AdditionalProperties = map[string]json.RawMessage{"shiftPattern": json.RawMessage(`"early"`)}
	// works(put-item): ItemWrite
	written, err := client.PutItemWithResponse(ctx, nil, kainexusapi.ItemWrite{Item: item})
	if err != nil {
		return createdItem{}, readItem{}, err
	}
	if err := answered("put item", written.HTTPResponse, http.StatusOK); err != nil {
		return createdItem{}, readItem{}, err
	}
	outcome := written.JSON200.Results[0]
	created := createdItem{written.JSON200.Success, string(outcome.Operation)}

	got, err := client.GetItemWithResponse(ctx, &kainexusapi.GetItemParams{ID: outcome.ID})
	if err != nil {
		return created, readItem{}, err
	}
	if err := answered("get item", got.HTTPResponse, http.StatusOK); err != nil {
		return created, readItem{}, err
	}
	stored := got.JSON200.Item
	read := readItem{
		Summary: *stored.Summary, Status: string(*stored.Status),
		Unknown: slices.Sorted(maps.Keys(stored.AdditionalProperties)),
	}
	return created, read, json.Unmarshal(stored.AdditionalProperties["shiftPattern"], &read.ShiftPattern)
}

func getUnseenItem(ctx context.Context, client *kainexusapi.ClientWithResponses) (forbiddenItem, error) {
	got, err := client.GetItemWithResponse(ctx, &kainexusapi.GetItemParams{ID: unseen})
	if err != nil {
		return forbiddenItem{}, err
	}
	if err := answered("get an item that nobody sees", got.HTTPResponse, http.StatusForbidden); err != nil {
		return forbiddenItem{}, err
	}
	// works(typed-error): AccessDenied
	denied := kainexusapi.AccessDenied(*got.JSON403)
	return forbiddenItem{got.StatusCode(), denied.ErrorCode}, nil
}

// moveCharts exports a workbook, and imports the same one.
func moveCharts(ctx context.Context, client *kainexusapi.ClientWithResponses) (workbook, importReport, error) {
	// works(binary-download): ExportChartsWithResponse
	exported, err := client.ExportChartsWithResponse(ctx, &kainexusapi.ExportChartsParams{ID: chartList})
	if err != nil {
		return workbook{}, importReport{}, err
	}
	if err := answered("export charts", exported.HTTPResponse, http.StatusOK); err != nil {
		return workbook{}, importReport{}, err
	}
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	part, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="charts.xlsx"`},
		"Content-Type":        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	})
	if err != nil {
		return workbook{}, importReport{}, err
	}
	if _, err := part.Write(exported.Body); err != nil {
		return workbook{}, importReport{}, err
	}
	if err := parts.Close(); err != nil {
		return workbook{}, importReport{}, err
	}
	// workaround(multipart): ImportChartsWithBodyWithResponse: it takes a finished form, which mime/multipart writes.
	imported, err := client.ImportChartsWithBodyWithResponse(ctx, parts.FormDataContentType(), &form)
	if err != nil {
		return workbook{}, importReport{}, err
	}
	if err := answered("import charts", imported.HTTPResponse, http.StatusOK); err != nil {
		return workbook{}, importReport{}, err
	}
	var report importReport
	for _, entry := range *imported.JSON200 {
		if entry.Failure != nil && *entry.Failure {
			report.Failures++
		}
	}
	return workbook{string(exported.Body[:2])}, report, nil
}
