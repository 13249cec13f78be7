// Package pattern matches the regular expressions of schemas, which are ECMAScript's
// (ECMA-262, with the u flag), in time that grows linearly with the text.
//
// Start with [Compile] and [Pattern.Match]. [Valid] tells a well-formed expression from
// another, whether or not it can be matched here.
//
// Go's regexp reads another language that looks the same: \s misses the no-break space, a
// dot matches a carriage return, [^] is an error, and lookaheads do not exist. So an
// expression is parsed by ECMAScript's grammar into a tree, where a class is a set of code
// points and nothing else; what is left to differ is gone. The tree is then matched by the
// first of three that can:
//
//   - a shape: an anchored row of classes with counts, such as ^\d{4}-\d{2}$. It has no
//     table, and counts to any number. Where it fixes the length of the text, as dates do, it is
//     compared byte by byte. A few alternatives, such as a date with and without a zone, are as
//     many shapes.
//   - an automaton: a table with a row a state. Expressions of every kind, as long as the
//     table stays small.
//   - package regexp, for the rest: some times slower, but as linear.
//
// All three give the verdicts of regexp, and fuzzing holds them to it. What would need
// backtracking (lookaround, backreferences) is an error of [Compile]: never is an
// expression taken for a similar one. A pattern matches anywhere in the text unless it is
// anchored, as JSON Schema wants.
//
// Where the standard with the u flag is stricter than what people write, the grammar takes
// the form without the flag if it has a single meaning: \- and \@ are the character itself,
// a } or ] alone is a literal, and so is the dash of [\w-.]. Letters and digits have no
// such liberty: \Z, \A and \a are errors, since the languages that know them mean something
// else than ECMAScript would. Named groups are groups. Flags within the expression (?i:x)
// are refused.
package pattern

import (
	"fmt"
	"regexp"
	"regexp/syntax"
)

// Error says why an expression cannot be matched here.
type Error struct {
	Pattern   string // the whole expression, as it came
	Offset    int    // bytes before the construct
	Construct string // the part of the expression that is at fault
	Problem   string // what is wrong with it
}

func (e *Error) Error() string {
	return fmt.Sprintf("pattern %q: %s at byte %d: %s", e.Pattern, e.Construct, e.Offset, e.Problem)
}

// Pattern is a compiled expression. It does not change, and so any number of goroutines may
// share it.
type Pattern struct {
	source  string
	matcher matcher
}

type matcher interface{ Match(text []byte) bool }

// Compile reads an expression of ECMAScript without slashes and flags. An error is an
// *[Error]: the expression is malformed, or it has no equal that is linear in time.
func Compile(ecma string) (*Pattern, error) {
	parsed := parser{source: ecma}
	tree, err := parsed.parse()
	if err != nil {
		return nil, err
	}
	if parsed.refused != nil {
		return nil, parsed.refused
	}
	if shapes, ok := newShapes(tree); ok {
		return &Pattern{ecma, shapes}, nil
	}
	if large := tree.largeRepeat(); large != nil {
		return nil, parsed.problem(large.offset, large.end, fmt.Sprintf("only one class may repeat more than %d times, in an anchored row of classes", maxRepeat))
	}
	text := translate(tree)
	program, err := compileProgram(text)
	if err != nil {
		return nil, parsed.problem(0, len(ecma), err.Error())
	}
	if automaton, ok := newAutomaton(program); ok {
		return &Pattern{ecma, automaton}, nil
	}
	matcher, err := regexp.Compile(text)
	if err != nil {
		return nil, parsed.problem(0, len(ecma), err.Error())
	}
	return &Pattern{ecma, matcher}, nil
}

// maxProgram bounds the instructions of an expression. Package regexp may look at each of
// them at each character.
const maxProgram = 20_000

func compileProgram(text string) (*syntax.Prog, error) {
	expression, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("too large or too deep for linear matching: %w", err)
	}
	program, err := syntax.Compile(expression.Simplify())
	if err != nil {
		return nil, err
	}
	if len(program.Inst) > maxProgram {
		return nil, fmt.Errorf("too large for linear matching: %d instructions, of %d at most", len(program.Inst), maxProgram)
	}
	return program, nil
}

// Match tells whether the expression matches some part of the text, which is UTF-8. It does
// not allocate, unless the expression was left to package regexp.
func (p *Pattern) Match(text []byte) bool { return p.matcher.Match(text) }

// String returns the expression as it came.
func (p *Pattern) String() string { return p.source }

// maxValid bounds what Valid parses, because a tree takes some hundred times the memory of
// its text. People write no longer expressions.
const maxValid = 64 << 10

// Valid tells whether the text is a regular expression of ECMAScript, lookaround and
// backreferences included. A text of more than 64 KiB is not.
func Valid(text []byte) bool {
	if len(text) > maxValid {
		return false
	}
	parsed := parser{source: string(text), syntaxOnly: true}
	_, err := parsed.parse()
	return err == nil
}
