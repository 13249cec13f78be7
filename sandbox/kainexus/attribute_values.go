package kainexus

import (
	"net/http"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// ListAttributeValues is GET /api/public/v1/json/attributeValueList.
func (o *operations) ListAttributeValues(w http.ResponseWriter, r *http.Request, params stub.ListAttributeValuesParams) {
	start, s := o.clock(), o.store.view()
	owner, err := readAttributeID(params.AttributeID)
	if err != nil {
		refuse(w, err)
		return
	}
	o.listValues(w, r, start, s, owner)
}

// GetAttributeValue is GET /api/public/v1/json/attributeValue.
func (o *operations) GetAttributeValue(w http.ResponseWriter, _ *http.Request, params stub.GetAttributeValueParams) {
	start, s := o.clock(), o.store.view()
	owner, err := readAttributeID(params.AttributeID)
	if err != nil {
		refuse(w, err)
		return
	}
	o.getValue(w, start, s, owner, params.ID)
}

// PutAttributeValue is PUT /api/public/v1/json/attributeValue.
func (o *operations) PutAttributeValue(w http.ResponseWriter, r *http.Request, params stub.PutAttributeValueParams) {
	owner, err := readAttributeID(params.AttributeID)
	if err != nil {
		refuse(w, err)
		return
	}
	writeOne[stub.AttributeValue](o, w, r, putAttributeValue(owner))
}

// PutAttributeValues is PUT /api/public/v1/json/attributeValueList.
func (o *operations) PutAttributeValues(w http.ResponseWriter, r *http.Request, params stub.PutAttributeValuesParams) {
	owner, err := readAttributeID(params.AttributeID)
	if err != nil {
		refuse(w, err)
		return
	}
	writeMany[stub.AttributeValue](o, w, r, putAttributeValue(owner))
}

func putAttributeValue(owner string) put {
	return func(d *draft, sent document) (stub.WriteOutcome, error) { return d.putValue(owner, sent) }
}

func readAttributeID(id int64) (owner string, err error) {
	if _, ok := attributesByID[id]; !ok {
		return "", denied("there is no Attribute %d with values of its own", id)
	}
	return attributeOwner(id), nil
}
