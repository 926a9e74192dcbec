//go:build servers

package evidence_test

import (
	"net/url"
	"os"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"schemer/evidence"
)

// TestBlobsInABucket runs against the S3 service at SCHEMER_S3_URL (http://127.0.0.1:7070, credentials in the usual
// AWS_ variables); with this build tag there must be one.
func TestBlobsInABucket(t *testing.T) {
	address := os.Getenv("SCHEMER_S3_URL")
	u, err := url.Parse(address)
	if address == "" || err != nil || u.Host == "" {
		t.Fatalf("SCHEMER_S3_URL %q is no address of an S3 service", address)
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewEnvAWS(), Secure: u.Scheme == "https"})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(*testing.T, evidence.Blobs){"conformance": conformance, "archive": archiveOn} {
		t.Run(name, func(t *testing.T) {
			bucket := "schemer-test-" + name
			if there, err := client.BucketExists(t.Context(), bucket); err != nil || !there {
				if err := client.MakeBucket(t.Context(), bucket, minio.MakeBucketOptions{}); err != nil {
					t.Fatal(err)
				}
			}
			b, err := evidence.OpenBlobs(t.Context(), "s3:"+address+"/"+bucket+t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			test(t, b)
		})
	}
}
