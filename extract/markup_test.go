package extract

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// treeText writes a tree in a form to compare: an element a line, attributes by name, without doctypes and without what
// stands in templates and foreign elements.
func treeText(n *html.Node) string {
	var out strings.Builder
	writeTree(&out, n, 0)
	return out.String()
}

func writeTree(out *strings.Builder, n *html.Node, depth int) {
	switch n.Type {
	case html.TextNode:
		fmt.Fprintf(out, "%*s%q\n", depth, "", n.Data)
	case html.CommentNode:
		fmt.Fprintf(out, "%*s<!-- %q\n", depth, "", n.Data)
	case html.ElementNode:
		attrs := slices.Clone(n.Attr)
		slices.SortFunc(attrs, func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
		fmt.Fprintf(out, "%*s<%s %s %d", depth, "", n.Data, n.Namespace, n.DataAtom)
		if n.Namespace == "" {
			for _, a := range attrs {
				fmt.Fprintf(out, " %s=%q", a.Key, a.Val)
			}
		}
		out.WriteString(">\n")
		if n.Namespace != "" || n.DataAtom == atom.Template {
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeTree(out, c, depth+1)
	}
}

// hiddenScript is a "<" before anything but a letter or slash after "<!--": inside a script x/net/html forgets there that
// the script hides its end tags, where WHATWG HTML 13.2.5.20 says that it goes on.
var hiddenScript = regexp.MustCompile(`(?s)<!--.*<[^a-z/]`)

// bothTrees parses a page by x/net/html and by treeMaker. ok is false when one of them gave up, or the page holds what the
// two read differently on purpose.
func bothTrees(t *testing.T, page []byte) (want, got string, ok bool) {
	t.Helper()
	low := bytes.ToLower(page)
	for _, apart := range []string{"<frame", "<template", "</template", "<svg", "<math", "\x00"} {
		if bytes.Contains(low, []byte(apart)) && !strings.HasPrefix(t.Name(), "TestTree") {
			return "", "", false
		}
	}
	if bytes.Contains(low, []byte("<script")) && hiddenScript.Match(low) {
		return "", "", false
	}
	root, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	own, failed := parseTree(page, &slabs{})
	if failed == "unclosed" || failed == "crowded" {
		return "", "", false
	}
	if (err != nil) != (failed != "") {
		t.Fatalf("x/net/html: %v, own: %q on %q", err, failed, page)
	}
	if err != nil {
		return "", "", false
	}
	return treeText(root), treeText(own), true
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i, strings.Join(a[max(0, i-4):min(len(a), i+3)], "\n     "), strings.Join(b[min(len(b), max(0, i-4)):min(len(b), i+3)], "\n     "))
		}
	}
	return ""
}

// TestTreeOfSavedPages builds the same tree as x/net/html from every saved page.
func TestTreeOfSavedPages(t *testing.T) {
	for _, f := range fixtures(t) {
		in := f.input(t)
		if sortOfBody(in.Capture.ContentType, in.Body) != bodyHTML {
			continue
		}
		text, _, _ := decodeBytes(in.Body, in.Capture.ContentType)
		if want, got, ok := bothTrees(t, text); !ok || want != got {
			t.Errorf("%s: %v %s", f.file, ok, firstDifference(want, got))
		}
	}
}

