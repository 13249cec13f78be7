package contract

import (
	"context"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

func (k *kainexus) impactValues(ctx context.Context) {
	kind := k.target.IDs["impactValueType"]
	if kind == "" {
		for _, operation := range []string{"listImpactValues", "getImpactValue", "putImpactValue", "putImpactValues"} {
			k.note(operation, "needs %s: give --id impactValueType=NAME", idNames[KaiNexus]["impactValueType"])
		}
		return
	}
	_, x := good(k.run, "listImpactValues", func() (*kainexusapi.ListImpactValuesResp, error) {
		return k.client.ListImpactValuesWithResponse(ctx, &kainexusapi.ListImpactValuesParams{ImpactValueType: kind})
	})
	get := func(ctx context.Context, id int64) *exchange {
		_, x := call(k.run, "getImpactValue", func() (*kainexusapi.GetImpactValueResp, error) {
			return k.client.GetImpactValueWithResponse(ctx, &kainexusapi.GetImpactValueParams{ID: id, ImpactValueType: kind})
		})
		return x
	}
	if x == nil {
		k.wrongID("impactValueType", k.last)
		return
	}
	values := k.list(x)
	value, id, ok := first(values)
	if !ok {
		k.note("getImpactValue", "there is no Impact Value of that type to read")
		return
	}
	k.same(get(ctx, id), id)
	body := func(d draft) kainexusapi.ImpactValue {
		made := kainexusapi.ImpactValue{ID: d.id, Name: &d.name, Delete: d.delete}
		if text, ok := member(value, "type").(string); ok {
			made.Type = &text
		}
		return made
	}
	k.life(ctx, lifecycle{
		one: "putImpactValue", many: "putImpactValues", title: "name", listed: values, get: get,
		putOne: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putImpactValue", func() (*kainexusapi.PutImpactValueResp, error) {
				return k.client.PutImpactValueWithResponse(ctx, &kainexusapi.PutImpactValueParams{ID: d.id, ImpactValueType: kind}, kainexusapi.ImpactValueWrite{Item: body(d)})
			})
			return x
		},
		putMany: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putImpactValues", func() (*kainexusapi.PutImpactValuesResp, error) {
				return k.client.PutImpactValuesWithResponse(ctx, &kainexusapi.PutImpactValuesParams{ImpactValueType: kind}, kainexusapi.ImpactValueListWrite{Items: []kainexusapi.ImpactValue{body(d)}})
			})
			return x
		},
	})
}

func (k *kainexus) attributeValues(ctx context.Context) {
	attribute, ok := k.known("attribute", "listAttributeValues", "getAttributeValue", "putAttributeValue", "putAttributeValues")
	if !ok {
		return
	}
	_, x := good(k.run, "listAttributeValues", func() (*kainexusapi.ListAttributeValuesResp, error) {
		return k.client.ListAttributeValuesWithResponse(ctx, &kainexusapi.ListAttributeValuesParams{AttributeID: attribute})
	})
	get := func(ctx context.Context, id int64) *exchange {
		_, x := call(k.run, "getAttributeValue", func() (*kainexusapi.GetAttributeValueResp, error) {
			return k.client.GetAttributeValueWithResponse(ctx, &kainexusapi.GetAttributeValueParams{ID: id, AttributeID: attribute})
		})
		return x
	}
	if x == nil {
		k.wrongID("attribute", k.last)
		return
	}
	values := k.list(x)
	_, id, ok := first(values)
	if !ok {
		k.note("getAttributeValue", "the Attribute has no value to read")
		return
	}
	k.same(get(ctx, id), id)
	body := func(d draft) kainexusapi.AttributeValue {
		return kainexusapi.AttributeValue{ID: d.id, Name: &d.name, Delete: d.delete}
	}
	k.life(ctx, lifecycle{
		one: "putAttributeValue", many: "putAttributeValues", title: "name", listed: values, get: get,
		putOne: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putAttributeValue", func() (*kainexusapi.PutAttributeValueResp, error) {
				return k.client.PutAttributeValueWithResponse(ctx, &kainexusapi.PutAttributeValueParams{AttributeID: attribute}, kainexusapi.AttributeValueWrite{Item: body(d)})
			})
			return x
		},
		putMany: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putAttributeValues", func() (*kainexusapi.PutAttributeValuesResp, error) {
				return k.client.PutAttributeValuesWithResponse(ctx, &kainexusapi.PutAttributeValuesParams{AttributeID: attribute}, kainexusapi.AttributeValueListWrite{Items: []kainexusapi.AttributeValue{body(d)}})
			})
			return x
		},
	})
}

func (k *kainexus) widget(ctx context.Context) {
	id, ok := k.known("widget", "getWidget")
	if !ok {
		return
	}
	if _, x := good(k.run, "getWidget", func() (*kainexusapi.GetWidgetResp, error) {
		return k.client.GetWidgetWithResponse(ctx, &kainexusapi.GetWidgetParams{ID: id})
	}); x == nil {
		k.wrongID("widget", k.last)
	}
}
