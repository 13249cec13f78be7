package kainexus

import (
	"net/http"
	"slices"
	"strings"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// ListImpactValues is GET /api/public/v1/json/impactValueList.
func (o *operations) ListImpactValues(w http.ResponseWriter, r *http.Request, params stub.ListImpactValuesParams) {
	start, s := o.clock(), o.store.view()
	owner, err := readImpactValueType(params.ImpactValueType)
	if err != nil {
		refuse(w, err)
		return
	}
	o.listValues(w, r, start, s, owner)
}

// GetImpactValue is GET /api/public/v1/json/impactValue.
func (o *operations) GetImpactValue(w http.ResponseWriter, _ *http.Request, params stub.GetImpactValueParams) {
	start, s := o.clock(), o.store.view()
	owner, err := readImpactValueType(params.ImpactValueType)
	if err != nil {
		refuse(w, err)
		return
	}
	o.getValue(w, start, s, owner, params.ID)
}

// PutImpactValue is PUT /api/public/v1/json/impactValue. The id in the query counts only
// when the body has none.
func (o *operations) PutImpactValue(w http.ResponseWriter, r *http.Request, params stub.PutImpactValueParams) {
	owner, err := readImpactValueType(params.ImpactValueType)
	if err != nil {
		refuse(w, err)
		return
	}
	writeOne[stub.ImpactValue](o, w, r, func(d *draft, sent document) (stub.WriteOutcome, error) {
		if params.ID != nil && !sent.has("id") {
			sent["id"] = num(*params.ID)
		}
		return d.putImpactValue(owner, sent)
	})
}

// PutImpactValues is PUT /api/public/v1/json/impactValueList.
func (o *operations) PutImpactValues(w http.ResponseWriter, r *http.Request, params stub.PutImpactValuesParams) {
	owner, err := readImpactValueType(params.ImpactValueType)
	if err != nil {
		refuse(w, err)
		return
	}
	writeMany[stub.ImpactValue](o, w, r, func(d *draft, sent document) (stub.WriteOutcome, error) {
		return d.putImpactValue(owner, sent)
	})
}

// Choice(impact-value-ids) [putImpactValue]: Of the two ids of a PUT of one Impact Value the one in the body
// counts; the query's counts when the body has none. A type in the body must be that of
// the query.
func (d *draft) putImpactValue(owner string, sent document) (stub.WriteOutcome, error) {
	if sent.has("type") && sent.text("type") != owner {
		return stub.WriteOutcome{}, bad(notAllowed, "the body names another type than the query")
	}
	sent["type"] = owner
	return d.putValue(owner, sent)
}

// readImpactValueType takes the type as bodies spell it, LEAD_TIME, and as the one query
// on record does, LeadTime.
//
// Choice(impact-value-type): impactValueType may be spelled LEAD_TIME, LeadTime or Lead Time,
// in any case. Anything else answers 400.
func readImpactValueType(sent string) (string, error) {
	plain := func(s string) string {
		return strings.ToUpper(strings.NewReplacer("_", "", " ", "").Replace(s))
	}
	i := slices.IndexFunc(impactValueTypes, func(known string) bool { return plain(known) == plain(sent) })
	if i < 0 {
		return "", bad(invalidParameter, "impactValueType is not one of %s", strings.Join(impactValueTypes, ", "))
	}
	return impactValueTypes[i], nil
}
