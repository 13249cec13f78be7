package contract

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// kainexus is one verification of KaiNexus.
type kainexus struct {
	*run
	client *kainexusapi.ClientWithResponses
	// item, user and location are things seen in lists, which new ones are modelled on.
	item, user, location any
}

func verifyKaiNexus(ctx context.Context, r *run) error {
	anonymous, err := kainexusapi.NewClientWithResponses(r.base.String(), kainexusapi.WithHTTPClient(r.anonymous()))
	if err != nil {
		return err
	}
	client, err := kainexusapi.NewClientWithResponses(r.base.String(), kainexusapi.WithHTTPClient(r.authorized()))
	if err != nil {
		return err
	}
	defer r.cleanUp(ctx)
	k := &kainexus{run: r, client: client}
	k.tokens(ctx, anonymous)
	refused(r, "listUsers", func() (*kainexusapi.ListUsersResp, error) {
		return anonymous.ListUsersWithResponse(ctx, &kainexusapi.ListUsersParams{})
	})
	k.people(ctx)
	k.network(ctx)
	k.items(ctx)
	k.charts(ctx)
	k.impactValues(ctx)
	k.attributeValues(ctx)
	k.widget(ctx)
	return r.stopped
}

// known reads one of the target's ids as a number. Without it, the operations that
// need it are noted as not called.
func (k *kainexus) known(name string, operations ...string) (int64, bool) {
	id, err := strconv.ParseInt(k.target.IDs[name], 10, 64)
	if err == nil {
		return id, true
	}
	for _, operation := range operations {
		k.note(operation, "needs the %s: give --id %s=NUMBER", idNames[KaiNexus][name], name)
	}
	return 0, false
}

func (k *kainexus) tokens(ctx context.Context, anonymous *kainexusapi.ClientWithResponses) {
	metadata, x := good(k.run, "getAuthorizationServerMetadata", func() (*kainexusapi.GetAuthorizationServerMetadataResp, error) {
		return anonymous.GetAuthorizationServerMetadataWithResponse(ctx)
	})
	if k.clientID == "" {
		k.note("requestToken", "the target was given no OAuth2 client to ask a token for")
		return
	}
	if x == nil || metadata == nil || metadata.JSON200 == nil {
		k.note("requestToken", "the metadata that names the token endpoint could not be read")
		return
	}
	described := strings.TrimSuffix(k.base.String(), "/") + k.doc.Operation("requestToken").Path
	if metadata.JSON200.TokenEndpoint != described {
		k.note("requestToken", "the metadata names another token endpoint than the one described, %s", k.doc.Operation("requestToken").Path)
		return
	}
	ask := func(secret string) func() (*kainexusapi.RequestTokenResp, error) {
		return func() (*kainexusapi.RequestTokenResp, error) {
			grant := kainexusapi.ClientCredentialsGrant{GrantType: kainexusapi.GrantTypeClientCredentials}
			return anonymous.RequestTokenWithFormdataBodyWithResponse(ctx, grant, func(_ context.Context, req *http.Request) error {
				// RFC 6749, section 2.3.1: both parts are form-encoded first.
				req.SetBasicAuth(url.QueryEscape(k.clientID), url.QueryEscape(secret))
				return nil
			})
		}
	}
	good(k.run, "requestToken", ask(k.clientSecret.Reveal()))
	refused(k.run, "requestToken", ask("not the secret"))
}

// list applies what must hold for every list, and gives its elements.
func (k *kainexus) list(x *exchange) []any {
	if x == nil {
		return nil
	}
	k.judge(countMatches, x, checkCount(x, "count", "items"))
	items, _ := member(x.value, "items").([]any)
	return items
}

// first is the first element that has an id.
func first(elements []any) (element any, id int64, ok bool) {
	for _, element := range elements {
		if id, ok := integer(member(element, "id")); ok {
			return element, id, true
		}
	}
	return nil, 0, false
}

// same judges the answer to a GET of something that a list has named.
func (k *kainexus) same(x *exchange, id int64) {
	if x != nil {
		k.judge(statusExpected, x, checkExpected(x))
		k.judge(listAgreesWithGet, x, checkSame(x, strconv.FormatInt(id, 10), "item", "id"))
	}
}

