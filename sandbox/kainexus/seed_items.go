package kainexus

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// seedStart is when the first seeded item was created.
var seedStart = time.Date(2025, time.January, 6, 9, 0, 0, 0, time.UTC)

// seedStatuses are what items go round in.
var seedStatuses = []string{"NEW", "PLANNED", "ACTIVE", "RES_SUBMITTED", "COMPLETE", "DEFERRED", "DRAFT"}

// seedItems makes 24 ideas, 6 projects, 4 observations, 2 tasks and 4 charts.
func seedItems(d *draft) error {
	var items []document
	for i := range 6 {
		items = append(items, seedProject(i))
	}
	for i := range 24 {
		items = append(items, seedIdea(i))
	}
	for i := range 4 {
		items = append(items, seedObservation(i))
	}
	for i := range 2 {
		items = append(items, seedTask(i))
	}
	for i := range 4 {
		items = append(items, seedChart(i))
	}
	for _, item := range items {
		if _, err := d.putItem(item, true); err != nil {
			return fmt.Errorf("item %d of the seed: %w", item.id(), err)
		}
	}
	return nil
}

func day(n int) string { return timestamp(seedStart.AddDate(0, 0, n)) }

// user is the id of some user.
func user(i int) int64 { return int64(301 + i%12) }

func place(i int) int64 { return int64(70 + i%5) }

func seedItem(templateID, id int64, i int, summary, status string) document {
	return document{
		"templateId": num(templateID), "id": num(id), "summary": summary, "status": status,
		"authors": refs(user(i)), "followers": refs(user(i + 5)), "originatingLocations": refs(place(i)),
		"createDate": day(i), "lastUpdateDate": day(i + 30),
		"likeCount": num(int64(i % 7)), "ackCount": num(int64(i % 3)), "voteCount": num(int64(i % 4)),
	}
}

func seedIdea(i int) document {
	status := seedStatuses[i%len(seedStatuses)]
	subjects := []string{"Shorten changeover", "Label the shelves", "Mark the walkway", "Shadow board for tools", "Quieter extractor", "Kit parts per order"}
	item := seedItem(45, int64(1001+i), i, fmt.Sprintf("%s, bay %d", subjects[i%len(subjects)], 1+i/len(subjects)), status)
	maps.Copy(item, document{
		"parentId":    num(int64(1200 + i%6)),
		"responsible": ref(user(i + 2)), "assigner": ref(user(i + 4)), "collaborators": refs(user(i+1), user(i+3)),
		"responsibleLocations": refs(place(i + 1)), "assignDate": day(i + 1), "dueDate": day(i + 60),
		"fields": []any{
			document{"id": num(21), "value": "It takes too long"},
			document{"id": num(22), "value": "Prepare beforehand", "htmlValue": "&lt;p&gt;Prepare beforehand&lt;/p&gt;"},
			document{"id": num(23), "numericValue": json.Number(fmt.Sprintf("%d.50", i))},
			document{"id": num(24), "dateValue": day(i + 7)},
		},
		"attributes": []any{
			document{"id": num(11), "values": []any{document{"id": num(int64(81 + i%2)), "note": "weekly check"}}},
			document{"id": num(12), "score": "Ranking", "values": refs(int64(84 + i%2))},
			document{"id": num(13), "values": refs(place(i))},
			document{"id": num(14), "values": refs(user(i + 6))},
		},
		"milestones": []any{document{"id": num(31), "status": "APPROVED", "notes": "Go ahead"}},
	})
	switch status {
	case "PLANNED", "DEFERRED":
		item["startDate"], item["reviewDate"] = nil, day(i+90)
		if i == 12 {
			item["customStatus"] = "ON HOLD"
		}
	case "RES_SUBMITTED", "COMPLETE":
		item["startDate"], item["resolutionSubmitDate"] = day(i+2), day(i+20)
		item["resolutionActual"] = seedOutcome(i)
	case "ACTIVE":
		item["startDate"] = day(i + 2)
	}
	if status == "COMPLETE" {
		item["completeDate"] = day(i + 25)
	}
	return item
}

func seedProject(i int) document {
	statuses := []string{"ACTIVE", "COMPLETE"}
	item := seedItem(46, int64(1200+i), i, fmt.Sprintf("New layout of line %d", i+1), statuses[i%2])
	maps.Copy(item, document{
		"sponsors": refs(user(i + 1)), "facilitators": refs(user(i + 2)), "leaders": refs(user(i + 3)),
		"participants": refs(user(i+4), user(i+6)), "participatingLocations": refs(place(i), place(i+1)),
		"startDate": day(i + 5), "dueDate": day(i + 120),
		"fields": []any{
			document{"id": num(21), "value": "The line grew over the years"},
			document{"id": num(22), "value": "Move one machine a week", "htmlValue": "&lt;p&gt;Move one machine a week&lt;/p&gt;"},
			document{"id": num(23), "numericValue": json.Number(fmt.Sprintf("%d.25", 10*i))},
			document{"id": num(24), "dateValue": day(i + 8)},
			document{"id": num(25), "dateValue": timestamp(seedStart.AddDate(0, 0, i+9).Add(95 * time.Minute))},
		},
		"attributes": []any{
			document{"id": num(11), "values": []any{document{"id": num(81), "note": "machines ordered"}}},
			document{"id": num(12), "score": "Ranking", "values": refs(84)},
			document{"id": num(13), "values": refs(place(i))},
			document{"id": num(14), "values": refs(user(i + 6))},
			document{"id": num(15), "values": refs(87, 88)},
		},
		"milestones":       []any{document{"id": num(33), "status": "APPROVED", "notes": "Off we go"}},
		"resolutionTarget": seedFullOutcome(i + 1),
	})
	if statuses[i%2] == "COMPLETE" {
		item["completeDate"] = day(i + 100)
		item["resolutionActual"] = seedFullOutcome(i)
		item["resolutionForecast"] = document{"result": "CHANGE", "impacts": nil, "investments": nil}
	}
	return item
}

