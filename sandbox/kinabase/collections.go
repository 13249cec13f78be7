package kinabase

import (
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// ListCollections is GET /collections.
//
// Choice(collection-list) [listCollections]: The list of collections is a bare array of objects with id, slug and name, in the order in which
// they were created.
func (o *operations) ListCollections(w http.ResponseWriter, _ *http.Request) {
	type entry struct {
		ID   string `json:"id"`
		Slug string `json:"slug"`
		Name string `json:"name"`
	}
	list := []entry{}
	for _, c := range o.store.allCollections() {
		list = append(list, entry{ID: c.id, Slug: c.slug, Name: c.title})
	}
	jsonbody.Write(w, http.StatusOK, list)
}

// collection finds a collection by its id or its slug.
func (o *operations) collection(key string) (*collection, error) {
	for _, c := range o.store.allCollections() {
		if c.called(key) {
			return c, nil
		}
	}
	return nil, notFound("there is no collection %s", name(key))
}

// allCollections are the collections of this moment: there are ever more of them.
func (s *store) allCollections() []*collection {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.collections
}
