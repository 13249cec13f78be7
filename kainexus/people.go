package kainexus

import (
	"context"
	"fmt"
	"iter"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// PeopleOption changes which people [Client.People] and [Client.Person] read, or what of them.
type PeopleOption func(*peopleQuery) error

type peopleQuery struct {
	list   *int64
	badges bool
}

// InList reads the people of a saved People List or People List Card, not everybody.
func InList(listID int64) PeopleOption {
	return func(q *peopleQuery) error {
		q.list = &listID
		return positive("listUsers", "list", listID)
	}
}

// IncludeBadges reads the badges of each person too.
func IncludeBadges() PeopleOption {
	return func(q *peopleQuery) error {
		q.badges = true
		return nil
	}
}

func peopleOptions(opts []PeopleOption) (query peopleQuery, err error) {
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(&query); err != nil {
			return query, err
		}
	}
	return query, nil
}

// People reads all users of the organization, or those of a list: see [InList] (listUsers).
// It needs the permission to manage users. Pages are not documented for users. Should an
// answer count more users than it has, the rest is asked for by offset.
func (c *Client) People(ctx context.Context, opts ...PeopleOption) iter.Seq2[Person, error] {
	query, err := peopleOptions(opts)
	if err != nil {
		return failed[Person](err)
	}
	return list[Person]{
		client:    c,
		operation: "listUsers",
		open: func(ctx context.Context, at int64) (*http.Response, error) {
			params := &kainexusapi.ListUsersParams{ID: query.list}
			if query.badges {
				params.IncludeBadges = &query.badges
			}
			return c.api.ListUsers(ctx, params, offset(at))
		},
		id: func(person *Person) *int64 { return person.ID },
	}.all(ctx)
}

// Person reads one user (getUser).
func (c *Client) Person(ctx context.Context, id int64, opts ...PeopleOption) (Person, error) {
	query, err := peopleOptions(opts)
	if err == nil && query.list != nil {
		err = fmt.Errorf("kainexus: getUser: InList is for lists; leave it out")
	}
	if err == nil {
		err = positive("getUser", "user", id)
	}
	if err != nil {
		return Person{}, err
	}
	params := &kainexusapi.GetUserParams{ID: id}
	if query.badges {
		params.IncludeBadges = &query.badges
	}
	response, err := c.api.GetUser(ctx, params)
	return one[Person](c, "getUser", response, err)
}

// offset asks for what follows the first page of a list that has no documented pages.
func offset(at int64) kainexusapi.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		if at > 0 {
			query := r.URL.Query()
			query.Set("offset", fmt.Sprint(at))
			r.URL.RawQuery = query.Encode()
		}
		return nil
	}
}
