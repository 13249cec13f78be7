package main

import (
	"errors"
	"fmt"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/closest"
	"github.com/kaikina/kaikina/internal/openapi"
)

// declared is what a body is held against.
type declared struct {
	schema    *openapi3.SchemaRef
	document  *openapi3.T
	direction schema.Direction
	// what names it in messages, such as "kinabase listRecords 200 application/json".
	what string
}

// declared finds what the arguments and flags name, and the file of the body, which is empty
// for standard input.
func (o *validateOptions) declared(cmd *cobra.Command, args []string) (d *declared, file string, err error) {
	api, args, err := o.document(cmd, args)
	if err != nil {
		return nil, "", err
	}
	d = &declared{what: api.name, document: api.doc.T}
	if o.request {
		d.direction = schema.Request
	}
	if o.schema != "" {
		err = d.component(api.doc, o.schema)
	} else {
		if len(args) == 0 {
			return nil, "", fmt.Errorf("name an operation of %s, such as %s, or a schema with --schema; kaikina spec list prints the operations", api.name, example(api.doc))
		}
		err = d.operation(api, args[0], o)
		args = args[1:]
	}
	if err != nil {
		return nil, "", err
	}
	if len(args) > 1 {
		return nil, "", fmt.Errorf("%d files: want one, or none to read standard input", len(args))
	}
	if len(args) == 1 && args[0] == "" {
		return nil, "", errors.New("FILE is empty: name a file, or leave it out to read standard input")
	}
	if len(args) == 1 && args[0] != "-" {
		file = args[0]
	}
	return d, file, nil
}

// document parses the description, and gives the arguments that are left.
func (o *validateOptions) document(cmd *cobra.Command, args []string) (namedDocument, []string, error) {
	var names []string
	if o.spec == "" {
		if len(args) == 0 {
			return namedDocument{}, nil, fmt.Errorf("say what the body is: kaikina validate %s OPERATION, or --spec FILE OPERATION; see kaikina validate --help", strings.Join(openapi.Products, "|"))
		}
		names, args = args[:1], args[1:]
	}
	docs, err := documents(cmd, names)
	if err != nil {
		return namedDocument{}, nil, err
	}
	if o.spec != "" && len(args) > 0 && slices.Contains(openapi.Products, args[0]) && docs[0].doc.Operation(args[0]) == nil {
		return namedDocument{}, nil, fmt.Errorf("--spec %s already says which description: leave out %s", o.spec, args[0])
	}
	return docs[0], args, nil
}

func example(doc *openapi.Document) string {
	for _, op := range doc.Operations {
		if op.Method == "GET" {
			return op.ID
		}
	}
	if len(doc.Operations) > 0 {
		return doc.Operations[0].ID
	}
	return "none, since it has none"
}

const componentsPrefix = "#/components/schemas/"

// component takes a schema by its name, or by the reference to it.
func (d *declared) component(doc *openapi.Document, name string) error {
	name = strings.TrimPrefix(name, componentsPrefix)
	ref := doc.Components.Schemas[name]
	if ref == nil {
		return fmt.Errorf("%s has no schema %q%s", d.what, name, near(name, sortedKeys(doc.Components.Schemas)))
	}
	d.schema = &openapi3.SchemaRef{Ref: componentsPrefix + name, Value: ref.Value}
	d.what += " " + name
	return nil
}

// operation takes the schema of a body that an operation declares.
func (d *declared) operation(api namedDocument, id string, o *validateOptions) error {
	op := api.doc.Operation(id)
	if op == nil {
		ids := make([]string, len(api.doc.Operations))
		for i, other := range api.doc.Operations {
			ids[i] = other.ID
		}
		return fmt.Errorf("%s has no operation %q%s", api.name, id, near(id, ids))
	}
	d.what += " " + op.ID
	if o.request {
		if op.Spec.RequestBody == nil || op.Spec.RequestBody.Value == nil {
			return fmt.Errorf("%s: the request has no body", d.what)
		}
		d.what += " request"
		return d.media(op.Spec.RequestBody.Value.Content, o.contentType)
	}
	status, response, err := answerOf(op, o.status)
	if err != nil {
		return fmt.Errorf("%s: %w", d.what, err)
	}
	d.what += " " + status
	return d.media(response.Content, o.contentType)
}

// answerOf is what an operation declares for a status, for a key of the description such as
// 4XX or default, or for its lowest success with a body.
func answerOf(op *openapi.Operation, status string) (string, *openapi3.Response, error) {
	all := op.Spec.Responses.Map()
	keys := sortedKeys(all)
	if len(keys) == 0 {
		return "", nil, errors.New("no answer is declared")
	}
	if status == "" {
		for _, key := range keys {
			if strings.HasPrefix(key, "2") && all[key].Value != nil && len(all[key].Value.Content) > 0 {
				return key, all[key].Value, nil
			}
		}
		return "", nil, fmt.Errorf("no success declares a body; what is declared: %s", strings.Join(keys, ", "))
	}
	if ref := all[status]; ref != nil && ref.Value != nil {
		return status, ref.Value, nil
	}
	code, err := strconv.Atoi(status)
	if err != nil || code < 100 || code > 599 {
		return "", nil, fmt.Errorf("--status %s: want a number from 100 to 599, or one of %s", status, strings.Join(keys, ", "))
	}
	if _, response := op.Response(code); response != nil {
		return status, response, nil
	}
	return "", nil, fmt.Errorf("status %s is not declared; declared are %s", status, strings.Join(keys, ", "))
}

// media takes the schema of a content type: of the one that is asked for, or of the only one
// that is JSON.
func (d *declared) media(content openapi3.Content, asked string) error {
	names := sortedKeys(content)
	if len(names) == 0 {
		return fmt.Errorf("%s: no body is declared", d.what)
	}
	list := strings.Join(names, ", ")
	if asked == "" {
		json := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !isJSON(name) })
		switch {
		case len(json) == 1:
			asked = json[0]
		case slices.Contains(json, "application/json") || len(json) == 0 && content.Get("application/json") != nil:
			asked = "application/json"
		case len(json) > 1:
			return fmt.Errorf("%s: several kinds of JSON are declared: choose with --content-type among %s", d.what, list)
		default:
			return fmt.Errorf("%s: no JSON is declared, only %s", d.what, list)
		}
	}
	if !isJSON(asked) {
		return fmt.Errorf("--content-type %s: only JSON can be validated", asked)
	}
	media := content.Get(asked)
	if media == nil {
		return fmt.Errorf("%s: %s is not declared; declared are %s", d.what, asked, list)
	}
	d.what += " " + asked
	if d.schema = media.Schema; d.schema == nil {
		d.schema = &openapi3.SchemaRef{Value: &openapi3.Schema{}}
	}
	return nil
}

func isJSON(contentType string) bool {
	name, _, err := mime.ParseMediaType(contentType)
	return err == nil && (name == "application/json" || strings.HasSuffix(name, "+json"))
}

// near says which names somebody may have meant.
func near(asked string, names []string) string {
	if len(names) == 0 {
		return ", and no other"
	}
	return fmt.Sprintf("; the closest of %d are %s", len(names), strings.Join(closest.Names(asked, names), ", "))
}
