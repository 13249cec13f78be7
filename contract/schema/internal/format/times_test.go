package format

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestTimes(t *testing.T) {
	run(t, []vectors{
		{"date",
			[]string{"2024-07-01", "0000-01-01", "9999-12-31", "2024-02-29", "2000-02-29", "2023-04-30"},
			[]string{"", "2024-7-1", "2024-07-00", "2024-07-32", "2024-00-01", "2024-13-01", "2023-02-29", "1900-02-29", "2023-04-31", "2024/07/01", "20240701", "2024-07-01Z", "2024-W27-1", "+2024-07-01", "2024-07-0１", "a024-07-01", "202a-07-01"}},
		{"time",
			[]string{"00:00:00Z", "23:59:59z", "12:30:15.5+02:00", "12:30:15.123456789012-23:59", "12:00:00-00:00", "23:59:60Z", "23:59:60.5+00:00", "00:59:60+01:00", "18:59:60-05:00", "00:29:60-23:30", "23:29:60+23:30"},
			[]string{"", "12:30:15", "12:30Z", "24:00:00Z", "12:60:00Z", "12:00:61Z", "22:59:60Z", "23:58:60Z", "23:59:60+01:00", "12:30:15.Z", "12:30:15,5Z", "12:30:15+24:00", "12:30:15+02:60", "12:30:15+0200", "12:30:15+02", "12:30:15Z+02:00", "12:30:15 Z", "1२:30:15Z", "12:30:15#02:00", "12-30-15Z"}},
		{"time-local",
			[]string{"12:30:15", "12:30:15.25", "12:30:60"},
			[]string{"", "12:30", "12:30:15Z", "12:30:15.", "12:30:15+02:00", "12:30:61"}},
		{"date-time",
			[]string{"2024-07-01T12:30:15Z", "2024-07-01t12:30:15.5z", "1998-12-31T15:59:60-08:00"},
			[]string{"", "2024-07-01", "2024-07-01 12:30:15Z", "2024-07-01T12:30:15", "2023-02-29T12:30:15Z", "2024-07-01T25:30:15Z", "2019-04-29T16:30:40.000+0000", "2024-07-01T12:30:15Z\n", "2024-07-01T"}},
		{"date-time-local",
			[]string{"2024-07-01T12:30:15", "2024-07-01t12:30:15.5"},
			[]string{"", "2024-07-01T12:30:15Z", "2024-02-30T12:30:15", "2024-07-01 12:30:15"}},
		{"duration",
			[]string{"P1Y", "P1M", "P1D", "P2W", "P1Y2M3DT4H5M6S", "PT1H", "PT1M", "PT0S", "P1Y2M", "P1M2D", "PT4H5M", "PT5M6S", "P1DT1S", "P007D", "P" + strings.Repeat("9", 100) + "D"},
			[]string{"", "P", "PT", "P1", "1D", "P1YT", "P1S", "PT1D", "P1D1Y", "P1Y2D", "PT1H2S", "P1W1D", "P1Y1W", "P1WT1H", "PT0.5S", "PT0,5S", "-P1D", "P-1D", "p1D", "P1d", "P1D ", "P1DT", "P1Y1Y", "P১D", "PD", "P1D2T3H"}},
		{"http-date",
			[]string{"Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 29 Feb 2024 00:00:00 GMT", "Sat, 01 Jan 0000 00:00:00 GMT"},
			[]string{"", "Mon, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Nob 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "unN, 06 Nov 1994 08:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 06 Nov 1994 0a:49:37 GMT", "Sun, 06 Nov a994 08:49:37 GMT"}},
	})
}

// Every day of 800 years has the weekday that package time gives it.
func TestWeekdays(t *testing.T) {
	for day := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 800; day = day.AddDate(0, 0, 1) {
		if !httpDate([]byte(day.Format(http.TimeFormat))) {
			t.Fatal(day)
		}
	}
}

func FuzzDateTime(f *testing.F) {
	f.Add("2024-02-29T23:59:59.5+02:00")
	f.Add("1900-02-29t23:59:60z")
	f.Fuzz(func(t *testing.T, text string) {
		got := dateTime([]byte(text))
		// Package time knows no leap seconds, and no small letters.
		capital := strings.NewReplacer("t", "T", "z", "Z").Replace(text)
		if len(capital) > 19 && capital[17:19] == "60" {
			if got {
				assert.True(t, dateTime([]byte(text[:17]+"59"+text[19:])))
			}
			return
		}
		_, err := time.Parse(time.RFC3339, capital)
		// It reads a comma for a point, and hours of one digit.
		if err == nil && (strings.Contains(capital, ",") || len(capital) > 12 && capital[12] == ':') {
			return
		}
		assert.Equal(t, err == nil, got, "%q: %v", text, err)
	})
}

func FuzzHTTPDate(f *testing.F) {
	f.Add("Sun, 06 Nov 1994 08:49:37 GMT")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := time.Parse(http.TimeFormat, text)
		if err == nil && parsed.Format(http.TimeFormat) == text { // package time ignores the weekday, and case
			assert.True(t, httpDate([]byte(text)))
		} else if httpDate([]byte(text)) {
			assert.Contains(t, text, ":60 ", fmt.Sprintf("%q: %v", text, err))
		}
	})
}
