package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// captured is a Wednesday.
var captured = time.Date(2026, 11, 25, 12, 30, 0, 0, time.UTC)

var dateCases = []struct{ raw, lang, want, how string }{
	// machine-like
	{"2026-11-03T14:22:10Z", "", "2026-11-03 14:22:10", "text"},
	{"2026-11-03T14:22:10+02:00", "", "2026-11-03 12:22:10", "text"},
	{"2026-11-03 14:22", "en", "2026-11-03 14:22:00", "text"},
	{"Tue, 03 Nov 2026 14:22:10 GMT", "", "2026-11-03 14:22:10", "text"},
	{"Tue, 03 Nov 2026 14:22:10 +0300", "", "2026-11-03 11:22:10", "text"},
	// English
	{"Tue Nov 03, 2026 2:22 pm", "en", "2026-11-03 14:22:00", "text"},
	{"November 3rd, 2026, 12:05 AM", "en", "2026-11-03 00:05:00", "text"},
	{"3 November 2026", "en", "2026-11-03 00:00:00", "text"},
	{"Posted on 3 Nov 2026 at 14:22", "en", "2026-11-03 14:22:00", "text"},
	{"03-05-2026, 02:22 PM", "en", "2026-03-05 14:22:00", "text?"},
	{"11-15-2026, 02:22 PM", "en", "2026-11-15 14:22:00", "text"},
	{"15-11-2026, 02:22 PM", "en", "2026-11-15 14:22:00", "text"},
	{"12/03/2026", "en", "2026-03-12 00:00:00", "text"}, // 3 December has not come
	{"05/05/2026", "en", "2026-05-05 00:00:00", "text"},
	{"Nov 3 '25", "en", "2025-11-03 00:00:00", "text"},
	{"June 2024", "en", "2024-06-01 00:00:00", "text?"},
	{"24 Oct", "en", "2026-10-24 00:00:00", "text?"},
	{"Dec 24", "en", "2025-12-24 00:00:00", "text?"},
	{"#5 Oct 24, 2025", "en", "2025-10-24 00:00:00", "text"},
	{"Today, 09:14 AM", "en", "2026-11-25 09:14:00", "relative"},
	{"Yesterday at 11:59 PM", "en", "2026-11-24 23:59:00", "relative"},
	{"Monday at 5:13 PM", "en", "2026-11-23 17:13:00", "relative"},
	{"Wednesday at 5:13 PM", "en", "2026-11-18 17:13:00", "relative"},
	{"3 hours ago", "en", "2026-11-25 09:30:00", "relative"},
	{"an hour ago", "en", "2026-11-25 11:30:00", "relative"},
	{"1 year, 8 months ago", "en", "2025-03-25 12:30:00", "relative"},
	{"less than a minute ago", "en", "2026-11-25 12:29:00", "relative"},
	{"just now", "en", "2026-11-25 12:30:00", "relative"},
	{"A moment ago", "en", "2026-11-25 12:30:00", "relative"},
	{"5d ago", "en", "2026-11-20 12:30:00", "relative"},
	{"3h", "en", "2026-11-25 09:30:00", "relative"},
	{"Nov 3, 2026 14:22 MSK", "en", "2026-11-03 11:22:00", "text"},
	{"Nov 3, 2026 14:22 (UTC+2)", "en", "2026-11-03 12:22:00", "text"},
	{"Nov 3, 2026 02:22 PM EST", "en", "2026-11-03 19:22:00", "text"},
	// Dutch
	{"di 03 nov 2026, 14:22", "nl", "2026-11-03 14:22:00", "text"},
	{"3 maart 2026 om 14.22 uur", "nl", "2026-03-03 14:22:00", "text"},
	{"03-05-2026, 14:22", "nl", "2026-05-03 14:22:00", "text"},
	{"Vandaag, 09:14", "nl", "2026-11-25 09:14:00", "relative"},
	{"gisteren om 23:59", "nl", "2026-11-24 23:59:00", "relative"},
	{"eergisteren", "nl", "2026-11-23 00:00:00", "relative"},
	{"3 uur geleden", "nl", "2026-11-25 09:30:00", "relative"},
	{"een week geleden", "nl", "2026-11-18 12:30:00", "relative"},
	{"zojuist", "nl", "2026-11-25 12:30:00", "relative"},
	// German
	{"3. November 2026 um 14:22 Uhr", "de", "2026-11-03 14:22:00", "text"},
	{"Di 3. Mär 2026, 14:22", "de", "2026-03-03 14:22:00", "text"},
	{"Geschrieben am 03.05.2026, 14:22", "de", "2026-05-03 14:22:00", "text"},
	{"9:22 am 3.5.2026", "de", "2026-05-03 09:22:00", "text"},
	{"03.05.26", "", "2026-05-03 00:00:00", "text"},
	{"Heute, 09:14", "de", "2026-11-25 09:14:00", "relative"},
	{"Gestern um 23:59", "de", "2026-11-24 23:59:00", "relative"},
	{"vor einer Stunde", "de", "2026-11-25 11:30:00", "relative"},
	{"vor 3 Tagen", "de", "2026-11-22 12:30:00", "relative"},
	// French
	{"mar. 3 nov. 2026 14:22", "fr", "2026-11-03 14:22:00", "text"},
	{"le 3 août 2026 à 14h22", "fr", "2026-08-03 14:22:00", "text"},
	{"1er mars 2026", "fr", "2026-03-01 00:00:00", "text"},
	{"03/05/2026 14:22", "fr", "2026-05-03 14:22:00", "text"},
	{"Aujourd'hui à 09:14", "fr", "2026-11-25 09:14:00", "relative"},
	{"hier à 23h59", "fr", "2026-11-24 23:59:00", "relative"},
	{"il y a 3 heures", "fr", "2026-11-25 09:30:00", "relative"},
	{"il y a un an", "fr", "2025-11-25 12:30:00", "relative"},
	{"à l'instant", "fr", "2026-11-25 12:30:00", "relative"},
	// Spanish
	{"3 de noviembre de 2026, 14:22", "es", "2026-11-03 14:22:00", "text"},
	{"25 ago 2026", "es", "2026-08-25 00:00:00", "text"},
	{"Hoy a las 09:14", "es", "2026-11-25 09:14:00", "relative"},
	{"ayer, 23:59", "es", "2026-11-24 23:59:00", "relative"},
	{"hace 3 horas", "es", "2026-11-25 09:30:00", "relative"},
	{"hace un año", "es", "2025-11-25 12:30:00", "relative"},
	// Portuguese
	{"3 de março de 2026 às 14:22", "pt", "2026-03-03 14:22:00", "text"},
	{"Hoje às 09:14", "pt", "2026-11-25 09:14:00", "relative"},
	{"ontem às 23:59", "pt", "2026-11-24 23:59:00", "relative"},
	{"há 3 horas", "pt", "2026-11-25 09:30:00", "relative"},
	{"2 dias atrás", "pt", "2026-11-23 12:30:00", "relative"},
	// Polish
	{"3 stycznia 2026, 14:22", "pl", "2026-01-03 14:22:00", "text"},
	{"wt lis 03, 2026 2:22 pm", "pl", "2026-11-03 14:22:00", "text"},
	{"Dzisiaj o 09:14", "pl", "2026-11-25 09:14:00", "relative"},
	{"wczoraj, 23:59", "pl", "2026-11-24 23:59:00", "relative"},
	{"3 godziny temu", "pl", "2026-11-25 09:30:00", "relative"},
	{"godzinę temu", "pl", "2026-11-25 11:30:00", "relative"},
	{"przed chwilą", "pl", "2026-11-25 12:30:00", "relative"},
	// Turkish
	{"3 Kasım 2026, 14:22", "tr", "2026-11-03 14:22:00", "text"},
	{"3 Şub 2026", "tr", "2026-02-03 00:00:00", "text"},
	{"Bugün, 09:14", "tr", "2026-11-25 09:14:00", "relative"},
	{"Dün 23:59", "tr", "2026-11-24 23:59:00", "relative"},
	{"3 saat önce", "tr", "2026-11-25 09:30:00", "relative"},
	{"2 ay önce", "tr", "2026-09-25 12:30:00", "relative"},
	// Russian
	{"3 ноября 2026 г. в 14:22", "ru", "2026-11-03 14:22:00", "text"},
	{"Вт ноя 03, 2026 2:22 pm", "ru", "2026-11-03 14:22:00", "text"},
	{"03.05.2026, 14:22", "ru", "2026-05-03 14:22:00", "text"},
	{"05 Май 2026 - 14:22", "ru", "2026-05-05 14:22:00", "text"},
	{"Сегодня, 09:14", "ru", "2026-11-25 09:14:00", "relative"},
	{"вчера в 23:59", "ru", "2026-11-24 23:59:00", "relative"},
	{"позавчера", "ru", "2026-11-23 00:00:00", "relative"},
	{"3 часа назад", "ru", "2026-11-25 09:30:00", "relative"},
	{"час назад", "ru", "2026-11-25 11:30:00", "relative"},
	{"только что", "ru", "2026-11-25 12:30:00", "relative"},
	// Ukrainian
	{"3 листопада 2026, 14:22", "uk", "2026-11-03 14:22:00", "text"},
	{"Сьогодні о 09:14", "uk", "2026-11-25 09:14:00", "relative"},
	{"учора, 23:59", "uk", "2026-11-24 23:59:00", "relative"},
	{"3 години тому", "uk", "2026-11-25 09:30:00", "relative"},
	{"щойно", "uk", "2026-11-25 12:30:00", "relative"},
	// Chinese
	{"2026年11月3日 14:22", "zh", "2026-11-03 14:22:00", "text"},
	{"2026年11月3日 下午2:22", "zh", "2026-11-03 14:22:00", "text"},
	{"2026-11-3 14:22", "zh", "2026-11-03 14:22:00", "text"},
	{"11月3日", "zh", "2026-11-03 00:00:00", "text?"},
	{"发表于 2026/11/3 14:22:10", "zh", "2026-11-03 14:22:10", "text"},
	{"今天 09:14", "zh", "2026-11-25 09:14:00", "relative"},
	{"昨天 23:59", "zh", "2026-11-24 23:59:00", "relative"},
	{"3小时前", "zh", "2026-11-25 09:30:00", "relative"},
	{"2 个月前", "zh", "2026-09-25 12:30:00", "relative"},
	{"刚刚", "zh", "2026-11-25 12:30:00", "relative"},
}

