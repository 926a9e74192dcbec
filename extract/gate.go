package extract

import (
	"strings"

	"schemer"
)

// gate recognises pages that stand in the way of the page that was asked for: a bot check, a login form, an error
// that came with status 200. It is asked only about pages without posts, threads or boards. "" means none of these.
func (p *page) gate(sk *skin) schemer.PageKind {
	title := strings.ToLower(p.title)
	switch {
	case p.challenged(title):
		return schemer.PageChallenge
	case p.refused():
		return schemer.PageSoft404
	case len(sk.login) > 0 && p.has(sk.login):
		return schemer.PageLogin
	}
	words := p.mainWords(1200)
	short := len(words) < 1200
	if !short {
		return ""
	}
	low := strings.ToLower(words)
	switch {
	case p.secret && (loginWords.in(title) || guestWords.in(low) || len(words) < 300):
		return schemer.PageLogin
	case len(words) < 700 && guestWords.in(low):
		return schemer.PageLogin
	case missingWords.in(title) || len(words) < 400 && missingWords.in(low):
		return schemer.PageSoft404
	case len(sk.message) > 0 && p.has(sk.message):
		return schemer.PageSoft404
	}
	return ""
}

// refused reports whether the status says that there is no page.
func (p *page) refused() bool { return p.in.Capture.Status == 404 || p.in.Capture.Status == 410 }

var challengeMarks = css("#challenge-form, #challenge-running, #cf-challenge-running, #cf-wrapper, #ddg-captcha, .g-recaptcha-challenge, " +
	"#anubis_challenge, .cf-browser-verification, #trk_jschal_js, #captcha-form, .lds-ring#cf-spinner, #challenge-error-text, #challenge-stage")

// challenged reports whether a bot check answered. They come with status 403, 429, 503 or 200, hold little text and
// bear the names of the few products that make them.
func (p *page) challenged(title string) bool {
	if p.has(challengeMarks) {
		return true
	}
	return challengeTitles.in(title) && len(p.mainWords(2500)) < 2000
}

var challengeTitles = newWordSet(
	"just a moment", "attention required", "checking your browser", "ddos-guard", "один момент", "making sure you're not a bot",
	"are you human", "access denied", "security check", "bot verification", "please wait... | cloudflare", "проверка браузера", "je bent toch geen robot",
)

// mainWords returns the words of the page's body on one line, as far as about max bytes, without forms and menus.
func (p *page) mainWords(max int) string {
	r := renderer{p: p, cut: &cuts{drop: menus}, cell: 1}
	r.borrow()
	defer r.giveBack()
	for i := p.body + 1; i < p.end(p.body) && len(r.out) < max; {
		if e := &p.nodes[i]; e.text || !p.is(i, menus) && !e.hidden && p.end(i)-i < 40 {
			r.space = true
			r.node(i)
			i = p.end(i)
		} else if e.hidden || p.is(i, menus) {
			i = p.end(i)
		} else {
			i++
		}
	}
	return string(r.out)
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

var loginWords = newWordSet(
	"log in", "login", "sign in", "inloggen", "aanmelden", "anmelden", "anmeldung", "connexion", "se connecter", "iniciar sesión", "entrar",
	"acessar", "zaloguj", "logowanie", "giriş", "вход", "войти", "увійти", "вхід", "登录", "登入",
)

var guestWords = newWordSet(
	"you must be logged in", "you need to be logged in", "you are not logged in", "you must log in", "you must login", "please log in", "please login",
	"only available to registered", "only registered users", "only registered members", "you do not have permission to", "you are not authorised",
	"you are not authorized", "not allowed to view", "guests cannot", "please register or log in", "the board requires you to be registered",
	"je moet ingelogd zijn", "je moet geregistreerd", "alleen voor leden", "u dient ingelogd", "sie müssen angemeldet", "du musst angemeldet", "bitte melde dich an",
	"sie haben keine berechtigung", "du hast keine berechtigung", "vous devez être connecté", "vous devez vous connecter", "vous n'êtes pas autorisé", "réservé aux membres",
	"debes iniciar sesión", "debe iniciar sesión", "debes estar registrado", "você precisa estar", "você deve entrar", "musisz być zalogowany", "musisz się zalogować",
	"giriş yapmalısınız", "giriş yapmanız", "необходимо войти", "вы должны войти", "вы не вошли", "вы должны быть авторизованы", "доступно только зарегистрированным",
	"у вас нет прав", "недостаточно прав", "требуется авторизация", "необхідно увійти", "ви повинні увійти", "请先登录", "您需要登录", "没有权限",
)

var missingWords = newWordSet(
	"404", "page not found", "not found", "does not exist", "doesn't exist", "no longer available", "could not be found", "couldn't find", "cannot be found",
	"invalid thread specified", "no thread specified", "bad request", "niet gevonden", "bestaat niet", "nicht gefunden", "existiert nicht", "introuvable", "n'existe pas",
	"no encontrada", "no existe", "não encontrada", "não existe", "nie znaleziono", "nie istnieje", "bulunamadı", "не найдена", "не найден", "не существует",
	"сторінку не знайдено", "не знайдено", "не існує", "找不到", "不存在", "页面未找到", "there are no posts", "this account has been suspended", "domain is for sale",
)
