package kainexus

import (
	"slices"
	"sync"
	"time"
)

// A Notification is the occasion of telling people about a change to an item. The
// emulator tells nobody; it remembers whether the real service would have.
type Notification struct {
	ItemID     int64     `json:"itemId"`
	Operation  string    `json:"operation"` // as in results: CREATE or UPDATE
	Time       time.Time `json:"time"`
	Suppressed bool      `json:"suppressed"` // suppressNotifications was set, so nobody would have heard
}

// maxNotifications is how many are remembered.
const maxNotifications = 1000

// Notifications are the last 1,000 since the Server was made or they were cleared, the
// oldest first. What a refused call would have changed is not among them.
//
// Choice(notifications): Every item that a call writes, even if nothing about it is
// different afterwards, is an occasion to notify people, and so is every chart that an
// import changes. The last 1,000 are remembered, in memory only: no storage keeps them.
func (a *Admin) Notifications() []Notification { return a.store.notifications.list() }

// ClearNotifications forgets the Notifications so far.
func (a *Admin) ClearNotifications() { a.store.notifications.clear() }

// notify remembers an occasion, for when the draft has become the state.
func (d *draft) notify(item int64, operation string, suppressed bool) {
	if !d.seeding {
		d.notifications = append(d.notifications, Notification{item, operation, d.now, suppressed})
	}
}

// ring holds the last notifications.
type ring struct {
	mu   sync.Mutex
	last []Notification
}

func (r *ring) add(more []Notification) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = append(r.last, more...)
	if over := len(r.last) - maxNotifications; over > 0 {
		r.last = slices.Delete(r.last, 0, over)
	}
}

func (r *ring) list() []Notification {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.last)
}

func (r *ring) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = nil
}
