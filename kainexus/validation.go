package kainexus

import (
	"errors"

	"github.com/kaikina/kaikina/internal/answer"
)

// Validator holds answers against a description while they are read. It names nothing but
// types of the standard library; contract/validate has one by the description of this module,
// with which a program links what parses that, and one without it does not.
type Validator = answer.Validator

// WithValidation holds every answer of success that the calls of [Client] read against a
// description, in the same pass in which it is decoded. Nothing of it is kept in memory for
// that, and no element is yielded before it was validated.
//
// Each finding is given to report as an [*Error], which names the operation and the status and
// wraps what the validator found: where in the answer, what was wanted there, and where the
// description says so; never a value. The place has the names of members, which are somebody's
// data where members are named after people; a credential is taken out of them.
//
// If report returns nil the call goes on as it would have without the finding; what else it
// returns ends the call. It is called by the goroutine that reads, and so at the same time by
// those that read different answers. A nil report ends the call with the first finding: an
// iterator yields the elements before the one that is not as described, and then the error.
//
// An answer that is asked for again, because it broke off, is validated again. A refusal is
// the error that it always is; report hears before of one that comes with a status of success,
// since that is an answer that is not as described. What [Client.API] does is not validated.
func WithValidation(v Validator, report func(finding *Error) error) Option {
	return func(s *settings) error {
		if v == nil {
			return errors.New("WithValidation was given nil; make a validator with contract/validate")
		}
		s.validation = &answer.Validation{Validator: v, Report: report}
		return nil
	}
}
