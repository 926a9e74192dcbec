package letter

import (
	"crypto/sha1" //nolint:gosec // UUID version 5 is defined with it (RFC 9562, section 5.5)
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"schemer"
)

// The identifiers that STIX fixes: the namespace of observables (STIX 2.1, section 2.9) and the TLP 2.0 marking
// AMBER+STRICT with its extension (OASIS, TLP 2.0 marking definitions).
const (
	stixObservables = "00abedb4-aa42-466c-9c01-fed23315a9b7"
	stixOwn         = "6f1f4c1e-5b0a-5a0e-9a57-7363686d6572" // of the other objects; schemer's own
	amberStrict     = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
	tlpExtension    = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
	stixTime        = "2006-01-02T15:04:05.000Z"
)

// object is a STIX object; keys are written sorted, so the same edition gives the same bytes.
type object map[string]any

// bundle gathers objects, each once, in the order in which they were first added.
type bundle struct {
	objects []object
	seen    map[string]bool
	made    string
	author  string
}

// STIX writes the listed candidates as a STIX 2.1 bundle marked TLP:AMBER+STRICT. A candidate is an identity and the
// infrastructure it advertises, never a threat actor: the list says how sellers present themselves. Quotes are notes,
// captures observed data with the SHA-256 of what was captured, and one grouping holds the edition together.
func STIX(w io.Writer, e schemer.Edition) error {
	b := &bundle{seen: map[string]bool{}, made: e.GeneratedAt.UTC().Format(stixTime)}
	b.objects = append(b.objects, object{
		"type": "marking-definition", "spec_version": "2.1", "id": amberStrict, "created": "2022-10-01T00:00:00.000Z", "name": "TLP:AMBER+STRICT",
		"extensions": object{tlpExtension: object{"extension_type": "property-extension", "tlp_2_0": "amber+strict"}},
	})
	b.author = b.add("identity", "author", object{"name": "schemer", "identity_class": "system"})
	var refs []string
	for _, c := range Listed(e) {
		refs = append(refs, b.candidate(c)...)
	}
	if len(refs) > 0 {
		b.add("grouping", "edition/"+e.Edition, object{
			"name": "Resellers that advertise to criminals, edition " + e.Edition, "context": "unspecified", "object_refs": unique(refs),
			"description": "Proposals from public sources. An entry says how a seller presents itself and is no finding of guilt.",
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	sum, err := Fingerprint(e)
	if err != nil {
		return err
	}
	if err := enc.Encode(object{"type": "bundle", "id": "bundle--" + uuid5(stixOwn, "bundle/"+string(sum)), "objects": b.objects}); err != nil {
		return fmt.Errorf("letter: write edition %s as STIX: %w", e.Edition, err)
	}
	return nil
}

// candidate adds one seller and returns the ids of all that belongs to it.
func (b *bundle) candidate(c schemer.Candidate) []string {
	key := string(c.ID)
	says := "Presents itself as a seller of server space that may be used openly for crime."
	if c.Grade == schemer.GradeHint {
		says = "Presents itself as a seller of server space and lets shine through that use for crime is tolerated."
	}
	who := b.add("identity", key, object{
		"name": clean(c.Name), "identity_class": "organization", "sectors": []string{"technology"}, "description": says,
		"confidence": max(0, min(100, int(c.Probability*100))), "labels": append([]string{"grade:" + string(c.Grade)}, prefixed("crime:", c.Crimes)...),
	})
	what := b.add("infrastructure", key, object{
		"name": clean(c.Name) + ", as advertised", "infrastructure_types": []string{"unknown"}, "aliases": orNil(cleaned(c.Aliases)),
	})
	refs := []string{who, what, b.relate(what, "related-to", who)}
	for _, sco := range observables(c) {
		id := b.observable(sco)
		refs = append(refs, id, b.relate(what, "consists-of", id))
	}
	for _, ev := range pick(c.Evidence, maxQuotes) {
		refs = append(refs, b.proof(who, ev)...)
	}
	return refs
}

// proof adds the capture and the quote of one piece of evidence.
func (b *bundle) proof(who string, ev schemer.Evidence) []string {
	page := b.observable(object{"type": "url", "value": clean(ev.URL)})
	at := ev.CapturedAt.UTC().Format(stixTime)
	source := object{"source_name": "capture", "description": clean(ev.WARC), "url": clean(ev.URL)}
	if len(ev.SHA256) == 64 {
		source["hashes"] = object{"SHA-256": string(ev.SHA256)}
	}
	key := string(ev.SHA256) + "/" + ev.URL
	seen := b.add("observed-data", key, object{
		"first_observed": at, "last_observed": at, "number_observed": 1, "object_refs": []string{page}, "external_references": []object{source},
	})
	note := b.add("note", who+"/"+key+"/"+ev.Quote, object{
		"abstract": "Quote, " + string(ev.Speaker) + ", " + string(ev.Grade) + ", " + clean(ev.Admiralty), "content": clean(ev.Quote),
		"authors": orNil(cleaned([]string{ev.Author})), "object_refs": []string{who, seen}, "lang": orNil(langTag(ev.Lang)),
	})
	return []string{page, seen, note}
}

// add keeps a domain object under an id that follows from its key.
func (b *bundle) add(kind, key string, o object) string {
	id := kind + "--" + uuid5(stixOwn, kind+"/"+key)
	o["type"], o["spec_version"], o["id"], o["created"], o["modified"] = kind, "2.1", id, b.made, b.made
	o["object_marking_refs"] = []string{amberStrict}
	if b.author != "" {
		o["created_by_ref"] = b.author
	}
	b.keep(id, o)
	return id
}

func (b *bundle) relate(from, how, to string) string {
	return b.add("relationship", from+how+to, object{"source_ref": from, "relationship_type": how, "target_ref": to})
}

// observable keeps an observable under the id that STIX derives from its contributing properties.
func (b *bundle) observable(o object) string {
	contributing := object{}
	for name, value := range o {
		if name != "type" && name != "display_name" {
			contributing[name] = value
		}
	}
	var canonical strings.Builder // sorted keys and no more escapes than needed, as RFC 8785 wants
	enc := json.NewEncoder(&canonical)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(contributing); err != nil {
		canonical.Reset() // cannot happen: strings and integers only
	}
	id := fmt.Sprint(o["type"]) + "--" + uuid5(stixObservables, strings.TrimSuffix(canonical.String(), "\n"))
	o["spec_version"], o["id"], o["object_marking_refs"] = "2.1", id, []string{amberStrict}
	b.keep(id, o)
	return id
}

func (b *bundle) keep(id string, o object) {
	for name, value := range o {
		if value == nil {
			delete(o, name)
		}
	}
	if !b.seen[id] {
		b.seen[id] = true
		b.objects = append(b.objects, o)
	}
}

// observables are a candidate's identifiers as STIX names them.
func observables(c schemer.Candidate) []object {
	var out []object
	for _, id := range spread(c) {
		value := clean(id.value)
		switch id.kind {
		case "name", "alias":
		case "domain":
			out = append(out, object{"type": "domain-name", "value": value})
		case "asn":
			continue
		case "prefix":
			kind := "ipv4-addr"
			if strings.Contains(value, ":") {
				kind = "ipv6-addr"
			}
			out = append(out, object{"type": kind, "value": value})
		case "email":
			out = append(out, object{"type": "email-addr", "value": value})
		default:
			out = append(out, object{"type": "user-account", "account_login": value, "account_type": id.kind})
		}
	}
	for _, n := range c.ASNs {
		out = append(out, object{"type": "autonomous-system", "number": n})
	}
	return out
}

// uuid5 computes a UUID version 5 (RFC 9562) of a name in a namespace.
func uuid5(namespace, name string) string {
	ns, err := hex.DecodeString(strings.ReplaceAll(namespace, "-", ""))
	if err != nil {
		ns = nil // cannot happen: the namespaces are constants
	}
	sum := sha1.Sum(append(ns, name...)) //nolint:gosec // as above
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	s := hex.EncodeToString(sum[:16])
	return strings.Join([]string{s[:8], s[8:12], s[12:16], s[16:20], s[20:]}, "-")
}

func unique(ids []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func prefixed(prefix string, all []string) []string {
	var out []string
	for _, s := range all {
		out = append(out, prefix+clean(s))
	}
	return out
}

// orNil makes an empty string or list nil, so that it is left out.
func orNil[T string | []string](v T) any {
	if len(v) == 0 {
		return nil
	}
	return v
}
