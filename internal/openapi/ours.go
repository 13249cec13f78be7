package openapi

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/kaikina/kaikina/api"
)

// Products are the names of the products that we describe ourselves.
var Products = []string{"kainexus", "kinabase"}

// ours parses each of our descriptions once, and only when it is asked for.
var ours = map[string]func() (*Document, error){
	"kainexus": sync.OnceValues(func() (*Document, error) {
		return Parse(context.Background(), "kainexus.yaml", api.KaiNexus)
	}),
	"kinabase": sync.OnceValues(func() (*Document, error) {
		return Parse(context.Background(), "kinabase.yaml", api.Kinabase)
	}),
}

// Ours is the description of a product. It is shared: nobody may change it.
func Ours(product string) (*Document, error) {
	parse, ok := ours[product]
	if !ok {
		return nil, fmt.Errorf("there is no description of %q; there are %s", product, strings.Join(Products, " and "))
	}
	return parse()
}
