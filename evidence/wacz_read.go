package evidence

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"schemer"
	"schemer/evidence/warc"
)

const (
	maxZipEntries = 10_000
	maxZipRatio   = 100
	zipFloor      = 64 << 20
)

// wacz takes in the WARC files of a WACZ. Its entries are read in place and never written to disk.
func (im *importer) wacz(ctx context.Context, r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fmt.Errorf("WACZ: %w: %w", err, schemer.ErrUsage)
	}
	if len(z.File) > maxZipEntries {
		return fmt.Errorf("WACZ with %d entries, at most %d are read: %w", len(z.File), maxZipEntries, schemer.ErrUsage)
	}
	hashes := im.packageHashes(z)
	found := false
	for _, f := range z.File {
		lower := strings.ToLower(f.Name)
		if !strings.HasPrefix(f.Name, "archive/") || !strings.HasSuffix(lower, ".warc") && !strings.HasSuffix(lower, ".warc.gz") {
			continue
		}
		im.name = im.report.File + "!" + f.Name
		if checkName(f.Name) != nil || !f.Mode().IsRegular() {
			im.refuse(warc.Location{}, nil, "entry is no plain file inside the package")
			continue
		}
		found = true
		if err := im.member(ctx, f, hashes); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("WACZ holds no WARC file in archive/: %w", schemer.ErrUsage)
	}
	return nil
}

// packageHashes returns the hashes that datapackage.json gives, by path.
func (im *importer) packageHashes(z *zip.Reader) map[string]string {
	out := map[string]string{}
	f, err := z.Open("datapackage.json")
	if err != nil {
		return out
	}
	defer func() { _ = f.Close() }()
	var pkg struct {
		Resources []resource `json:"resources"`
	}
	if err := json.NewDecoder(io.LimitReader(f, 16<<20)).Decode(&pkg); err != nil {
		im.refuse(warc.Location{}, nil, "datapackage.json cannot be read: %v", err)
	}
	for _, r := range pkg.Resources {
		out[r.Path] = r.Hash
	}
	return out
}

// member takes in one WARC file of a WACZ after its hash has been checked.
func (im *importer) member(ctx context.Context, f *zip.File, hashes map[string]string) error {
	limit := max(zipFloor, maxZipRatio*int64(min(f.CompressedSize64, 1<<40)))
	if want := hashes[f.Name]; strings.HasPrefix(want, "sha256:") {
		h := sha256.New()
		if err := readEntry(h, f, limit); err != nil {
			im.refuse(warc.Location{}, nil, "entry cannot be read: %v", err)
			return nil
		}
		if got := "sha256:" + hex.EncodeToString(h.Sum(nil)); got != want {
			im.refuse(warc.Location{}, nil, "entry does not hash to what datapackage.json says")
			return nil
		}
	}
	r, err := f.Open()
	if err != nil {
		im.refuse(warc.Location{}, nil, "entry cannot be read: %v", err)
		return nil
	}
	defer func() { _ = r.Close() }()
	return im.warc(ctx, io.LimitReader(r, limit))
}

// readEntry copies an entry, at most limit bytes of it.
func readEntry(w io.Writer, f *zip.File, limit int64) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, io.LimitReader(r, limit))
	return errors.Join(err, r.Close())
}
