package kinabase

import (
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// ListCollections is GET /collections.
func (o *operations) ListCollections(w http.ResponseWriter, _ *http.Request) {
	type entry struct {
		ID   string `json:"id"`
		Slug string `json:"slug"`
		Name string `json:"name"`
	}
	list := make([]entry, len(o.collections))
	for i, c := range o.collections {
		list[i] = entry{ID: c.id, Slug: c.slug, Name: c.title}
	}
	jsonbody.Write(w, http.StatusOK, list)
}

// collection finds a collection by its id or its slug.
func (o *operations) collection(key string) (*collection, error) {
	for _, c := range o.collections {
		if c.id == key || c.slug == key {
			return c, nil
		}
	}
	return nil, notFound("there is no collection %s", name(key))
}
