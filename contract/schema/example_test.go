package schema_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/contract/schema"
)

const orders = `openapi: 3.0.3
info: {title: Orders, version: "1"}
paths:
  /orders:
    get:
      responses:
        '200':
          description: All orders.
          content:
            application/json:
              schema:
                type: object
                required: [orders, total]
                properties:
                  total: {type: integer}
                  orders: {type: array, items: {$ref: '#/components/schemas/Order'}}
components:
  schemas:
    Order:
      type: object
      required: [number]
      properties:
        number: {type: string, pattern: '^PO-[0-9]+$'}
        on: {type: string, format: date}
`

// ordersResponse is what the description declares for the list of orders.
func ordersResponse() *openapi3.Response {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true // findings then tell the line of the description
	doc, err := loader.LoadFromData([]byte(orders))
	if err != nil {
		panic(err)
	}
	return doc.Paths.Value("/orders").Get.Responses.Value("200").Value
}

func ExampleCompile() {
	media := ordersResponse().Content["application/json"]
	v, err := schema.Compile(media.Schema, schema.Options{Strict: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	body := strings.NewReader(`{"orders": [{"number": "PO-1"}, {"number": 2, "paid": true}]}`)
	findings, err := v.Validate(context.Background(), body)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range findings {
		fmt.Printf("%s at byte %d, line %d of the description: %s\n", f.Class, f.Offset, f.Line, f)
	}
	fmt.Println("valid:", schema.Valid(findings))
	// Output:
	// invalid at byte 43, line 23 of the description: /orders/1/number: number, where string is declared (type)
	// undeclared at byte 46, line 0 of the description: /orders/1/paid: a property that is not declared (properties)
	// invalid at byte 60, line 13 of the description: /total: a required property is missing (required)
	// valid: false
}

func ExampleValidator_Validate() {
	v, err := schema.CompileResponse(ordersResponse(), "application/json", schema.Options{ShowValues: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, body := range []string{
		`{"orders": [], "total": 0}`,
		`{"orders": [{"number": "PO-1", "on": "tomorrow"}], "total": 1}`,
		`{"orders": [], "total": 1.0}`,
		`{"orders": [`,
	} {
		findings, err := v.Validate(context.Background(), strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("valid:", schema.Valid(findings))
		for _, f := range findings {
			fmt.Printf("  %s %s %s %q\n", f.Class, f.Pointer, f.Keyword, f.Value)
		}
	}
	// Output:
	// valid: true
	// valid: false
	//   invalid /orders/0/on format "\"tomorrow\""
	// valid: true
	//   inexact /total integer ""
	// valid: false
	//   malformed /orders json ""
}

func ExampleItems() {
	v, err := schema.CompileResponse(ordersResponse(), "application/json", schema.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	body := strings.NewReader(`{"orders": [{"number": "PO-1"}, {"number": "two"}, {"number": "PO-3"}]}`)
	for item, err := range schema.Items(context.Background(), body, "/orders", v) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if !schema.Valid(item.Findings) {
			fmt.Println("left out:", item.Findings[0])
			continue
		}
		var order struct{ Number string }
		if err := json.Unmarshal(item.Raw, &order); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(item.Index, order.Number)
	}
	// Output:
	// 0 PO-1
	// left out: /orders/1/number: string, where a string that matches ^PO-[0-9]+$ is declared (pattern)
	// 2 PO-3
	// schema: the body does not fit: /total: a required property is missing (required)
}

func ExampleValidator_Findings() {
	v, err := schema.CompileResponse(ordersResponse(), "application/json", schema.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	body := strings.NewReader(`{"total": "many", "orders": [{}, {}, {}]}`)
	for f, err := range v.Findings(context.Background(), body) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(f)
		if f.Keyword == "required" {
			break // one of these is enough
		}
	}
	// Output:
	// /total: string, where integer is declared (type)
	// /orders/0/number: a required property is missing (required)
}
