package scan

import (
	"fmt"
	"io"
)

// SyntaxError says where a body stops to be JSON. It holds nothing of the body.
type SyntaxError struct {
	Offset  int64  // bytes of the body before that place
	Problem string // a clause without a subject: "has a comma too many"

	truncated bool
}

// Error names the place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("the body %s (at byte %d)", e.Problem, e.Offset)
}

// Unwrap is [io.ErrUnexpectedEOF] where all there was is right, and the body ends too early.
func (e *SyntaxError) Unwrap() error {
	if e.truncated {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// Limits say how much a body may ask for.
type Limits struct {
	// Depth is how many objects and arrays may be open at the same time.
	Depth int
	// Token is how many bytes a token may have, and a value that Mark keeps. The buffer may
	// take twice as much for a moment while it grows.
	Token int
	// Names is how many bytes may be spent on names to find those that come twice, of all
	// objects that are open. A name takes its length and about a hundred bytes.
	Names int
	// Body is how many bytes the whole body may have; 0 for any number.
	Body int64
}

// DefaultLimits are those of a new scanner. The depth is that of jsontext.
var DefaultLimits = Limits{Depth: 10_000, Token: 16 << 20, Names: 16 << 20}

// LimitError says that a body asks for more than [Limits] allow. It may well be JSON.
type LimitError struct {
	Offset int64  // bytes of the body before what is too much
	What   string // what there is too much of: "levels of nesting"
	Limit  int64
}

// Error names the limit and the place.
func (e *LimitError) Error() string {
	return fmt.Sprintf("the body has more than %d %s (at byte %d)", e.Limit, e.What, e.Offset)
}

// DefectKind says what is doubtful.
type DefectKind byte

const (
	// RepeatedName is a name that its object already has.
	RepeatedName DefectKind = iota + 1
	// UncheckedName is a name that could not be compared with the others of its object,
	// because Limits.Names is reached. It is told once for an object and those inside of it.
	UncheckedName
	// InvalidUTF8 is a string with bytes that are not UTF-8.
	InvalidUTF8
	// LoneSurrogate is a string with an escape sequence for half of a surrogate pair.
	LoneSurrogate
)

// Defect is where the grammar of JSON is kept and the meaning is doubtful. A string has at most
// one of each kind.
type Defect struct {
	Kind   DefectKind
	Offset int64 // of the string
}

// String is the problem of the [SyntaxError] that the defect is without a hook.
func (d Defect) String() string {
	switch d.Kind {
	case RepeatedName:
		return "has a name twice in one object"
	case UncheckedName:
		return "has more names than can be compared"
	case InvalidUTF8:
		return "has a string that is not UTF-8"
	case LoneSurrogate:
		return "has a string with half of a surrogate pair"
	}
	return "has a defect"
}

// defect tells of a defect of the string just read.
func (s *Scanner) defect(kind DefectKind) error {
	d := Defect{Kind: kind, Offset: s.Offset()}
	if s.Defect != nil {
		return s.Defect(d)
	}
	if kind == UncheckedName {
		return &LimitError{Offset: d.Offset, What: "bytes of names in open objects", Limit: int64(s.Limits.Names)}
	}
	return &SyntaxError{Offset: d.Offset, Problem: d.String()}
}

// wrong is the error for what stands at buf[i].
func (s *Scanner) wrong(i int, problem string) error {
	return &SyntaxError{Offset: s.base + int64(i), Problem: problem}
}

// missing is the error for what should come at buf[i], where the body cannot be read on.
func (s *Scanner) missing(i int, err error) error {
	if err == io.EOF {
		return &SyntaxError{Offset: s.base + int64(i), Problem: "ends too early", truncated: true}
	}
	return err
}
