package kainexus

import (
	"encoding/json"
	"strconv"
)

// The organization that every sandbox has. Nothing in it is real.

const (
	itemListID   = 640
	chartListID  = 655
	peopleListID = 512
)

var sandboxIDs = map[string]string{
	"itemList":        strconv.Itoa(itemListID),
	"chartList":       strconv.Itoa(chartListID),
	"peopleList":      strconv.Itoa(peopleListID),
	"widget":          "77",
	"attribute":       "12",
	"impactValueType": "Product",
}

// seedLists are the saved lists, two of which are Cards on a Board.
func seedLists() []List {
	return []List{
		{ID: itemListID, Name: "All items", Kind: ItemList},
		{ID: chartListID, Name: "Charts", Kind: ItemList, Only: Filter{Charts: true}},
		{ID: 660, Name: "Projects by due date", Kind: ItemList, Only: Filter{Templates: []int64{46}}, Order: ListOrder{Key: "dueDate", Descending: true}},
		{ID: 670, Name: "Open ideas", Kind: ItemList, Board: "Plant A huddle", Only: Filter{Templates: []int64{45}, Statuses: []string{"NEW", "PLANNED", "ACTIVE"}, Locations: []int64{70}}},
		{ID: peopleListID, Name: "People of Plant A", Kind: PeopleList, Only: Filter{Locations: []int64{70}}},
		{ID: 520, Name: "Whom to ask", Kind: PeopleList, Board: "Plant A huddle", IDs: []int64{304, 301, 310}},
	}
}

// seedOrganization makes what the API cannot make by itself.
func seedOrganization(d *draft) error {
	for _, location := range seedLocations() {
		if _, err := d.putLocation(location); err != nil {
			return err
		}
	}
	for _, user := range seedUsers() {
		if _, err := d.putUser(user); err != nil {
			return err
		}
	}
	for _, v := range seedValues() {
		if _, err := d.putValue(v.owner, v.value); err != nil {
			return err
		}
	}
	for _, list := range seedLists() {
		if err := d.putList(list); err != nil {
			return err
		}
	}
	return nil
}

func seedLocations() []document {
	location := func(id int64, name, level string, parent int64) document {
		l := document{"id": num(id), "name": name, "levelType": document{"name": level}}
		if parent != 0 {
			l["parent"] = ref(parent)
		}
		return l
	}
	return []document{
		location(1, "Org", "System", 0),
		location(70, "Plant A", "Site", 1),
		location(71, "Plant B", "Site", 1),
		location(72, "Finance", "Department", 1),
		location(73, "Press shop", "Department", 70),
		location(74, "Paint line", "Department", 71),
	}
}

func seedUsers() []document {
	people := []struct {
		username, first, last string
		location              int64
	}{
		{"jdoe", "Jo", "Doe", 70}, {"bnovak", "Bo", "Novak", 71}, {"asmith", "Ada", "Smith", 70},
		{"mlee", "Min", "Lee", 73}, {"rcruz", "Rio", "Cruz", 1}, {"tkhan", "Tariq", "Khan", 71},
		{"eberg", "Eli", "Berg", 74}, {"nokoro", "Nneka", "Okoro", 74}, {"lsilva", "Lia", "Silva", 72},
		{"hito", "Haru", "Ito", 70}, {"pwest", "Pat", "West", 73}, {"kyoung", "Kim", "Young", 72},
	}
	users := []document{}
	for i, p := range people {
		user := document{
			"id": num(int64(301 + i)), "username": p.username, "firstName": p.first, "lastName": p.last,
			"email": p.username + "@organization.example", "userType": "GENERAL",
			"networkLocations": []any{ref(p.location)},
			"roles":            []any{document{"name": seedPeopleRoles()[i%3].Name}},
			"titles":           []any{}, "positions": []any{}, "employmentStatuses": []any{}, "certifications": []any{},
		}
		for key, entries := range profiles {
			if i%3 == 0 {
				user[key] = []any{document{"name": entries[i%2].name}}
			}
		}
		users = append(users, user)
	}
	users[len(users)-1]["userType"] = "INACTIVE"
	return users
}

type ownedValue struct {
	owner string
	value document
}

func seedValues() []ownedValue {
	value := func(id int64, name string, folder int64) document {
		v := document{"id": num(id), "name": name, "description": "", "folder": folder == 0, "locations": []any{}}
		if folder != 0 {
			v["parent"] = ref(folder)
		}
		return v
	}
	priced := func(typ string, id int64, name, rate string, folder int64) ownedValue {
		v := value(id, name, folder)
		v["type"] = typ
		if folder != 0 {
			v["rate"], v["currencyCode"] = json.Number(rate), "USD"
			v["hoursInDay"], v["daysInWeek"], v["weeksInYear"] = json.Number("8.0"), json.Number("5.0"), json.Number("52.14")
		}
		return ownedValue{typ, v}
	}
	progressOwner, urgencyOwner, purposeOwner := attributeOwner(progress.id), attributeOwner(urgency.id), attributeOwner(purpose.id)
	return []ownedValue{
		{progressOwner, value(80, "States", 0)}, {progressOwner, value(81, "On plan", 80)}, {progressOwner, value(82, "Late", 80)},
		{urgencyOwner, value(83, "Levels", 0)}, {urgencyOwner, value(84, "High", 83)}, {urgencyOwner, value(85, "Low", 83)},
		{purposeOwner, value(86, "Aims", 0)}, {purposeOwner, value(87, "Growth", 86)}, {purposeOwner, value(88, "Service", 86)},
		priced("PRODUCT", 210, "Doors", "", 0), priced("PRODUCT", 211, "Windows", "", 0),
		priced("PRODUCT", 219, "Door panel", "2.0", 210), priced("PRODUCT", 220, "Window frame", "1.5", 211),
		priced("RESOURCE", 230, "Energy", "", 0), priced("RESOURCE", 231, "Electricity", "0.3", 230),
		priced("LEAD_TIME", 240, "Lines", "", 0), priced("LEAD_TIME", 241, "Assembly", "2.0", 240),
		priced("CYCLE_TIME", 242, "Machines", "", 0), priced("CYCLE_TIME", 243, "Press", "12.5", 242),
		priced("TAKT_TIME", 244, "Cells", "", 0), priced("TAKT_TIME", 245, "Final cell", "8.0", 244),
		priced("WASTE", 260, "Scrap", "", 0), priced("WASTE", 261, "Steel offcut", "0.75", 260),
		priced("ENVIRONMENTAL_IMPACT", 270, "Emissions", "", 0), priced("ENVIRONMENTAL_IMPACT", 271, "Carbon dioxide", "0.1", 270),
		priced("TIME_SAVINGS", 250, "Trades", "", 0), priced("TIME_SAVINGS", 251, "Painter", "30.0", 250),
	}
}

// ref is a reference by id.
func ref(id int64) document { return document{"id": num(id)} }

func refs(ids ...int64) []any {
	all := []any{}
	for _, id := range ids {
		all = append(all, ref(id))
	}
	return all
}
