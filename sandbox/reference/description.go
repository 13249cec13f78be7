package reference

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/internal/yamljson"
)

// descriptions are those of our own that the page can show.
var descriptions = map[string]struct {
	title string
	text  []byte
}{
	"kainexus": {"KaiNexus", api.KaiNexus},
	"kinabase": {"Kinabase", api.Kinabase},
}

// description is one of them. It stays a tree of YAML, so that what is not changed here is
// shown as it was written and in that order.
type description struct {
	mu     sync.Mutex
	root   *yaml.Node
	path   string
	server *yaml.Node
	tokens []tokenURL
}

// tokenURL is where an authorization server gives out tokens.
type tokenURL struct {
	node *yaml.Node
	path string
}

func newDescription(of API) (*description, error) {
	known, ok := descriptions[of.Name]
	if !ok {
		return nil, fmt.Errorf("reference: there is no API %q; there are kainexus and kinabase", of.Name)
	}
	if of.Path != "" && (path.Clean(of.Path) != of.Path || of.Path[0] != '/' || of.Path == "/") {
		return nil, fmt.Errorf("reference: the path %q of %s: want none, or one such as /api/v1", of.Path, of.Name)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(known.text, &document); err != nil {
		return nil, fmt.Errorf("reference: %s.yaml: %w", of.Name, err)
	}
	d := &description{root: document.Content[0], path: of.Path, server: &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str"}}
	servers := value(d.root, "servers")
	if servers == nil {
		return nil, fmt.Errorf("reference: %s.yaml names no servers", of.Name)
	}
	servers.Content = []*yaml.Node{{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{
		text("url"), d.server, text("description"), text("This sandbox."),
	}}}
	for _, parameter := range values(value(value(d.root, "components"), "parameters")) {
		leaveEmpty(parameter)
	}
	for _, item := range values(value(d.root, "paths")) {
		for _, holder := range append(values(item), item) {
			if parameters := value(holder, "parameters"); parameters != nil {
				for _, parameter := range parameters.Content {
					leaveEmpty(parameter)
				}
			}
		}
	}
	return d, d.findTokenURLs()
}

// leaveEmpty takes the example from a parameter of the query that may be left out. Swagger
// UI would send it with every call that is tried, and such a filter matches next to nothing.
func leaveEmpty(parameter *yaml.Node) {
	in, required := value(parameter, "in"), value(parameter, "required")
	if in == nil || in.Value != "query" || (required != nil && required.Value == "true") {
		return
	}
	for i := 0; i < len(parameter.Content); i += 2 {
		if parameter.Content[i].Value == "example" {
			parameter.Content = slices.Delete(parameter.Content, i, i+2)
			return
		}
	}
}

func (d *description) findTokenURLs() error {
	for _, scheme := range values(value(value(d.root, "components"), "securitySchemes")) {
		for _, flow := range values(value(scheme, "flows")) {
			node := value(flow, "tokenUrl")
			if node == nil {
				continue
			}
			vendors, err := url.Parse(node.Value)
			if err != nil {
				return fmt.Errorf("reference: the tokenUrl %q of a description: %w", node.Value, err)
			}
			d.tokens = append(d.tokens, tokenURL{node, vendors.EscapedPath()})
		}
	}
	return nil
}

// at is the description of the sandbox at an origin, as JSON.
func (d *description) at(origin string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.server.Value = origin + d.path
	for _, token := range d.tokens {
		token.node.Value = origin + token.path
	}
	var b bytes.Buffer
	err := yamljson.Write(&b, d.root)
	return b.Bytes(), err
}

func text(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// value is what a mapping has under a key, or nil.
func value(mapping *yaml.Node, key string) *yaml.Node {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// values are those of all keys of a mapping.
func values(mapping *yaml.Node) []*yaml.Node {
	var list []*yaml.Node
	if mapping != nil && mapping.Kind == yaml.MappingNode {
		for i := 1; i < len(mapping.Content); i += 2 {
			list = append(list, mapping.Content[i])
		}
	}
	return list
}
