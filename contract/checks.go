package contract

import (
	"slices"
	"strings"
)

// CheckInfo describes one check.
type CheckInfo struct {
	ID  string `json:"id"`
	Doc string `json:"doc"`
}

// exchangeCheck looks at one exchange by itself.
type exchangeCheck struct {
	CheckInfo
	// applies tells whether the exchange has what the check looks at.
	applies func(*exchange) bool
	run     func(*exchange) []violation
}

// exchangeChecks are applied to every exchange, in this order.
var exchangeChecks = []exchangeCheck{statusDeclared, contentTypeDeclared, headersConform, bodyConforms}

// Checks lists every check there is, by id.
func Checks() []CheckInfo {
	list := []CheckInfo{
		answered, clientDecodes, authRequired, statusExpected,
		pagingEchoed, countMatches, pagesComplete, pagesDisjoint, allEqualsPages, listAgreesWithGet,
		recordGeneration, writeTakesEffect,
	}
	for _, check := range exchangeChecks {
		list = append(list, check.CheckInfo)
	}
	slices.SortFunc(list, func(a, b CheckInfo) int { return strings.Compare(a.ID, b.ID) })
	return list
}
