package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"schemer"
)

// Blobs keeps named objects that are written once: closed WARC files, their index, the log and its checkpoints. Names
// are slash-separated relative paths. Errors about a name that is not there wrap schemer.ErrNotFound.
type Blobs interface {
	// Put stores size bytes of r under a name; it is whole and durable on return, or absent. A name that exists is
	// replaced.
	Put(ctx context.Context, name string, r io.Reader, size int64) error
	// Get reads length bytes from offset on.
	Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error)
	// Size returns the length in bytes.
	Size(ctx context.Context, name string) (int64, error)
	// List yields the names that begin with prefix, sorted.
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
	// Delete removes a name; one that is not there is no error.
	Delete(ctx context.Context, name string) error
}

// OpenBlobs opens a store of objects: file:DIR, or s3:https://host[:port]/bucket[/prefix] with the credentials in the
// environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY). The bucket must exist.
func OpenBlobs(ctx context.Context, url string) (Blobs, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "file":
		if rest == "" {
			break
		}
		if err := os.MkdirAll(rest, 0o700); err != nil {
			return nil, fmt.Errorf("open blobs %s: %w", url, err)
		}
		root, err := os.OpenRoot(rest)
		if err != nil {
			return nil, fmt.Errorf("open blobs %s: %w", url, err)
		}
		return &directory{root: root, dir: rest}, nil
	case "s3":
		return openBucket(ctx, rest)
	}
	return nil, fmt.Errorf("open blobs %q: say file:DIR or s3:https://host/bucket/prefix: %w", url, schemer.ErrUsage)
}

// directory is Blobs in a directory. All access goes through os.Root, so no name leads out of it.
type directory struct {
	root *os.Root
	dir  string
}

// Put implements Blobs.
func (d *directory) Put(_ context.Context, name string, r io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	name = filepath.FromSlash(name)
	if err := d.root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("put %s: %w", name, err)
	}
	tmp := name + ".tmp"
	f, err := d.root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("put %s: %w", name, err)
	}
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = fmt.Errorf("%d bytes instead of %d: %w", n, size, io.ErrUnexpectedEOF)
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("put %s: %w", name, err), d.root.Remove(tmp))
	}
	if err := d.root.Rename(tmp, name); err != nil {
		return fmt.Errorf("put %s: %w", name, err)
	}
	return syncDir(filepath.Join(d.dir, filepath.Dir(name)))
}

// Get implements Blobs.
func (d *directory) Get(_ context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	f, err := d.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", name, notFound(err))
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, offset, length), f}, nil
}

// Size implements Blobs.
func (d *directory) Size(_ context.Context, name string) (int64, error) {
	if err := checkName(name); err != nil {
		return 0, err
	}
	info, err := d.root.Stat(filepath.FromSlash(name))
	if err != nil {
		return 0, fmt.Errorf("size of %s: %w", name, notFound(err))
	}
	return info.Size(), nil
}

// List implements Blobs.
func (d *directory) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		err := filepath.WalkDir(d.dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return errors.Join(err, ctx.Err())
			}
			name, err := filepath.Rel(d.dir, path)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			if strings.HasPrefix(name, prefix) && !strings.HasSuffix(name, ".tmp") && !yield(name, nil) {
				return filepath.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", fmt.Errorf("list %s: %w", prefix, err))
		}
	}
}

// Delete implements Blobs.
func (d *directory) Delete(_ context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := d.root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("delete %s: %w", name, err)
	}
	return nil
}

func checkName(name string) error {
	if !filepath.IsLocal(name) || strings.Contains(name, "\\") || name == "." {
		return fmt.Errorf("object name %q: %w", name, schemer.ErrUsage)
	}
	return nil
}
