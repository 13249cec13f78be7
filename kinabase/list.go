package kinabase

import (
	"errors"
	"fmt"
	"time"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
)

// MaxPageSize is how many records a page may have (vendor's reference).
const MaxPageSize = 300

// MaxAll is how many records [Client.AllRecords] can get (vendor's reference).
const MaxAll = 100_000

// A ListOption says which records are wanted, and how. Its value is taken when it is made.
type ListOption func(*selection)

type selection struct {
	after    *time.Time
	linked   *string
	lists    *bool
	pageSize int
	err      error
}

// UpdatedAfter wants only records that changed after a moment. Not documented: how exactly
// Kinabase keeps it.
func UpdatedAfter(moment time.Time) ListOption { return func(s *selection) { s.after = &moment } }

// LinkedTo wants only records that are linked to a service. "true" is no service that can be
// asked for, since Kinabase takes it for [Linked].
func LinkedTo(service string) ListOption {
	return func(s *selection) {
		s.linked = &service
		if service == "" || service == anyService {
			s.err = fmt.Errorf("LinkedTo: a service cannot be called %q; for any service give Linked()", service)
		}
	}
}

// Linked wants only records that are linked to some service.
func Linked() ListOption {
	return func(s *selection) { s.linked = new(anyService) }
}

// anyService is what stands for every service in a query.
const anyService = "true"

// IncludeLists wants the child records too; they come in Lists. Its shape is not documented.
func IncludeLists() ListOption { return func(s *selection) { s.lists = new(true) } }

// PageSize sets how many records come with one call, from 1 to 300: 300 unless given. It is
// of no use with [Client.AllRecords], which has no pages and refuses it.
func PageSize(records int) ListOption {
	return func(s *selection) {
		s.pageSize = records
		if records < 1 || records > MaxPageSize {
			s.err = fmt.Errorf("PageSize: %d records; want 1 to %d", records, MaxPageSize)
		}
	}
}

func selectionOf(opts []ListOption) selection {
	var s selection
	for _, opt := range opts {
		if opt != nil {
			opt(&s)
		}
	}
	return s
}

func (s selection) page(index int64) *kinabaseapi.ListRecordsParams {
	at, size := int(index), s.size()
	return &kinabaseapi.ListRecordsParams{
		PageIndex: &at, PageSize: &size, UpdatedAfter: s.after, ExternalService: s.linked, IncludeLists: s.lists,
	}
}

// size is how many records a page has.
func (s selection) size() int {
	if s.pageSize == 0 {
		return MaxPageSize
	}
	return s.pageSize
}

func (s selection) all() (*kinabaseapi.ListAllRecordsParams, error) {
	if s.pageSize != 0 && s.err == nil {
		s.err = errors.New("PageSize: all records come in one answer, without pages")
	}
	return &kinabaseapi.ListAllRecordsParams{UpdatedAfter: s.after, ExternalService: s.linked, IncludeLists: s.lists}, s.err
}