func (k *kainexus) people(ctx context.Context) {
	list := func(params kainexusapi.ListUsersParams) []any {
		_, x := good(k.run, "listUsers", func() (*kainexusapi.ListUsersResp, error) { return k.client.ListUsersWithResponse(ctx, &params) })
		return k.list(x)
	}
	users := list(kainexusapi.ListUsersParams{})
	if id, ok := k.known("peopleList"); ok {
		list(kainexusapi.ListUsersParams{ID: &id, IncludeBadges: new(true)})
	}
	user, id, ok := first(users)
	if !ok {
		k.note("getUser", "the list of users has nobody to read")
		return
	}
	k.user = user
	_, x := call(k.run, "getUser", func() (*kainexusapi.GetUserResp, error) {
		return k.client.GetUserWithResponse(ctx, &kainexusapi.GetUserParams{ID: id, IncludeBadges: new(true)})
	})
	k.same(x, id)
}

func (k *kainexus) network(ctx context.Context) {
	_, x := good(k.run, "listNetworkLocations", func() (*kainexusapi.ListNetworkLocationsResp, error) {
		return k.client.ListNetworkLocationsWithResponse(ctx)
	})
	location, id, ok := first(k.list(x))
	if !ok {
		k.note("getNetworkLocation", "the network has no location to read")
		return
	}
	k.location = location
	get := func(ctx context.Context, id int64) *exchange {
		_, x := call(k.run, "getNetworkLocation", func() (*kainexusapi.GetNetworkLocationResp, error) {
			return k.client.GetNetworkLocationWithResponse(ctx, &kainexusapi.GetNetworkLocationParams{ID: id})
		})
		return x
	}
	k.same(get(ctx, id), id)

	body := func(d draft) kainexusapi.NetworkLocation {
		location := kainexusapi.NetworkLocation{ID: d.id, Name: &d.name, Delete: d.delete, Parent: &kainexusapi.NetworkLocationRef{ID: &id}}
		if level, ok := integer(member(member(k.location, "levelType"), "id")); ok {
			location.LevelType = &kainexusapi.LevelTypeRef{ID: &level}
		}
		return location
	}
	k.life(ctx, lifecycle{
		one: "putNetworkLocation", many: "putNetworkLocations", title: "name", get: get,
		putOne: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putNetworkLocation", func() (*kainexusapi.PutNetworkLocationResp, error) {
				return k.client.PutNetworkLocationWithResponse(ctx, kainexusapi.NetworkLocationWrite{Item: body(d)})
			})
			return x
		},
		putMany: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putNetworkLocations", func() (*kainexusapi.PutNetworkLocationsResp, error) {
				return k.client.PutNetworkLocationsWithResponse(ctx, kainexusapi.NetworkLocationListWrite{Items: []kainexusapi.NetworkLocation{body(d)}})
			})
			return x
		},
	})
	k.newUser(ctx, id)
}

// newUser creates an inactive user at the location. It does so on this machine only,
// since a user can never be deleted again.
func (k *kainexus) newUser(ctx context.Context, location int64) {
	if !k.writable {
		for _, operation := range []string{"putUser", "putUsers"} {
			k.note(operation, "a user cannot be deleted again, so none is created on a target that is not on this machine")
		}
		return
	}
	user := kainexusapi.User{
		Username:         new(fmt.Sprintf("contract-%d", time.Now().UnixNano())),
		FirstName:        new("Contract"),
		LastName:         new("Check"),
		UserType:         new("INACTIVE"),
		NetworkLocations: []kainexusapi.NetworkLocationRef{{ID: &location}},
	}
	_, x := good(k.run, "putUser", func() (*kainexusapi.PutUserResp, error) {
		return k.client.PutUserWithResponse(ctx, kainexusapi.UserWrite{Item: user})
	})
	id, ok := k.written(x)
	if !ok {
		return
	}
	// Matched by its username this time.
	user.LastName = new("Changed")
	_, x = good(k.run, "putUsers", func() (*kainexusapi.PutUsersResp, error) {
		return k.client.PutUsersWithResponse(ctx, kainexusapi.UserListWrite{Items: []kainexusapi.User{user}})
	})
	if x == nil {
		return
	}
	_, x = call(k.run, "getUser", func() (*kainexusapi.GetUserResp, error) {
		return k.client.GetUserWithResponse(ctx, &kainexusapi.GetUserParams{ID: id})
	})
	k.took(x, "lastName", "Changed")
}