func seedObservation(i int) document {
	item := seedItem(47, int64(1300+i), i, fmt.Sprintf("Light in aisle %d is out", i+1), "ACTIVE")
	item["fields"] = []any{document{"id": num(21), "value": "Seen on the morning walk"}}
	return item
}

func seedTask(i int) document {
	item := seedItem(49, int64(1400+i), i, fmt.Sprintf("Repair the guard of press %d", i+1), seedStatuses[i%len(seedStatuses)])
	maps.Copy(item, document{
		"responsible": ref(user(i + 1)), "assigner": ref(user(i + 2)), "collaborators": refs(user(i + 3)),
		"responsibleLocations": refs(place(i + 3)), "assignDate": day(i + 1), "dueDate": day(i + 14),
		"fields": []any{
			document{"id": num(21), "value": "The hinge is loose"},
			document{"id": num(23), "numericValue": json.Number(fmt.Sprintf("%d.50", 1+i%8))},
		},
		"attributes": []any{document{"id": num(12), "score": "Ranking", "values": refs(int64(84 + i%2))}},
	})
	return item
}

// seedFullOutcome has an impact of each category, and an investment of each type.
func seedFullOutcome(i int) document {
	entries := func(types []impactType) []any {
		made := []any{}
		for n, t := range types {
			entry := document{"typeId": num(t.id)}
			if t.measure != qualitative {
				entry["amount"], entry["locations"] = json.Number(fmt.Sprintf("%d.0", 5+i+n)), refs(place(i+n))
			}
			if t.values != "" {
				entry[resourceKey] = seedUnits[t.values]
			}
			if t.measure == timeOfPeople {
				entry["numberOfPeople"], entry["comment"] = json.Number("2.0"), "counted over a week"
			}
			made = append(made, entry)
		}
		return made
	}
	return document{"result": "CHANGE", "impacts": entries(impactTypes), "investments": entries(investmentTypes)}
}

// seedUnits name an Impact Value of each type.
var seedUnits = map[string]string{
	"TIME_SAVINGS": "Painter", "PRODUCT": "Door panel", "RESOURCE": "Electricity", "CYCLE_TIME": "Press", "LEAD_TIME": "Assembly",
	"TAKT_TIME": "Final cell", "WASTE": "Steel offcut", "ENVIRONMENTAL_IMPACT": "Carbon dioxide",
}

// seedOutcome has an impact of each measure, and two investments.
func seedOutcome(i int) document {
	amount := json.Number(fmt.Sprintf("%d.0", 10+i))
	at := refs(place(i))
	return document{
		"result": "CHANGE",
		"impacts": []any{
			document{"typeId": num(1), "amount": amount, "locations": at},
			document{"typeId": num(2), "amount": amount, resourceKey: "Assembly", "locations": at},
			document{"typeId": num(4), "amount": amount, resourceKey: "Painter", "numberOfPeople": json.Number("2.0"), "locations": at},
			document{"typeId": num(5), "amount": amount, resourceKey: "Door panel", "locations": at},
			document{"typeId": num(3)},
		},
		"investments": []any{
			document{"typeId": num(21), "title": "New racks", "amount": json.Number("250.0")},
			document{"typeId": num(22), "amount": json.Number("4.0"), resourceKey: "Painter"},
		},
	}
}

func seedChart(i int) document {
	names := []string{"Approvals", "Scrap", "Ideas per month", "First pass yield"}
	item := seedItem(48, int64(4000+i), i, names[i], "ACTIVE")
	useDate := i%2 == 1
	series := []any{}
	for n, name := range []string{"Forecast", "Actual"} {
		points := []any{}
		for row := range 6 {
			point := document{"value": json.Number(fmt.Sprintf("%d.%d0", 10+row*(i+1), n))}
			if useDate {
				point["date"] = day(7 * row)
			} else {
				point["category"] = fmt.Sprintf("Week %d", row+1)
			}
			if row == 2 && n == 1 {
				point["annotation"] = "New fixture"
			}
			points = append(points, point)
		}
		series = append(series, document{"id": num(int64(700 + 2*i + n)), "name": name, "dataPoints": points[:6-n]})
	}
	item["chart"] = document{
		"id": num(int64(200 + i)), "useDate": useDate, "chartState": "PRIMARY_MET", "chartType": "BAR_LINE", "series": series,
	}
	return item
}
