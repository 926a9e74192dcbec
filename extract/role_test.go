package extract

import "testing"

func TestPageRole(t *testing.T) {
	for _, c := range []struct{ url, title, heading, want string }{
		{"https://boats.example/", "Terms of life", "", "home"},
		{"https://boats.example/en/", "Boats", "", "home"},
		{"https://boats.example/index.php", "Boats", "", "home"},
		{"https://boats.example/terms", "Terms of stay", "", "terms"},
		{"https://boats.example/p/17", "Algemene voorwaarden - Boats", "", "terms"},
		{"https://boats.example/agb.html", "AGB", "", "terms"},
		{"https://boats.example/usloviya", "Условия", "", "terms"},
		{"https://boats.example/umovy", "Умови", "", "terms"},
		{"https://boats.example/regulamin", "", "", "terms"},
		{"https://boats.example/x", "Conditions générales de vente", "", "terms"},
		{"https://boats.example/x", "Términos y condiciones", "", "terms"},
		{"https://boats.example/x", "Hizmet Sözleşmesi", "", "terms"},
		{"https://boats.example/x", "服务条款", "", "terms"},
		{"https://boats.example/en/aup", "Acceptable use", "", "aup"},
		{"https://boats.example/acceptable-use-policy", "", "", "aup"},
		{"https://boats.example/pravila", "Правила", "", "aup"},
		{"https://boats.example/house-rules", "", "", "aup"},
		{"https://boats.example/klachten", "Klachten", "", "abuse"},
		{"https://boats.example/missbrauch", "", "", "abuse"},
		{"https://boats.example/x", "Жалобы", "", "abuse"},
		{"https://boats.example/report-abuse", "", "", "abuse"},
		{"https://boats.example/zgloszenia", "Zgłoś nadużycie", "", "abuse"},
		{"https://boats.example/dmca", "Copyright complaints", "", "dmca"},
		{"https://boats.example/takedown", "", "", "dmca"},
		{"https://boats.example/faq", "", "", "faq"},
		{"https://boats.example/x", "Häufige Fragen", "", "faq"},
		{"https://boats.example/x", "Sıkça Sorulan Sorular", "", "faq"},
		{"https://boats.example/over-ons", "Over ons", "", "about"},
		{"https://boats.example/o-nas", "О нас", "", "about"},
		{"https://boats.example/x", "À propos de nous", "", "about"},
		{"https://boats.example/guanyu", "关于我们", "", "about"},
		{"https://boats.example/kontakty", "Контакты", "", "contact"},
		{"https://boats.example/x", "İletişim", "", "contact"},
		{"https://boats.example/impressum", "", "", "legal"},
		{"https://boats.example/mentions-legales", "", "", "legal"},
		{"https://boats.example/rekvizity", "Реквизиты", "", "legal"},
		{"https://boats.example/datenschutz", "", "", "privacy"},
		{"https://boats.example/x", "Política de privacidad", "", "privacy"},
		{"https://boats.example/tarieven", "", "", "pricing"},
		{"https://boats.example/x", "Цены и тарифы", "", "pricing"},
		{"https://boats.example/%E4%BB%B7%E6%A0%BC", "", "", "pricing"},
		{"https://boats.example/locations", "", "", "locations"},
		{"https://boats.example/x", "Unsere Standorte", "", "locations"},
		{"https://boats.example/xianlu", "线路", "", "locations"},
		{"https://boats.example/blog/our-new-prices", "Our new prices", "", "blog"},
		{"https://boats.example/2025/03/dmca", "About DMCA", "", "blog"},
		{"https://boats.example/kb/12/dmca", "DMCA", "", "kb"},
		{"https://boats.example/stats", "Statistics", "", "other"},
		{"https://boats.example/p?id=5", "", "Acceptable use policy", "aup"},
		{"https://boats.example/ponies", "Ponies", "Our ponies", "other"},
	} {
		var headings []string
		if c.heading != "" {
			headings = []string{c.heading}
		}
		if got := pageRole(c.url, c.title, headings, ""); got != c.want {
			t.Errorf("pageRole(%q, %q, %q) = %s, want %s", c.url, c.title, c.heading, got, c.want)
		}
	}
}

func FuzzPageRole(f *testing.F) {
	f.Add("https://boats.example/%zz", "x", "y", "z")
	f.Fuzz(func(t *testing.T, url, title, heading, text string) {
		if pageRole(url, title, []string{heading}, text) == "" {
			t.Fatal("no role")
		}
	})
}