func (k *kainexus) items(ctx context.Context) {
	id, ok := k.known("itemList", "listItems", "exportItems", "exportItem", "getItem", "putItem", "putItems")
	if !ok {
		return
	}
	page := func(offset, limit int) *exchange {
		_, x := good(k.run, "listItems", func() (*kainexusapi.ListItemsResp, error) {
			return k.client.ListItemsWithResponse(ctx, &kainexusapi.ListItemsParams{ID: id, Offset: &offset, Limit: &limit})
		})
		if x != nil {
			k.judge(pagingEchoed, x, checkEcho(x, map[string]int64{"offset": 0, "limit": 20000}))
			k.list(x)
		}
		return x
	}
	opening := page(0, 10)
	if opening == nil {
		return
	}
	total := totalOf(opening, "totalCount")
	size := pageSizeFor(total, 1000)
	pages := k.walkTwice(func() walk {
		return k.walkThrough("items", "totalCount", size, total, func(index int) *exchange { return page(index*size, size) })
	})
	good(k.run, "exportItems", func() (*kainexusapi.ExportItemsResp, error) {
		return k.client.ExportItemsWithResponse(ctx, &kainexusapi.ExportItemsParams{ID: id, Limit: new(10)})
	})
	if len(pages.pages) == 0 {
		return
	}
	elements, _ := member(pages.pages[0].value, "items").([]any)
	item, itemID, ok := first(elements)
	if !ok {
		for _, operation := range []string{"getItem", "exportItem", "putItem", "putItems"} {
			k.note(operation, "the list has no item to read")
		}
		return
	}
	k.item = item
	k.same(k.getItem(ctx, itemID), itemID)
	good(k.run, "exportItem", func() (*kainexusapi.ExportItemResp, error) {
		return k.client.ExportItemWithResponse(ctx, &kainexusapi.ExportItemParams{ID: itemID})
	})
	k.itemLife(ctx)
}

func (k *kainexus) getItem(ctx context.Context, id int64) *exchange {
	_, x := call(k.run, "getItem", func() (*kainexusapi.GetItemResp, error) {
		return k.client.GetItemWithResponse(ctx, &kainexusapi.GetItemParams{ID: id})
	})
	return x
}

// itemLife takes an item of the same template, authors and locations as a listed one
// through its life. It always asks for no notifications.
func (k *kainexus) itemLife(ctx context.Context) {
	body := func(d draft) kainexusapi.Item {
		item := kainexusapi.Item{
			ID:                     d.id,
			Summary:                &d.name,
			Status:                 new(kainexusapi.ItemStatusNew),
			SuppressNotifications:  new(true),
			ParticipatingLocations: []kainexusapi.LocationRef{},
			OriginatingLocations:   []kainexusapi.LocationRef{},
			ResponsibleLocations:   []kainexusapi.LocationRef{},
		}
		if d.delete != nil {
			item.Status = new(kainexusapi.ItemStatusDeleted)
		}
		if template, ok := integer(member(k.item, "templateId")); ok {
			item.TemplateID = &template
		}
		if name, ok := member(k.item, "templateName").(string); ok {
			item.TemplateName = &name
		}
		if _, id, ok := first(elements(k.item, "authors")); ok {
			item.Authors = []kainexusapi.PersonRef{{ID: &id}}
		}
		if id, ok := integer(member(k.location, "id")); ok {
			item.ResponsibleLocations = append(item.ResponsibleLocations, kainexusapi.LocationRef{ID: &id})
		}
		return item
	}
	k.life(ctx, lifecycle{
		one: "putItem", many: "putItems", title: "summary", get: k.getItem,
		putOne: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putItem", func() (*kainexusapi.PutItemResp, error) {
				return k.client.PutItemWithResponse(ctx, &kainexusapi.PutItemParams{}, kainexusapi.ItemWrite{Item: body(d)})
			})
			return x
		},
		putMany: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putItems", func() (*kainexusapi.PutItemsResp, error) {
				return k.client.PutItemsWithResponse(ctx, &kainexusapi.PutItemsParams{}, kainexusapi.ItemListWrite{Items: []kainexusapi.Item{body(d)}})
			})
			return x
		},
	})
}

func elements(value any, name string) []any {
	list, _ := member(value, name).([]any)
	return list
}

