package schema

import (
	"context"
	"io"
	"iter"
)

// Findings is [Validator.Validate] for a caller who wants each finding as soon as it is made:
// while the place is near, or because there may be more of them than memory. The last pair has
// the error, if there is one: a body that could not be read to its end.
//
// [Options.MaxFindings] and [Options.FirstOnly] do not count here: who has enough, stops. What
// depends on an alternative is found when the alternative has ended, and may lie far back.
func (v *Validator) Findings(ctx context.Context, body io.Reader, observers ...Observer) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		r := v.runs.get(v)
		defer v.runs.put(r)
		r.observers = append(r.observers, observers...)
		r.begin(ctx, body)
		r.found = func(f Finding) bool { return yield(f, nil) }
		if err := r.whole(); err != nil && !r.stopped {
			yield(Finding{}, err)
		}
	}
}
