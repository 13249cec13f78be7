package kainexus

import (
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// widgets are by their ids.
//
// Choice(widgets-count-all): A Widget counts everything in the organization, whatever its
// reader may see.
var widgets = map[int64]struct {
	compute func(*state) float64
	impact  bool // whether View Impact is needed to read it
}{
	77: {itemCount, false},
	78: {peopleCount, false},
	79: {totalFinancialImpact, true},
	80: {timeSavings, true},
}

// GetWidget is GET /api/public/v1/json/widget.
//
// Choice(widget-arguments) [getWidget]: The arguments for a Location and a Date are ignored:
// a Widget answers for the whole organization, as it is now.
func (o *operations) GetWidget(w http.ResponseWriter, r *http.Request, params stub.GetWidgetParams) {
	start, s := o.clock(), o.seen(r)
	widget, ok := widgets[params.ID]
	if !ok {
		refuse(w, denied("there is no Widget %d", params.ID))
		return
	}
	if widget.impact && !s.permit.may.ViewImpact {
		refuse(w, denied("the Roles of the Service Account lack the permission View Impact"))
		return
	}
	jsonbody.Write(w, http.StatusOK, map[string]any{"value": decimal(widget.compute(s.state)), "statistics": o.statistics(start)})
}

func itemCount(s *state) float64 { return float64(s.items.size) }

func peopleCount(s *state) float64 {
	active := 0
	for user := range s.users.all() {
		if user.text("userType") != "INACTIVE" {
			active++
		}
	}
	return float64(active)
}

// totalFinancialImpact adds up the actual impacts in money, whatever the currency.
func totalFinancialImpact(s *state) float64 {
	total := 0.0
	for _, item := range s.items.outlines() {
		for _, impact := range item.object("resolutionActual").stored("impacts") {
			if impact.has("calculatedValue") {
				total += impact.float("calculatedValue")
			} else if impact.has("currencyCode") {
				total += impact.float("amount")
			}
		}
	}
	return total
}

// timeSavings adds up the hours of people.
func timeSavings(s *state) float64 {
	total := 0.0
	for _, item := range s.items.outlines() {
		for _, impact := range item.object("resolutionActual").stored("impacts") {
			total += impact.float("amount") * impact.float("numberOfPeople")
		}
	}
	return total
}