func (k *kainexus) charts(ctx context.Context) {
	id, ok := k.known("chartList", "exportCharts", "importCharts", "importChartsByPost")
	if !ok {
		return
	}
	_, x := good(k.run, "listItems", func() (*kainexusapi.ListItemsResp, error) {
		return k.client.ListItemsWithResponse(ctx, &kainexusapi.ListItemsParams{ID: id, IncludeCharts: new(true)})
	})
	if _, chart, ok := first(k.list(x)); ok {
		_, x := call(k.run, "getItem", func() (*kainexusapi.GetItemResp, error) {
			return k.client.GetItemWithResponse(ctx, &kainexusapi.GetItemParams{ID: chart, IncludeCharts: new(true)})
		})
		k.same(x, chart)
	}
	_, export := good(k.run, "exportCharts", func() (*kainexusapi.ExportChartsResp, error) {
		return k.client.ExportChartsWithResponse(ctx, &kainexusapi.ExportChartsParams{ID: id})
	})
	// What was exported goes back in unchanged. The vendor's import has a layout that is
	// not documented and may differ from its export's, so only this machine is imported to.
	if export == nil {
		return
	}
	if !k.writable {
		for _, operation := range []string{"importCharts", "importChartsByPost"} {
			k.note(operation, "no layout of its workbook is documented, so nothing is imported on a target that is not on this machine")
		}
		return
	}
	contentType, body := upload(export.body)
	good(k.run, "importCharts", func() (*kainexusapi.ImportChartsResp, error) {
		return k.client.ImportChartsWithBodyWithResponse(ctx, contentType, bytes.NewReader(body))
	})
	good(k.run, "importChartsByPost", func() (*kainexusapi.ImportChartsByPostResp, error) {
		return k.client.ImportChartsByPostWithBodyWithResponse(ctx, contentType, bytes.NewReader(body))
	})
}

