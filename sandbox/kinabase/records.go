package kinabase

import (
	"fmt"
	"iter"
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// maxAll is how many records /all answers at most.
const maxAll = 100_000

// ListRecords is GET /collections/{collectionId}.
func (o *operations) ListRecords(w http.ResponseWriter, r *http.Request, collectionID string, params stub.ListRecordsParams) {
	f, includeLists, err := readFilter(r, params.UpdatedAfter, params.ExternalService, params.IncludeLists)
	if err != nil {
		refuse(w, err)
		return
	}
	index, size, err := readPage(params.PageIndex, params.PageSize)
	if err != nil {
		refuse(w, err)
		return
	}
	c, err := o.collection(collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	all := c.matching(f)
	bodies := []any{} // an empty page is [], not null
	for _, rec := range page(all, index, size) {
		bodies = append(bodies, o.body(rec, includeLists))
	}
	jsonbody.Write(w, http.StatusOK, recordPage{Records: bodies, TotalRecords: len(all), PageIndex: index, PageSize: size})
}

type recordPage struct {
	Records      []any `json:"records"`
	TotalRecords int   `json:"totalRecords"`
	PageIndex    int   `json:"pageIndex"`
	PageSize     int   `json:"pageSize"`
}

// ListAllRecords is GET /collections/{collectionId}/all.
func (o *operations) ListAllRecords(w http.ResponseWriter, r *http.Request, collectionID string, params stub.ListAllRecordsParams) {
	f, includeLists, err := readFilter(r, params.UpdatedAfter, params.ExternalService, params.IncludeLists)
	if err != nil {
		refuse(w, err)
		return
	}
	c, err := o.collection(collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	records := c.matching(f)
	if len(records) > maxAll {
		refuse(w, fmt.Errorf("%d records match; /all answers at most %d, pages answer any number", len(records), maxAll))
		return
	}
	jsonbody.WriteArray(w, o.bodies(records, includeLists))
}

func (o *operations) bodies(records []*record, includeLists bool) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, rec := range records {
			if !yield(o.body(rec, includeLists)) {
				return
			}
		}
	}
}

// CreateRecord is POST /collections/{collectionId}.
func (o *operations) CreateRecord(w http.ResponseWriter, r *http.Request, collectionID string) {
	c, in, err := o.readRecord(w, r, collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, o.body(c.add([]input{in}, o.clock())[0], false))
}

// GetRecord is GET /collections/{collectionId}/{recordId}.
func (o *operations) GetRecord(w http.ResponseWriter, _ *http.Request, collectionID, recordID string) {
	o.get(w, collectionID, byID(recordID))
}

// UpdateRecord is PATCH /collections/{collectionId}/{recordId}.
func (o *operations) UpdateRecord(w http.ResponseWriter, r *http.Request, collectionID, recordID string) {
	o.update(w, r, collectionID, byID(recordID))
}

// DeleteRecord is DELETE /collections/{collectionId}/{recordId}.
func (o *operations) DeleteRecord(w http.ResponseWriter, _ *http.Request, collectionID, recordID string) {
	o.delete(w, collectionID, byID(recordID))
}

func (o *operations) get(w http.ResponseWriter, collectionID string, find selector) {
	c, err := o.collection(collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	rec, err := c.get(find)
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, o.body(rec, false))
}

func (o *operations) update(w http.ResponseWriter, r *http.Request, collectionID string, find selector) {
	c, in, err := o.readRecord(w, r, collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	changed, err := c.change([]edit{{find, in}}, o.clock())
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, o.body(changed[0], false))
}

func (o *operations) delete(w http.ResponseWriter, collectionID string, find selector) {
	c, err := o.collection(collectionID)
	if err == nil {
		err = c.remove(find)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, stub.DeletionResult{})
}

// readRecord finds the collection of a call and reads the record in its body.
func (o *operations) readRecord(w http.ResponseWriter, r *http.Request, collectionID string) (*collection, input, error) {
	c, body, err := o.readBody(w, r, collectionID)
	if err != nil {
		return nil, input{}, err
	}
	in, err := readInput(c, body)
	return c, in, err
}

// readBody finds the collection of a call and reads its body.
func (o *operations) readBody(w http.ResponseWriter, r *http.Request, collectionID string) (*collection, jsonbody.Object, error) {
	c, err := o.collection(collectionID)
	if err != nil {
		return nil, jsonbody.Object{}, err
	}
	body, err := jsonbody.Read(w, r)
	return c, body, err
}
