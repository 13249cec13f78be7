package format

import "strings"

// httpDate is HTTP-date of RFC 9110, section 5.6.7, in the one form that may be sent:
// IMF-fixdate, as in Sun, 06 Nov 1994 08:49:37 GMT. The day of the week has to be that of
// the date.
func httpDate(text []byte) bool {
	const layout = "Sun, 06 Nov 1994 08:49:37 GMT"
	if len(text) != len(layout) {
		return false
	}
	for _, at := range []int{3, 4, 7, 11, 16, 19, 22, 25, 26, 27, 28} {
		if text[at] != layout[at] {
			return false
		}
	}
	day, month := twoDigits(text[5:]), nameAt("JanFebMarAprMayJunJulAugSepOctNovDec", text[8:11])
	century, year := twoDigits(text[12:]), twoDigits(text[14:])
	if month < 0 || century < 0 || year < 0 || day < 1 || day > daysOf(century*100+year, month+1) {
		return false
	}
	if _, _, _, rest, ok := partialTime(text[17:25]); !ok || len(rest) > 0 {
		return false
	}
	return nameAt("SunMonTueWedThuFriSat", text[:3]) == weekday(century*100+year, month+1, day)
}

// nameAt finds a name of three letters among others.
func nameAt(names string, name []byte) int {
	for i := 0; i < len(names); i += 3 {
		if strings.HasPrefix(names[i:], string(name)) {
			return i / 3
		}
	}
	return -1
}

// weekday counts from Sunday, by the days since the 1st of March of the year 0, which begins
// a cycle of 400 years.
func weekday(year, month, day int) int {
	if month < 3 {
		year, month = year+399, month+12
	}
	days := year*365 + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day
	return (days + 2) % 7
}
