package extract

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// langSample is how many bytes of a text the guess looks at.
const langSample = 2000

// guessLang guesses the language of a text or a paragraph by script, function words and letters that few languages
// have: en, nl, de, fr, es, pt, pl, tr, ru, uk, zh, or "ru-latin" for Russian in Latin letters. It returns "" when the
// text is too short to tell, or is in another language.
func guessLang(text string) string {
	text = sampleOf(text)
	var latin, cyrillic, han, other int
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c |= 0x20; c >= 'a' && c <= 'z' {
				latin++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		switch {
		case r < 0x250:
			latin++
		case r >= 0x400 && r < 0x530:
			cyrillic++
		case r >= 0x4e00 && r < 0xa000:
			han++
		case r >= 0x3040 && r < 0x3100 || r >= 0xac00 && r < 0xd7a4:
			other += 3 // kana, Hangul
		case unicode.IsLetter(r):
			other++
		}
	}
	switch most := max(latin, cyrillic, 3*han, other); {
	case most < 4:
		return ""
	case other == most || other > han:
		return ""
	case 3*han == most:
		return "zh"
	case cyrillic == most:
		return cyrillicLang(text)
	}
	return latinLang(text)
}

// sampleOf cuts a long text down to its beginning and its middle.
func sampleOf(text string) string {
	if len(text) <= langSample {
		return text
	}
	mid := len(text) / 2
	for mid < len(text) && text[mid] != ' ' {
		mid++
	}
	return text[:langSample/2] + " " + text[mid:min(mid+langSample/2, len(text))]
}

// cyrillicLang tells Russian from Ukrainian by letters that only one has, then by words. Other languages in Cyrillic
// have letters of their own.
func cyrillicLang(text string) string {
	var ru, uk, other int
	for _, r := range text {
		switch r {
		case 'ы', 'э', 'ъ', 'ё', 'Ы', 'Э', 'Ё':
			ru++
		case 'і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є', 'Ґ':
			uk++
		case 'ў', 'ј', 'љ', 'њ', 'ћ', 'ђ', 'ќ', 'ѓ', 'ә', 'қ', 'ң', 'ғ', 'ү', 'ұ', 'һ', 'ө':
			other += 2
		}
	}
	for w := range words(text) {
		switch string(w) {
		case "и", "что", "как", "это", "для", "или", "если", "только", "есть", "нет", "можно", "вы", "все", "от", "он", "они", "его", "при":
			ru++
		case "та", "що", "як", "це", "або", "якщо", "тільки", "є", "немає", "можна", "ви", "від", "він", "вони", "його", "й", "із", "до":
			uk++
		}
	}
	switch {
	case other > ru && other > uk:
		return ""
	case uk > ru:
		return "uk"
	}
	return "ru" // words of a few letters are mostly Russian
}

// words yields the words of at most 18 bytes of a text in lower case; longer ones are no function words. A word is valid
// until the next one.
func words(text string) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		var buf [24]byte
		w := buf[:0]
		for i := 0; i <= len(text); {
			c := byte(' ')
			if i < len(text) {
				c = text[i]
			}
			switch {
			case c >= 'a' && c <= 'z' || c == '\'':
				i++
			case c >= 'A' && c <= 'Z':
				c |= 0x20
				i++
			case c >= utf8.RuneSelf:
				r, n := utf8.DecodeRuneInString(text[i:])
				i += n
				if unicode.IsLetter(r) && len(w) < 19 {
					w = utf8.AppendRune(w, unicode.ToLower(r))
					continue
				}
				c = ' '
				if r == '’' {
					c = '\''
				}
			default:
				c = ' '
				i++
			}
			switch {
			case c != ' ' && len(w) < 19:
				w = append(w, c)
			case c == ' ' && len(w) > 0:
				if len(w) < 19 && !yield(w) {
					return
				}
				w = buf[:0]
			}
		}
	}
}

// latinLang scores the languages in Latin letters. A word that one language has counts three times as much as one that
// several share.
func latinLang(text string) string {
	var score [len(latinLangs)]float64
	total := 0
	for w := range words(text) {
		total++
		if total%64 == 0 && settled(&score) {
			break
		}
		mask := uint32(0)
		if len(w) < 2 || functionMarks[cueIndex(w)]>>len(w)&1 == 1 {
			mask = functionWords[string(w)]
		}
		if mask == 0 {
			if isASCII(w) {
				continue
			}
			if mask = functionWords[foldLookalikes(string(w))]; mask == 0 {
				continue
			}
		}
		weight := [...]float64{0, 3, 1.5, 0.9, 0.6}[min(bits.OnesCount32(mask), 4)]
		for k := range score {
			if mask>>k&1 == 1 {
				score[k] += weight
			}
		}
	}
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		if r >= 0xa1 && r < 0x250 {
			for k, letters := range langLetters {
				if letters != "" && strings.ContainsRune(letters, r) {
					score[k] += 0.7
				}
			}
		}
	}
	best, second := 0, -1
	for k := range score {
		switch {
		case score[k] > score[best]:
			best, second = k, best
		case k != best && (second < 0 || score[k] > score[second]):
			second = k
		}
	}
	if score[best] < 2.5 || score[best] < 1.2*score[second] || score[best] < 0.2*float64(total) {
		return ""
	}
	if best >= ourLatinLangs {
		return ""
	}
	return latinLangs[best].code
}

// settled reports whether one language is so far ahead that more words cannot change the guess.
func settled(score *[len(latinLangs)]float64) bool {
	first, second := 0.0, 0.0
	for _, x := range score {
		if x > first {
			first, second = x, first
		} else if x > second {
			second = x
		}
	}
	return first > 30 && first > 2.5*second
}