// oddMarkup is markup as people and their editors leave it.
var oddMarkup = []string{
	"", "a", "<p>a<p>b", "<b><p>a</b>b", "<b><i><p>a</b>b</i>c", "<a href=1>a<a href=2>b", "<a><p>a<a>b", "<a><div><a>x</div>y",
	"<table><tr><td>a<td>b<tr><td>c</table>d", "<table>a<tr>b<td>c", "<table><b>a<tr><td>b", "<table><tbody><a>x</a></table>",
	"<p><table><tr><td>a</table>b", "<!doctype html><p><table><tr><td>a</table>b", "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\"><p><table>",
	"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2//EN\"><p><table>", "<ul><li>a<li>b<ul><li>c</ul>d</ul>", "<dl><dt>a<dd>b<dt>c", "<li>a<div><li>b",
	"<select><option>a<option>b<optgroup>c<option>d</select>e", "<select><input>a", "<select><select>a", "<option>a<option>b", "<select><hr><option>a",
	"<button>a<button>b", "<nobr>a<nobr>b", "<ruby>a<rb>b<rt>c<rp>d<rtc>e<rt>f</ruby>", "<object><b>a</object>b", "<marquee><p>a</marquee>b",
	"<form><div><form>a</form>b</div></form>c", "<form><div></form>a</div>b", "<table><form><tr><td>a</form></table>", "<table><input type=hidden><input>",
	"<h1>a<h2>b</h1>c", "<pre>\n\na</pre>", "<pre>\r\na\rb</pre>", "<textarea>\na<b>&amp;</textarea>b", "<textarea>a", "<title>a<b>&lt;</title>b",
	"<script>a</script>b", "<script><!--<script></script>--></script>a", "<script><!--</script>a", "<script><!-->a</script>b", "<script><!--<script>a-->b</script>c",
	"<style>a{}<b></style>c", "<style>a", "<iframe><b>a</iframe>b", "<noembed><b></noembed>", "<noframes><b></noframes>", "<xmp><b></xmp>", "<plaintext><b></plaintext>a",
	"<noscript><p>a</noscript>b", "<head><noscript><link><img></noscript>a", "<head><noscript><style>a</style></noscript><title>b", "<head></head><title>a</title>b", "<html><head></head> <body>a",
	"</p>a", "</br>a", "</b>a", "</html>a", "<body></body>a<!--b-->", "<html></html><!--a-->", "a</body></html> b", "</body>", "a<html lang=x>b<body class=y>c", "<html a=1><html a=2 b=3>",
	"<!--a", "<!--a--", "<!-->a", "<!--->a", "<!--a--!>b", "<!--a--!-->b", "<!a>b", "<?php a ?>b", "</ a>b", "</>a", "<", "a<", "a<b", "</", "</a", "<a b", "<a b=c", "<a b='c", "<1>", "<!", "<!-", "<!d", "<!doctype", "<!doctype a",
	"<p a=b/>c", "<p a = b c= 'd' e=\"f\"g h/i =j k=>l", "<P CLASS=A ID=B>c</P>", "<p a=1 a=2 A=3>", "<Wörter>a</Wörter>", "<o:p>a</o:p>b", "<custom-element>a</custom-element>",
	"&amp;&lt;&copy;&copy&notit;&notin;&#65;&#x41;&#128;&#0;&#xd800;&#99999999;&;&#;&#x;&unknown;&AMPx&ampx", "<a href='?a=b&copy=1&amp;c&lt=2&ltx&lt;x&notit;&notin;&semi;&#39;&quot;&reg'>a",
	"<svg><path d=1><g></svg>a", "<svg><p>a", "<svg/>a", "<svg><title><b>a</b></title></svg>b", "<div><svg></div>a", "<math><mi>a</mi></math>b", "<svg><![CDATA[<p>]]></svg>a", "<p><svg></p>a", "<svg><font>a</font></svg>b", "<svg><font color=a>b", "<svg><style><p></style></svg>a", "<table><tr><td><svg></table>a",
	"<template><p>a</template>b", "<table><template><tr></template><tr><td>a", "<head><template></template><meta></head>a",
	"<table><caption>a<b>c</caption><colgroup><col><col></colgroup><thead><tr><th>b</table>", "<table><col><tr><td>a", "<table><colgroup>a<tr>", "<table><tr><table><td>a", "<td>a</td><tr>b", "<table><tr><td></tr></table>", "<table><tr></tbody><td>", "<table></tr>a", "<table><td></table>a", "<table><caption><tr><td>a", "<table><caption></table>a", "<table><tr><td></th>a", "<table><tr><td></table></td>a",
	"<b><table><tr><td>a</b>b</table>c", "<font><p>a<font><p>b<font><p>c<font><p>d<font><p>e", "<b><b><b><b><p>a", "<i a=1 b=2><i b=2 a=1><i a=1 b=2><i b=2 a=1><p>x", "<b><i><u><s><p>a</b>c</i>d", "<b><em><foo><foob><fooc><aside></b></em>", "<a><table><a>b", "<p><b><i><u></p><p>X",
	"<div><b><div><i><div></b>x</i>y", "<hr><p>a<hr>b", "<img><image src=a>b", "<br/>a</br>b", "<p>a<plaintext>b", "<address><p><li>a<li>b", "<dd>a<p>b<dd>c<dt>d", "<body><frameset>a", "a<col>b<head>c<caption>d",
	"<table> <tr> <td> a </td> </tr> </table>", "<table><!--a--><tr><!--b-->", "<dialog>a<p>b</dialog>c", "<search><p>a</search>b", "<summary>a<details>b", "<b>a</p>b</b>c",
}

func TestTreeOfOddMarkup(t *testing.T) {
	for _, page := range oddMarkup {
		if want, got, ok := bothTrees(t, []byte(page)); ok && want != got {
			t.Errorf("%q\n%s", page, firstDifference(want, got))
		}
	}
}

// TestScriptHidesItsEnd reads a script as WHATWG HTML 13.2.5.20 says, where x/net/html does not: after the second "<!--" it
// still hides its end tags.
func TestScriptHidesItsEnd(t *testing.T) {
	const script = "<!--<sc><!--<script></script>--></<script><"
	root, _ := parseTree([]byte("<script>"+script+"</script><p>after"), &slabs{})
	var got []string
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			got = append(got, n.Data)
		}
	}
	if want := []string{script, "after"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTreeOfMixedMarkup strings the odd pieces together.
func TestTreeOfMixedMarkup(t *testing.T) {
	number, wrong := uint32(7), 0
	next := func() int { number = number*1664525 + 1013904223; return int(number>>8) % len(oddMarkup) }
	for range 20_000 {
		page := oddMarkup[next()] + oddMarkup[next()] + oddMarkup[next()]
		if low := strings.ToLower(page); strings.Contains(low, "<frame") || strings.Contains(low, "template") || strings.Contains(low, "<svg") || strings.Contains(low, "<math") {
			continue
		}
		want, got, ok := bothTrees(t, []byte(page))
		if !ok || want == got {
			continue
		}
		if wrong++; wrong > 5 {
			return
		}
		t.Errorf("%q\n%s", page, firstDifference(want, got))
	}
}

// FuzzTree builds the same tree as x/net/html from anything.
func FuzzTree(f *testing.F) {
	for _, page := range oddMarkup {
		f.Add(page)
	}
	for _, page := range fixtures(f) {
		f.Add(string(page.input(f).Body))
	}
	f.Fuzz(func(t *testing.T, page string) {
		page = strings.ToValidUTF8(page, "\ufffd")
		if want, got, ok := bothTrees(t, []byte(page)); ok && want != got {
			t.Fatalf("%q\n%s", page, firstDifference(want, got))
		}
	})
}
