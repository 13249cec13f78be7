package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// Call is one request to do something.
type Call struct {
	id   string
	body jsonbody.Object // empty unless the method is POST or PATCH
}

// readCall takes the body where there is to be one. A web page cannot send application/json
// to another origin without being allowed to first.
func readCall(w http.ResponseWriter, r *http.Request) (*Call, error) {
	c := &Call{id: r.PathValue("id")}
	if r.Method != http.MethodPost && r.Method != http.MethodPatch {
		return c, nil
	}
	if err := jsonbody.CheckType(r); err != nil {
		return nil, &sandbox.AdminError{Status: http.StatusUnsupportedMediaType, Message: err.Error()}
	}
	var err error
	if c.body, err = jsonbody.ReadUntyped(w, r); err != nil {
		return nil, invalid(err.Error())
	}
	return c, nil
}

func invalid(message string) error {
	return &sandbox.AdminError{Status: http.StatusBadRequest, Message: message}
}

// read takes the body for what into points to.
func (c *Call) read(into any) error {
	if err := fits(c.body.Members(), reflect.TypeOf(into).Elem(), ""); err != nil {
		return invalid(err.Error())
	}
	text, err := json.Marshal(c.body.Members())
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// Key is what a path names something by.
type Key interface{ int64 | string }

func key[K Key](c *Call) (k K, err error) {
	switch into := any(&k).(type) {
	case *string:
		*into = c.id
	case *int64:
		*into, err = strconv.ParseInt(c.id, 10, 64)
		if err != nil || *into < 1 {
			err = &sandbox.AdminError{Status: http.StatusNotFound, Message: fmt.Sprintf("%.100q is no id: ids are whole numbers above 0", c.id)}
		}
	}
	return k, err
}
