package kainexus

import (
	"context"
	"iter"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// Network reads all Network Locations of the organization (listNetworkLocations). It needs
// Quality Administrator. Pages are not documented; see [Client.People].
func (c *Client) Network(ctx context.Context) iter.Seq2[Location, error] {
	return list[Location]{
		client:    c,
		operation: "listNetworkLocations",
		open: func(ctx context.Context, at int64) (*http.Response, error) {
			return c.api.ListNetworkLocations(ctx, offset(at))
		},
		id: func(location *Location) *int64 { return location.ID },
	}.all(ctx)
}

// Location reads one Network Location (getNetworkLocation).
func (c *Client) Location(ctx context.Context, id int64) (Location, error) {
	if err := positive("getNetworkLocation", "location", id); err != nil {
		return Location{}, err
	}
	response, err := c.api.GetNetworkLocation(ctx, &kainexusapi.GetNetworkLocationParams{ID: id})
	return one[Location](c, "getNetworkLocation", response, err)
}
