package kainexus

import "fmt"

// linkFormat is where the user interface of an organization shows an item.
const linkFormat = "https://organization.example/link/i/%d"

// showItem is a stored item as it reads now: people, locations and values by the names
// they have now, and only those that still exist.
func (s *state) showItem(item document, withChart bool) document {
	shown := item.clone()
	shown["link"] = fmt.Sprintf(linkFormat, item.id())
	for _, key := range peopleLists {
		if item.has(key) {
			shown[key] = showAll(s.users, item.stored(key), personKeys)
		}
	}
	for _, key := range peopleSingle {
		if item.has(key) {
			shown[key] = show(s.users, item.object(key), personKeys)
		}
	}
	for _, key := range locationLists {
		shown[key] = showAll(s.locations, item.stored(key), nameKeys)
	}
	s.showParent(shown)
	shown["attributes"] = s.showAttributes(item)
	for _, key := range resolutionKeys {
		if item.has(key) {
			shown[key] = s.showResolution(item.object(key))
		}
	}
	if !withChart {
		delete(shown, "chart")
	}
	return shown
}

func (s *state) showParent(shown document) {
	delete(shown, "parentSummary")
	parent, ok := s.items.get(shown.integer("parentId"))
	if !ok {
		delete(shown, "parentId")
		return
	}
	shown["parentSummary"] = parent["summary"]
}

func (s *state) showAttributes(item document) []any {
	attributes := []any{}
	for _, stored := range item.stored("attributes") {
		shown := stored.clone()
		values, refs := s.values[attributeOwner(stored.id())], stored.stored("values")
		switch t := item.template().attribute(stored.id()); t.kind {
		case "location":
			shown["values"] = showAll(s.locations, refs, nameKeys)
		case "person":
			shown["values"] = showAll(s.users, refs, personKeys[:1])
		default:
			shown["values"] = showAll(values, refs, nameKeys)
		}
		// Choice(attribute-without-values): An Attribute of which no selected value exists any
		// more is not shown.
		if len(shown.stored("values")) > 0 {
			attributes = append(attributes, shown)
		}
	}
	return attributes
}

func (s *state) showResolution(resolution document) document {
	shown := resolution.clone()
	for _, key := range entryKeys {
		if !resolution.has(key) {
			continue
		}
		entries := []any{}
		for _, entry := range resolution.stored(key) {
			entries = append(entries, s.showEntry(entry, typesOf(key)))
		}
		shown[key] = entries
	}
	return shown
}

// showEntry is an impact or investment with the names that its references have now.
func (s *state) showEntry(entry document, types []impactType) document {
	shown := entry.clone()
	if entry.has("locations") {
		shown["locations"] = showAll(s.locations, entry.stored("locations"), nameKeys)
	}
	if entry.has(resourceIDKey) {
		t, _ := findImpactType(types, entry)
		if value, ok := s.values[t.values].get(entry.integer(resourceIDKey)); ok {
			shown[resourceKey] = value["name"]
		}
	}
	return shown
}

// template is what a stored item was made from.
func (d document) template() *template {
	for i := range templates {
		if templates[i].id == d.integer("templateId") {
			return &templates[i]
		}
	}
	return &template{}
}

func (t *template) attribute(id int64) attribute {
	for _, a := range t.attributes {
		if a.id == id {
			return a
		}
	}
	return attribute{}
}
