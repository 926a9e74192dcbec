package extract

import "time"

// parseDate reads a date written for people.
func parseDate(raw string, now time.Time, lang string, loc *time.Location) (t time.Time, how string, ok bool) {
	return time.Time{}, "none", false
}
