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

// ODT writes the letter as an OpenDocument text. It holds no links, scripts or objects, and no file times, so that the
// same letter gives the same bytes.
func ODT(w io.Writer, l Letter) error {
	c, err := l.build()
	if err != nil {
		return err
	}
	return pack(w, odtType, "templates/odt", c)
}

// pack writes an OpenDocument package from the templates of a folder; data goes to each.
func pack(w io.Writer, media, folder string, data any) error {
	t, err := template.New("package").Funcs(template.FuncMap{"x": escape}).ParseFS(templates, folder+"/*.xml")
	if err != nil {
		return fmt.Errorf("letter: templates of %s: %w", folder, err)
	}
	z := zip.NewWriter(w)
	add := func(name string, method uint16, body []byte) error {
		part, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = part.Write(body)
		}
		if err != nil {
			return fmt.Errorf("letter: write %s: %w", name, err)
		}
		return nil
	}
	if err := add("mimetype", zip.Store, []byte(media)); err != nil {
		return err
	}
	for _, name := range []string{"content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"} {
		part := t.Lookup(strings.TrimPrefix(name, "META-INF/"))
		if part == nil {
			continue
		}
		var buf bytes.Buffer
		if err := part.Execute(&buf, data); err != nil {
			return fmt.Errorf("letter: %s: %w", name, err)
		}
		if err := add(name, zip.Deflate, buf.Bytes()); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("letter: close the package: %w", err)
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
