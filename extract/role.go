package extract

// pageRole tells what a page of somebody's own site is for.
func pageRole(url, title string, headings []string, text string) string { return "other" }
