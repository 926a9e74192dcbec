package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"schemer"
)

// base58 encodes bytes for test addresses.
func base58(b []byte, size int) string {
	n, rem, out := new(big.Int).SetBytes(b), new(big.Int), ""
	for n.Sign() > 0 {
		n.DivMod(n, big.NewInt(58), rem)
		out = string(base58Digits[rem.Int64()]) + out
	}
	return strings.Repeat("1", max(0, size-len(out))) + out
}

// coin makes a Base58Check address with a version byte.
func coin(version byte) string {
	b := make([]byte, 25)
	b[0], b[1], b[9] = version, 0x42, 0x99
	first := sha256.Sum256(b[:21])
	second := sha256.Sum256(first[:])
	copy(b[21:], second[:4])
	if version == 0 {
		return "1" + base58(b, 33)
	}
	return base58(b, 34)
}

// monero makes a standard address.
func monero() string {
	b := make([]byte, 69)
	b[0], b[7], b[40] = 18, 0x77, 0x42
	sum := keccak256(b[:65])
	copy(b[65:], sum[:4])
	var out strings.Builder
	for len(b) > 0 {
		n := min(8, len(b))
		out.WriteString(base58(b[:n], [...]int{0, 2, 3, 5, 6, 7, 9, 10, 11}[n]))
		b = b[n:]
	}
	return out.String()
}

// toxID makes a Tox id with a fitting checksum.
func toxID() string {
	b := make([]byte, 38)
	for i := range 36 {
		b[i] = byte(i * 7)
		b[36+i%2] ^= b[i]
	}
	return strings.ToUpper(hex.EncodeToString(b))
}

const onionLabel = "qf7k2mz4xw6plh3vnotb5dyc7arsjue2ig4fkq6xzwmhnb3tlvp5oyad"

var (
	btc, ltc, doge, tron, p2sh = coin(0), coin(0x30), coin(0x1e), coin(0x41), coin(5)

	xmr     = monero()
	session = "05" + strings.Repeat("ab12", 16)
)

