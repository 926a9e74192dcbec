package scoring

import (
	"fmt"
	"io"
	"strings"
	"time"

	"schemer"
)

// wouldChange says in plain words what would change the grade or the proposal.
func wouldChange(e *entity, v *verdict, c schemer.Candidate) []string {
	var out []string
	if v.softened {
		out = append(out, "a second, newer or more specific admission would make it open: its own terms forbid what one statement admits")
	}
	if len(v.unbound) > 0 && !c.Listed {
		out = append(out, "if its own site or channel named the account that speaks for it, what the account says would count")
	}
	if len(v.unbound) > 0 && c.Listed {
		out = append(out, "statements of unbound accounts are shown but do not count for the grade")
	}
	switch c.Grade {
	case schemer.GradeHint:
		out = append(out, "one statement of its own that names a crime it serves would make it open")
	case schemer.GradeOpen:
		if v.open == 1 {
			out = append(out, "without its one open statement it would be a hint or less")
		}
	case schemer.GradeWatch:
		out = append(out, "only words of its own make a seller eligible; so far others speak, or its own words mean little alone")
	}
	if v.gone {
		out = append(out, "a sign of life after it went silent would bring it back")
	}
	if e.flags["changed_lately"] {
		out = append(out, "its site changed less than thirty days ago: the new words count when they still stand after that")
	}
	if e.flags["new_owner"] {
		out = append(out, "what the former owner said is set aside; the same words by the new owner would count")
	}
	return out
}

// Explain writes the dossier of one candidate as plain text: the verdict, every factor, the quotes in context, what
// spoke against, and what would change it. It returns the first error of w.
func Explain(w io.Writer, c schemer.Candidate) error {
	p := &printer{w: w}
	proposal := "not proposed"
	if c.Listed {
		proposal = fmt.Sprintf("proposed, rank %d", c.Rank)
	}
	p.line("%s (%s): %s, grade %s", c.Name, c.ID, proposal, c.Grade)
	p.list("also known as", c.Aliases)
	p.list("hosts", c.Domains)
	p.list("contacts", c.Handles)
	p.list("crimes admitted", c.Crimes)
	if c.Registered != "" {
		p.line("seat claimed: %s, by the words: %s", c.Registered, c.SeatClaim)
	}
	p.line("Dutch nexus: %s %s", c.Nexus, c.NexusProof)
	p.list("flags", c.Flags)
	for _, r := range c.Related {
		p.line("%s %s: %s", r.Relation, r.Name, r.Why)
	}
	p.line("")
	p.line("score %.2f, probability %.3f, independent sources %d", c.Score, c.Probability, c.Sources)
	for _, f := range c.Factors {
		p.line("  %+6.2f  %-18s %s", f.Points, f.Signal, f.Note)
	}
	p.quotes("evidence", c.Evidence)
	p.quotes("against", c.Contra)
	p.list("would change it", c.WouldChange)
	p.line("")
	p.line("bindings")
	for _, b := range c.Bindings {
		verb := b.Relation
		if b.Negative {
			verb = "not " + verb
		}
		p.line("  %s:%s %s %s:%s (%s, %s): %s", b.A.Kind, b.A.Value, verb, b.B.Kind, b.B.Value, b.Strength, b.By, b.Why)
	}
	return p.err
}

// printer writes lines and keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, strings.TrimRight(format, " ")+"\n", args...)
	}
}

func (p *printer) list(title string, items []string) {
	if len(items) > 0 {
		p.line("%s: %s", title, strings.Join(items, "; "))
	}
}

func (p *printer) quotes(title string, list []schemer.Evidence) {
	p.line("")
	p.line("%s (%d)", title, len(list))
	for _, e := range list {
		when := "undated"
		if !e.PostedAt.IsZero() {
			when = e.PostedAt.UTC().Format(time.DateOnly)
		}
		p.line("  [%s %s %s %s] %q", e.Speaker, e.Grade, e.Signal, e.Admiralty, e.Quote)
		p.line("      %s %s %s", e.Author, when, e.URL)
		if len(e.Words) > 0 {
			p.line("      weighed most: %s", strings.Join(e.Words, ", "))
		}
		if e.Context != "" && e.Context != e.Quote {
			p.line("      context: %q", e.Context)
		}
	}
}
