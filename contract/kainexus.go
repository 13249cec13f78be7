package contract

import (
	"context"
	"fmt"
	"net/http"
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
	refused(k.run, "requestToken", ask(wrongSecret))
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
	if id, ok := k.known("peopleList"); ok && list(kainexusapi.ListUsersParams{ID: &id, IncludeBadges: new(true)}) == nil {
		k.wrongID("peopleList", k.last)
	}
	user, id, ok := first(users)
	if !ok {
		if users != nil {
			k.note("getUser", "the list of users has nobody to read")
		}
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
	locations := k.list(x)
	location, id, ok := first(locations)
	if !ok {
		if x != nil {
			k.note("getNetworkLocation", "the network has no location to read")
		}
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
		one: "putNetworkLocation", many: "putNetworkLocations", title: "name", listed: locations, get: get,
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
	if k.stopped != nil {
		return
	}
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
	id, _ := k.create(lifecycle{one: "putUser"}, x)
	if id == 0 {
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
	k.took(x, id, "lastName", "Changed")
}
