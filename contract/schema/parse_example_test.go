package schema_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/kaikina/kaikina/contract/schema"
)

func ExampleParse() {
	ref, err := schema.Parse([]byte(`{
		"$ref": "#link",
		"$defs": {"link": {"$anchor": "link", "properties": {"next": {"$ref": "#link"}, "size": {"type": "integer"}}}}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := schema.Compile(ref, schema.Options{Dialect: schema.OpenAPI31})
	if err != nil {
		fmt.Println(err)
		return
	}
	findings, err := v.Validate(context.Background(), strings.NewReader(`{"next": {"size": "large"}}`))
	fmt.Println(findings, err)
	// Output: [/next/size: string, where integer is declared (type)] <nil>
}
