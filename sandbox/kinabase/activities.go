package kinabase

import (
	"net/http"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// activity is an entry in the log of a record. It never changes.
type activity struct {
	ID        string  `json:"id"`
	Content   string  `json:"content"`
	Type      *string `json:"type"`
	Timestamp string  `json:"timestamp"` // as it was sent
	number    int64
}

// activityTime is how the emulator prints the moment of an activity that came without
// one: the form that the vendor's examples have.
const activityTime = "2006-01-02T15:04:05.000Z"

// ListActivities is GET /activities/{collectionId}/{recordId}.
func (o *operations) ListActivities(w http.ResponseWriter, _ *http.Request, collectionID, recordID string) {
	c, err := o.collection(collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	activities, err := o.store.activitiesOf(c, recordID)
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, activities)
}

// CreateActivity is POST /activities/{collectionId}/{recordId}.
//
// Choice(activities) [createActivity listActivities]: A new activity is answered as stored. Activities come in the order in which they were added, any text
// is a type, and one that came without a timestamp happened now.
func (o *operations) CreateActivity(w http.ResponseWriter, r *http.Request, collectionID, recordID string) {
	c, body, err := o.readBody(w, r, collectionID)
	if err != nil {
		refuse(w, err)
		return
	}
	a, err := readActivity(body, o.clock())
	if err != nil {
		refuse(w, err)
		return
	}
	err = o.store.change(func(ch *change) (err error) {
		a, err = ch.log(c, recordID, a)
		return err
	})
	if err != nil {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, a)
}

func (s *store) activitiesOf(c *collection, recordID string) ([]activity, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, err := byID(recordID)(c); err != nil {
		return nil, err
	}
	return append([]activity{}, c.activities[recordID]...), nil // [] when there are none, not null
}

func readActivity(body jsonbody.Object, now time.Time) (activity, error) {
	if err := body.CheckCase("id", "content", "type", "timestamp"); err != nil {
		return activity{}, err
	}
	if _, err := body.OptionalString("id"); err != nil {
		return activity{}, err
	}
	content, err := body.String("content")
	if err != nil {
		return activity{}, err
	}
	kind, err := body.OptionalString("type")
	if err != nil {
		return activity{}, err
	}
	a := activity{Content: content, Type: kind, Timestamp: now.UTC().Format(activityTime)}
	if body.Has("timestamp") {
		if _, err := readMoment(body, "timestamp"); err != nil {
			return activity{}, err
		}
		a.Timestamp, err = body.String("timestamp")
	}
	return a, err
}
