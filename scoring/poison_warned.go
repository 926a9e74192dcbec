package scoring

// warnings are names and hosts of known honest hosters.
type warnings struct {
	brands []brand
	hosts  map[string]bool
}

// newWarnings reads a list of names and hosts.
func newWarnings(list []string) *warnings {
	w := &warnings{hosts: map[string]bool{}}
	for _, entry := range list {
		w.hosts[entry] = true
		b := newBrand(entry)
		if hostLike(entry) {
			b = newBrand(hostLabel(entry))
		}
		w.brands = append(w.brands, b)
	}
	return w
}

func hostLike(entry string) bool {
	for i, r := range entry {
		if r == '.' && i > 0 && i < len(entry)-1 {
			return true
		}
		if r == ' ' {
			return false
		}
	}
	return false
}

// resembles returns the warned name that the seller has, or that its name is easily taken for; "" when none.
func (w *warnings) resembles(e *entity) string {
	for _, d := range e.domains {
		if w.hosts[d] {
			return d
		}
	}
	for _, known := range w.brands {
		for _, b := range append([]brand{e.brand}, e.brands...) {
			if known.same(b) || known.close(b) {
				return known.name
			}
		}
	}
	return ""
}
