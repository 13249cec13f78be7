package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// idnHostname is a hostname, or an internationalized one of RFC 5890: every label is ASCII
// as in hostname, or a U-label of RFC 5891, section 4.2. The dots of RFC 3490, section 3.1,
// separate labels too, for people type them. Letters beyond ASCII are not capital: IDNA2008
// leaves mapping them to programs.
func idnHostname(text []byte) bool {
	if hostname(text) {
		return true
	}
	if len(text) > utf8.UTFMax*maxName { // more than any name that is 253 bytes of ASCII
		return false
	}
	return idna2008(dots.Replace(string(text)))
}

var dots = strings.NewReplacer("\u3002", ".", "\uff0e", ".", "\uff61", ".")

// registration normalizes nothing. It checks A-labels, NFC, hyphens, leading marks, joiners,
// the Bidi rule and lengths, by tables of Unicode that are not worth having twice.
var registration = idna.New(idna.ValidateForRegistration())

// idna2008 adds to these what IDNA2008 is stricter about than Unicode's variant: which code
// points a label may have, and beside which others.
func idna2008(name string) bool {
	labels := strings.Split(name, ".")
	for i, label := range labels {
		if !ascii(label) {
			continue
		}
		if !ldhName([]byte(label)) {
			return false
		}
		labels[i] = strings.ToLower(label)
	}
	name = strings.Join(labels, ".")
	if _, err := registration.ToASCII(name); err != nil {
		return false
	}
	name, err := registration.ToUnicode(name)
	if err != nil {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if !ascii(label) && !uLabel([]rune(label)) {
			return false
		}
	}
	return true
}

func ascii(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// uLabel applies RFC 5892: classes of code points, exceptions (section 2.6), and the rules
// of appendix A for what depends on its neighbours. Those for joiners are idna's.
func uLabel(label []rune) bool {
	arabic, extended := false, false
	for i, r := range label {
		var before, after rune
		if i > 0 {
			before = label[i-1]
		}
		if i+1 < len(label) {
			after = label[i+1]
		}
		ok := true
		switch {
		case r == 0x00b7: // middle dot: of Catalan
			ok = before == 'l' && after == 'l'
		case r == 0x0375: // Greek lower numeral sign
			ok = unicode.Is(unicode.Greek, after)
		case r == 0x05f3, r == 0x05f4: // Hebrew geresh and gershayim
			ok = unicode.Is(unicode.Hebrew, before)
		case r == 0x30fb: // Katakana middle dot
			ok = japanese(label)
		case 0x0660 <= r && r <= 0x0669:
			arabic = true
		case 0x06f0 <= r && r <= 0x06f9:
			extended = true
		case r == 0x06fd, r == 0x06fe, r == 0x0f0b, r == 0x3007: // allowed, though no letters
		case r == 0x200c, r == 0x200d: // joiners
		case r == 0x0640, r == 0x07fa, r == 0x302e, r == 0x302f, 0x3031 <= r && r <= 0x3035, r == 0x303b:
			ok = false // letters and marks, but disallowed
		default:
			ok = r == '-' || unicode.In(r, unicode.Ll, unicode.Lo, unicode.Lm, unicode.Mn, unicode.Mc, unicode.Nd)
		}
		if !ok {
			return false
		}
	}
	return !arabic || !extended
}

// japanese tells whether a label has a character of Hiragana, Katakana or Han.
func japanese(label []rune) bool {
	for _, r := range label {
		if r != 0x30fb && unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) {
			return true
		}
	}
	return false
}
