package kainexus

import (
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// widgets compute what each Widget shows, by its id.
var widgets = map[int64]func(*state) float64{
	77: itemCount,
	78: peopleCount,
	79: totalFinancialImpact,
	80: timeSavings,
}

// GetWidget is GET /api/public/v1/json/widget.
func (o *operations) GetWidget(w http.ResponseWriter, _ *http.Request, params stub.GetWidgetParams) {
	start, s := o.clock(), o.store.view()
	compute, ok := widgets[params.ID]
	if !ok {
		refuse(w, denied("there is no Widget %d", params.ID))
		return
	}
	jsonbody.Write(w, http.StatusOK, map[string]any{"value": decimal(compute(s)), "statistics": o.statistics(start)})
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
