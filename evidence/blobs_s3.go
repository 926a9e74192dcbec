package evidence

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"schemer"
)

// bucket is Blobs in a bucket of an S3 service.
type bucket struct {
	client *minio.Client
	name   string
	prefix string // "" or ends in a slash
}

func openBucket(ctx context.Context, raw string) (Blobs, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, fmt.Errorf("open bucket: %q is not https://host/bucket/prefix (credentials belong in the environment): %w", raw, schemer.ErrUsage)
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if name == "" {
		return nil, fmt.Errorf("open bucket: %q names no bucket: %w", raw, schemer.ErrUsage)
	}
	if prefix != "" {
		prefix += "/"
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewEnvAWS(), Secure: u.Scheme == "https", BucketLookup: minio.BucketLookupPath, Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", name, err)
	}
	there, err := client.BucketExists(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("open bucket %s at %s: %w", name, u.Host, err)
	}
	if !there {
		return nil, fmt.Errorf("open bucket %s at %s: %w", name, u.Host, schemer.ErrNotFound)
	}
	return &bucket{client: client, name: name, prefix: prefix}, nil
}

// explain gives errors of the service the project's own kinds.
func (b *bucket) explain(verb, name string, err error) error {
	if code := minio.ToErrorResponse(err); code.StatusCode == http.StatusNotFound || code.Code == minio.NoSuchKey {
		return fmt.Errorf("%s %s: %w: %w", verb, name, schemer.ErrNotFound, err)
	}
	return fmt.Errorf("%s %s: %w", verb, name, err)
}

// Put implements Blobs.
func (b *bucket) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	info, err := b.client.PutObject(ctx, b.name, b.prefix+name, io.LimitReader(r, size), size, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return b.explain("put", name, err)
	}
	if info.Size != size {
		return fmt.Errorf("put %s: %d bytes instead of %d: %w", name, info.Size, size, io.ErrUnexpectedEOF)
	}
	return nil
}

// Get implements Blobs.
func (b *bucket) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	if length <= 0 {
		return io.NopCloser(strings.NewReader("")), nil
	}
	var o minio.GetObjectOptions
	if err := o.SetRange(offset, offset+length-1); err != nil {
		return nil, fmt.Errorf("get %s: %w", name, err)
	}
	object, err := b.client.GetObject(ctx, b.name, b.prefix+name, o)
	if err != nil {
		return nil, b.explain("get", name, err)
	}
	if _, err := object.Stat(); err != nil { // GetObject itself asks nothing yet
		_ = object.Close()
		return nil, b.explain("get", name, err)
	}
	return object, nil
}

// Size implements Blobs.
func (b *bucket) Size(ctx context.Context, name string) (int64, error) {
	if err := checkName(name); err != nil {
		return 0, err
	}
	info, err := b.client.StatObject(ctx, b.name, b.prefix+name, minio.StatObjectOptions{})
	if err != nil {
		return 0, b.explain("size of", name, err)
	}
	return info.Size, nil
}

// List implements Blobs.
func (b *bucket) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + prefix, Recursive: true}) {
			if o.Err != nil {
				yield("", b.explain("list", prefix, o.Err))
				return
			}
			if !yield(strings.TrimPrefix(o.Key, b.prefix), nil) {
				return
			}
		}
	}
}

// Delete implements Blobs.
func (b *bucket) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{}); err != nil {
		return b.explain("delete", name, err)
	}
	return nil
}
