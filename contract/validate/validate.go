// Package validate holds what a client of KaiNexus or Kinabase gets against the descriptions
// that this module has, while the client reads it. [Kinabase] and [KaiNexus] make what the
// clients take:
//
//	v, err := validate.Kinabase(schema.Options{})
//	client, err := kinabase.New(kinabase.WithEnv(), kinabase.WithValidation(v, nil))
//
// Then a list ends with an error where the answer is not as described, and that names the
// operation, the place in the answer and the line of the description:
//
//	kinabase: listRecords: 200 OK: /totalRecords: a required property is missing (required, kinabase.yaml:1071)
//
// The clients know nothing of this package, and a program that does not import it links no
// parser of descriptions. It stands between them and [schema.Tee]: it knows which schema an
// answer belongs to, and compiles each when it is first needed.
package validate

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/openapi"
)

// Validator holds the answers of one API against its description. It is safe for concurrent
// use.
type Validator struct {
	document *openapi.Document
	options  schema.Options
	compiled sync.Map // func() (*schema.Validator, error) by *openapi3.MediaType
}

// KaiNexus is the validator of what kainexus.Client gets, by the description in package api.
// The options are as for [schema.Compile], but that the direction and the dialect are given.
func KaiNexus(options schema.Options) (*Validator, error) { return ours("kainexus", options) }

// Kinabase is the validator of what kinabase.Client gets, as [KaiNexus] is that of the other.
func Kinabase(options schema.Options) (*Validator, error) { return ours("kinabase", options) }

// Parse is a validator by a description of your own, in YAML or JSON, of OpenAPI 3.0 or 3.1: for
// one that is stricter than ours, or knows the fields of your organization. The operations must
// have the ids that they have here. The name is what findings call the file.
func Parse(ctx context.Context, name string, description []byte, options schema.Options) (*Validator, error) {
	document, err := openapi.Parse(ctx, name, description)
	if err != nil {
		return nil, fmt.Errorf("validate: %w", err)
	}
	return of(document, options)
}

func ours(product string, options schema.Options) (*Validator, error) {
	document, err := openapi.Ours(product)
	if err != nil {
		return nil, fmt.Errorf("validate: %w", err)
	}
	return of(document, options)
}

func of(document *openapi.Document, options schema.Options) (*Validator, error) {
	options.Direction = schema.Response
	options = options.In(document.T)
	if _, err := schema.CompileMedia(&openapi3.MediaType{}, options); err != nil {
		return nil, fmt.Errorf("validate: %w", err)
	}
	return &Validator{document: document, options: options}, nil
}

// Validate returns the body of an answer of an operation, held against the description while
// it is read: see [schema.Tee]. Each finding is a *[Finding], and comes with the offset in the
// body before which it was found. Properties that no schema declares are findings if the
// options ask for them, and the remarks of class [schema.Inexact] are none.
//
// A status or a content type that the description does not have is a finding at the beginning,
// and so is a schema that does not compile: nothing passes unseen. Only where JSON is not
// declared there is nothing to say.
func (v *Validator) Validate(operation string, response *http.Response, found func(finding error, offset int64)) io.ReadCloser {
	tell := func(f schema.Finding) {
		if f.Class != schema.Inexact {
			found(&Finding{Operation: operation, Status: response.StatusCode, Finding: f}, f.Offset)
		}
	}
	media, flaw := v.media(operation, response)
	if flaw != nil {
		tell(*flaw)
	}
	if media == nil {
		return response.Body
	}
	compiled, err := v.compile(media)
	if err != nil {
		tell(schema.Finding{Class: schema.Unchecked, Keyword: "schema", Message: "not validated, since its schema cannot be used: " + err.Error()})
		return response.Body
	}
	return schema.Tee(response.Body, compiled, tell)
}

// media finds what is declared for an answer. Neither a media type nor a flaw says that the
// answer is not declared to be JSON.
func (v *Validator) media(operation string, response *http.Response) (*openapi3.MediaType, *schema.Finding) {
	op := v.document.Operation(operation)
	if op == nil {
		return nil, &schema.Finding{Class: schema.Unchecked, Keyword: "operation", Message: "an answer to an operation that the description does not have"}
	}
	_, declared := op.Response(response.StatusCode)
	if declared == nil {
		return nil, undeclared(op, "status", "a status that is not declared")
	}
	json := declared.Content.Get(jsonType)
	if json == nil {
		return nil, nil
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	if kind == jsonType {
		return json, nil
	}
	if declared.Content[kind] != nil {
		return nil, nil
	}
	flaw := undeclared(op, "content-type", "an answer that does not say that it is "+jsonType+", which is declared")
	if strings.HasSuffix(kind, "+json") { // which the clients read all the same
		return json, flaw
	}
	return nil, flaw
}

const jsonType = "application/json"

// undeclared is a finding about an answer as a whole.
func undeclared(op *openapi.Operation, keyword, message string) *schema.Finding {
	f := &schema.Finding{Keyword: keyword, Message: message, Line: op.Line}
	if op.Spec.Origin != nil && op.Spec.Origin.Key != nil {
		f.File = op.Spec.Origin.Key.File
	}
	return f
}

// compile compiles a schema once, however many ask for it at the same time.
func (v *Validator) compile(media *openapi3.MediaType) (*schema.Validator, error) {
	once, ok := v.compiled.Load(media)
	if !ok {
		once, _ = v.compiled.LoadOrStore(media, sync.OnceValues(func() (*schema.Validator, error) {
			return schema.CompileMedia(media, v.options)
		}))
	}
	return once.(func() (*schema.Validator, error))()
}
