package schema

import "slices"

// value holds the value that was just begun against a node, reads it to its end, and gives
// its hash where somebody needs one. A nil node fits everything. What fails kills the branch
// that owns the node, or is a finding when no branch does.
func (r *run) value(kind Kind, n *node, owner int32) (uint64, error) {
	if r.unasked(kind, n) {
		return 0, nil
	}
	if n == nil {
		return r.plain(kind, nil, owner)
	}
	is := typesOf(kind)
	if n.grouped&is != 0 {
		from := len(r.evals)
		r.evals = append(r.evals, eval{node: n, owner: owner, parent: -1})
		return r.many(kind, from)
	}
	if n.admitted&is == 0 && !r.admits(kind, n, owner) {
		n = nil
	}
	return r.plain(kind, n, owner)
}

// unasked tells of most scalars that whatever they are, they fit the node, and that nobody wants
// to know of them.
func (r *run) unasked(kind Kind, n *node) bool {
	if r.hashing > 0 || len(r.observers) > 0 {
		return false
	}
	is := typesOf(kind)
	if n == nil {
		return is&(isArray|isObject) == 0
	}
	return n.unruled&is != 0 || kind == '0' && n.brief != 0 && r.brief()&n.brief != 0
}

// maxBrief is the length in bytes of a number that int64 and float have for certain, unless it has
// an exponent.
const maxBrief = 18

// brief tells which of the brief numbers the number just read is, if any.
func (r *run) brief() types {
	switch {
	case !r.tokens.Plain() || len(r.tokens.Raw()) > maxBrief:
		return 0
	case r.tokens.Integer():
		return isInteger
	}
	return isNumber
}

// plain is value for a node without alternatives, whose type fits.
func (r *run) plain(kind Kind, n *node, owner int32) (uint64, error) {
	switch kind {
	case '{':
		return r.object(n, owner)
	case '[':
		return r.list(n, owner)
	}
	if n != nil {
		r.scalar(kind, n, owner)
	}
	if r.hashing > 0 {
		return r.hashScalar(kind), nil
	}
	return 0, nil
}

// admits looks at the type alone.
func (r *run) admits(kind Kind, n *node, owner int32) bool {
	for _, at := range n.never {
		r.fail(owner, failure{keyword: "false", message: "a value, where the schema false accepts none", at: at})
		return false
	}
	is := typesOf(kind)
	if n.types&is == is || n.types&is != 0 && (kind != '0' || n.types&isNumber != 0 || r.integral(owner)) {
		return true
	}
	for i := range n.typed {
		rule := &n.typed[i]
		if rule.types&is == 0 || kind == '0' && rule.types&isNumber == 0 && !r.integral(noReport) {
			r.fail(owner, failure{keyword: "type", message: kindName(kind), want: rule.want, at: rule.at})
		}
	}
	return false
}

// integral tells whether the number just read is an integer, which 1.0 and 1e2 are too. What
// a Go integer cannot decode is told apart.
func (r *run) integral(owner int32) bool {
	text := r.tokens.Raw()
	if r.tokens.Integer() && len(text) <= maxBrief {
		return true
	}
	d := r.decimal(text)
	if !d.integer() {
		return false
	}
	if owner == noReport {
		return true
	}
	problem := ""
	if _, fits := d.int64(); !fits {
		problem = "an integer that does not fit into 64 bits"
	} else if !onlyDigits(text) {
		problem = "an integer with a fraction or an exponent, which Go's integers do not decode"
	}
	if problem != "" {
		r.hold(owner, Finding{Class: Inexact, Keyword: "integer", Message: problem})
	}
	return true
}

func onlyDigits(text []byte) bool {
	for i, c := range text {
		if (c < '0' || c > '9') && (i > 0 || c != '-') {
			return false
		}
	}
	return true
}

func (r *run) decimal(text []byte) decimal {
	d := parseDecimal(text, r.digits[:0])
	if cap(d.digits) <= 1<<16 {
		r.digits = d.digits[:0]
	}
	return d
}

func kindName(kind Kind) string {
	switch kind {
	case 'n':
		return "null"
	case 't', 'f':
		return "boolean"
	case '0':
		return "number"
	case '"':
		return "string"
	case '[':
		return "array"
	}
	return "object"
}

