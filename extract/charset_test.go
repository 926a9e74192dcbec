package extract

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// encode writes text in the named charset.
func encode(t *testing.T, text, name string) []byte {
	t.Helper()
	e, _ := charset.Lookup(name)
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatalf("encode as %s: %v", name, err)
	}
	return []byte(out)
}

const (
	russianText   = "Серверы в Амстердаме и Кишинёве. Жалобы читаем, отвечаем в тот же день. Оплата картой."
	ukrainianText = "Віртуальні сервери в Амстердамі, їхні ціни прості: пишіть у будь-який час, відповімо."
	germanText    = "Für Kunden, die größere Maschinen brauchen, gibt es günstige Angebote. Gruß aus München"
	polishText    = "Zażółć gęślą jaźń, mówią wszyscy, którzy piszą po polsku. Obsługujemy klientów również w święta."
	turkishText   = "Sunucularımız İstanbul'da çalışıyor, şikâyetleri aynı gün yanıtlıyoruz. Ödeme yöntemleri aşağıda, öğrenciye indirim."
	chineseText   = "我们的服务器在荷兰阿姆斯特丹，支持多种付款方式，客户可以随时联系我们。"
)

func TestDecodeFindsTheCharset(t *testing.T) {
	for _, c := range []struct {
		name, text, enc, contentType, meta, want, how string
	}{
		{"header", russianText, "windows-1251", "text/html; charset=windows-1251", "", "windows-1251", "header"},
		{"quoted header", russianText, "koi8-r", `text/html; Charset="KOI8-R"`, "", "koi8-r", "header"},
		{"meta", russianText, "windows-1251", "text/html", `<meta charset="windows-1251">`, "windows-1251", "meta"},
		{"meta http-equiv", russianText, "windows-1251", "text/html", `<META HTTP-EQUIV=Content-Type CONTENT="text/html; charset=windows-1251">`, "windows-1251", "meta"},
		{"undeclared UTF-8", russianText, "utf-8", "text/html", "", "utf-8", "content"},
		{"UTF-8 declared as latin-1", germanText, "utf-8", "text/html; charset=iso-8859-1", "", "utf-8", "content, header said windows-1252"},
		{"cp1251 declared as latin-1", russianText, "windows-1251", "text/html; charset=iso-8859-1", "", "windows-1251", "content, header said windows-1252"},
		{"cp1251 declared as UTF-8", russianText, "windows-1251", "text/html; charset=utf-8", "", "windows-1251", "content, header said utf-8"},
		{"koi8 declared as cp1251", russianText, "koi8-r", "text/html", `<meta charset=windows-1251>`, "koi8-r", "content, meta said windows-1251"},
		{"undeclared cp1251", ukrainianText, "windows-1251", "", "", "windows-1251", "content"},
		{"undeclared 866", russianText, "ibm866", "", "", "ibm866", "content"},
		{"undeclared latin-1", germanText, "windows-1252", "", "", "windows-1252", "content"},
		{"latin-1 declared as UTF-8", germanText, "windows-1252", "text/html; charset=utf-8", "", "windows-1252", "content, header said utf-8"},
		{"declared latin-2", polishText, "iso-8859-2", "text/html; charset=iso-8859-2", "", "iso-8859-2", "header"},
		{"declared latin-5", turkishText, "windows-1254", "text/html; charset=iso-8859-9", "", "windows-1254", "header"},
		{"latin-2 declared as latin-1", polishText, "windows-1250", "text/html; charset=iso-8859-1", "", "windows-1250", "content, header said windows-1252"},
		{"gb2312", chineseText, "gbk", "text/html; charset=gb2312", "", "gbk", "header"},
		{"undeclared gbk", chineseText, "gbk", "text/html", "", "gbk", "content"},
		{"gbk declared as latin-1", chineseText, "gbk", "text/html; charset=iso-8859-1", "", "gbk", "content, header said windows-1252"},
		{"unknown label", russianText, "windows-1251", "text/html; charset=martian", "", "windows-1251", "content"},
		{"plain ASCII", "hello", "utf-8", "text/html; charset=windows-1251", "", "windows-1251", "header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := "<html><head>" + c.meta + "<title>x</title></head><body><p>" + c.text + "</p></body></html>"
			text, name, how := decode(encode(t, page, c.enc), c.contentType)
			if text != page {
				t.Errorf("text = %q, want %q", text, page)
			}
			if name != c.want || how != c.how {
				t.Errorf("charset %q (%s), want %q (%s)", name, how, c.want, c.how)
			}
		})
	}
}

