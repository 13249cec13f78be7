package kainexus

import "slices"

// Template is what an item can be made from. The API refers to templates, and to what they
// have, by ids that it never lists. The emulator's cannot be changed.
type Template struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`

	// Chart tells whether its items have a chart.
	Chart bool `json:"chart"`

	// People are the keys for people that its items have, as its kind of team says.
	People []string `json:"people"`

	Fields     []TemplateField     `json:"fields"`
	Attributes []TemplateAttribute `json:"attributes"`
	Milestones []TemplateMilestone `json:"milestones"`
}

// TemplateField is a custom Field of a template.
type TemplateField struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`

	// Values are the keys that its value may stand under: value, htmlValue, numericValue or
	// dateValue.
	Values []string `json:"values"`
}

// TemplateAttribute is a custom Attribute of a template.
type TemplateAttribute struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`

	// Kind is what its values are: "value" for those that the API lists by the id of the
	// Attribute, "location" or "person".
	Kind string `json:"kind"`

	// Score is the Weighted Score that it belongs to, if any, and Notes tells whether a value
	// may have a note.
	Score string `json:"score,omitempty"`
	Notes bool   `json:"notes"`
}

// TemplateMilestone is a Milestone of a template.
type TemplateMilestone struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`

	// ApproverRoles are the ids of the Roles of which one is needed to decide it.
	ApproverRoles []int64 `json:"approverRoles"`
}

// Templates are all templates, in the order of their ids.
func (a *Admin) Templates() []Template {
	all := []Template{}
	for _, t := range templates {
		all = append(all, t.described())
	}
	return all
}

func (t template) described() Template {
	described := Template{
		ID: t.id, Name: t.name, Chart: t.chart, People: slices.Concat(t.team.lists, t.team.single),
		Fields: []TemplateField{}, Attributes: []TemplateAttribute{}, Milestones: []TemplateMilestone{},
	}
	for _, f := range t.fields {
		described.Fields = append(described.Fields, TemplateField{f.id, f.name, slices.Clone(fieldKinds[f.kind])})
	}
	for _, a := range t.attributes {
		described.Attributes = append(described.Attributes, TemplateAttribute{a.id, a.name, a.kind, a.score, a.notes})
	}
	for _, m := range t.milestones {
		described.Milestones = append(described.Milestones, TemplateMilestone{m.id, m.name, slices.Clone(m.approvers)})
	}
	return described
}
