package kinabase

import (
	"fmt"
	"iter"
	"net/http"
	"slices"

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
	records, total := o.store.page(c, f, index, size)
	bodies := []any{} // an empty page is [], not null
	for _, rec := range records {
		bodies = append(bodies, o.body(c, rec, includeLists))
	}
	jsonbody.Write(w, http.StatusOK, recordPage{Records: bodies, TotalRecords: total, PageIndex: index, PageSize: size})
}

type recordPage struct {
	Records      []any `json:"records"`
	TotalRecords int   `json:"totalRecords"`
	PageIndex    int   `json:"pageIndex"`
	PageSize     int   `json:"pageSize"`
}

// page is one page of the records that a filter lets through, and how many those are.
// It multiplies nothing that a caller could make overflow.
//
// Choice(record-order) [listRecords]: Records come in the order in which they were added. A page past the end is empty.
func (s *store) page(c *collection, f filter, index, size int) (page []*record, total int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, r := range c.records {
		if !f.matches(r) {
			continue
		}
		if total/size == index {
			page = append(page, r)
		}
		total++
	}
	return page, total
}

// ListAllRecords is GET /collections/{collectionId}/all. Nothing that takes its time is
// done before the first byte is sent: a record is filtered, drawn and encoded when its
// turn comes.
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
	records := o.store.snapshot(c)
	if err := checkAll(records, f); err != nil {
		refuse(w, err)
		return
	}
	jsonbody.WriteArray(w, r, o.bodies(c, records, f, includeLists))
}

// snapshot are the records of a collection at this moment: a copy of pointers.
//
// Choice(all-snapshot): /all answers the records as they were when it was called, whatever changes while it is sent, but
// for what follows from other records: that is looked up when its turn comes.
func (s *store) snapshot(c *collection) []*record {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(c.records)
}

// checkAll refuses a listing that would leave records out.
//
// Choice(all-limit) [listAllRecords]: /all refuses with 400 when more than 100,000 records match, rather than leave some out.
func checkAll(records []*record, f filter) error {
	if len(records) <= maxAll {
		return nil
	}
	matching := 0
	for _, r := range records {
		if f.matches(r) {
			matching++
		}
	}
	if matching > maxAll {
		return fmt.Errorf("%d records match; /all answers at most %d, pages answer any number", matching, maxAll)
	}
	return nil
}

func (o *operations) bodies(c *collection, records []*record, f filter, includeLists bool) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, rec := range records {
			if f.matches(rec) && !yield(o.body(c, rec, includeLists)) {
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
	var added []*record
	err = o.store.change(func(ch *change) (err error) {
		added, err = ch.add(c, []input{in}, o.clock())
		return err
	})
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, o.body(c, added[0], false))
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
	rec, err := o.store.find(c, find)
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, o.body(c, rec, false))
}

func (s *store) find(c *collection, find selector) (*record, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return find(c)
}

// update answers the record as it is afterwards.
//
// Choice(partial-change): A change leaves alone the fields that it does not name, and is answered with the whole record.
func (o *operations) update(w http.ResponseWriter, r *http.Request, collectionID string, find selector) {
	c, in, err := o.readRecord(w, r, collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	var changed []*record
	err = o.store.change(func(ch *change) (err error) {
		changed, err = ch.edit(c, []edit{{find, in}}, o.clock())
		return err
	})
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, o.body(c, changed[0], false))
}

func (o *operations) delete(w http.ResponseWriter, collectionID string, find selector) {
	c, err := o.collection(collectionID)
	if err == nil {
		err = o.store.change(func(ch *change) error { return ch.remove(c, []selector{find}) })
	}
	if err != nil {
		refuse(w, err)
		return
	}
	// Choice(undocumented-bodies) [createRecords deleteExternalRecord deleteRecords getStatus updateRecords]: Bodies that are not documented at all are {}: those of /status, of deletions and of bulk
	// calls.
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
//
// Choice(order-of-checks): Headers, where they are checked, come first, then credentials, the limit of ingest, parameters,
// the collection, the body, and last the record. A body that is malformed, larger than 10 MiB or nested more than 1,000
// levels deep answers 400.
func (o *operations) readBody(w http.ResponseWriter, r *http.Request, collectionID string) (*collection, jsonbody.Object, error) {
	c, err := o.collection(collectionID)
	if err != nil {
		return nil, jsonbody.Object{}, err
	}
	body, err := jsonbody.ReadUntyped(w, r)
	return c, body, err
}
