package kinabase

import (
	"fmt"
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// maxBulk is how many records a bulk call carries at most.
const maxBulk = 300

// CreateRecords is POST /collections/{collectionId}/bulk.
//
// Choice(bulk-atomic) [createRecords updateRecords]: A bulk call is all or nothing. A change or a deletion that names an unknown id answers 404 and
// changes nothing; one that names a record twice is carried out in order. Each record of a bulk change needs its id.
func (o *operations) CreateRecords(w http.ResponseWriter, r *http.Request, collectionID string) {
	c, inputs, err := o.readRecords(w, r, collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	err = o.store.change(func(ch *change) error {
		_, err := ch.add(c, inputs, o.clock())
		return err
	})
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, stub.BulkResult{})
}

// UpdateRecords is PATCH /collections/{collectionId}/bulk.
func (o *operations) UpdateRecords(w http.ResponseWriter, r *http.Request, collectionID string) {
	c, inputs, err := o.readRecords(w, r, collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	edits := make([]edit, len(inputs))
	for i, in := range inputs {
		if in.id == "" {
			refuse(w, fmt.Errorf("records[%d].id is required: it says which record to change", i))
			return
		}
		edits[i] = edit{byID(in.id), in}
	}
	err = o.store.change(func(ch *change) error {
		_, err := ch.edit(c, edits, o.clock())
		return err
	})
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, stub.BulkResult{})
}

// DeleteRecords is DELETE /collections/{collectionId}/bulk.
func (o *operations) DeleteRecords(w http.ResponseWriter, r *http.Request, collectionID string) {
	c, finds, err := o.readRecordIDs(w, r, collectionID)
	if err == nil {
		err = o.store.change(func(ch *change) error { return ch.remove(c, finds) })
	}
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, stub.BulkResult{})
}

func (o *operations) readRecords(w http.ResponseWriter, r *http.Request, collectionID string) (*collection, []input, error) {
	c, body, err := o.readBody(w, r, collectionID)
	if err != nil {
		return nil, nil, err
	}
	if err := body.CheckCase("records"); err != nil {
		return nil, nil, err
	}
	records, err := body.Objects("records", maxBulk)
	if err != nil {
		return nil, nil, err
	}
	inputs := make([]input, len(records))
	for i, rec := range records {
		if inputs[i], err = readInput(c, rec); err != nil {
			return nil, nil, err
		}
	}
	return c, inputs, nil
}

func (o *operations) readRecordIDs(w http.ResponseWriter, r *http.Request, collectionID string) (*collection, []selector, error) {
	c, body, err := o.readBody(w, r, collectionID)
	if err != nil {
		return nil, nil, err
	}
	if err := body.CheckCase("recordIds"); err != nil {
		return nil, nil, err
	}
	ids, err := body.Strings("recordIds", maxBulk)
	if err != nil {
		return nil, nil, err
	}
	finds := make([]selector, len(ids))
	for i, id := range ids {
		if id == "" {
			return nil, nil, fmt.Errorf("recordIds[%d] must not be empty", i)
		}
		finds[i] = byID(id)
	}
	return c, finds, nil
}
