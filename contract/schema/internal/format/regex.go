package format

import "github.com/kaikina/kaikina/contract/schema/internal/pattern"

// regex is a regular expression of ECMA-262, with the u flag but for a few forms that people
// write without it and that have one meaning; package pattern lists them. Lookaround and
// backreferences are expressions as any. Texts of more than 64 KiB are none.
func regex(text []byte) bool { return pattern.Valid(text) }
