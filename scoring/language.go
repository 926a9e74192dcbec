package scoring

// langCount counts the function words of each language.
type langCount [len(languageNames)]int

// add counts the words of a sentence. Cyrillic and Han text tell their languages by script.
func (c *langCount) add(tokens []token, text string) {
	for i := range tokens {
		t := &tokens[i]
		if f := t.info.function; f != 0 {
			for l := range c {
				if f&(1<<l) != 0 {
					c[l] += 2
				}
			}
			continue
		}
		switch b := text[t.start]; {
		case b == 0xD0 || b == 0xD1 || b == 0xD2:
			c[8]++
			c[9]++
		case b >= 0xE3 && b <= 0xE9:
			c[10] += 2
		}
	}
}

// judge returns the languages that the counts speak for and the most likely one; nothing below the least count.
func (c *langCount) judge(least int) (set, top langs) {
	best := 0
	for l, n := range c {
		if n > best {
			best, top = n, 1<<l
		}
	}
	if best < least {
		return 0, 0
	}
	for l, n := range c {
		if n*10 >= best*7 {
			set |= 1 << l
		}
	}
	return set, top
}