// upload writes the multipart body of a chart import.
func upload(workbook []byte) (contentType string, body []byte) {
	var buffer bytes.Buffer
	form := multipart.NewWriter(&buffer)
	// Writing to a buffer cannot fail.
	part, _ := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="charts.xlsx"`},
		"Content-Type":        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	})
	_, _ = part.Write(workbook)
	_ = form.Close()
	return form.FormDataContentType(), buffer.Bytes()
}

func (k *kainexus) impactValues(ctx context.Context) {
	kind := k.target.IDs["impactValueType"]
	if kind == "" {
		for _, operation := range []string{"listImpactValues", "getImpactValue", "putImpactValue", "putImpactValues"} {
			k.note(operation, "needs %s: give --id impactValueType=NAME", idNames[KaiNexus]["impactValueType"])
		}
		return
	}
	_, x := good(k.run, "listImpactValues", func() (*kainexusapi.ListImpactValuesResp, error) {
		return k.client.ListImpactValuesWithResponse(ctx, &kainexusapi.ListImpactValuesParams{ImpactValueType: kind})
	})
	get := func(ctx context.Context, id int64) *exchange {
		_, x := call(k.run, "getImpactValue", func() (*kainexusapi.GetImpactValueResp, error) {
			return k.client.GetImpactValueWithResponse(ctx, &kainexusapi.GetImpactValueParams{ID: id, ImpactValueType: kind})
		})
		return x
	}
	value, id, ok := first(k.list(x))
	if !ok {
		k.note("getImpactValue", "there is no Impact Value of that type to read")
		return
	}
	k.same(get(ctx, id), id)
	body := func(d draft) kainexusapi.ImpactValue {
		made := kainexusapi.ImpactValue{ID: d.id, Name: &d.name, Delete: d.delete}
		if text, ok := member(value, "type").(string); ok {
			made.Type = &text
		}
		return made
	}
	k.life(ctx, lifecycle{
		one: "putImpactValue", many: "putImpactValues", title: "name", get: get,
		putOne: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putImpactValue", func() (*kainexusapi.PutImpactValueResp, error) {
				return k.client.PutImpactValueWithResponse(ctx, &kainexusapi.PutImpactValueParams{ID: d.id, ImpactValueType: kind}, kainexusapi.ImpactValueWrite{Item: body(d)})
			})
			return x
		},
		putMany: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putImpactValues", func() (*kainexusapi.PutImpactValuesResp, error) {
				return k.client.PutImpactValuesWithResponse(ctx, &kainexusapi.PutImpactValuesParams{ImpactValueType: kind}, kainexusapi.ImpactValueListWrite{Items: []kainexusapi.ImpactValue{body(d)}})
			})
			return x
		},
	})
}

func (k *kainexus) attributeValues(ctx context.Context) {
	attribute, ok := k.known("attribute", "listAttributeValues", "getAttributeValue", "putAttributeValue", "putAttributeValues")
	if !ok {
		return
	}
	_, x := good(k.run, "listAttributeValues", func() (*kainexusapi.ListAttributeValuesResp, error) {
		return k.client.ListAttributeValuesWithResponse(ctx, &kainexusapi.ListAttributeValuesParams{AttributeID: attribute})
	})
	get := func(ctx context.Context, id int64) *exchange {
		_, x := call(k.run, "getAttributeValue", func() (*kainexusapi.GetAttributeValueResp, error) {
			return k.client.GetAttributeValueWithResponse(ctx, &kainexusapi.GetAttributeValueParams{ID: id, AttributeID: attribute})
		})
		return x
	}
	_, id, ok := first(k.list(x))
	if !ok {
		k.note("getAttributeValue", "the Attribute has no value to read")
		return
	}
	k.same(get(ctx, id), id)
	body := func(d draft) kainexusapi.AttributeValue {
		return kainexusapi.AttributeValue{ID: d.id, Name: &d.name, Delete: d.delete}
	}
	k.life(ctx, lifecycle{
		one: "putAttributeValue", many: "putAttributeValues", title: "name", get: get,
		putOne: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putAttributeValue", func() (*kainexusapi.PutAttributeValueResp, error) {
				return k.client.PutAttributeValueWithResponse(ctx, &kainexusapi.PutAttributeValueParams{AttributeID: attribute}, kainexusapi.AttributeValueWrite{Item: body(d)})
			})
			return x
		},
		putMany: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putAttributeValues", func() (*kainexusapi.PutAttributeValuesResp, error) {
				return k.client.PutAttributeValuesWithResponse(ctx, &kainexusapi.PutAttributeValuesParams{AttributeID: attribute}, kainexusapi.AttributeValueListWrite{Items: []kainexusapi.AttributeValue{body(d)}})
			})
			return x
		},
	})
}

func (k *kainexus) widget(ctx context.Context) {
	id, ok := k.known("widget", "getWidget")
	if !ok {
		return
	}
	good(k.run, "getWidget", func() (*kainexusapi.GetWidgetResp, error) {
		return k.client.GetWidgetWithResponse(ctx, &kainexusapi.GetWidgetParams{ID: id})
	})
}

// draft is what a write says of a thing of ours.
type draft struct {
	id     *int64
	name   string
	delete *bool
}

// lifecycle says how the things of one resource are written and read.
type lifecycle struct {
	// one and many are the operations that write.
	one, many string
	// title is the property that draft.name goes to.
	title           string
	putOne, putMany func(context.Context, draft) *exchange
	get             func(context.Context, int64) *exchange
}

// life creates a thing of ours, reads it, changes it through the list operation, and
// deletes it.
func (k *kainexus) life(ctx context.Context, of lifecycle) {
	if !k.ready(of.one, of.many) {
		return
	}
	name := fmt.Sprintf("Contract check %d", time.Now().UnixNano())
	id, ok := k.written(of.putOne(lingering(ctx), draft{name: name}))
	if !ok {
		return
	}
	done := k.afterwards(func(ctx context.Context) { of.putOne(ctx, draft{id: &id, name: name, delete: new(true)}) })
	k.took(of.get(ctx, id), of.title, name)
	name += " (changed)"
	if of.putMany(ctx, draft{id: &id, name: name}) != nil {
		k.took(of.get(ctx, id), of.title, name)
	}
	if of.putOne(ctx, draft{id: &id, name: name, delete: new(true)}) == nil {
		return
	}
	done()
	if x := of.get(ctx, id); x != nil {
		k.judge(writeTakesEffect, x, checkGone(x))
	}
}

// written is the id that a PUT reports for its first record.
func (k *kainexus) written(x *exchange) (int64, bool) {
	if x == nil {
		return 0, false
	}
	_, id, ok := first(elements(x.value, "results"))
	return id, ok
}

// took wants a property of the record read back to be what was written.
func (k *kainexus) took(x *exchange, property, want string) {
	if x == nil {
		return
	}
	var violations []violation
	switch got := member(member(x.value, "item"), property); {
	case !x.succeeded():
		violations = []violation{{message: "a record that was just written cannot be read"}}
	case got != want:
		text, _ := got.(string)
		violations = []violation{{pointer: jsonPointer([]string{"item", property}), message: "not the value that was written", value: text}}
	}
	k.judge(writeTakesEffect, x, violations)
}
