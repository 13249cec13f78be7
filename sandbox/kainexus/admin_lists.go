package kainexus

import "fmt"

// Lists are all saved lists and Cards, in the order of their ids.
func (a *Admin) Lists() []List { return a.store.view().savedLists() }

// List is the saved list of an id.
func (a *Admin) List(id int64) (List, error) {
	list, ok := a.store.view().list(id)
	if !ok {
		return List{}, fmt.Errorf("kainexus: %w", missing("there is no list %d", id))
	}
	return list, nil
}

// CreateList saves a list. It may choose its ID, which no other list may have and which is
// given to it otherwise.
func (a *Admin) CreateList(list List) (created List, err error) {
	err = a.change(func(d *draft) error {
		// Choice(list-ids): A saved list may choose its id when it is created. No other list may
		// have it, but a record may.
		if d.lists.has(list.ID) {
			return conflict("another list has the id %d", list.ID)
		}
		for list.ID == 0 || d.lists.has(list.ID) {
			list.ID = d.nextID()
		}
		created, err = d.saveList(list)
		return err
	})
	return created, err
}

// UpdateList replaces all of the list of that ID.
func (a *Admin) UpdateList(list List) error {
	_, err := a.changeList(list.ID, func(l *List) { *l = list })
	return err
}

func (a *Admin) changeList(id int64, change func(*List)) (after List, err error) {
	err = a.change(func(d *draft) error {
		list, ok := d.list(id)
		if !ok {
			return missing("there is no list %d", id)
		}
		change(&list)
		list.ID = id
		after, err = d.saveList(list)
		return err
	})
	return after, err
}

// DeleteList deletes a list, and nothing of what it lists.
func (a *Admin) DeleteList(id int64) error {
	return a.change(func(d *draft) error { return d.deleteList(id) })
}

// saveList puts a list, and gives it as it is kept.
func (d *draft) saveList(list List) (List, error) {
	if err := d.putList(list); err != nil {
		return List{}, err
	}
	saved, _ := d.list(list.ID) // it was just put
	return saved, nil
}
