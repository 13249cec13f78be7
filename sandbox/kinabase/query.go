package kinabase

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

const (
	defaultPageSize = 10
	maxPageSize     = 300
)

// anyService is the value of externalService that stands for every service.
const anyService = "true"

// filter says which records a listing wants.
type filter struct {
	updatedAfter time.Time // zero for any
	service      string    // "" for linked or not
}

func (f filter) matches(r *record) bool {
	return (f.updatedAfter.IsZero() || r.updatedAt.After(f.updatedAfter)) &&
		(f.service == "" || r.linkedTo(f.service))
}

// parameterRules are what query parameters may be, by their names.
var parameterRules = map[string]string{
	"pageIndex":       "a whole number from 0",
	"pageSize":        fmt.Sprintf("a whole number from 1 to %d", maxPageSize),
	"updatedAfter":    "a moment in RFC 3339, such as 2026-03-01T00:00:00Z",
	"externalService": "the name of a service, or true for any",
	"includeLists":    "true or false",
}

// badParameter refuses a parameter.
//
// Choice(bad-parameters): A pageSize outside 1 to 300, and every other parameter that is not as the description has it, is
// refused with 400. Parameters that are not described are ignored.
func badParameter(parameter string) error {
	return fmt.Errorf("%s must be given once, as %s", parameter, parameterRules[parameter])
}

// readFilter reads the parameters that every listing has.
func readFilter(r *http.Request, updatedAfter, service, includeLists *string) (f filter, lists bool, err error) {
	// What the generated binding could not parse it did not see.
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		return filter{}, false, errors.New("the query string is malformed")
	}
	if updatedAfter != nil {
		if f.updatedAfter, err = parseMoment(*updatedAfter); err != nil {
			return filter{}, false, badParameter("updatedAfter")
		}
	}
	if service != nil {
		if f.service = *service; f.service == "" {
			return filter{}, false, badParameter("externalService")
		}
	}
	if includeLists != nil {
		if lists = *includeLists == "true"; !lists && *includeLists != "false" {
			return filter{}, false, badParameter("includeLists")
		}
	}
	return f, lists, nil
}

// readPage reads the parameters of a page.
func readPage(pageIndex, pageSize *int) (index, size int, err error) {
	index, size = 0, defaultPageSize
	if pageIndex != nil {
		index = *pageIndex
	}
	if pageSize != nil {
		size = *pageSize
	}
	switch {
	case index < 0:
		return 0, 0, badParameter("pageIndex")
	case size < 1 || size > maxPageSize:
		return 0, 0, badParameter("pageSize")
	}
	return index, size, nil
}

// rfc3339 is the form of a moment. time.Parse alone also takes a comma before a
// fraction, and hours of one digit.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

func parseMoment(s string) (time.Time, error) {
	if !rfc3339.MatchString(s) {
		return time.Time{}, errors.New("not RFC 3339")
	}
	return time.Parse(time.RFC3339, s)
}