// mentionCases give every mention as kind:value, with "!" before the colon when its checksum fits.
var mentionCases = []struct{ text, want string }{
	// domains
	{"see kremenhost.example for prices", "domain:kremenhost.example"},
	{"See WWW.KremenHost.Example.", "domain:kremenhost.example"},
	{"panel.boats.co.uk, and boats.com!", "domain:panel.boats.co.uk domain:boats.com"},
	{"boats[.]example boats(.)example boats{.}example", "domain:boats.example domain:boats.example domain:boats.example"},
	{"boats[dot]example, boats (dot) example, boats [ dot ] test", "domain:boats.example domain:boats.example domain:boats.test"},
	{"mail[.]boats[.]example", "domain:mail.boats.example"},
	{"сайт лодки[точка]example или лодки.рф", "domain:xn--d1aifcp.example domain:xn--d1aifcp.xn--p1ai"},
	{"we are at boats dot example now", "domain:boats.example"},
	{"müllhost.example", "domain:xn--mllhost-n2a.example"},
	{"kremenhоst.example", "domain:kremenhost.example"}, // Cyrillic о
	{"网站boats.example，欢迎", "domain:boats.example"},
	{"boats.example/aup and (boats.test)", "domain:boats.example domain:boats.test"},
	{"on boats.example.We moved, boats.test.Мы там", "domain:boats.example domain:boats.test"},
	{"eepsite boats.i2p", "domain:boats.i2p"},
	{"e.g. this, i.e. that, U.S. law, a.k.a. z.B. u.a. 3.5 GB v1.2.3", ""},
	{"index.php README.md setup.sh node.js main.py libc.so archive.zip ASP.NET", ""},
	{"It works.So do I. We are done.No more.", ""},
	{"Работает.Быстро. Да.нет", ""},
	{"the dot in the middle", ""},
	{"our site: boats . example", "domain:boats.example"},
	{"visit boats . example for rooms, or boats7 . test", "domain:boats.example domain:boats7.test"},
	{"www . grey-boats . test", "domain:grey-boats.test"},
	{"domain boats .example is ours", "domain:boats.example"},
	{"сайт boats . example", "domain:boats.example"},
	{"We are done . net profit was small", ""},
	{"It was late . then we left .", ""},
	{"we use .net", ""},
	{"boats.unknowntld", ""},
	{"p.date d.now and x.com", "domain:x.com"},
	{"d.o.o. s.r.o. S.p.A. B.V.", ""},
	// URLs
	{"https://boats.example/a/b?x=1#y.", "url:https://boats.example/a/b?x=1#y domain:boats.example"},
	{"(http://www.boats.example/a)", "url:http://www.boats.example/a domain:boats.example"},
	{"hxxps://boats[.]example/x", "url:https://boats.example/x domain:boats.example"},
	{"h**p://boats(.)test", "url:http://boats.test domain:boats.test"},
	{"http://192.0.2.7:8080/x", "url:http://192.0.2.7:8080/x ip:192.0.2.7"},
	{"https://[2001:db8::7]/x", "url:https://[2001:db8::7]/x ip:2001:db8::7"},
	{"http://user:pass@boats.example/", "url:http://boats.example/ domain:boats.example"},
	{"https://en.boats.example/wiki/A_(b)", "url:https://en.boats.example/wiki/A_(b) domain:en.boats.example"},
	{"javascript://alert http:// https://localhost", ""},
	// e-mail
	{"write Sales@Boats.example.", "email:sales@boats.example"},
	{"sales[at]boats.example, sales (at) boats [dot] example", "email:sales@boats.example email:sales@boats.example"},
	{"user1 (a) boats.example", "email:user1@boats.example"},
	{"sales at boats dot example", "email:sales@boats.example"},
	{"mail: sales at boats.example", "email:sales@boats.example"},
	{"sales собака boats точка example", "email:sales@boats.example"},
	{"sales(собака)boats(точка)example", "email:sales@boats.example"},
	{"mailto:desk@boats.example?subject=x", "email:desk@boats.example"},
	{"we met at boats.example", "domain:boats.example"},
	{"a@b", ""},
	// Telegram
	{"https://t.me/Boats_Sales", "telegram:boats_sales"},
	{"t.me/s/boats_news/12 and t[.]me/boats_two", "telegram:boats_news telegram:boats_two"},
	{"telegram.me/joinchat/AbCdEf12", "telegram:+AbCdEf12"},
	{"tg://resolve?domain=boats_sales&x=1", "telegram:boats_sales"},
	{"Telegram @boats_sales", "telegram:boats_sales"},
	{"tg: boats_sales | jabber: x@boats.example", "telegram:boats_sales jabber:x@boats.example"},
	{"TG boats_sales", "telegram:boats_sales"},
	{"Telegram: boatsales.", "telegram:boatsales"},
	{"телега: @boats_sales, тг @boats2", "telegram:boats_sales telegram:boats2"},
	{"телеграмм boats_sales", "telegram:boats_sales"},
	{"Пишіть у Telegram @boats_sales українською", "telegram:boats_sales"},
	{"Aide par Telegram : @boats_fr, en français", "telegram:boats_fr"},
	{"Contact via Telegram (@boats_nl)", "telegram:boats_nl"},
	{"@boats_sales (telegram)", "telegram:boats_sales"},
	{"наш канал @boats_news", "telegram:boats_news"},
	{"电报：@heidao888", "telegram:heidao888"},
	{"联系飞机heidao888下单", "telegram:heidao888"},
	{"Telеgram @bоats_sales", "telegram:boats_sales"}, // Cyrillic е and о
	{"Telegram\n@boats_sales", "telegram:boats_sales"},
	{"Поддержка: @boats_sales, пишите @boats2", "telegram:boats_sales telegram:boats2"},
	{"Contact: @boats_sales", "telegram:boats_sales"},
	{"support told @alice_92 to wait", ""},
	{"Telegram is a messenger. Telegram channel soon. Telegram: contact us", ""},
	{"thanks @alice_92, great", ""},
	{"twitter: @boats_sales", ""},
	{"I read it on Telegram.\nthanks @alice_92 for it", ""},
	// Jabber
	{"jabber: sales@boats.example", "jabber:sales@boats.example"},
	{"жаба sales@boats.example", "jabber:sales@boats.example"},
	{"жaбa omut@boats.example", "jabber:omut@boats.example"}, // Latin a
	{"XMPP - sales@boats.example", "jabber:sales@boats.example"},
	{"omut@xmpp-lagoon.example", "jabber:omut@xmpp-lagoon.example"},
	{"xmpp:sales@boats.example", "jabber:sales@boats.example"},
	{"Jabber x@boats.example. Accounts: y@boats.example", "jabber:x@boats.example email:y@boats.example"},
	{"jabber: x@boats.example / y@boats.example", "jabber:x@boats.example jabber:y@boats.example"},
	{"jabber: x@boats.example, e-mail: y@boats.example", "jabber:x@boats.example email:y@boats.example"},
	// Tox, Session, ICQ, Discord, Matrix
	{"tox " + toxID(), "tox!:" + toxID()},
	{toxID()[:75] + "0", "tox:" + toxID()[:75] + "0"},
	{"Tox: 7A0BOATS0EXAMPLE00000000000F1", "tox:7A0BOATS0EXAMPLE00000000000F1"},
	{"session " + session, "session:" + session},
	{"the session ended, session id 12", ""},
	{"ICQ: 123-456-789", "icq:123456789"},
	{"аська 612345678", "icq:612345678"},
	{"icq is dead since 2024", ""},
	{"discord: boatsman#1234", "discord:boatsman#1234"},
	{"discord.gg/boats12", "discord:boats12"},
	{"https://discord.com/invite/boats12", "discord:boats12"},
	{"Discord: mellowrack", "discord:mellowrack"},
	{"join our discord please", ""},
	{"discord boatsman#1234", "discord:boatsman#1234"},
	{"my discord is fograck", "discord:fograck"},
	{"Discord - mellowrack", "discord:mellowrack"},
	{"discord @mellowrack", "discord:mellowrack"},
	{"discord mellow_rack", "discord:mellow_rack"},
	{"discord is down", ""},
	{"our discord is better than a forum", ""},
	{"discord server", ""},
	{"discord since 2019", ""},
	{"@boats:matrix.boats.example", "matrix:@boats:matrix.boats.example"},
	// telephones
	{"call +248 000 41 17", "phone:+2480004117"},
	{"tel. 0031 20 000 00 00", "phone:+31200000000"},
	{"Тел.: +7 (000) 000-00-00", "phone:+70000000000"},
	{"+31 (0)20 000 0000", "phone:+31200000000"},
	{"WhatsApp +31 6 00000000", "whatsapp:+31600000000"},
	{"wa.me/31600000000", "whatsapp:+31600000000"},
	{"Signal: +31 6 00000000", "signal:+31600000000"},
	{"1+12345678 a+b 5 + 100000000 +12, +10 000 000 users", ""},
	// wallets
	{"btc " + btc, "wallet!:" + btc},
	{p2sh + " " + ltc + " " + doge + " " + tron, "wallet!:" + p2sh + " wallet!:" + ltc + " wallet!:" + doge + " wallet!:" + tron},
	{"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "wallet!:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
	{"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "wallet!:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"},
	{"pay: bc1qboatsinvalid0example9 now", "wallet:bc1qboatsinvalid0example9"},
	{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "wallet!:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
	{"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "wallet:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
	{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", "wallet:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
	{"XMR " + xmr, "wallet!:" + xmr},
	{xmr[:94] + "1", "wallet:" + xmr[:94] + "1"},
	{"Monero for renewals: 4XMRBOATSexampleONLY77", "wallet:4XMRBOATSexampleONLY77"},
	{"кошелёк: " + btc[:33] + "Q", "wallet:" + btc[:33] + "Q"},
	{"Donaudampfschifffahrtsgesellschaft internationalization", ""},
	{"btc transaction " + strings.Repeat("da39a3ee", 8), ""},
	{"commit da39a3ee5e6b4b0d3255bfef95601890afd80709", ""},
	// keys, onions
	{"PGP: DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "pgp:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"},
	{"DA39 A3EE 5E6B 4B0D 3255  BFEF 9560 1890 AFD8 0709", "pgp:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"},
	{"http://" + onionLabel + ".onion/x", "url:http://" + onionLabel + ".onion/x onion:" + onionLabel + ".onion"},
	{onionLabel + ".onion", "onion:" + onionLabel + ".onion"},
	{"pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", "onion!:pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"},
	// networks
	{"AS64500, as64501 and ASN: 64502, AS 64503", "asn:64500 asn:64501 asn:64502 asn:64503"},
	{"as 5000 others, AS IS, assets, as1", ""},
	{"192.0.2.0/24, 2001:db8::/32", "prefix:192.0.2.0/24 prefix:2001:db8::/32"},
	{"192.0.2.7 and 192[.]0[.]2[.]8", "ip:192.0.2.7 ip:192.0.2.8"},
	{"2001:db8::7, ::1x", "ip:2001:db8::7"},
	{"version 1.2.3.4, v1.2.3.4, 12:30:45, std::vector, 300.1.1.1", ""},
	// companies
	{"KvK 12345678", "company:KvK 12345678"},
	{"KvK-nummer: 12 34 56 78, BTW NL123456789B01", "company:KvK 12345678 company:VAT NL123456789B01"},
	{"Company No. 00012345", "company:reg 00012345"},
	{"registered in Seychelles under number 123456", "company:reg 123456"},
	{"IBC No. 123456", "company:IBC 123456"},
	{"HRB 12345 B, Amtsgericht Kiel", "company:HRB 12345"},
	{"RCS Paris 123 456 789", "company:RCS 123456789"},
	{"ИНН 7700000000, ОГРН: 1027700000000", "company:INN 7700000000 company:OGRN 1027700000000"},
	{"ЄДРПОУ 12345678", "company:EDRPOU 12345678"},
	{"БИН 123456789012", "company:BIN 123456789012"},
	{"NIP: 123-456-78-90", "company:NIP 123-456-78-90"},
	{"Регистрационный номер 123456", "company:reg 123456"},
	{"the company has 12000 servers, registered since 2019, the inn 12", ""},
}

func TestFindMentions(t *testing.T) {
	for _, c := range mentionCases {
		var got []string
		for _, m := range findMentions(c.text, "text") {
			mark := ":"
			if m.Checked {
				mark = "!:"
			}
			got = append(got, m.Kind+mark+m.Value)
			if raw := c.text[m.Start:m.End]; m.Raw != "" && m.Raw != raw || m.Raw == "" && raw != m.Value {
				t.Errorf("%q: span %q, raw %q, value %q", c.text, raw, m.Raw, m.Value)
			}
			if m.Field != "text" {
				t.Errorf("field %q", m.Field)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, s, c.want)
		}
	}
}

// TestEveryWordAnnounces tries every word of every language that announces a messenger's account.
func TestEveryWordAnnounces(t *testing.T) {
	for cue, c := range map[cueKind]struct{ text, want string }{
		cueTelegram: {"WORD: boats_sales", "telegram:boats_sales"},
		cueJabber:   {"(WORD) sales@boats.example", "jabber:sales@boats.example"},
		cueTox:      {"WORD: 7A0BOATS0EXAMPLE00000000000F1", "tox:7A0BOATS0EXAMPLE00000000000F1"},
		cueICQ:      {"WORD 612345678", "icq:612345678"},
		cueDiscord:  {"WORD: boatsman#1234", "discord:boatsman#1234"},
		cueWhatsApp: {"WORD +31 6 12345678", "whatsapp:+31612345678"},
		cueSignal:   {"WORD: +31 6 12345678", "signal:+31612345678"},
		cuePhone:    {"WORD: 0031 6 12345678", "phone:+31612345678"},
		cueWallet:   {"WORD: 4XMRBOATSexampleONLY77", "wallet:4XMRBOATSexampleONLY77"},
		cueKey:      {"WORD: DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "pgp:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"},
		cueContact:  {"WORD: @boats_sales", "telegram:boats_sales"},
	} {
		for word := range strings.FieldsSeq(cueList[cue]) {
			text := strings.Replace(c.text, "WORD", word, 1)
			found := findMentions(text, "text")
			if len(found) != 1 || found[0].Kind+":"+found[0].Value != c.want {
				t.Errorf("%q: %+v, want %s", text, found, c.want)
			}
		}
	}
	for label, words := range registerList {
		for word := range strings.FieldsSeq(words) {
			text := word + " no. 12-345678901"
			found := findMentions(text, "text")
			if label == "" {
				label = "reg"
			}
			if len(found) != 1 || found[0].Value != label+" 12-345678901" {
				t.Errorf("%q: %+v", text, found)
			}
		}
	}
}

func TestKeccak256(t *testing.T) {
	if got := fmt.Sprintf("%x", keccak256(nil)); got != "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470" {
		t.Error(got)
	}
	if a, b := keccak256(make([]byte, 135)), keccak256(make([]byte, 136)); a == b {
		t.Error("two inputs, one hash")
	}
}

func FuzzFindMentions(f *testing.F) {
	for _, text := range []string{
		"boats[.]example sales(at)boats dot example tg: @x_y_z t.me/abcde", "https://[2001:db8::7]/x +31 (0)20 000 0000 AS64500 192.0.2.0/24",
		"жaбa omut@xmpp-lagoon.example тг x_yyy9 电报：@heidao888", "KvK 12 34 56 78 DA39 A3EE 5E6B 4B0D 3255  BFEF 9560 1890 AFD8 0709", "\xd0", "a\xd1.\xc3@\xe7\x94", "[dot]a",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, m := range findMentions(text, "text") {
			if m.Start < 0 || m.End > len(text) || m.Start >= m.End || m.Value == "" {
				t.Fatalf("%+v in %q", m, text)
			}
			if m.Start < last {
				t.Fatalf("out of order: %+v", m)
			}
			last = m.Start
		}
	})
}

const ordinaryText = `We moved our shop to this host in spring and I have to say that it runs well so far. Support answered within an hour, the price is fair, and the
disk is fast enough. One outage in May, announced two days before. Would I order again? Yes, but read the terms first: they ask for a name. Mail me at desk@boats.example. `

const ordinaryRussian = `Переехали на этот хостинг весной, пока всё работает хорошо. Поддержка ответила за час, цена честная, диски быстрые. Был один сбой в мае, предупредили
за два дня. Заказал бы ещё раз? Да, но сначала прочитайте условия: они просят имя. Телеграм @boats_sales. `

func BenchmarkFindMentions(b *testing.B) {
	for name, text := range map[string]string{"english": ordinaryText, "russian": ordinaryRussian} {
		text = strings.Repeat(text, 100)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			var n []schemer.Mention
			for b.Loop() {
				n = findMentions(text, "text")
			}
			if len(n) != 100 {
				b.Fatalf("%d mentions", len(n))
			}
		})
		b.Run(name+"-parse-only", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := html.Parse(strings.NewReader(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
