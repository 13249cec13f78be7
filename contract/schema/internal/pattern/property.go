package pattern

import (
	"strings"
	"unicode"
)

// binaryProperties are those of ECMA-262, table 67, that package unicode has, by both of
// their names. The version of Unicode is the one of package unicode.
var binaryProperties = map[string][]*unicode.RangeTable{
	"Alphabetic":              {unicode.L, unicode.Nl, unicode.Other_Alphabetic},
	"Lowercase":               {unicode.Ll, unicode.Other_Lowercase},
	"Uppercase":               {unicode.Lu, unicode.Other_Uppercase},
	"ASCII_Hex_Digit":         {unicode.ASCII_Hex_Digit},
	"Bidi_Control":            {unicode.Bidi_Control},
	"Dash":                    {unicode.Dash},
	"Deprecated":              {unicode.Deprecated},
	"Diacritic":               {unicode.Diacritic},
	"Extender":                {unicode.Extender},
	"Hex_Digit":               {unicode.Hex_Digit},
	"Ideographic":             {unicode.Ideographic},
	"Join_Control":            {unicode.Join_Control},
	"Noncharacter_Code_Point": {unicode.Noncharacter_Code_Point},
	"Pattern_Syntax":          {unicode.Pattern_Syntax},
	"Pattern_White_Space":     {unicode.Pattern_White_Space},
	"Quotation_Mark":          {unicode.Quotation_Mark},
	"Radical":                 {unicode.Radical},
	"Regional_Indicator":      {unicode.Regional_Indicator},
	"Sentence_Terminal":       {unicode.Sentence_Terminal},
	"Soft_Dotted":             {unicode.Soft_Dotted},
	"Terminal_Punctuation":    {unicode.Terminal_Punctuation},
	"Unified_Ideograph":       {unicode.Unified_Ideograph},
	"Variation_Selector":      {unicode.Variation_Selector},
	"White_Space":             {unicode.White_Space},
}

var propertyAliases = map[string]string{
	"Alpha": "Alphabetic", "Lower": "Lowercase", "Upper": "Uppercase", "AHex": "ASCII_Hex_Digit",
	"Bidi_C": "Bidi_Control", "Dep": "Deprecated", "Dia": "Diacritic", "Ext": "Extender",
	"Hex": "Hex_Digit", "Ideo": "Ideographic", "Join_C": "Join_Control", "NChar": "Noncharacter_Code_Point",
	"Pat_Syn": "Pattern_Syntax", "Pat_WS": "Pattern_White_Space", "QMark": "Quotation_Mark",
	"RI": "Regional_Indicator", "STerm": "Sentence_Terminal", "SD": "Soft_Dotted",
	"Term": "Terminal_Punctuation", "UIdeo": "Unified_Ideograph", "VS": "Variation_Selector", "space": "White_Space",
}

// property reads what follows \p or \P: {Lu}, {gc=Lu}, {Script=Greek} or {White_Space}.
// Unknown names are refused, not malformed: which names there are changes with the version
// of the standard.
func (p *parser) property(start int) (set, error) {
	length := strings.IndexByte(p.source[p.at:], '}')
	if !p.take("{") || length < 0 {
		return nil, p.problem(start, p.at, "a property is written \\p{Name} or \\p{Name=Value}")
	}
	text := p.source[p.at : p.at+length-1]
	p.at += length
	name, value, pair := strings.Cut(text, "=")
	if name == "" || pair && value == "" || strings.ContainsFunc(name+value, func(r rune) bool { return !word.has(r) }) {
		return nil, p.problem(start, p.at, "a property is written \\p{Name} or \\p{Name=Value}")
	}
	var found set
	switch {
	case p.syntaxOnly:
		return set{}, nil
	case !pair:
		found = loneProperty(name)
	case name == "General_Category" || name == "gc":
		found = category(value)
	case name == "Script" || name == "sc":
		if table, ok := unicode.Scripts[value]; ok {
			found = newSet(ofTable(nil, table))
		}
	}
	if found == nil {
		p.refuse(start, "the property is not known here")
		return set{}, nil
	}
	return found, nil
}

func loneProperty(name string) set {
	switch name {
	case "Any":
		return set{0, unicode.MaxRune}
	case "ASCII":
		return set{0, unicode.MaxASCII}
	case "Assigned":
		return category("Cn").not()
	}
	if long, ok := propertyAliases[name]; ok {
		name = long
	}
	tables, ok := binaryProperties[name]
	if !ok {
		return category(name)
	}
	var pairs []rune
	for _, table := range tables {
		pairs = ofTable(pairs, table)
	}
	return newSet(pairs)
}

// category returns a general category, or nil.
func category(name string) set {
	if short, ok := unicode.CategoryAliases[name]; ok {
		name = short
	}
	table, ok := unicode.Categories[name]
	if !ok {
		return nil
	}
	return newSet(ofTable(nil, table))
}
