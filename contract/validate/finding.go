package validate

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/kaikina/kaikina/contract/schema"
)

// Finding is one thing in which an answer is not as its operation is described. The clients
// wrap it in their errors; errors.As finds it there.
type Finding struct {
	Operation string
	Status    int
	schema.Finding
}

// Error names the place in the answer, what is wrong, the keyword and the line of the
// description, such as
//
//	/records/3/id: number, where string is declared (type, kinabase.yaml:1017)
//
// It does not name the operation, which the error around it does.
func (f *Finding) Error() string {
	place := shown(f.Pointer)
	if place == "" {
		place = "the body"
	}
	return fmt.Sprintf("%s: %s (%s)", place, f.Message, strings.Join(f.basis(), ", "))
}

// basis is the keyword, and its place in the description if that is known.
func (f *Finding) basis() []string {
	if f.Line == 0 {
		return []string{f.Keyword}
	}
	return []string{f.Keyword, f.source()}
}

func (f *Finding) source() string { return fmt.Sprintf("%s:%d", f.File, f.Line) }

// shown is a pointer as it can be printed. The names in it may be anything.
func shown(pointer string) string {
	const longest = 200 // bytes
	if len(pointer) > longest {
		pointer = strings.ToValidUTF8(pointer[:longest], "") + "..."
	}
	quoted := strconv.Quote(pointer)
	return quoted[1 : len(quoted)-1]
}

// LogValue is a finding in a structured log, without what was answered but for the names in
// the pointer.
func (f *Finding) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("operation", f.Operation),
		slog.Int("status", f.Status),
		slog.String("class", f.Class.String()),
		slog.String("pointer", shown(f.Pointer)),
		slog.String("keyword", f.Keyword),
		slog.String("message", f.Message),
		slog.Int64("offset", f.Offset),
	}
	if f.Line > 0 {
		attrs = append(attrs, slog.String("source", f.source()))
	}
	return slog.GroupValue(attrs...)
}

// Redacted is the same finding without the credential: see [schema.Finding.Redacted].
func (f *Finding) Redacted(redact func(string) string) error {
	safe := *f
	safe.Finding = f.Finding.Redacted(redact)
	return &safe
}
