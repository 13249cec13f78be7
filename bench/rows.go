package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/yamljson"
)

// call does what is measured, once. An error says that it is not what it should be, such as
// a body that does not fit, and ends the program.
type call func() error

// rows are what can be measured. Each gets the body from a reader, as from a connection.
var rows = []struct {
	name string
	make func(b body) (call, error)
}{
	{"lenient", func(b body) (call, error) { return ours(b, false) }},
	{"strict", func(b body) (call, error) { return ours(b, true) }},
	{"jsontext", tokens},
	{"typed", typedDecode},
	{"kin-openapi", kin},
	{"jsonschema", jsonSchema},
	{"libopenapi", pb33f},
}

func rowNames() string {
	var names []string
	for _, r := range rows {
		names = append(names, r.name)
	}
	return strings.Join(names, ",")
}

func checkRows(wanted string) error {
	for _, name := range strings.Split(wanted, ",") {
		if !slices.Contains(strings.Split(rowNames(), ","), name) {
			return fmt.Errorf("there is no row %q: want some of %s", name, rowNames())
		}
	}
	return nil
}

func ours(b body, strict bool) (call, error) {
	_, op, err := b.described()
	if err != nil {
		return nil, err
	}
	_, response := op.Response(http.StatusOK)
	v, err := schema.CompileResponse(response, "application/json", schema.Options{Strict: strict})
	if err != nil {
		return nil, err
	}
	reader, ctx := bytes.NewReader(nil), context.Background()
	return func() error {
		reader.Reset(b.text)
		findings, err := v.Validate(ctx, reader)
		if err == nil && len(findings) > 0 {
			err = errors.New(findings[0].String())
		}
		return err
	}, nil
}

// tokens reads the tokens and does nothing with them.
func tokens(b body) (call, error) {
	reader, decoder := bytes.NewReader(nil), new(jsontext.Decoder)
	return func() error {
		reader.Reset(b.text)
		decoder.Reset(reader)
		for {
			if _, err := decoder.ReadToken(); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
		}
	}, nil
}

// typedDecode reads the body whole and decodes it into the generated models, as a generated client does.
func typedDecode(b body) (call, error) {
	return func() error {
		text, err := io.ReadAll(bytes.NewReader(b.text))
		if err != nil {
			return err
		}
		return json.Unmarshal(text, b.typed())
	}, nil
}

// kin calls kin-openapi as a client that validates its answers does.
func kin(b body) (call, error) {
	doc, op, err := b.described()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(op.Method, b.target, nil)
	if err != nil {
		return nil, err
	}
	route := &routers.Route{Spec: doc.T, Path: op.Path, PathItem: op.Item, Method: op.Method, Operation: op.Spec}
	return func() error {
		return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, Route: route},
			Status:                 http.StatusOK,
			Header:                 http.Header{"Content-Type": {"application/json"}},
			Body:                   io.NopCloser(bytes.NewReader(b.text)),
		})
	}, nil
}

// jsonSchema decodes with the package's own UnmarshalJSON and validates what comes of it,
// formats included.
func jsonSchema(b body) (call, error) {
	description, err := yamljson.Convert(map[string][]byte{"kainexus": api.KaiNexus, "kinabase": api.Kinabase}[b.product])
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(description))
	if err != nil {
		return nil, err
	}
	asJSONSchema(document)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("description.json", document); err != nil {
		return nil, err
	}
	component := map[string]string{"kainexus": "ItemPage", "kinabase": "RecordPage"}[b.product]
	compiled, err := compiler.Compile("description.json#/components/schemas/" + component)
	if err != nil {
		return nil, err
	}
	return func() error {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.text))
		if err != nil {
			return err
		}
		return compiled.Validate(value)
	}, nil
}

// asJSONSchema says in the words of JSON Schema what OpenAPI 3.0 calls nullable.
func asJSONSchema(value any) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			asJSONSchema(element)
		}
	case map[string]any:
		if name, typed := value["type"].(string); typed && value["nullable"] == true {
			value["type"] = []any{name, "null"}
		}
		for _, member := range value {
			asJSONSchema(member)
		}
	}
}

// pb33f calls libopenapi-validator with an answer of net/http, formats included.
func pb33f(b body) (call, error) {
	document, err := libopenapi.NewDocument(map[string][]byte{"kainexus": api.KaiNexus, "kinabase": api.Kinabase}[b.product])
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(document, config.WithFormatAssertions())
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	base, err := basePath(b)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodGet, "https://api.example"+base+b.target, nil)
	if err != nil {
		return nil, err
	}
	return func() error {
		valid, problems := v.ValidateHttpResponse(request, &http.Response{
			StatusCode: http.StatusOK,
			Header:     http.Header{"Content-Type": {"application/json"}},
			Body:       io.NopCloser(bytes.NewReader(b.text)),
		})
		if !valid {
			return fmt.Errorf("libopenapi-validator: %s: %s", problems[0].Message, problems[0].Reason)
		}
		return nil
	}, nil
}

func basePath(b body) (string, error) {
	doc, _, err := b.described()
	if err != nil {
		return "", err
	}
	return doc.BasePath()
}
