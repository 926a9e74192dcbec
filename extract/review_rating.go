package extract

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// ratingOf reads the rating of a review, scaled to 5: microdata, attributes, class names, filled stars, or words.
func ratingOf(n *html.Node) (float64, bool) {
	if v := firstElement(n, itemProp("ratingValue")); v != nil {
		best := 5.0
		if b := firstElement(n, itemProp("bestRating")); b != nil {
			if x, ok := decimal(propText(b)); ok && x > 0 {
				best = x
			}
		}
		if x, ok := decimal(propText(v)); ok {
			return scaled(x, best)
		}
	}
	var found float64
	stars, lit := 0, 0
	firstOutside(n, isReplyClass, func(c *html.Node) bool {
		if x, ok := ratingByAttributes(c); ok {
			found = x
			return true
		}
		switch starState(c) {
		case 2:
			lit++
			stars++
		case 1:
			stars++
		}
		return false
	})
	switch {
	case found > 0:
		return found, true
	case stars == 5 && lit > 0 && lit <= 5:
		return float64(lit), true
	}
	return 0, false
}

// ratingByAttributes reads data-rating="4", aria-label="4 out of 5", title="4/5", class="rating-4", style="width:80%".
func ratingByAttributes(n *html.Node) (float64, bool) {
	starry := false
	for class := range strings.FieldsSeq(attr(n, "class")) {
		words := classWords(class)
		if !slices.Contains(words, "rating") && !slices.Contains(words, "stars") && !slices.Contains(words, "star") && !slices.Contains(words, "score") {
			continue
		}
		starry = true
		if d := trailingDigits(class); d != "" && len(d) <= 2 {
			if x, err := strconv.ParseFloat(d, 64); err == nil {
				switch {
				case x >= 1 && x <= 5:
					return x, true
				case x >= 10 && x <= 50:
					return x / 10, true
				}
			}
		}
	}
	for _, key := range [...]string{"data-rating", "data-score", "data-stars", "data-value"} {
		if x, ok := decimal(attr(n, key)); ok && (starry || key != "data-value") {
			return scaled(x, 5)
		}
	}
	for _, key := range [...]string{"aria-label", "title", "alt"} {
		if x, ok := ratingInWords(attr(n, key)); ok {
			return x, true
		}
	}
	if style := strings.ReplaceAll(attr(n, "style"), " ", ""); style != "" {
		_, width, ok := strings.Cut(style, "width:")
		if pct, isPct := strings.CutSuffix(cutAny(width, ";"), "%"); ok && isPct && (starry || parentStarry(n)) {
			if x, ok := decimal(pct); ok && x > 0 && x <= 100 {
				return x / 20, true
			}
		}
	}
	if starry && n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.TextNode {
		text := n.FirstChild.Data
		if x := starsIn(text); x > 0 {
			return x, true
		}
		return ratingInWords(text)
	}
	return 0, false
}

func parentStarry(n *html.Node) bool {
	if n.Parent == nil {
		return false
	}
	class := strings.ToLower(attr(n.Parent, "class"))
	return strings.Contains(class, "star") || strings.Contains(class, "rating")
}

// starState is 2 for a filled star, 1 for an empty one, 0 for something else.
func starState(n *html.Node) int {
	star, on, off := false, false, false
	for class := range strings.FieldsSeq(attr(n, "class")) {
		for _, w := range classWords(class) {
			switch w {
			case "star":
				star = true
			case "filled", "full", "active", "on", "checked", "solid", "gold", "lit", "selected", "fas":
				on = true
			case "empty", "off", "inactive", "far", "o", "outline", "gray", "grey", "regular":
				off = true
			}
		}
	}
	switch {
	case star && off:
		return 1
	case star && on:
		return 2
	case star && n.FirstChild == nil:
		return 1
	}
	return 0
}

// ratingInWords reads "4/5", "8 out of 10", "4,5 van 5", "4 из 5".
func ratingInWords(s string) (float64, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 60 {
		return 0, false
	}
	for _, sep := range [...]string{"/", " out of ", " of ", " van de ", " van ", " von ", " sur ", " de ", " na ", " z ", " из ", " з "} {
		a, b, ok := strings.Cut(s, sep)
		if !ok {
			continue
		}
		if k := strings.LastIndexAny(a, " :"); k >= 0 {
			a = a[k+1:]
		}
		x, okA := decimal(a)
		best, okB := decimal(cutAny(strings.TrimSpace(b), " ,;)"))
		if okA && okB && (best == 5 || best == 10 || best == 100) {
			return scaled(x, best)
		}
	}
	return 0, false
}

// starsIn counts the filled stars that open a text.
func starsIn(s string) float64 {
	lit, all := 0, 0
	for _, r := range strings.TrimSpace(s) {
		switch r {
		case '★', '⭐', '✭', '🌟':
			lit++
			all++
		case '☆', '✩':
			all++
		case '\ufe0f', ' ':
		default:
			if all > 0 && lit <= 5 {
				return float64(lit)
			}
			return 0
		}
	}
	if lit > 5 {
		return 0
	}
	return float64(lit)
}

func decimal(s string) (float64, bool) {
	s = strings.Replace(strings.TrimSpace(s), ",", ".", 1)
	if s == "" || s[0] < '0' || s[0] > '9' || len(s) > 8 {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// scaled brings a rating to the scale of 5.
func scaled(x, best float64) (float64, bool) {
	if best <= 0 || x <= 0 || x > best {
		return 0, false
	}
	return x * 5 / best, true
}