// scalar applies the rules for null, booleans, numbers and strings.
func (r *run) scalar(kind Kind, n *node, owner int32) {
	index := -1
	if len(n.enums) > 0 {
		index = r.enumIndex(kind, n, owner)
	}
	length := -1
	switch kind {
	case '0':
		for i := range n.numbers {
			r.number(&n.numbers[i], owner)
		}
	case '"':
		for i := range n.strings {
			rule := &n.strings[i]
			ok := true
			switch {
			case rule.check != nil:
				ok = rule.check(r.tokens.Text())
			default:
				if length < 0 {
					length = r.tokens.Runes()
				}
				ok = length >= rule.limit
				if rule.keyword == "maxLength" {
					ok = length <= rule.limit
				}
			}
			if !ok {
				r.fail(owner, failure{keyword: rule.keyword, message: "string", want: rule.want, at: rule.at})
			}
		}
	}
	if len(r.observers) > 0 {
		r.visit(n, owner, Visit{Kind: kind, Length: length, Enum: index, Group: -1, Branch: -1})
	}
}

// enumIndex finds the value in the enums of a node, and gives the index in the last.
func (r *run) enumIndex(kind Kind, n *node, owner int32) int {
	index := int32(-1)
	for _, rule := range n.enums {
		index = -1
		switch kind {
		case 'n':
			index = rule.literals[0]
		case 't':
			index = rule.literals[1]
		case 'f':
			index = rule.literals[2]
		case '"':
			if i, known := rule.strings[string(r.tokens.Text())]; known {
				index = i
			}
		case '0':
			if len(rule.numbers) == 0 {
				break
			}
			d := r.decimal(r.tokens.Raw())
			if i, known := slices.BinarySearchFunc(rule.numbers, d, numberMember.compare); known {
				index = rule.numbers[i].index
			}
		}
		if index < 0 {
			r.fail(owner, failure{keyword: rule.keyword, message: kindName(kind), count: rule.size, at: rule.at})
		}
	}
	return int(index)
}

// containerEnums refuses an array or an object where no enum has one at all. Where one has,
// alternatives decide.
func (r *run) containerEnums(kind Kind, n *node, owner int32) {
	for _, rule := range n.enums {
		if rule.nested&typesOf(kind) == 0 {
			r.fail(owner, failure{keyword: rule.keyword, message: kindName(kind), count: rule.size, at: rule.at})
		}
	}
}

func (r *run) number(rule *numberRule, owner int32) {
	text := r.tokens.Raw()
	ok, decided := false, true
	n, short := shortInteger(text)
	if rule.check != nil {
		ok = short && rule.least <= n && n < rule.below || rule.check(text)
	} else if short && rule.isShort {
		ok = rule.holdsShort(n)
	} else {
		ok, decided = rule.holds(r.decimal(text))
	}
	switch {
	case !decided:
		if r.live(owner) {
			r.report(rule.at.finding(Unchecked, rule.keyword, "a number of too many digits to divide"), 0)
		}
	case !ok:
		r.fail(owner, failure{keyword: rule.keyword, message: "number", want: rule.want, at: rule.at})
	}
}

func (rule *numberRule) holdsShort(n int64) bool {
	switch rule.keyword {
	case "minimum":
		return n >= rule.short
	case "maximum":
		return n <= rule.short
	case "exclusiveMinimum":
		return n > rule.short
	case "exclusiveMaximum":
		return n < rule.short
	}
	return n%rule.short == 0
}

func (rule *numberRule) holds(d decimal) (ok, decided bool) {
	switch rule.keyword {
	case "minimum":
		return d.compare(rule.value) >= 0, true
	case "maximum":
		return d.compare(rule.value) <= 0, true
	case "exclusiveMinimum":
		return d.compare(rule.value) > 0, true
	case "exclusiveMaximum":
		return d.compare(rule.value) < 0, true
	}
	return d.multipleOf(rule.value)
}

// hashScalar gives equal values equal hashes: 1.0 and 1 are equal, "a" and "\u0061" are.
func (r *run) hashScalar(kind Kind) uint64 {
	switch kind {
	case '"':
		return mix(hashBytes(r.tokens.Text()) + uint64(kind))
	case '0':
		d := r.decimal(r.tokens.Raw())
		h := hashBytes(d.digits) + uint64(kind) + mix(uint64(d.exponent))
		if d.negative {
			h = mix(h)
		}
		return mix(h)
	}
	return mix(salt + uint64(kind))
}
