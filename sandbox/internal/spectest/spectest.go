// Package spectest holds the answers of an emulator against the OpenAPI description
// that it emulates. It is for tests.
package spectest

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/contract/schema"
)

// Spec is a description to check answers against.
type Spec struct {
	document *openapi3.T
	basePath string
	// validators has the compiled form of each schema that a body was held against.
	validators sync.Map
}

// Load reads a description. The path of its first server is the prefix of every
// operation.
func Load(description []byte) (*Spec, error) {
	document, err := openapi3.NewLoader().LoadFromData(description)
	if err != nil {
		return nil, fmt.Errorf("spectest: %w", err)
	}
	if len(document.Servers) == 0 {
		return nil, fmt.Errorf("spectest: the description names no server")
	}
	server, err := url.Parse(document.Servers[0].URL)
	if err != nil {
		return nil, fmt.Errorf("spectest: the first server: %w", err)
	}
	return &Spec{document: document, basePath: strings.TrimSuffix(server.Path, "/")}, nil
}

// Answer is one (operation, status) that a description declares.
type Answer struct {
	Operation string
	Status    int
}

// Answers are all that the description declares, in no order.
func (s *Spec) Answers() []Answer {
	var answers []Answer
	for _, item := range s.document.Paths.Map() {
		for _, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				if code, err := strconv.Atoi(status); err == nil {
					answers = append(answers, Answer{operation.OperationID, code})
				}
			}
		}
	}
	return answers
}

// Check tells which declared answer this is, and what is wrong with it. An operation,
// a status or a content type that is not declared is wrong, and so is a body where
// none is declared. Of a binary body only that it is there is looked at.
func (s *Spec) Check(request *http.Request, status int, header http.Header, body []byte) (Answer, error) {
	operation := s.operation(request)
	if operation == nil {
		return Answer{}, fmt.Errorf("%s %s is not declared", request.Method, request.URL.Path)
	}
	answer := Answer{operation.OperationID, status}
	response := operation.Responses.Value(strconv.Itoa(status))
	if response == nil {
		return answer, fmt.Errorf("%s: status %d is not declared", answer.Operation, status)
	}
	if err := s.checkBody(request.Context(), response.Value.Content, header, body); err != nil {
		return answer, fmt.Errorf("%s, status %d: %w", answer.Operation, status, err)
	}
	return answer, nil
}

// operation is the one at the path of the request. Where several templates match, as
// /things/all and /things/{id} do, the one with more literal segments wins.
func (s *Spec) operation(request *http.Request) *openapi3.Operation {
	path, ok := strings.CutPrefix(request.URL.EscapedPath(), s.basePath)
	if !ok {
		return nil
	}
	segments := strings.Split(path, "/")
	var best *openapi3.Operation
	bestLiterals := -1
	for template, item := range s.document.Paths.Map() {
		operation := item.Operations()[request.Method]
		literals, matches := match(strings.Split(template, "/"), segments)
		if operation != nil && matches && literals > bestLiterals {
			best, bestLiterals = operation, literals
		}
	}
	return best
}

func match(template, segments []string) (literals int, ok bool) {
	if len(template) != len(segments) {
		return 0, false
	}
	for i, part := range template {
		switch {
		case part == segments[i]:
			literals++
		case !strings.HasPrefix(part, "{") || segments[i] == "":
			return 0, false
		}
	}
	return literals, true
}

func (s *Spec) checkBody(ctx context.Context, declared openapi3.Content, header http.Header, body []byte) error {
	contentType := header.Get("Content-Type")
	if len(declared) == 0 {
		if len(body) > 0 || contentType != "" {
			return fmt.Errorf("no body is declared; there are %d bytes of %q", len(body), contentType)
		}
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("content type %q: %w", contentType, err)
	}
	media := declared[mediaType] // not declared.Get, which lets wildcards pass
	if media == nil {
		return fmt.Errorf("content type %q is not declared", mediaType)
	}
	if media.Schema != nil && media.Schema.Value.Format == "binary" {
		if len(body) == 0 {
			return fmt.Errorf("the body is empty")
		}
		return nil
	}
	return s.checkJSON(ctx, media, body)
}

// deepest is how many levels a body may have: as many as Go's decoder reads.
const deepest = 10_000

// checkJSON holds a body against the schema of a media type, or only reads it when there is none.
func (s *Spec) checkJSON(ctx context.Context, media *openapi3.MediaType, body []byte) error {
	validator, err := s.validator(media)
	if err != nil {
		return err
	}
	findings, err := validator.ValidateBytes(ctx, body)
	if err != nil {
		return err
	}
	findings = slices.DeleteFunc(findings, func(f schema.Finding) bool { return f.Class == schema.Inexact })
	if len(findings) > 0 {
		return &BodyError{findings}
	}
	return nil
}

// BodyError has all that is wrong with a body of JSON.
type BodyError struct{ Findings []schema.Finding }

func (e *BodyError) Error() string {
	var lines []string
	for _, f := range e.Findings {
		line := f.String()
		if f.Class == schema.Malformed && f.Keyword == "json" {
			line = "the body is not JSON: " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// validator compiles a schema once.
func (s *Spec) validator(media *openapi3.MediaType) (*schema.Validator, error) {
	if known, ok := s.validators.Load(media); ok {
		return known.(*schema.Validator), nil
	}
	compiled, err := schema.CompileMedia(media, schema.Options{MaxDepth: deepest})
	if err != nil {
		return nil, err
	}
	s.validators.Store(media, compiled)
	return compiled, nil
}
