package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

var statusDeclared = exchangeCheck{
	CheckInfo: CheckInfo{"status_declared", "The description has the answer's status, by itself, by its range or by default."},
	applies:   func(*exchange) bool { return true },
	run: func(x *exchange) []violation {
		if x.declared != nil {
			return nil
		}
		return []violation{{
			message: fmt.Sprintf("status %d is not among those declared: %s", x.status, strings.Join(sortedKeys(x.operation.Spec.Responses.Map()), ", ")),
			line:    x.operation.Line,
		}}
	},
}

var statusExpected = CheckInfo{"status_expected", "A call made as described is answered with success, or refused for want of permission."}

// unproven are the statuses of such refusals.
var unproven = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests}

// checkExpected judges the status of a call that has nothing wrong with it. A refusal
// for want of permission, of the thing itself or of patience proves nothing either way.
func checkExpected(x *exchange) []violation {
	if x.succeeded() || x.declared == nil || slices.Contains(unproven, x.status) {
		return nil
	}
	return []violation{{message: fmt.Sprintf("status %d, where the call was made as described", x.status)}}
}

var authRequired = CheckInfo{"auth_required", "A call without credentials, or with wrong ones, is refused with 401 or 403. One operation of each API is tried, and the request for a token."}

func checkRefused(x *exchange) []violation {
	if x.status == http.StatusUnauthorized || x.status == http.StatusForbidden {
		return nil
	}
	return []violation{{message: fmt.Sprintf("status %d, where a call without good credentials should be refused with 401 or 403", x.status)}}
}

var answered = CheckInfo{"answered", "The server answers the call: the connection holds and the body arrives whole."}

var clientDecodes = CheckInfo{"client_decodes", "The generated client decodes the answer into its types."}
