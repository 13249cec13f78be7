package kainexus

// lookup finds the record that a reference means: by id, which wins, or else by the
// text under key.
//
// Choice(references): A reference with an id and a name means the id. References show what
// their record says now, and vanish when it is gone. One that means nothing answers 400.
func lookup(t *table, ref document, key, what string) (document, error) {
	found, ok := t.get(ref.id())
	if !ref.has("id") {
		found, ok = t.find(key, ref.text(key))
	}
	if !ok {
		return nil, unknown(what, ref, "id", key, "")
	}
	return found, nil
}

// unknown refuses a reference that means nothing. It repeats what was sent, and lists what
// there is, unless that is "".
func unknown(what string, ref document, idKey, nameKey, there string) error {
	if there != "" {
		there = "; there are " + there
	}
	switch {
	case ref.has(idKey):
		return bad(unknownReference, "there is no %s of the id %d%s", what, ref.integer(idKey), there)
	case ref.has(nameKey):
		return bad(unknownReference, "there is no %s of the %s %s%s", what, nameKey, name(ref.text(nameKey)), there)
	}
	return bad(unknownReference, "there is no %s without an %s or a %s%s", what, idKey, nameKey, there)
}

// bind makes a reference fit to be stored: it gets the id of the record it means. What
// else it says about the record is replaced by show when it is read.
func bind(t *table, ref document, key, what string) (document, error) {
	found, err := lookup(t, ref, key, what)
	if err != nil {
		return nil, err
	}
	bound := ref.clone()
	bound["id"] = num(found.id())
	return bound, nil
}

// bindAll binds every reference of an array.
func bindAll(t *table, sent document, listKey, key, what string) ([]document, error) {
	refs, err := sent.objects(listKey)
	if err != nil {
		return nil, err
	}
	for i, ref := range refs {
		if refs[i], err = bind(t, ref, key, what); err != nil {
			return nil, err
		}
	}
	return refs, nil
}

// bindEntry makes a reference to an entry of a catalog fit to be stored.
func bindEntry(c catalog, ref document, what string) (document, error) {
	found, err := c.resolve(ref, what)
	if err != nil {
		return nil, err
	}
	bound := ref.clone()
	bound["id"], bound["name"] = num(found.id), found.name
	return bound, nil
}

var (
	personKeys = []string{"username", "firstName", "lastName", "email"}
	nameKeys   = []string{"name"}
)

// show makes a stored reference say what its record says now. It is nil when the record
// is gone.
func show(t *table, ref document, keys []string) document {
	found, ok := t.get(ref.id())
	if !ok {
		return nil
	}
	shown := ref.clone()
	for _, key := range keys {
		delete(shown, key)
		if found.has(key) {
			shown[key] = found[key]
		}
	}
	return shown
}

// showAll shows the references of an array, but for those whose record is gone.
func showAll(t *table, refs []document, keys []string) []any {
	shown := []any{}
	for _, ref := range refs {
		if s := show(t, ref, keys); s != nil {
			shown = append(shown, s)
		}
	}
	return shown
}
