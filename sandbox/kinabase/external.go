package kinabase

import "net/http"

// GetExternalRecord is GET /collections/{collectionId}/ext/{externalService}/{externalId}.
func (o *operations) GetExternalRecord(w http.ResponseWriter, _ *http.Request, collectionID, service, id string) {
	o.get(w, collectionID, byLink(service, id))
}

// UpdateExternalRecord is the PATCH of the same path. It never creates a record.
func (o *operations) UpdateExternalRecord(w http.ResponseWriter, r *http.Request, collectionID, service, id string) {
	o.update(w, r, collectionID, byLink(service, id))
}

// DeleteExternalRecord is the DELETE of the same path.
func (o *operations) DeleteExternalRecord(w http.ResponseWriter, _ *http.Request, collectionID, service, id string) {
	o.delete(w, collectionID, byLink(service, id))
}
