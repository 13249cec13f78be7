package kinabase

import (
	"context"
	"net/http"

	"github.com/kaikina/kaikina/transport"
)

// run is a bulk on its way.
type run struct {
	*bulk
	// proven has the statuses of refusals that are known to store nothing: see again.
	proven   map[int]bool
	refusals int
	// found is set once the collection is known to be there.
	found bool
}

// triesAfterLoss is how often records are sent whose call may be lost each time.
const triesAfterLoss = 3

// carryOut sends items, in one call or more, until the fate of each is told. It returns what
// would keep every further call from being carried out, if there is something.
func (r *run) carryOut(ctx context.Context, items []*item, try int) error {
	if len(items) == 0 {
		return nil
	}
	watched, seen := watch(ctx)
	answer, err := r.send(watched, items)
	lost := seen.doubt.Load() && !r.repeatable
	switch status := statusOf(err); {
	case err == nil:
		r.accept(items, answer)
		return nil
	case lost:
		return r.lookUp(ctx, items, err, try)
	case toBlame(status):
		return r.refused(ctx, items, err, try)
	case seen.doubt.Load():
		endAll(items, StateUnknown, err)
		if status >= 500 {
			return nil // the server is there, and may like other records better
		}
		return err
	default:
		endAll(items, StateNotSent, err)
		return err
	}
}

// toBlame tells whether a refusal may be about the records, not about the caller.
func toBlame(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict,
		http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// refused deals with items whose call was refused.
func (r *run) refused(ctx context.Context, items []*item, err error, try int) error {
	r.refusals++
	status := statusOf(err)
	if status == http.StatusNotFound {
		if gone := r.lookForCollection(ctx, err); gone != nil {
			endAll(items, StateNotSent, gone)
			return gone
		}
	}
	switch {
	case len(items) == 1 && r.goneIsDone && status == http.StatusNotFound:
		items[0].end(StateDone, nil)
		return nil
	case len(items) == 1:
		items[0].end(StateRefused, err)
		return nil
	case r.repeatable || r.allOrNothing || r.proven[status] || status == http.StatusRequestEntityTooLarge:
		return r.divide(ctx, items, try)
	}
	return r.lookUp(ctx, items, err, try)
}

// lookForCollection tells whether a 404 is about the collection: a bulk call that names an
// unknown record may be answered so too. What keeps it from finding out, it returns.
func (r *run) lookForCollection(ctx context.Context, err error) error {
	if r.found {
		return nil
	}
	if !r.repeatable {
		return err // a create names nothing else
	}
	for _, missing := range r.client.Records(ctx, r.collection, PageSize(1)) {
		if missing != nil {
			return missing
		}
		break
	}
	r.found = true
	return nil
}

// divide sends items in two calls.
func (r *run) divide(ctx context.Context, items []*item, try int) error {
	left, right := items[:len(items)/2], items[len(items)/2:]
	if err := r.carryOut(ctx, left, try); err != nil {
		endAll(right, StateNotSent, err)
		return err
	}
	return r.carryOut(ctx, right, try)
}

// lookUp finds out by their links which items were stored by a call that failed, and sends
// those again that were not. Items without a link stay unknown.
func (r *run) lookUp(ctx context.Context, items []*item, failure error, try int) error {
	refusal := toBlame(statusOf(failure))
	if !refusal {
		if err := pause(ctx, readBackAfter); err != nil {
			endAll(items, StateUnknown, failure)
			return err
		}
	}
	var missing []*item
	links := map[link]bool{}
	for i, it := range items {
		l, ok := it.Input.link(usable)
		if !ok || links[l] {
			it.end(StateUnknown, failure)
			continue
		}
		links[l] = true
		record, err := r.client.RecordByLink(ctx, r.collection, l.service, l.id)
		switch {
		case err == nil:
			it.ID = record.ID
			it.end(StateDone, nil)
		case IsNotFound(err):
			missing = append(missing, it)
		default:
			endAll(append(missing, items[i:]...), StateUnknown, failure)
			return err
		}
	}
	switch {
	case refusal && len(items) == 1 && len(missing) == 1:
		missing[0].end(StateRefused, failure)
		return nil
	case refusal && len(missing) == len(items):
		return r.again(ctx, items, statusOf(failure), try)
	case refusal && len(missing) > 1:
		return r.divide(ctx, missing, try)
	case try >= triesAfterLoss:
		endAll(missing, StateUnknown, failure)
		return nil
	}
	return r.carryOut(ctx, missing, try+1)
}

// usable tells whether a link can be looked up.
func usable(service, id string) bool {
	return transport.PathSegment("externalService", service) == nil && transport.PathSegment("externalId", id) == nil
}

// again sends items in two calls after a refusal stored none of them. If the first half is
// accepted then, it was good, stood before all that is bad, and was not stored all the same:
// so a refusal with this status stores nothing, and there is no need to look it up again.
func (r *run) again(ctx context.Context, items []*item, status, try int) error {
	left, right := items[:len(items)/2], items[len(items)/2:]
	before := r.refusals
	if err := r.carryOut(ctx, left, try); err != nil {
		endAll(right, StateNotSent, err)
		return err
	}
	if r.refusals == before && left[0].State == StateDone {
		r.proven[status] = true
	}
	return r.carryOut(ctx, right, try)
}
