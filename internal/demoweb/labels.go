package demoweb

// labels are the engine's own words in the languages of its boards; English stands for what is missing.
var labels = map[string]map[string]string{
	"nl": {
		"by": "door", "wrote": "schreef", "Reply": "Beantwoorden", "Quote": "Citeer", "Report": "Melden", "Log in": "Aanmelden",
		"Next": "Volgende", "Previous": "Vorige", "Posts": "Berichten", "Topics": "Onderwerpen", "Last post": "Laatste bericht",
		"Replies": "Reacties", "Views": "Weergaves", "Print": "Afdrukken", "Board index": "Forumoverzicht", "Username": "Gebruikersnaam",
		"Password": "Wachtwoord", "Not found": "Niet gevonden", "Author": "Auteur", "Thread": "Onderwerp", "Joined": "Lid sinds",
		"Search": "Zoeken", "Edited": "Laatst gewijzigd", "Page": "Pagina", "Staff": "Beheer", "Comments": "Reacties", "Calendar": "Kalender",
		"Recent": "Recente berichten", "Page missing": "Deze pagina bestaat niet of niet meer.", "Must log in": "Je moet zijn aangemeld om dit te bekijken.",
	},
	"de": {
		"by": "von", "wrote": "schrieb", "Reply": "Antworten", "Quote": "Zitieren", "Report": "Melden", "Log in": "Anmelden",
		"Next": "Weiter", "Previous": "Zurück", "Posts": "Beiträge", "Topics": "Themen", "Last post": "Letzter Beitrag",
		"Replies": "Antworten", "Views": "Aufrufe", "Print": "Drucken", "Board index": "Übersicht", "Username": "Benutzername",
		"Password": "Passwort", "Not found": "Nicht gefunden", "Author": "Autor", "Thread": "Thema", "Joined": "Dabei seit", //nolint:misspell // German
		"Search": "Suche", "Edited": "Zuletzt bearbeitet", "Page": "Seite", "Staff": "Team", "Page missing": "Diese Seite gibt es nicht.",
		"Must log in": "Bitte anmelden, um das zu sehen.",
	},
	"ru": {
		"by": "от", "wrote": "писал(а)", "Reply": "Ответить", "Quote": "Цитата", "Report": "Пожаловаться", "Log in": "Вход",
		"Next": "Следующая", "Previous": "Предыдущая", "Posts": "Сообщения", "Topics": "Темы", "Last post": "Последнее сообщение",
		"Replies": "Ответы", "Views": "Просмотры", "Print": "Версия для печати", "Board index": "Список форумов", "Username": "Имя пользователя",
		"Password": "Пароль", "Not found": "Не найдено", "Author": "Автор", "Thread": "Тема", "Joined": "Регистрация",
		"Search": "Поиск", "Edited": "Последнее редактирование", "Page": "Страница", "Staff": "Администрация", "Page missing": "Такой страницы нет.",
		"Must log in": "Чтобы это увидеть, нужно войти.",
	},
}

// missing words in English, where the key is not the word itself.
var english = map[string]string{"Page missing": "The requested page does not exist.", "Must log in": "You must be logged in to view this."}

// T returns an engine's own word in the language of the site.
func (v *view) T(key string) string {
	if word := labels[v.Site.Lang][key]; word != "" {
		return word
	}
	if word := english[key]; word != "" {
		return word
	}
	return key
}
