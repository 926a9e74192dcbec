package extract

// guessLang guesses the language of a text.
func guessLang(text string) string { return "" }
