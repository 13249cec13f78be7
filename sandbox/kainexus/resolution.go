package kainexus

import (
	"iter"
	"maps"
	"math"
	"slices"
)

var (
	resolutionKeys = []string{"resolutionActual", "resolutionTarget", "resolutionForecast"}
	entryKeys      = []string{"impacts", "investments"}
)

const (
	resourceKey   = "personProductServiceResource"
	resourceIDKey = "personProductServiceResourceId"
)

// typesOf are the types of the entries in one of entryKeys.
func typesOf(list string) []impactType {
	if list == "impacts" {
		return impactTypes
	}
	return investmentTypes
}

// impacts are all impacts and investments of a stored item.
func impacts(item document) iter.Seq[document] {
	return func(yield func(document) bool) {
		for _, key := range resolutionKeys {
			for _, list := range entryKeys {
				for _, entry := range item.object(key).stored(list) {
					if !yield(entry) {
						return
					}
				}
			}
		}
	}
}

// resolutions writes the outcomes. What is sent of one is laid over what is stored, a
// list as a whole.
//
// Choice(outcomes): What is sent of an outcome is laid over what is stored, a list of
// impacts or investments as a whole. An entry with an id that the outcome has keeps it; any
// other gets a new one. Null clears a list, and is returned as null.
func (w *itemWrite) resolutions() error {
	for _, key := range resolutionKeys {
		if !w.sent.names(key) {
			continue
		}
		if !w.sent.has(key) {
			delete(w.after, key)
			continue
		}
		stored := w.after.object(key)
		resolution := stored.clone()
		sent := w.sent.object(key)
		for name, value := range sent {
			resolution[name] = value
		}
		for _, list := range entryKeys {
			if !sent.has(list) {
				continue // stays, or becomes null
			}
			entries, err := w.entries(sent, list, typesOf(list), stored.stored(list))
			if err != nil {
				return err
			}
			resolution[list] = array(entries)
		}
		w.after[key] = resolution
	}
	return nil
}

// entries checks and completes impacts or investments.
func (w *itemWrite) entries(sent document, list string, types []impactType, stored []document) ([]document, error) {
	entries, err := sent.objects(list)
	if err != nil {
		return nil, err
	}
	taken := map[int64]bool{}
	for i, sentEntry := range entries {
		t, err := findImpactType(types, sentEntry)
		if err != nil {
			return nil, err
		}
		entry := sentEntry.clone()
		entry["typeId"], entry["typeName"] = num(t.id), t.name
		known := slices.ContainsFunc(stored, func(s document) bool { return s.id() == entry.id() })
		if !(known || w.seeding && entry.has("id")) || taken[entry.id()] {
			entry["id"] = num(w.nextID())
		}
		taken[entry.id()] = true
		if err := w.quantify(entry, t); err != nil {
			return nil, err
		}
		entries[i] = entry
	}
	return entries, nil
}

func findImpactType(types []impactType, ref document) (impactType, error) {
	for _, t := range types {
		if ref.has("typeId") && ref.integer("typeId") == t.id || !ref.has("typeId") && ref.text("typeName") == t.name {
			return t, nil
		}
	}
	there := catalog{}
	for _, t := range types {
		there = append(there, t.entry)
	}
	return impactType{}, unknown("such type", document{"id": ref["typeId"], "name": ref["typeName"]}, "id", "name", there.String())
}

// quantities are what only some measures have, by key.
var quantities = map[string][]measure{
	"amount":         {money, units, timeUnits, timeOfPeople},
	"amountTimeUnit": {timeUnits, timeOfPeople},
	"numberOfPeople": {timeOfPeople},
	"unitValueRate":  {units, timeUnits, timeOfPeople},
	resourceKey:      {units, timeUnits, timeOfPeople},
	resourceIDKey:    {units, timeUnits, timeOfPeople},
}

// quantify checks and computes the amounts of an entry, by the measure of its type.
func (w *itemWrite) quantify(entry document, t impactType) error {
	if entry.has("locations") {
		locations, err := bindAll(w.locations, entry, "locations", "name", "Network Location")
		if err != nil {
			return err
		}
		entry["locations"] = array(locations)
	}
	// Choice(amounts-by-kind): What only another kind of impact has, such as a number of
	// people on one of money or any amount on a qualitative one, is refused.
	for _, key := range slices.Sorted(maps.Keys(quantities)) {
		if entry.has(key) && !slices.Contains(quantities[key], t.measure) {
			return bad(notAllowed, "%s does not go with the type %s", key, name(t.name))
		}
	}
	if t.measure == qualitative {
		delete(entry, "calculatedValue")
		return nil
	}
	if !entry.has("amount") {
		return bad(missingData, "the type %s needs an amount", name(t.name))
	}
	defaults := document{"valueType": "ONE_TIME", "currencyCode": "USD", "comment": ""}
	switch t.measure {
	case money:
		defaults["title"] = t.name
	case timeUnits:
		defaults["amountTimeUnit"] = "HOUR"
	case timeOfPeople:
		defaults["amountTimeUnit"] = "HOUR"
		defaults["numberOfPeople"] = decimal(1)
	}
	for key, value := range defaults {
		if !entry.has(key) {
			entry[key] = value
		}
	}
	if t.measure == money {
		delete(entry, "calculatedValue")
		return checkAmounts(entry)
	}
	return w.price(entry, t)
}

// price puts a rate on an entry, and computes what it comes to.
//
// Choice(impact-rates): An entry takes the rate of its Impact Value when it is written
// without one, and keeps it when the Impact Value changes. calculatedValue is computed,
// whatever is sent.
func (w *itemWrite) price(entry document, t impactType) error {
	ref := document{"name": entry.text(resourceKey)}
	if entry.has(resourceIDKey) {
		ref["id"] = entry[resourceIDKey]
	}
	value, err := lookup(w.values[t.values], ref, "name", "Impact Value of the type "+t.values)
	if err != nil {
		return err
	}
	if value.flag("folder") {
		return bad(notAllowed, "a Folder of Impact Values has no rate")
	}
	entry[resourceIDKey], entry[resourceKey] = value["id"], value["name"]
	if !entry.has("unitValueRate") {
		entry["unitValueRate"] = decimal(value.float("rate"))
	}
	if err := checkAmounts(entry); err != nil {
		return err
	}
	total := entry.float("amount") * entry.float("unitValueRate")
	if entry.has("numberOfPeople") {
		total *= entry.float("numberOfPeople")
	}
	if !entry.has("calculatedValue") || entry.float("calculatedValue") != total {
		entry["calculatedValue"] = decimal(total) // or else the digits stay as they were sent
	}
	return nil
}

// maxAmount keeps products and sums of amounts within what JSON can express.
const maxAmount = 1e15

func checkAmounts(entry document) error {
	for _, key := range []string{"amount", "unitValueRate", "numberOfPeople"} {
		if math.Abs(entry.float(key)) > maxAmount {
			return bad(invalidBody, "%s is out of range", key)
		}
	}
	return nil
}
