package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/position"
)

// validateOptions are the flags of "validate".
type validateOptions struct {
	spec        string
	status      string
	contentType string
	schema      string
	request     bool
	strict      bool
	ignore      []string
	maxFindings int
	showValues  bool
	asJSON      bool
}

func newValidate(stdout, stderr io.Writer) *cobra.Command {
	var o validateOptions
	cmd := &cobra.Command{
		Use:   "validate kainexus|kinabase OPERATION [FILE]",
		Short: "Hold a body of JSON, however large, against what a description declares",
		Long: `Reads one body of JSON from FILE, or from standard input without one, and holds it against
what the description declares for an operation: the body of its success, unless --status
or --request say otherwise. The body is read once, in memory that does not grow with it.

  kaikina validate kainexus|kinabase OPERATION [FILE]
  kaikina validate --spec DESCRIPTION OPERATION [FILE]
  kaikina validate --schema NAME kainexus|kinabase [FILE]

Each finding is printed as soon as it is made: line and column in the body, JSON pointer,
what is wrong, and the keyword; and under it the place in the description. Lines and columns
count from 1, columns in code points; "byte" is the offset from the beginning, counted from
0. Of what is known only more than 16 MiB later, the offset alone is told, which can happen
where a large value has alternatives. What an object or an array lacks is found at its end.
A remark, such as 1.0 for an integer, which is valid but which Go does not decode, is
printed and is no finding.

Values are not printed unless --show-values asks for them. Names are, in the pointer, without
the characters that a terminal would obey; with --json they are as they came.

With --json one document is printed, at the end, and what was found is in memory until then,
which --max-findings bounds. "complete" says that all of the body was validated: none of it
lies behind --max-findings, a limit (1,000 levels, 8 MiB for one string) or broken JSON.

Exit codes: 0 the body conforms, 1 there are findings, 2 wrong usage or a body that cannot
be read, 3 nothing was tested since the body is empty, 130 interrupted.`,
		Example: `  kaikina validate kinabase listRecords page.json
  curl -sf -H "Authorization: Bearer $KINABASE_TOKEN" "$URL" | kaikina validate kinabase listRecords --strict --ignore '/records/*/data'
  kaikina validate kinabase createRecord --request < body.json
  kaikina validate --spec openapi.yaml --schema '#/components/schemas/Order' order.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			declared, file, err := o.declared(cmd, args)
			if err != nil {
				return err
			}
			return validate(cmd.Context(), declared, file, o, cmd.InOrStdin(), stdout, stderr)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.spec, "spec", "", "an OpenAPI 3.0 or 3.1 document of your own instead, as a `file`")
	f.StringVar(&o.status, "status", "", "`status` of the answer, such as 404 (default: the lowest success that has a body)")
	f.StringVar(&o.contentType, "content-type", "", "content `type` of the body, where several are declared")
	f.BoolVar(&o.request, "request", false, "the body is a request's")
	f.StringVar(&o.schema, "schema", "", "hold the body against the component with this `name`, or #/components/schemas/NAME, instead of an operation's schema")
	f.BoolVar(&o.strict, "strict", false, "find properties that are not declared, in objects that declare any")
	f.StringArrayVar(&o.ignore, "ignore", nil, "JSON `pointer` at and below which --strict finds nothing, where a step * stands for any; may be repeated")
	f.IntVar(&o.maxFindings, "max-findings", 100, "stop after this `number` of findings; 0 for no limit")
	f.BoolVar(&o.showValues, "show-values", false, "quote the values that findings are about; they may be people's data")
	f.BoolVar(&o.asJSON, "json", false, "print JSON")
	return cmd
}

// check refuses flags that make no sense together.
func (o *validateOptions) check(cmd *cobra.Command) error {
	for _, name := range []string{"spec", "status", "content-type", "schema"} {
		if cmd.Flags().Changed(name) && cmd.Flag(name).Value.String() == "" {
			return fmt.Errorf("--%s is empty: give a value, or leave the flag out", name)
		}
	}
	switch {
	case o.maxFindings < 0:
		return fmt.Errorf("--max-findings %d: want 1 or more, or 0 for no limit", o.maxFindings)
	case len(o.ignore) > 0 && !o.strict:
		return errors.New("--ignore is about what --strict finds: give both")
	case o.request && o.status != "":
		return errors.New("--request and --status: a request has no status; give one of them")
	case o.schema != "" && (o.status != "" || o.contentType != ""):
		return errors.New("--schema already says which schema: --status and --content-type choose one of an operation's")
	}
	for _, pointer := range o.ignore {
		if !strings.HasPrefix(pointer, "/") {
			return fmt.Errorf("--ignore %s: want a JSON pointer, such as /records/*/data", pointer)
		}
	}
	return nil
}

// compile makes the validator. Findings are counted by the command, since remarks are none.
func (o *validateOptions) compile(d *declared) (*schema.Validator, error) {
	return schema.Compile(d.schema, schema.Options{
		Direction:  d.direction,
		Strict:     o.strict,
		Ignore:     o.ignore,
		ShowValues: o.showValues,
	}.In(d.document))
}

// keptForPlaces is how much of the body is kept to find lines and columns in: what the
// validator may have read ahead when it finds something, which is at most twice its longest
// token of 8 MiB, and a little.
const keptForPlaces = 17 << 20

// validate holds one body against what is declared.
func validate(ctx context.Context, d *declared, file string, o validateOptions, stdin io.Reader, stdout, stderr io.Writer) error {
	v, err := o.compile(d)
	if err != nil {
		return fmt.Errorf("%s: %w", d.what, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, err := openBody(ctx, file, stdin, stderr)
	if err != nil {
		return err
	}
	defer in.close()
	body := position.NewReader(in, keptForPlaces)
	r := newFindingsReport(d, in.name, o, body)
	for f, err := range v.Findings(ctx, body) {
		switch {
		case err != nil:
			return in.failed(err)
		case isEmpty(f):
			return fmt.Errorf("%s is empty: %w", in.name, errNothingValidated)
		}
		place, known := body.At(f.Offset)
		in.progress.clear()
		if err := r.add(stdout, f, place, known); err != nil {
			return fmt.Errorf("write the findings: %w", err)
		}
		if r.full() {
			break
		}
	}
	in.progress.clear()
	if err := r.end(stdout); err != nil {
		return fmt.Errorf("write the findings: %w", err)
	}
	if r.Totals.Findings > 0 {
		return errFindings
	}
	return nil
}

// errNothingValidated says that there was no body.
var errNothingValidated = errors.New("nothing was tested")

// isEmpty tells whether a finding says that there is no value at all.
func isEmpty(f schema.Finding) bool {
	return f.Class == schema.Malformed && f.Keyword == "json" && strings.HasSuffix(f.Message, "is empty")
}