// TestDegradedCharset holds that a document says when its charset was wrongly declared or its bytes are damaged.
func TestDegradedCharset(t *testing.T) {
	page := "<html><title>x</title><body><p>" + russianText + "</p>"
	for _, c := range []struct {
		body              []byte
		contentType, want string
	}{
		{[]byte(page), "text/html; charset=utf-8", ""},
		{[]byte(page), "text/html", ""},
		{[]byte(page), "text/html; charset=iso-8859-1", "charset"},
		{encode(t, page, "windows-1251"), "text/html; charset=windows-1251", ""},
		{encode(t, page, "windows-1251"), "text/html; charset=utf-8", "charset"},
		{[]byte(page + "\xd0<p>" + russianText), "text/html; charset=utf-8", "charset"},
		{[]byte(page + "\uFFFD"), "text/html; charset=utf-8", ""},
		{[]byte(russianText + "\xd0 " + russianText), "text/plain; charset=utf-8", "charset"},
		{[]byte(page + strings.Repeat("<div>", 600)), "text/html; charset=iso-8859-1", "charset, depth"},
	} {
		in := hostile("")
		in.Body, in.Capture.ContentType = c.body, c.contentType
		if doc := Read(in); doc.Degraded != c.want {
			t.Errorf("%s, %d bytes: degraded %q, want %q", c.contentType, len(c.body), doc.Degraded, c.want)
		}
	}
}

func TestDecodeReadsMarksAndWideText(t *testing.T) {
	for name, body := range map[string]string{
		"utf-8 mark":       "\xef\xbb\xbfгде",
		"utf-16 mark":      "\xff\xfe\x33\x04\x34\x04\x35\x04",
		"utf-16be mark":    "\xfe\xff\x04\x33\x04\x34\x04\x35",
		"utf-16 by header": "\x33\x04\x34\x04\x35\x04",
	} {
		contentType := ""
		if name == "utf-16 by header" {
			contentType = "text/html; charset=utf-16le"
		}
		if text, _, _ := decode([]byte(body), contentType); text != "где" {
			t.Errorf("%s: %q", name, text)
		}
	}
	wide := encode(t, "<p>plain words without any mark</p>", "utf-16le")
	if text, name, how := decode(wide, "text/html"); text != "<p>plain words without any mark</p>" || name != "utf-16le" || how != "content" {
		t.Errorf("unmarked UTF-16: %q %s %s", text, name, how)
	}
}

func TestDecodeKeepsDamagedUTF8(t *testing.T) {
	body := []byte(russianText + "\xd0 " + russianText)
	text, name, how := decode(body, "text/html; charset=utf-8")
	if want := russianText + "\uFFFD " + russianText; text != want || name != "utf-8" || how != "header" {
		t.Errorf("got %q %s %s", text, name, how)
	}
	cut := []byte(russianText)
	if text, _, _ := decode(cut[:len(cut)-20], "text/html; charset=utf-8"); !strings.HasPrefix(text, "Серверы") {
		t.Errorf("cut text: %q", text)
	}
}

func FuzzDecode(f *testing.F) {
	for _, text := range []string{russianText, germanText, chineseText, "\xff\xfea", "\x1b$B", "<?xml encoding='utf-16'?>"} {
		f.Add([]byte(text), "text/html; charset=windows-1251")
		f.Add([]byte("<meta charset=gbk>"+text), "")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, name, how := decode(body, contentType)
		if !utf8.ValidString(text) {
			t.Fatalf("not UTF-8: %q", text)
		}
		if name == "" || how == "" {
			t.Fatalf("charset %q how %q", name, how)
		}
		if again, _, _ := decode(body, contentType); again != text {
			t.Fatal("not the same twice")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(strings.Repeat("<p>"+russianText+"</p>", 500))
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		decode(body, "text/html; charset=utf-8")
	}
}