// langLetters are letters beyond ASCII that speak for a language, in the order of latinLangs.
var langLetters = [len(latinLangs)]string{
	"", "ë", "äöüßÄÖÜ", "éèêàçùûîôœÉÀ", "ñ¿¡áóíúé", "ãõçáéêóâ", "ąęłńśźżćó", "ğşıİöüç", "", "àèìòù", "ășțîâ", "řěůčšžý", "čćđšž", "åäöøæ",
}

// ourLatinLangs is how many of latinLangs are ours.
const ourLatinLangs = 9

// latinLangs are the languages with their commonest small words. The last ones are there to be recognised as none of
// ours.
var latinLangs = [...]struct{ code, words string }{
	{"en", "the and of to is are was were be been with for that this these you your we our us not no or as it its have has had will would can from by at if all any " +
		"they their he she which who what when where how there than then only also but about into out do does don't it's i'm we're you're on in a an"},
	{"nl", "de het een en van is zijn wij we je jij jullie onze ons niet geen voor met op aan door bij als dat die dit deze ook maar om te uit naar over wordt worden " +
		"heeft hebben kan kunnen wel nog er hier waar wat wie hoe of uw u in zonder tot dan alle veel mijn altijd meer moet graag elke jouw mij doen gaat zo zelf ik hem haar ze er binnen onder tussen tegen"},
	{"de", "der die das den dem des ein eine einen einem einer und ist sind war nicht kein keine für mit auf von zu zum zur bei als auch aber wir ihr sie uns unser unsere " +
		"es ich du wird werden kann können wenn oder nur noch nach über aus wie was wer hier dass durch an um am im in sich haben hat ihre euch dein deine ohne bis"},
	{"fr", "le la les un une des du de et est sont nous vous notre nos votre vos ne pas plus pour par avec sans sur dans en au aux ce cette ces qui que quoi où il elle ils " +
		"elles on mais ou donc être avoir avons avez ont fait tout tous toute toutes même si leur leurs c'est d'un d'une n'est jamais aucun aucune chez je tu mon"},
	{"es", "el la los las un una unos unas de del al y es son está están nosotros usted ustedes nuestro nuestra nuestros nuestras su sus no sin con por para en que como más " +
		"pero o si se lo le les muy también todo todos toda ya hay tiene tienen desde hasta cuando donde este esta estos estas nada ni yo mi tu sólo solo"},
	{"pt", "o a os as um uma uns umas de do da dos das no na nos nas ao à e é são está estão nós você vocês nosso nossa nossos nossas seu sua seus suas não sem com por para " +
		"em que como mais mas ou se já também tudo todos toda há tem têm desde até quando onde este esta isso pelo pela muito só eu meu"},
	{"pl", "i w z na do nie się jest są to że jak ale lub oraz dla od po przez przy za bez o ich jego jej nasz nasze nasza naszych wasze twój mamy mogą może można tylko także " +
		"już co kto gdzie kiedy który która które tym tego tej te ten być był czy ze jeśli jeżeli bardzo wszystko wszystkie każdy u my wy"},
	{"tr", "ve bir bu için ile de da değil ne olarak var yok olan gibi daha çok en her veya ama biz siz sizin bizim onun mı mi mu kadar sonra önce göre tüm hiç şey ise ki " +
		"olur olarak değildir vardır sadece ancak ayrıca üzerinden üzerinde içinde müşteri bizi size"},
	{"ru-latin", "i ne na dlya dlja eto kak chto chtoby vse vsyo net est' est mozhno tolko tol'ko nashi nash nasha vash vashi bez my vy po ili uzhe esli takzhe tut zdes u nas " +
		"ot iz za pri ochen' ochen oplata pishite servera server'a abuzy zhaloby prodam rabotaem vam nam po ego ih kto gde kogda budet bylo byl privet"},
	{"it", "il lo la gli le un una di del della dei delle che è sono non per con su da dal nel nella e ma o se come più anche questo questa siamo nostro nostri vostri tutti tutto ed ai alla"},
	{"ro", "și în la de pe cu nu este sunt un o pentru din care ce mai sau dar dacă noi noastre noastră vă să au fi ale lui prin după fără"},
	{"cs", "a v na je se že to s z do o k i ale nebo pro jako jsou jsme není které který která jen také při po od už být bez našich vaše aby ve"},
	{"hr", "i u na je se da za su s od do ne ili kao ali koji koja koje samo smo nije što te iz po bez naši naše vaš vaše može ako već biti"},
	{"sv", "och att det som en ett är på för med av inte den till vi har kan om du er men från var eller så og ikke af til på vår våra din utan"},
}

var functionMarks = makeFunctionMarks(functionWords)

// makeFunctionMarks notes for every beginning how long the function words are that begin so: most words need no look-up.
func makeFunctionMarks(table map[string]uint32) *[cueSlots]uint32 {
	marks := new([cueSlots]uint32)
	for w := range table {
		if len(w) > 1 {
			marks[cueIndex(w)] |= 1 << len(w)
		}
	}
	return marks
}

// functionWords maps a word to the languages that have it, one bit each.
var functionWords = makeFunctionWords()

func makeFunctionWords() map[string]uint32 {
	m := make(map[string]uint32, 900)
	for k, l := range latinLangs {
		for w := range strings.FieldsSeq(l.words) {
			m[w] |= 1 << k
		}
	}
	return m
}
