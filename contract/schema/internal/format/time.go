package format

// timeOfDay is full-time of RFC 3339, section 5.6. The offset is required, -00:00 (unknown)
// included; a small z counts as the standard says. A second 60 is a leap second, which only
// the last minute of a day in UTC has; no table says of which days.
func timeOfDay(text []byte) bool {
	hour, minute, leap, rest, ok := partialTime(text)
	if !ok || len(rest) == 0 {
		return false
	}
	if len(rest) == 1 {
		return rest[0]|0x20 == 'z' && (!leap || hour == 23 && minute == 59)
	}
	if len(rest) != len("+00:00") || rest[0] != '+' && rest[0] != '-' || rest[3] != ':' {
		return false
	}
	offsetHour, offsetMinute := twoDigits(rest[1:]), twoDigits(rest[4:])
	if offsetHour < 0 || offsetHour > 23 || offsetMinute < 0 || offsetMinute > 59 {
		return false
	}
	if !leap {
		return true
	}
	offset := offsetHour*60 + offsetMinute
	if rest[0] == '-' {
		offset = -offset
	}
	const day = 24 * 60
	return (hour*60+minute-offset+day)%day == day-1
}

// partialTime reads the time without its offset, and returns what follows it.
func partialTime(text []byte) (hour, minute int, leap bool, rest []byte, ok bool) {
	const shortest = len("15:04:05")
	if len(text) < shortest || text[2] != ':' || text[5] != ':' {
		return 0, 0, false, nil, false
	}
	hour, minute = twoDigits(text), twoDigits(text[3:])
	second := twoDigits(text[6:])
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return 0, 0, false, nil, false
	}
	rest = text[shortest:]
	if len(rest) > 0 && rest[0] == '.' {
		n := digits(rest[1:])
		if n == 0 {
			return 0, 0, false, nil, false
		}
		rest = rest[1+n:]
	}
	return hour, minute, second == 60, rest, true
}
