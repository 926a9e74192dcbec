package scoring

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// currencyWords follow a number that is a price; a trailing * lets the word go on.
var currencyWords = []string{
	"usd", "eur", "euro", "gbp", "aud", "hkd", "chf", "usdt", "xmr", "btc", "dollar", "dólar", "dolar", "bucks", "quid", "pound", "rub", "руб", "р", "долл", "бакс",
	"евро", "грн", "дол", "злот", "zł", "zl", "pln", "tl", "лир", "kr", "元", "块", "刀", "美元", "人民币", "p/m", "p/w", "per month", "a month", "/mo", "/мес",
	"в месяц", "pro monat", "par mois", "al mes", "por mês", "miesięcznie", "aylık", "rupee", "real", "reais", "тенге",
}

// priceLead are the words that make a bare number after them a price: "from 180", "от 25".
var priceLead = []string{"from ", "от ", "від ", "vanaf ", "ab ", "desde ", "dès ", "od ", "starting at ", "ot ", "a partir de "}

// countPrices says how many prices stand in folded text: a number beside a currency sign or word, a number after
// "from", or a row of three numbers between slashes. It counts to 50 and stops.
func countPrices(folded string) int {
	n := 0
	for i := 0; i < len(folded) && n < 50; {
		if folded[i] < '0' || folded[i] > '9' {
			i++
			continue
		}
		end := i
		for end < len(folded) && (folded[end] >= '0' && folded[end] <= '9' ||
			(folded[end] == '.' || folded[end] == ',') && end+1 < len(folded) && folded[end+1] >= '0' && folded[end+1] <= '9') {
			end++
		}
		if isPrice(folded, i, end) {
			n++
		}
		i = end
	}
	return n
}

// isPrice reports whether the number at folded[start:end] is a price.
func isPrice(folded string, start, end int) bool {
	before, after := folded[:start], strings.TrimLeft(folded[end:], " ")
	if r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(before, " ")); unicode.Is(unicode.Sc, r) {
		return true
	}
	if r, _ := utf8.DecodeRuneInString(after); unicode.Is(unicode.Sc, r) && r != utf8.RuneError {
		return true
	}
	for _, word := range currencyWords {
		if strings.HasPrefix(after, word) && (len(word) > 2 || wordEnds(after[len(word):])) {
			return true
		}
	}
	for _, lead := range priceLead {
		if strings.HasSuffix(before, lead) && end-start >= 2 && !strings.HasPrefix(after, "%") && end-start != 4 {
			return true
		}
	}
	return strings.HasSuffix(before, " / ") && strings.HasPrefix(after, "/ ")
}