func TestParseDate(t *testing.T) {
	for _, c := range dateCases {
		at, how, ok := parseDate(c.raw, captured, c.lang, nil)
		if got := at.UTC().Format("2006-01-02 15:04:05"); !ok || got != c.want || how != c.how {
			t.Errorf("parseDate(%q, %q) = %s %q %v, want %s %q", c.raw, c.lang, got, how, ok, c.want, c.how)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, raw := range []string{
		"", "Moderator", "192.0.2.1", "version 1.2.10", "Posts: 214", "32/13/2026", "2026-13-45", "31.02.2026", "14:22", "3 servers", "May", "page 3 of 9",
		"I have rented three servers here since 2024 and they were fine, see 3 May", "+248 000 12 34", "AS64500", "12 EUR", "1/2", "0.5.2", "Joined", "99999999999 hours ago",
	} {
		if at, how, ok := parseDate(raw, captured, "en", nil); ok {
			t.Errorf("parseDate(%q) = %v %q, want none", raw, at, how)
		}
	}
}

func TestParseDateUsesTheZoneOfThePage(t *testing.T) {
	loc := time.FixedZone("", 3*3600)
	for raw, want := range map[string]string{
		"3 Nov 2026, 02:22":     "2026-11-02 23:22",
		"Today, 02:22":          "2026-11-24 23:22",
		"3 Nov 2026, 02:22 GMT": "2026-11-03 02:22",
		"2 hours ago":           "2026-11-25 10:30",
	} {
		at, _, ok := parseDate(raw, captured, "en", loc)
		if got := at.UTC().Format("2006-01-02 15:04"); !ok || got != want {
			t.Errorf("%q: %s, want %s", raw, got, want)
		}
	}
}

// TestDayOrder holds that dates which could be read in two ways are read as the others of the page are, and stay in
// doubt where those disagree or say nothing.
func TestDayOrder(t *testing.T) {
	for _, c := range []struct{ dates, want string }{
		{"03/02/2026 10:00|25/02/2026 11:00", "2026-02-03 text|2026-02-25 text"},
		{"03/02/2026 10:00|02/25/2026 11:00", "2026-03-02 text|2026-02-25 text"},
		{"03/02/2026 10:00|04/02/2026 11:00", "2026-03-02 text?|2026-04-02 text?"},
		{"03/02/2026 10:00|25/02/2026 11:00|02/25/2026 12:00", "2026-03-02 text?|2026-02-25 text|2026-02-25 text"},
		{"03/02/2026 10:00|25.02.2026 11:00", "2026-03-02 text?|2026-02-25 text"},
	} {
		var page strings.Builder
		page.WriteString(`<html lang="en"><body id="phpbb">`)
		for k, date := range strings.Split(c.dates, "|") {
			fmt.Fprintf(&page, `<div class="post" id="p%d"><div class="postbody"><p class="author">by <strong><a class="username" href="u">x</a></strong> » %s</p><div class="content">Words.</div></div></div>`, k+1, date)
		}
		var got []string
		for _, p := range Read(hostile(page.String())).Posts {
			got = append(got, p.PostedAt.Format(time.DateOnly)+" "+p.DateHow)
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s: %s, want %s", c.dates, s, c.want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, raw := range []string{"3 ноября 2026 г. в 14:22", "03-05-2026, 02:22 PM", "1 year, 8 months ago", "今天 09:14", "il y a un an", "a\xff1.1.11", "Dün 23:59 GMT+99"} {
		f.Add(raw, "en")
	}
	f.Fuzz(func(t *testing.T, raw, lang string) {
		at, how, ok := parseDate(raw, captured, lang, nil)
		if ok && (how == "" || at.Year() > 2050) {
			t.Fatalf("%q: %v %q", raw, at, how)
		}
		again, _, _ := parseDate(raw, captured, lang, nil)
		if !again.Equal(at) {
			t.Fatal("not the same twice")
		}
	})
}

func BenchmarkParseDate(b *testing.B) {
	for b.Loop() {
		parseDate("Вт ноя 03, 2026 2:22 pm", captured, "ru", nil)
	}
}
