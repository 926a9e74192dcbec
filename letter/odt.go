package letter

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"text/template"
)

// odtType is the media type of an ODF 1.3 text, which must be the first and uncompressed file of the package
// (OASIS OpenDocument 1.3 part 2, section 3.3).
const odtType = "application/vnd.oasis.opendocument.text"

// ODT writes the letter as an OpenDocument text. It holds no links, scripts or objects. The file times are those of
// the letter's date, so that the same letter gives the same bytes.
func ODT(w io.Writer, l Letter) error {
	c, err := l.build()
	if err != nil {
		return err
	}
	t, err := template.New("odt").Funcs(template.FuncMap{"x": escape}).ParseFS(templates, "templates/odt/*.xml")
	if err != nil {
		return fmt.Errorf("letter: ODT templates: %w", err)
	}
	z := zip.NewWriter(w)
	add := func(name string, method uint16, body []byte) error {
		part, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = part.Write(body)
		}
		if err != nil {
			return fmt.Errorf("letter: write %s of the ODT: %w", name, err)
		}
		return nil
	}
	if err := add("mimetype", zip.Store, []byte(odtType)); err != nil {
		return err
	}
	for _, name := range []string{"content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"} {
		var buf bytes.Buffer
		if err := t.ExecuteTemplate(&buf, strings.TrimPrefix(name, "META-INF/"), c); err != nil {
			return fmt.Errorf("letter: %s of the ODT: %w", name, err)
		}
		if err := add(name, zip.Deflate, buf.Bytes()); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("letter: close the ODT: %w", err)
	}
	return nil
}

// escape makes a clean string safe in XML text and attributes.
func escape(s string) (string, error) {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "", fmt.Errorf("letter: escape: %w", err)
	}
	return b.String(), nil
}
